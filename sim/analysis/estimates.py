"""Means over replications with their intervals, and why some of them are withheld.

Invariant: every row says how it was made (method, n, label); a withheld one says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis.catalogue import judged
from sim.analysis.inference import intervals
from sim.analysis.matrix import Matrix
from sim.analysis.withheld import ALONE, UNSTABLE, first_reason

if TYPE_CHECKING:
    import pandas as pd

EXACT, MEANS, QUANTILES, NONE = (
    "exact, known before the simulation",
    "t over replications",
    "t over the quantiles of replications",
    "none: one replication",
)


def estimates(values: Matrix, status: pd.DataFrame | None = None) -> pd.DataFrame:
    """Intervals of all samples; with `status`, setting, label and reasons to withhold are added."""
    found = intervals(values.values)
    table = values.keys.assign(mean=found.mean, low=found.low, high=found.high, n=found.n)
    table["method"] = [_method(metric, n) for metric, n in zip(table["metric"], table["n"], strict=True)]
    if status is None:
        return table
    beside = status[["scenario", "setting", "label", "status", "replications"]]
    joined = table.merge(beside, how="left", on="scenario")
    joined["withheld"] = _withheld(joined)
    front = ["setting", *table.columns, "label", "withheld"]
    return joined[front]


def _method(metric: str, n: int) -> str:
    if judged(metric).planned:
        return EXACT
    if n < 2:
        return NONE
    return QUANTILES if metric.endswith(("_p90", "_p95")) else MEANS


def _withheld(table: pd.DataFrame) -> NDArray[np.object_]:
    """Reason by row, empty where the figure may be shown."""
    planned = table["metric"].map(lambda name: judged(name).planned).to_numpy(np.bool_)
    asked, seen = table["replications"].to_numpy(np.int64), table["n"].to_numpy(np.int64)
    undefined = [f"undefined in {a - b} of {a} replications" for a, b in zip(asked, seen, strict=True)]
    return first_reason(
        (planned, ""),
        ((table["status"] == "unstable").to_numpy(np.bool_), UNSTABLE),
        (seen < asked, undefined),
        (seen < 2, ALONE),
    )
