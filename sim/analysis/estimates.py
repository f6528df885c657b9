"""Means over replications with their intervals, and why some of them are withheld.

Invariant: every row says how it was made (method, n, label); a withheld one says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis.catalogue import SHARES, distinct, planned
from sim.analysis.exact import Floats, Integers
from sim.analysis.inference import intervals, share_intervals
from sim.analysis.suppression import ALONE, UNSTABLE, first_reason

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Matrix:
    """keys: one row a sample. values: (samples, replications), NaN where missing or undefined."""

    keys: pd.DataFrame
    values: Floats


def matrix(table: pd.DataFrame, keys: Sequence[str], values: str = "value", fill: float = np.nan) -> Matrix:
    """The values of a long table by sample and replication; samples are told apart by the key columns."""
    sample, first = _samples(table, keys)
    place, replications = _codes(table, "replication")
    filled = np.full((len(first), replications), fill)
    filled[sample, place] = table[values].to_numpy(np.float64)
    return Matrix(table[list(keys)].iloc[first].reset_index(drop=True), filled)


def _samples(table: pd.DataFrame, keys: Sequence[str]) -> tuple[Integers, Integers]:
    """Sample of each row, and the row where each sample first appears."""
    joined = np.zeros(len(table), dtype=np.int64)
    for key in keys:
        codes, size = _codes(table, key)
        joined = joined * size + codes
    _, first, sample = np.unique(joined, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    order = np.argsort(first, kind="stable")
    rank[order] = np.arange(len(first))
    return rank[sample], first[order]


def _codes(table: pd.DataFrame, key: str) -> tuple[Integers, int]:
    import pandas as pd

    codes, found = pd.factorize(table[key], sort=key == "replication")
    return codes.astype(np.int64), max(len(found), 1)


EXACT, MEANS, QUANTILES, WILSON, NONE = (
    "exact, known before the simulation",
    "t over replications",
    "t over the quantiles of replications",
    "Wilson over the effective number of requests",
    "none: one replication",
)


def estimates(values: Matrix) -> pd.DataFrame:
    """Intervals of all samples, and how they were made."""
    found = intervals(values.values)
    table = values.keys.assign(mean=found.mean, low=found.low, high=found.high, n=found.n)
    shares, cases = np.flatnonzero(table["metric"].isin(SHARES)), _cases(values)
    own = share_intervals(values.values[shares], cases[shares])
    known = shares[np.isfinite(own.low)]
    table.loc[known, "low"], table.loc[known, "high"] = (
        end[np.isfinite(own.low)] for end in (own.low, own.high)
    )
    return table.assign(method=_methods(table))


def _cases(values: Matrix) -> Floats:
    """Requests resolved in all replications together, for the scope of each sample; NaN if not known."""
    import pandas as pd

    keys = ["scenario", "scope"]
    done = (values.keys["metric"] == "requests_done").to_numpy()
    total = pd.Series(np.nansum(values.values[done], axis=1), values.keys.loc[done, keys].agg(tuple, axis=1))
    return values.keys[keys].agg(tuple, axis=1).map(total).to_numpy(np.float64)


def with_status(table: pd.DataFrame, status: pd.DataFrame) -> pd.DataFrame:
    """Estimates with setting, label and reasons to withhold."""
    beside = status[["scenario", "setting", "label", "status", "replications"]]
    joined = table.merge(beside, how="left", on="scenario")
    joined["withheld"] = _withheld(joined)
    front = ["setting", *table.columns, "label", "withheld"]
    return joined[front]


def _methods(table: pd.DataFrame) -> NDArray[np.object_]:
    """How each interval was made."""
    rows, names = distinct(table["metric"])
    quantile = np.array([name.endswith(("_p90", "_p95")) for name in names], dtype=np.bool_)[rows]
    return first_reason(
        (planned(table["metric"]), EXACT),
        ((table["n"] < 2).to_numpy(np.bool_), NONE),
        (quantile, QUANTILES),
        (table["metric"].isin(SHARES).to_numpy(np.bool_), WILSON),
        (np.ones(len(table), dtype=np.bool_), MEANS),
    )


def _withheld(table: pd.DataFrame) -> NDArray[np.object_]:
    """Reason by row, empty where the figure may be shown."""
    asked, seen = table["replications"].to_numpy(np.int64), table["n"].to_numpy(np.int64)
    undefined = np.full(len(table), "", dtype=object)
    for row in np.flatnonzero(seen < asked):
        undefined[row] = f"undefined in {asked[row] - seen[row]} of {asked[row]} replications"
    return first_reason(
        (planned(table["metric"]), ""),
        ((table["status"] == "unstable").to_numpy(np.bool_), UNSTABLE),
        (seen < asked, undefined.tolist()),
        (seen < 2, ALONE),
    )
