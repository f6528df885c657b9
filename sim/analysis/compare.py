"""Stored results compared: intervals, paired differences from the first structure, verdicts, status.

Invariant: nothing is compared across settings, and nothing is said where an interval cannot support it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sim.analysis.best_of_many import Choice, best_of_many, choices_of
from sim.analysis.comparison_groups import comparison_groups
from sim.analysis.differences import differences
from sim.analysis.estimates import estimates, matrix, with_status
from sim.analysis.gaps import gaps
from sim.analysis.inference import CONFIDENCE
from sim.analysis.leaders import leaders, losers, rivals
from sim.analysis.scenario_status import scenario_status

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Comparison:
    """Structures compared, setting by setting; in a setting only the structure differs.

    `structure` is what a scenario is called, everywhere: its structure, and what else tells it apart from the
    others of its setting.

    Attributes
    ----------
    estimates : setting, scenario, structure, metric, scope, unit, mean, low, high, n, method, label,
        withheld. One row for each metric and scope; raw means stay even where withheld says why not to show
        them.
    differences : setting, scenario, structure, reference (scenario), metric, scope, unit, mean, low, high, n,
        confidence (of the interval: it excludes 0 exactly where p_adjusted is below 5 %), relative,
        relative_low, relative_high (share of the reference's mean), p, p_adjusted, family, correlation,
        outcome (better, worse, more, less, alike, unsettled, withheld), verdict, brief (the same in few
        words), matters (at least the margin), withheld. Paired by replication with the setting's first.
    status : setting, scenario, structure, status (ok, short, unstable, stopped, failed, infeasible,
        incomplete), reasons (sentences), ranked, replications, kind, label, load (largest), unresolved,
        start_up (weeks, where it is shown to outlast the warm-up, else NaN), weeks (of the run),
        first_week (measured).
    keys : setting, key, value: what tells the settings apart. legend : what letters before names stand for.
    losers : setting, scenario, structure, metric, segment, relative, mean, low, high, outcome, verdict:
        the segment that each structure serves worst compared with the reference.
    leaders : setting, metric, scenario, structure, runner_up (structure), lead (share of the runner-up's
        mean) with low and high, p (shared by all rivals), settled (ahead of all of them), load (largest of
        the setting), stable (every scenario of the setting may be ranked).
    rivals : setting, metric, scenario, structure (the best), rival (scenario), runner_up (its structure),
        effect, low, high in told_in (%, points ...), margin (below which it does not matter), lead, lead_low,
        lead_high (the same as shares), p, outcome (ahead, alike, same, open), further (replications still
        needed), agreeing (replications in which the best is better) of pairs. The next best first.
    gaps : setting, scenario, structure, kind, passage (or all), mean, low, high, n: hours a resolved request
        more than under the reference; the rows of one passage, or of all, add up to the gap.
    choices : the best of more than a handful of scenarios that meet the same customers, and which others may
        be it, by speed and by satisfaction.
    confidence : of all intervals. correction : how verdicts allow for several structures.
    """

    estimates: pd.DataFrame
    differences: pd.DataFrame
    status: pd.DataFrame
    keys: pd.DataFrame
    losers: pd.DataFrame
    leaders: pd.DataFrame
    rivals: pd.DataFrame
    gaps: pd.DataFrame
    choices: list[Choice]
    confidence: float
    correction: str
    legend: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """One line for notebooks; `table` shows the numbers."""
        names = ", ".join(dict.fromkeys(self.status["structure"].astype(str)))
        names = names if len(names) <= 60 else f"{names[:57]}..."
        return f"<Comparison of {len(self.status)} scenarios: {names}>"

    @property
    def table(self) -> pd.DataFrame:
        """Estimates with their differences from the reference beside them, one row for each estimate."""
        named = {name: f"difference_{name}" for name in ("mean", "low", "high", "withheld")}
        columns = [*named, "p_adjusted", "family", "correlation", "outcome", "verdict"]
        beside = self.differences[["scenario", "metric", "scope", *columns]].rename(columns=named)
        return self.estimates.merge(beside, how="left", on=["scenario", "metric", "scope"])


__all__ = ["Comparison", "Results", "compare"]

SAMPLE = ("scenario", "structure", "metric", "scope", "unit")
CORRECTION = "Holm, over the structures (and segments) of one setting and metric"


class Results(Protocol):
    """What is read of stored results; frames as the study writes them."""

    @property
    def results(self) -> pd.DataFrame:
        """scenario, structure, replication, metric, scope, value, unit."""
        ...

    @property
    def scenarios(self) -> pd.DataFrame:
        """scenario, structure, status, overrides, config (JSON) and the dotted keys."""
        ...

    @property
    def extras(self) -> dict[str, pd.DataFrame]:
        """steadiness, weeks, decomposition: scenario, replication and their own columns."""
        ...


def compare(loaded: Results, baseline: str = "") -> Comparison:
    """Compare every scenario of the results with the first of its setting, or with `baseline`.

    Pairs replications by their number: replication i of all scenarios met the same world. Metrics are taken
    as they are stored; extras that are missing only leave out the tests that need them.
    """
    grouped = comparison_groups(loaded.scenarios, baseline, lettered=True)
    values = matrix(loaded.results, SAMPLE)
    values.keys["structure"] = values.keys["scenario"].map(grouped.names)
    found = estimates(values)
    status = scenario_status(loaded, grouped, values, found)
    found = with_status(found, status, values)
    changes = differences(values, found, grouped, status)
    contests = rivals(values, found, status)
    return Comparison(
        estimates=found,
        differences=changes,
        status=status,
        keys=grouped.keys,
        legend=grouped.legend,
        losers=losers(changes),
        leaders=leaders(contests, status),
        rivals=contests,
        gaps=gaps(loaded.extras.get("decomposition"), grouped),
        choices=choices_of(loaded) or best_of_many(values, found, status, loaded.scenarios),
        confidence=CONFIDENCE,
        correction=CORRECTION,
    )
