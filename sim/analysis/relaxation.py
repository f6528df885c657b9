"""How many relaxation times a run covers: how often its slowest queue could forget how it began.

Invariant: rests on expected load and work, so it does not favour runs with luck.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.rows import COMPANY

if TYPE_CHECKING:
    import pandas as pd

FEWEST_TIMES = 20.0
BUSY_ENOUGH = 1.0
LASTING = ("lasting_load", "lasting_desk_load")
"""The expected loads of those requests only that cannot leave; measured where customers can."""


def coverage(found: pd.DataFrame) -> dict[int, float]:
    """How many relaxation times of its slowest department a run covers, by scenario; found: estimates.

    A queue of c workers forgets in about service time / (c (1 - sqrt(load))^2) hours (exactly so in M/M/1).
    This rests on expected load and work alone, so it does not favour runs with luck. Missing where
    customers leave, since they shorten queues, and where a department's load is 1 or more.
    """
    keys = ["load", "utilisation", "visits_done", LASTING[0]]
    rows = found[found["metric"].isin(keys) & (found["scope"] != COMPANY)]
    table = rows.pivot_table("mean", ["scenario", "scope"], "metric").reindex(columns=keys)
    table = table[table[LASTING[0]].isna() & (table["load"] < BUSY_ENOUGH) & (table["utilisation"] > 0)]
    times = table["visits_done"] / table["utilisation"] * (1.0 - np.sqrt(table["load"])) ** 2
    least = times.groupby("scenario").min().dropna()
    return dict(zip(least.index.tolist(), least.tolist(), strict=True))
