"""Stored results compared: intervals, paired differences from the first structure, verdicts, status.

Invariant: nothing is compared across settings, and nothing is said where an interval cannot support it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sim.analysis.comparison import Comparison
from sim.analysis.comparison_groups import comparison_groups
from sim.analysis.differences import differences
from sim.analysis.estimates import estimates, with_status
from sim.analysis.gaps import gaps
from sim.analysis.inference import CONFIDENCE
from sim.analysis.leaders import leaders, losers, rivals
from sim.analysis.matrix import matrix
from sim.analysis.scenario_status import scenario_status

if TYPE_CHECKING:
    import pandas as pd

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
    grouped = comparison_groups(loaded.scenarios, baseline)
    values = matrix(loaded.results, SAMPLE)
    values.keys["structure"] = values.keys["scenario"].map(grouped.names)
    found = estimates(values)
    status = scenario_status(loaded, grouped, values, found)
    found = with_status(found, status)
    changes = differences(values, found, grouped, status)
    contests = rivals(values, found, status)
    return Comparison(
        estimates=found,
        differences=changes,
        status=status,
        keys=grouped.keys,
        losers=losers(changes),
        leaders=leaders(contests, status),
        rivals=contests,
        gaps=gaps(loaded.extras.get("decomposition"), grouped),
        confidence=CONFIDENCE,
        correction=CORRECTION,
    )
