"""A study that is a question (`sweep.question`): its inputs and structures checked, then searched and told.

Invariant: nothing is run before the structures, the inputs and both ends of every range have been checked.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.folders import named_folder
from sim.cli.scenarios import is_spread, varied_keys
from sim.cli.session import Session
from sim.cli.study import run_study
from sim.config.diagnostics import COMMAND_LINE, Diagnostic, Refused, diagnostic, plural
from sim.config.feasibility import spread_people

if TYPE_CHECKING:
    from sim.study.design import Row
    from sim.turns.inputs import Input


def run_question(session: Session, rows: "Sequence[Row]") -> None:
    """Check what is asked, answer it, report.

    Raises
    ------
    Refused
        with everything that is wrong, before anything has been run.
    """
    from sim.study.design import Design
    from sim.study.inquiry import folder_of, run_inquiry
    from sim.turns.session import Turns

    feasible = [row for row in rows if not row.infeasible]
    inputs, found = _inputs(session, feasible)
    found = [*_unfit(session, feasible), *found]
    if found:
        raise Refused(found)
    asked = session.asked.sweep
    held = tuple(_held(row) for row in feasible)
    inquiry = Turns(held, tuple(inputs), str(asked["by"]))
    folder = named_folder(session.asked, {item.key for item in session.given}) or folder_of(inquiry)
    run_study(
        session,
        Design.of(held),
        Path(folder),
        inquiry.study,
        figures=asked.get("figures", True),
        play=lambda design, *places, **more: run_inquiry(inquiry, *places, **more),
        header=_header(inquiry.rows, inputs, len(inquiry.fixed), inquiry.count),
    )


def _held(row: "Row") -> "Row":
    """A structure with its staff spread once, at the values of now."""
    staffing = row.scenario["staffing"]
    if is_spread(staffing):
        return row
    return replace(row, scenario=row.scenario | {"staffing": staffing | spread_people(row.scenario)})


def _unfit(session: Session, rows: "Sequence[Row]") -> list[Diagnostic]:
    """Axes besides structures, and fewer than two of these."""
    more = sorted(varied_keys(session.jobs) - {"structure"})
    found = [
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
        found.append(
            diagnostic(COMMAND_LINE, "structure", what, "", "Name several: structure=function,customer")
        )
    return found


def _inputs(session: Session, rows: "Sequence[Row]") -> "tuple[list[Input], list[Diagnostic]]":
    """The ranges that were typed, or else all inputs with an evidence range."""
    from sim.model.check import mistakes
    from sim.turns.inputs import inputs_of, named_input, varied

    assert session.plan is not None
    plain, ranges = rows[0].scenario, session.plan.ranges
    if not ranges:
        return inputs_of(plain), []
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


def _header(rows: "Sequence[Row]", inputs: "Sequence[Input]", points: int, count: int) -> list[str]:
    names = ", ".join(row.structure for row in rows)
    runs = plural(points * len(rows) * count, "run")
    return [
        f"what turns the answer: {plural(len(rows), 'structure')} ({names}), {plural(len(inputs), 'input')}",
        f"{points} points x {len(rows)} structures x {count} replications = {runs}, then the borders found",
    ]
