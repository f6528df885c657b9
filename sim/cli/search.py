"""`orgdes search [overrides] [search.KEY=VALUE ...]`: which structure serves best under stated limits.

Invariant: overrides and limits are checked together; nothing is run before all of them pass.
"""

import shlex
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.cli.arguments import read_arguments
from sim.cli.inquiries import answered, misplaced, own_words, run_asked
from sim.cli.session import Session
from sim.config.diagnostics import COMMAND_LINE, Diagnostic, Refused, diagnostic, plural

if TYPE_CHECKING:
    from sim.choosing.limits import Asked
    from sim.choosing.session import Search
    from sim.study.design import Row

HELP = """\
orgdes search: which way of dividing this company into departments serves best?

usage: orgdes search [group=choice ...] [key=value ...] [search.KEY=VALUE ...] [options]

examples
  orgdes search
  orgdes search search.smallest=3 search.managers=4
  orgdes search company=helpdesk structure=helpdesk_today,function sweep.by=satisfaction_mean

limits
  search.smallest=2          workers of a department at least
  search.largest=12          workers of a department at most
  search.managers=4          managers at most
  search.departments=6       departments at most
  search.stay=NAME,NAME      departments of the first structure that stay, or functions, products and segments
                             whose departments in it stay

settings
  structure=A,B              structures to compare with, today's first (function,customer,product)
  sweep.by=METRIC            what is best (response_time_mean)
  search.candidates=240      structures that are played at most
  experiment.indifference=0.03   what does not matter
  experiment.most_replications=200   of a finalist at most
  experiment.seed=7  experiment.jobs=4  sweep.folder=DIR  sweep.figures=false  report.title=T   as for a run

It looks at blocks and axes first, then merges and splits departments of the best, a few replications each.
The best of the ten best and of the structures named is then selected with 95 % confidence on replications
of their own, and told on fresh ones. The folder holds report.html, selection.csv and the structures found as
YAML that runs; the command for them is printed. The same command goes on where it was interrupted.
docs/search.md tells more.

exit codes: 0 fine, 1 something failed, 2 bad input and nothing run, 130 interrupted
"""
FIXED = {
    "staffing.allocation": "people are spread by load or by the square root, in every structure alike",
    "staffing.workers": "departments are what is looked for",
    "staffing.held": "departments are what is looked for",
    "staffing.roster": "departments are what is looked for",
    "sweep.design": "a table of scenarios cannot be searched",
    "sweep.question": "a search is a question of its own",
    "experiment.select": "a search selects anyway",
    "experiment.precision": "a search decides how many replications there are",
}
"""Keys that mean nothing here, and why."""


def main(argv: Sequence[str]) -> int:
    """Check, search, select, report."""
    return answered(argv, HELP, _search)


def _search(argv: Sequence[str]) -> int:
    from sim.choosing.limits import PREFIX, read_asked

    own, rest = own_words(argv, PREFIX)
    asked, wrong = read_asked(own)
    session = Session(read_arguments(rest), ("search", *argv))
    question = _question(session, asked, [Diagnostic(COMMAND_LINE, mistake) for mistake in wrong])
    run_asked(session, question, _header(question))
    return session.exit_code


def _question(session: Session, asked: "Asked", found: list[Diagnostic]) -> "Search":
    """What is asked, checked as a whole."""
    from sim.choosing.session import Search
    from sim.cli.best import rule_of, unfit_metric
    from sim.cli.preflight import preflight

    found += [item for item in misplaced(session, "search", FIXED) if not _square_root(session, item)]
    try:
        preflight(session)
    except Refused as refusal:
        raise Refused([*found, *refusal.found]) from refusal
    if session.checked is None:  # shown, not run
        raise Refused(found)
    rows = [replace(row, overrides=()) for row in session.checked[1] if not row.infeasible]
    found += [*unfit_metric(session), *_axes(session), *_unfit(rows, found)]
    stay: dict[str, Any] = {}
    if not found:
        stay, found = _staying(asked, rows[0])
    question = Search(
        tuple(rows), rule_of(session, rows[0].scenario["experiment"]), asked, stay, rows[0].replications,
        _words(session), session.arguments.flags.get("--config-dir", ""),
    )  # fmt: skip
    found = found or _none_allowed(question)
    if found:
        raise Refused(found)
    return question


def _square_root(session: Session, item: Diagnostic) -> bool:
    """Spreading people by load or by the square root is fine."""
    allowed = ("staffing.allocation=load", "staffing.allocation=square_root")
    return item.mistake.where == "staffing.allocation" and any(
        word in allowed for word in session.arguments.overrides
    )


def _axes(session: Session) -> list[Diagnostic]:
    from sim.cli.scenarios import varied_keys

    more = sorted(varied_keys(session.jobs) - {"structure"})
    what = "has several values; only structures can be searched"
    return [diagnostic(COMMAND_LINE, key, what, "One value", "Run it once for each value") for key in more]


def _unfit(rows: "Sequence[Row]", found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """People who are spread by name, or by playing every structure first."""
    staffing = rows[0].scenario["staffing"]
    told = any(item.mistake.where.startswith("staffing.") for item in found)
    wrong = not told and staffing["allocation"] not in ("load", "square_root")
    what = FIXED["staffing.allocation"]
    return [diagnostic("", "staffing", what, "", "Set staffing.allocation=load")] if wrong else []


def _staying(asked: "Asked", today: "Row") -> tuple[dict[str, Any], list[Diagnostic]]:
    """Departments of today's structure that stay, by name."""
    from sim.choosing.limits import staying
    from sim.model.check import scenario
    from sim.model.partition import partition

    checked = scenario(dict(today.scenario))
    now = {
        name: frozenset(own)
        for name, own in partition(checked.structure, checked.company).departments.items()
    }
    kept, wrong = staying(asked, now, frozenset(cell for own in now.values() for cell in own))
    return {name: own for name, own in now.items() if own in kept}, [
        Diagnostic(COMMAND_LINE, mistake) for mistake in wrong
    ]


def _none_allowed(question: "Search") -> list[Diagnostic]:
    if question.is_possible:
        return []
    what = "no structure of blocks and axes keeps these limits, and none of those named does"
    return [diagnostic(COMMAND_LINE, "search", what, "", "Loosen one of them, or raise staffing.headcount")]


def _words(session: Session) -> str:
    """What was typed besides the structures, as it is typed again."""
    own = ("structure=", "sweep.", "report.", "experiment.jobs", "experiment.backend")
    kept = [word for word in session.arguments.overrides if not word.lstrip("+").startswith(own)]
    return shlex.join(kept)


def _header(question: "Search") -> list[str]:
    names = ", ".join(row.structure for row in question.rows)
    rule = question.rule
    return [
        f"the best structure by {rule.metric}, {question.limits}; beside {names}",
        f"{plural(question.asked.candidates, 'structure')} at most; finalists {rule.looks[0]} to "
        f"{rule.looks[-1]:,} replications each, then told on {question.fresh} fresh ones",
    ]
