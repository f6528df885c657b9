"""`orgdes staff [overrides] target.METRIC=LIMIT ...`: the fewest people for the same service.

Invariant: overrides, targets and settings are checked together; nothing is run before all of them pass.
"""

from collections.abc import Sequence
from dataclasses import replace
from textwrap import fill
from typing import Any

from sim.cli.arguments import read_arguments
from sim.cli.inquiries import answered, misplaced, own_words, run_asked
from sim.cli.session import Session
from sim.config.diagnostics import COMMAND_LINE, Diagnostic, Refused, plural
from sim.model.facts import expanded_for
from sim.model.mistake import Mistake
from sim.staffing.session import Question
from sim.staffing.settings import PREFIX as OWN
from sim.staffing.settings import Settings, read_settings
from sim.staffing.targets import PREFIX, SERVICE, Target, read_targets, unfit

HELP = """\
orgdes staff: how many people does each structure need for the same service?

usage: orgdes staff [group=choice ...] [key=value ...] target.METRIC=LIMIT ... [options]

examples
  orgdes staff target.within_promise=0.9
  orgdes staff structure=function,matrix target.response_time_p90=16 target.satisfaction=70
  orgdes staff company=helpdesk target.large_seriousness_2_1.within_promise=0.85

targets: the true mean has to be at least (or, where less is better, at most) the limit
  target.METRIC=LIMIT            of the company; shares from 0 to 1, times in open hours
  target.SEGMENT.METRIC=LIMIT    of one segment's customers
{metrics}

settings
  staff.confidence=0.95      with which the fewest people meet all targets, on fresh replications
  staff.most=200             people on the payroll at most
  staff.around=4             people more and fewer that are shown, for what they cost and give
  staff.replications=100     of one staff at most; experiment.replications is the least (20)
  experiment.seed=7  experiment.jobs=4  sweep.folder=DIR  sweep.figures=false  report.title=T   as for a run

It prints and writes (report.html, staffing.csv, frontier.csv) the fewest people on the payroll, how many
workers in which department, what one person fewer breaks and where, the difference between structures in
people and cost at exactly the same service with its interval, and what more and fewer people cost and give.
A target that no number of people reaches ends with the best value reached and what holds it there.
The same command goes on where it was interrupted. docs/staffing.md tells more.

exit codes: 0 fine, 1 something failed, 2 bad input and nothing run, 130 interrupted
"""
FIXED = {
    "staffing.allocation": "people are spread by the search",
    "staffing.basis": "people are counted on the payroll",
    "staffing.headcount": "is what is looked for",
    "staffing.held": "people are spread by the search",
    "staffing.held_coordinators": "they follow from the work",
    "staffing.roster": "people are spread by the search",
    "staffing.spread": "people are spread by the search",
    "staffing.workers": "people are spread by the search",
    "sweep.design": "a table of scenarios cannot be staffed",
}
"""Keys that mean nothing here, and why."""


def main(argv: Sequence[str]) -> int:
    """Check, search, test, report."""
    names = ", ".join(name for name in SERVICE if not name.startswith("satisfaction_from_"))
    known = fill(f"METRIC: {names}", 100, initial_indent="  ", subsequent_indent="          ")
    return answered(argv, HELP.format(metrics=known), _staff)


def _staff(argv: Sequence[str]) -> int:
    targets = [tuple(word.split("=", 1)) for word in argv if word.startswith(PREFIX) and "=" in word]
    own, rest = own_words(own_words(argv, PREFIX)[1], OWN)
    settings, wrong = read_settings(own)
    found = [Diagnostic(COMMAND_LINE, mistake) for mistake in wrong]
    session = Session(read_arguments(rest), ("staff", *argv))
    question = _question(session, targets, settings, found)
    run_asked(session, question, _header(question))
    return session.exit_code


def _question(
    session: Session, given: Sequence[Any], settings: Settings, found: list[Diagnostic]
) -> Question:
    """What is asked, checked as a whole."""
    from sim.cli.preflight import preflight

    found += misplaced(session, "staff", FIXED)
    session.arguments.overrides += ["staffing.allocation=load", f"staffing.headcount={settings.most}"]
    segments = None
    try:
        preflight(session)
        segments = _segments(session)
    except Refused as refusal:
        found += [_of_the_most(item) for item in refusal.found]
    targets, wrong = read_targets(given, segments)
    found += [Diagnostic(COMMAND_LINE, mistake) for mistake in wrong]
    rows = [] if session.checked is None else [row for row in session.checked[1] if not row.infeasible]
    if segments is not None:
        found += [Diagnostic(COMMAND_LINE, mistake) for mistake in _unfit(session, rows, targets)]
    if found:
        raise Refused(found)
    people = _people_of_now(session)
    named = (replace(row, scenario=expanded_for(row.scenario, people)) for row in rows)
    return Question(
        tuple(replace(row, name=row.structure, overrides=()) for row in named), tuple(targets), settings
    )


def _people_of_now(session: Session) -> int:
    """The headcount without ours: a company in short says what is offered for each hour of its payroll."""
    assert session.composer is not None
    typed = [text for text in session.jobs[0] if not text.startswith("staffing.headcount=")]
    return int(session.composer.plain(typed)["staffing"]["headcount"])


def _of_the_most(item: Diagnostic) -> Diagnostic:
    """A mistake in the number of people, which nobody typed, is one in the most that are allowed."""
    if item.mistake.where != "staffing.headcount":
        return item
    todo = f"Raise {OWN}most, or choose a structure with fewer departments"
    return replace(item, mistake=replace(item.mistake, where=f"{OWN}most", todo=todo))


def _segments(session: Session) -> list[str]:
    assert session.checked is not None
    return list(session.checked[1][0].scenario["company"]["segments"])


def _unfit(session: Session, rows: Sequence[Any], targets: Sequence[Target]) -> list[Mistake]:
    """What no answer can be looked for in: axes besides structures, a roster, what is never measured."""
    from sim.cli.scenarios import varied_keys
    from sim.model.check import scenario

    more = sorted(varied_keys(session.jobs) - {"structure"})
    found = [
        Mistake(key, "has several values; only structures can be staffed beside each other", "One value",
                "Run it once for each value")
        for key in more
    ]  # fmt: skip
    if not found:
        found += unfit(targets, [scenario(row.scenario) for row in rows])
    return found


def _header(question: Question) -> list[str]:
    names = ", ".join(row.name for row in question.rows)
    asked = ", ".join(map(_written, question.targets))
    most = max(question.least, question.settings.replications)
    looks = f"{question.least} to {most}" if most > question.least else f"{most}"
    asked_for = question.settings.replications
    raised = f"; staff.replications={asked_for} is below experiment.replications, which is the least"
    return [
        f"fewest people for {asked}: {plural(len(question.rows), 'structure')} ({names})",
        f"shown with {100 * question.settings.confidence:g} % confidence, "
        f"on {looks} fresh replications of each staff{raised if asked_for < question.least else ''}",
    ]


def _written(target: Target) -> str:
    return f"{target.key.removeprefix(PREFIX)} {'>=' if target.sign > 0 else '<='} {target.limit:g}"
