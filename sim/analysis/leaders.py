"""Who is best in each setting, and which segment pays for it.

Invariant: a lead is settled only if the best beats every other structure at a level shared by all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.catalogue import METRICS, Better, judged
from sim.analysis.inference import intervals, relative_changes, standardised, t_probability
from sim.analysis.matrix import Matrix
from sim.analysis.rows import COMPANY
from sim.analysis.verdict import LEVEL

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "setting", "metric", "scenario", "structure", "runner_up", "lead", "low", "high", "p", "settled",
)  # fmt: skip
LOST_BY = ("response_time_mean", "satisfaction_mean", "satisfaction_outcome", "within_promise")


def losers(differences: pd.DataFrame) -> pd.DataFrame:
    """For each structure and metric the segment whose service changed worst compared with the reference."""
    rows = differences[differences["metric"].isin(LOST_BY) & differences["scope"].str.startswith("segment:")]
    rows = rows[(rows["outcome"] != "withheld") & rows["relative"].notna()]
    worse = rows["relative"] * rows["metric"].map(lambda name: -judged(name).better.value).astype(float)
    worst = rows.loc[worse.groupby([rows["scenario"], rows["metric"]], sort=False).idxmax()]
    columns = ["setting", "scenario", "structure", "metric", "segment", "relative", "mean", "low", "high"]
    named = worst.assign(segment=worst["scope"].str.removeprefix("segment:"))
    return named[[*columns, "outcome", "verdict"]].reset_index(drop=True)


def leaders(values: Matrix, found: pd.DataFrame, status: pd.DataFrame) -> pd.DataFrame:
    """Best structure of each setting by each metric that has a good direction; see `Comparison.leaders`.

    Only scenarios that are ranked compete, and there must be two of them. The best is named after the
    fact, so each of its one-sided paired tests against the others uses the level 5 % / structures.
    """
    import pandas as pd

    ranked = set(status.loc[status["ranked"], "scenario"])
    compete = (found["scope"] == COMPANY) & (found["withheld"] == "") & found["scenario"].isin(ranked)
    compete &= found["metric"].map(lambda name: name in METRICS and judged(name).better is not Better.NEITHER)
    rows = found[compete].assign(row=np.flatnonzero(compete))
    made = [
        {"setting": setting, "metric": metric, **_leader(group, values, judged(str(metric)).better)}
        for (setting, metric), group in rows.groupby(["setting", "metric"], sort=False)
        if len(group) > 1
    ]
    facts = status.groupby("setting").agg(load=("load", "max"), stable=("ranked", "all"))
    return pd.DataFrame(made, columns=list(COLUMNS)).join(facts, on="setting")


def _leader(group: pd.DataFrame, values: Matrix, better: Better) -> dict[str, Any]:
    order = np.argsort(-better.value * group["mean"].to_numpy(), kind="stable")
    best, others = group.iloc[int(order[0])], group.iloc[order[1:]]
    own, rivals = values.values[best["row"]], values.values[others["row"].to_numpy()]
    ahead = intervals(better.value * (own - rivals))
    p = float(np.max(t_probability(-standardised(ahead.mean, ahead.error), ahead.n - 1)))
    found = relative_changes(rivals[:1], own[None])
    lead, one, other = (better.value * float(part[0]) for part in (found.change, found.low, found.high))
    low, high = (other, one) if better is Better.LESS else (one, other)
    shared = min(1.0, p * len(group))
    return {
        **{name: best[name] for name in ("scenario", "structure")}, "runner_up": others["structure"].iloc[0],
        "lead": lead, "low": low, "high": high, "p": shared, "settled": shared < LEVEL,
    }  # fmt: skip
