"""Means over replications with their intervals, and why some of them are withheld.

Invariant: every row says how it was made (method, n, label); a withheld one says why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis.catalogue import SHARES, distinct, planned
from sim.analysis.exact import Floats, Integers
from sim.analysis.inference import Intervals, intervals
from sim.analysis.relaxation import FEWEST_TIMES, coverage
from sim.analysis.shares import share_intervals
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


EXACT, MEANS, QUANTILES, ODDS, FEW, NONE = (
    "exact, known before the simulation",
    "t over replications",
    "t over the quantiles of replications",
    "t over the log odds of replications, Satterthwaite's freedom",
    "none: fewer than two replications with a miss, or with a hit",
    "none: one replication",
)
WIDER, WIDEST, SHORTEST = (
    "t at 98 %, for 95 % in few relaxation times",
    "t at 99 %, for 95 % in a short run",
    "none: the run covers fewer than 5 relaxation times",
)
WIDE_ODDS, WIDER_ODDS, RARE = (
    "t at 98 % over the log odds of replications, for 95 % in few relaxation times",
    "t at 99 % over the log odds of replications, for 95 % of rare misses",
    "none: too few misses, or hits, to be expected",
)
"""Where nominal 95 % hold less: measured in `experiments/verification/interval_coverage.py`."""
ENOUGH_TIMES, TOO_FEW_TIMES = 800.0, 5.0
"""Relaxation times of the slowest queue: in all replications, for plain t; in one, for any interval."""
ENOUGH_MISSES, TOO_FEW_MISSES = 15.0, 2.0
"""Relaxation times in all replications, times the share of misses: for plain log odds, for any interval."""


def estimates(values: Matrix) -> pd.DataFrame:
    """Intervals of all samples, and how they were made."""
    found = intervals(values.values)
    table = values.keys.assign(mean=found.mean, low=found.low, high=found.high, n=found.n)
    shares = np.flatnonzero(table["metric"].isin(SHARES))
    own = share_intervals(values.values[shares])
    table.loc[shares, "low"], table.loc[shares, "high"] = own.low, own.high
    return table.assign(method=_methods(table))


def with_status(table: pd.DataFrame, status: pd.DataFrame, values: Matrix) -> pd.DataFrame:
    """Estimates with setting, label and reasons to withhold; hours of short runs with wider intervals."""
    beside = status[["scenario", "setting", "label", "status", "replications"]]
    joined = _widened(table, status, values).merge(beside, how="left", on="scenario")
    joined["withheld"] = _withheld(joined)
    front = ["setting", *table.columns, "label", "withheld"]
    return joined[front]


def _widened(table: pd.DataFrame, status: pd.DataFrame, values: Matrix) -> pd.DataFrame:
    """Intervals that hold what they say where a queue had little time to forget how it began.

    Few relaxation times leave the mean of a replication skewed and biased, and a share with few clumps of
    misses: nominal intervals cover less than they say. How many there are rests on expected load and work,
    not on the luck of the run.
    """
    lasting, covered = status.loc[status["kind"] == "long_run", "scenario"], coverage(table)
    times = table["scenario"].map({scenario: covered.get(scenario, np.inf) for scenario in lasting})
    each = times.fillna(np.inf).to_numpy(np.float64)
    total, share = each * table["n"].to_numpy(np.float64), table["mean"].to_numpy(np.float64)
    table, hours = table.copy(), (table["unit"] == "h") & table["method"].isin((MEANS, QUANTILES))
    _replaced(table, hours & (total < ENOUGH_TIMES), WIDER, intervals, values, 0.98)
    _replaced(table, hours & (each < FEWEST_TIMES), WIDEST, intervals, values, 0.99)
    _replaced(table, hours & (each < TOO_FEW_TIMES), SHORTEST, intervals, values, np.nan)
    odds = table["method"] == ODDS
    misses = np.where(odds, np.minimum(share, 1.0 - share), 1.0) * total
    _replaced(table, odds & (total < ENOUGH_TIMES), WIDE_ODDS, share_intervals, values, 0.98)
    _replaced(table, odds & (misses < ENOUGH_MISSES), WIDER_ODDS, share_intervals, values, 0.99)
    _replaced(table, odds & (misses < TOO_FEW_MISSES), RARE, share_intervals, values, np.nan)
    return table


def _replaced(
    table: pd.DataFrame,
    chosen: pd.Series[bool],
    method: str,
    made: Callable[[Floats, float], Intervals],
    values: Matrix,
    confidence: float,
) -> None:
    """The chosen rows with intervals made at another confidence; none where that is NaN."""
    rows = np.flatnonzero(chosen)
    found = made(values.values[rows], confidence)
    table.loc[rows, "low"], table.loc[rows, "high"], table.loc[rows, "method"] = found.low, found.high, method


def _methods(table: pd.DataFrame) -> NDArray[np.object_]:
    """How each interval was made."""
    shares = table["metric"].isin(SHARES).to_numpy(np.bool_)
    rows, names = distinct(table["metric"])
    quantile = np.array([name.endswith(("_p90", "_p95")) for name in names], dtype=np.bool_)[rows]
    return first_reason(
        (planned(table["metric"]), EXACT),
        ((table["n"] < 2).to_numpy(np.bool_), NONE),
        (quantile, QUANTILES),
        (shares & table["low"].isna().to_numpy(), FEW),
        (shares, ODDS),
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
