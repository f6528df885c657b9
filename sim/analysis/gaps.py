"""Where a structure gains and loses hours compared with the reference, kind by kind, with intervals.

Invariant: the means of one structure's rows (passage `all`, or all passages apart) add up to its gap in
mean response time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.comparison_groups import ComparisonGroups
from sim.analysis.exact import Floats, Integers
from sim.analysis.inference import intervals
from sim.analysis.rows import COMPANY

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("setting", "scenario", "structure", "kind", "passage", "mean", "low", "high", "n")


def gaps(decomposition: pd.DataFrame | None, grouped: ComparisonGroups) -> pd.DataFrame:
    """Paired differences of mean hours per resolved request; see `Comparison.gaps`."""
    import pandas as pd

    if decomposition is None or decomposition.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    rows = decomposition[decomposition["scope"] == COMPANY]
    whole = rows.groupby(["scenario", "replication", "kind"], as_index=False, sort=False)["hours"].sum()
    both = pd.concat([whole.assign(passage="all"), rows], ignore_index=True)
    names = both[["kind", "passage"]].drop_duplicates().reset_index(drop=True)
    hours = _dense(both, names, grouped)
    places = grouped.scenarios.reset_index(drop=True)
    other = places["reference"].map({own: row for row, own in enumerate(places["scenario"])}).to_numpy()
    compared = np.flatnonzero(places["scenario"] != places["reference"])
    gap = hours[compared] - hours[other[compared]]
    used = (np.nan_to_num(hours[compared]) != 0) | (np.nan_to_num(hours[other[compared]]) != 0)
    pair, kind = np.nonzero(used.any(axis=2))
    found = intervals(gap[pair, kind])
    table = places.iloc[compared[pair]].reset_index(drop=True).join(names.iloc[kind].reset_index(drop=True))
    table = table.assign(mean=found.mean, low=found.low, high=found.high, n=found.n)
    return table[list(COLUMNS)]


def _dense(rows: pd.DataFrame, names: pd.DataFrame, grouped: ComparisonGroups) -> Floats:
    """Hours by scenario, kind with passage, and replication; 0 where left out, NaN where not run."""
    scenario = _place(rows[["scenario"]], grouped.scenarios[["scenario"]])
    replications = np.unique(rows["replication"].to_numpy())
    replication = np.searchsorted(replications, rows["replication"].to_numpy())
    hours = np.full((len(grouped.scenarios), len(names), len(replications)), np.nan)
    run = np.zeros((len(hours), len(replications)), dtype=np.bool_)
    run[scenario, replication] = True
    hours[np.broadcast_to(run[:, None], hours.shape)] = 0.0
    kind = _place(rows[["kind", "passage"]], names)
    hours[scenario, kind, replication] = rows["hours"].to_numpy(np.float64)
    return hours


def _place(rows: pd.DataFrame, among: pd.DataFrame) -> Integers:
    """Position of each row in a table of all the distinct ones."""
    import pandas as pd

    index = pd.MultiIndex.from_frame(among)
    place: Integers = index.get_indexer(pd.MultiIndex.from_frame(rows)).astype(np.int64)
    return place
