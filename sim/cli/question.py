"""A study that is a question (`sweep.question`): its inputs and structures checked, then searched and told.

Invariant: nothing is run before the structures, the inputs and both ends of every range have been checked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.cli.inquiries import run_asked
from sim.cli.scenarios import is_spread, varied_keys
from sim.cli.session import Session
from sim.config.diagnostics import COMMAND_LINE, Diagnostic, Refused, diagnostic, plural
from sim.config.feasibility import spread_people

if TYPE_CHECKING:
    from sim.study.design import Row
    from sim.turns.crossover import Crossover
    from sim.turns.inputs import Input
    from sim.turns.session import Turns
    from sim.turns.unknowns import Unknowns

    Asked = Turns | Crossover | Unknowns


def run_question(session: Session, rows: "Sequence[Row]") -> None:
    """Check what is asked, answer it, report.

    Raises
    ------
    Refused
        with everything that is wrong, before anything has been run.
    """
    feasible = [row for row in rows if not row.infeasible]
    inputs, found = _inputs(session, feasible)
    found = [*_unfit(session, feasible), *found]
    if found:
        raise Refused(found)
    asked = session.asked.sweep
    inquiry = _inquiry(asked, tuple(_held(row) for row in feasible), tuple(inputs))
    run_asked(session, inquiry, _header(inquiry))


def _inquiry(asked: Mapping[str, Any], rows: "tuple[Row, ...]", inputs: "tuple[Input, ...]") -> "Asked":
    from sim.turns.crossover import Crossover
    from sim.turns.inputs import inputs_of
    from sim.turns.session import Turns
    from sim.turns.unknowns import Unknowns

    if asked["question"] == "crossover":
        return Crossover(rows, inputs, str(asked["by"]), int(asked["samples"]))
    if asked["question"] == "unknowns":
        weak = inputs_of(rows[0].scenario, weak=True) if all(own.evidence for own in inputs) else []
        held = tuple(own.key for own in weak if not own.evidence)
        own = int(asked["samples"]), str(asked["sampler"]), int(asked["seed"]), held
        return Unknowns(rows, inputs, str(asked["by"]), *own)
    return Turns(rows, inputs, str(asked["by"]))


def _held(row: "Row") -> "Row":
    """A structure with its staff spread once, at the values of now."""
    staffing = row.scenario["staffing"]
    if is_spread(staffing):
        return row
    return replace(row, scenario=row.scenario | {"staffing": staffing | spread_people(row.scenario)})


def _unfit(session: Session, rows: "Sequence[Row]") -> list[Diagnostic]:
    """Axes besides structures, and fewer than two of these."""
    more = sorted(varied_keys(session.jobs) - {"structure"})
    selecting = [
        diagnostic(
            COMMAND_LINE,
            "experiment.select",
            f"has no place in a question, study={session.asked.sweep['question']}",
        )
        for row in rows[:1]
        if row.scenario["experiment"].get("select")
    ]
    found = selecting + [
        diagnostic(
            COMMAND_LINE,
            key,
            "has several values; a question takes a range",
            "",
            f"Write {key}=interval(low,high)",
        )
        for key in more
    ]
    if not more and len(rows) < 2:
        what = "one structure alone wins whatever happens"
        found.append(diagnostic(COMMAND_LINE, "structure", what, "", "Name another one too"))
    return found


def _inputs(session: Session, rows: "Sequence[Row]") -> "tuple[list[Input], list[Diagnostic]]":
    """The ranges that were typed, or else all inputs with an evidence range."""
    from sim.model.check import mistakes
    from sim.turns.inputs import named_input, varied

    assert session.plan is not None
    plain, ranges = rows[0].scenario, session.plan.ranges
    if session.asked.sweep["question"] == "crossover" and len(ranges) != 2:
        what = f"needs two inputs with a range, and has {len(ranges)}"
        return [], [diagnostic(COMMAND_LINE, "study=crossover", what, "", "Write key=interval(low,high)")]
    if not ranges:
        return _of_evidence(plain, weak=session.asked.sweep["question"] == "unknowns")
    inputs, found = [], []
    for key, own in ranges.items():
        named = named_input(plain, key, own.low, own.high, whole=own.whole)
        if named is None:
            what = "is no number of this scenario, so it has no value of now to begin with"
            found.append(diagnostic(COMMAND_LINE, key, what, "", "Choose a number"))
            continue
        inputs.append(named)
        wrong = [each for end in (named.low, named.high) for each in mistakes(varied(plain, named, end))]
        found += [Diagnostic(COMMAND_LINE, mistake) for mistake in wrong]
    return inputs, found


def _of_evidence(plain: Mapping[str, Any], *, weak: bool) -> "tuple[list[Input], list[Diagnostic]]":
    """Inputs with an evidence range, only those of weak evidence if asked; a mistake where there is none."""
    from sim.turns.inputs import inputs_of

    found = [each for each in inputs_of(plain, weak=weak) if each.evidence]
    what = "has nothing to ask about: no input with an evidence range is switched on"
    none = diagnostic(COMMAND_LINE, "sweep.question", what, "", "Write key=interval(low,high)")
    return found, [] if found else [none]


WORDS = {
    "turns": "what turns the answer",
    "crossover": "where the winner changes",
    "unknowns": "which conclusions survive what nobody knows",
}


def _header(inquiry: "Asked") -> list[str]:
    names = ", ".join(row.structure for row in inquiry.rows)
    points, many, count = len(inquiry.fixed), len(inquiry.rows), inquiry.count
    more = "" if inquiry.study == "unknowns" else ", then more"
    runs = plural(points * many * count, "run")
    inputs = plural(len(inquiry.inputs), "input")
    return [
        f"{WORDS[inquiry.study]}: {plural(many, 'structure')} ({names}), {inputs}",
        f"{points} points x {many} structures x {count} replications = {runs}{more}",
    ]
