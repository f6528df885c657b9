"""Where a structure gains and loses hours compared with the reference, kind by kind, with intervals.

Invariant: the means of one structure's rows (passage `all`, or all passages apart) add up to its gap in
mean response time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.inference import intervals
from sim.analysis.matrix import Matrix, matrix
from sim.analysis.rows import COMPANY
from sim.analysis.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("setting", "scenario", "structure", "kind", "passage", "mean", "low", "high", "n")


def gaps(decomposition: pd.DataFrame | None, grouped: Settings) -> pd.DataFrame:
    """Paired differences of mean hours per resolved request; see `Comparison.gaps`."""
    import pandas as pd

    if decomposition is None or decomposition.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    rows = decomposition[decomposition["scope"] == COMPANY]
    whole = rows.groupby(["scenario", "replication", "kind"], as_index=False, sort=False)["hours"].sum()
    both = pd.concat([whole.assign(passage="all"), rows], ignore_index=True)
    hours = _complete(matrix(both, ["scenario", "kind", "passage"], "hours"))
    return _paired(hours, grouped)


def _complete(hours: Matrix) -> Matrix:
    """Rows that are left out because they are zero, filled in where the replication exists."""
    scenario = hours.keys["scenario"].to_numpy()
    filled = hours.values.copy()
    for own in np.unique(scenario):
        mine = scenario == own
        exists = np.isfinite(hours.values[mine]).any(axis=0)
        filled[mine] = np.where(exists & np.isnan(hours.values[mine]), 0.0, hours.values[mine])
    return Matrix(hours.keys, filled)


def _paired(hours: Matrix, grouped: Settings) -> pd.DataFrame:
    import pandas as pd

    made = []
    for place in grouped.scenarios.to_dict("records"):
        if place["scenario"] == place["reference"]:
            continue
        own, other = (_of(hours, place[side]) for side in ("scenario", "reference"))
        kinds = own.index.union(other.index, sort=False)
        exists = [side.notna().any().to_numpy() for side in (own, other)]
        gap = own.reindex(kinds).fillna(0.0).to_numpy() - other.reindex(kinds).fillna(0.0).to_numpy()
        found = intervals(np.where(exists[0] & exists[1], gap, np.nan))
        facts = {name: place[name] for name in COLUMNS[:3]}
        facts |= {"mean": found.mean, "low": found.low, "high": found.high, "n": found.n}
        made.append(kinds.to_frame(index=False).assign(**facts))
    table = pd.concat(made, ignore_index=True) if made else pd.DataFrame(columns=list(COLUMNS))
    return table[list(COLUMNS)]


def _of(hours: Matrix, scenario: int) -> pd.DataFrame:
    """Hours of one scenario: kinds and passages by replication."""
    import pandas as pd

    mine = (hours.keys["scenario"] == scenario).to_numpy()
    index = pd.MultiIndex.from_frame(hours.keys.loc[mine, ["kind", "passage"]])
    return pd.DataFrame(hours.values[mine], index=index)
