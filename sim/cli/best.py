"""The best of a study's scenarios (`experiment.select=best`): what is asked, checked and answered.

Invariant: one rule for all scenarios; nothing is run before it has been checked.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.cli.inquiries import run_asked
from sim.cli.session import Session
from sim.config.diagnostics import COMMAND_LINE, Diagnostic, Refused, diagnostic, plural

if TYPE_CHECKING:
    from sim.choosing.best import Best
    from sim.choosing.contests import Rule
    from sim.study.design import Row

ONE_RULE = ("select", "indifference", "precision", "replications", "most_replications")


def is_best_asked(rows: "Sequence[Row]") -> bool:
    """Is the best of these scenarios asked for?"""
    return any(row.scenario["experiment"].get("select") for row in rows)


def run_best(session: Session, rows: "Sequence[Row]") -> None:
    """Check, select, play the best afresh, report.

    Raises
    ------
    Refused
        with everything that is wrong, before anything has been run.
    """
    from sim.choosing.best import Best

    feasible = tuple(row for row in rows if not row.infeasible)
    if found := [*_several_rules(rows), *_unfit(session, feasible)]:
        raise Refused(found)
    rule = rule_of(session, feasible[0].scenario["experiment"])
    inquiry = Best(feasible, rule, feasible[0].replications)
    run_asked(session, inquiry, _header(inquiry))


def rule_of(session: Session, experiment: dict[str, Any]) -> "Rule":
    """The rule that a scenario's run settings and `sweep.by` ask for."""
    from sim.choosing.contests import Rule

    first, most = int(experiment["replications"]), int(experiment["most_replications"])
    return Rule(str(session.asked.sweep["by"]), experiment.get("indifference"), first, most)


def unfit_metric(session: Session) -> list[Diagnostic]:
    """A metric by which nobody is best."""
    from sim.analysis.catalogue import Better, judged

    by = str(session.asked.sweep["by"])
    if judged(by).better is not Better.NEITHER:
        return []
    what = f"{by} has no good direction"
    return [diagnostic(COMMAND_LINE, "sweep.by", what, "A metric of which more, or less, is better")]


def _several_rules(rows: "Sequence[Row]") -> list[Diagnostic]:
    several = [key for key in ONE_RULE if len({row.scenario["experiment"].get(key) for row in rows}) > 1]
    what = "one for all scenarios: it is no axis of a selection"
    return [diagnostic(COMMAND_LINE, f"experiment.{key}", what) for key in several]


def _unfit(session: Session, rows: "Sequence[Row]") -> list[Diagnostic]:
    found = unfit_metric(session)
    if any(row.scenario["experiment"].get("precision") is not None for row in rows):
        what = "and experiment.select both say how many replications there are"
        found.append(diagnostic(COMMAND_LINE, "experiment.precision", what, "", "Give one of them"))
    if len(rows) < 2:
        what = "a scenario alone is the best of one"
        found.append(
            diagnostic(COMMAND_LINE, "experiment.select", what, "", "Name several structures or values")
        )
    return found


def _header(inquiry: "Best") -> list[str]:
    many, rule, worlds = len(inquiry.rows), inquiry.rule, len(inquiry.worlds)
    among = f"in {worlds} settings of customers and demand" if worlds > 1 else "with the same customers"
    return [
        f"the best by {rule.metric} of {plural(many, 'scenario')} {among}",
        f"{rule.looks[0]} replications each, up to {rule.looks[-1]:,} for those that may be the best; "
        f"what is told is played afresh, {plural(inquiry.fresh, 'replication')} each",
    ]
