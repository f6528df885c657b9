"""Who is best in each setting, and which segment pays for it.

Invariant: a lead is settled only if the best beats every other structure at a level shared by all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    rows = _competitors(found, status)
    best = rows.groupby("contest")["row"].transform("first")
    rivals = rows.assign(best=best)[rows["row"] != best].reset_index(drop=True)
    sign = rivals["sign"].to_numpy(np.float64)
    own, other = (values.values[rivals[side].to_numpy(np.int64)] for side in ("best", "row"))
    ahead = intervals(sign[:, None] * (own - other))
    lead = relative_changes(other, own)
    ends = np.sort(np.stack([sign * lead.low, sign * lead.high]), axis=0)
    rivals["p"] = t_probability(-standardised(ahead.mean, ahead.error), ahead.n - 1)
    rivals = rivals.assign(lead=sign * lead.change + 0.0, low=ends[0] + 0.0, high=ends[1] + 0.0)
    rivals["runner_up"] = rivals["structure"]
    table = rivals.drop_duplicates("contest").reset_index(drop=True)
    worst = rivals.groupby("contest", sort=False)["p"].max().to_numpy()
    table["p"] = np.minimum(1.0, worst * table["size"].to_numpy())
    table["settled"] = table["p"] < LEVEL
    for name in ("scenario", "structure"):
        table[name] = found[name].to_numpy()[table["best"].to_numpy(np.int64)]
    facts = status.groupby("setting").agg(load=("load", "max"), stable=("ranked", "all"))
    return table[list(COLUMNS)].join(facts, on="setting")


def _competitors(found: pd.DataFrame, status: pd.DataFrame) -> pd.DataFrame:
    """Rows of `found` that compete, contest by contest (setting and metric), the best first."""
    ranked = set(status.loc[status["ranked"], "scenario"])
    directions = {name: judged(name).better.value for name in found["metric"].unique() if name in METRICS}
    sign = found["metric"].map(directions).fillna(0).to_numpy(np.float64)
    compete = (found["scope"] == COMPANY) & (found["withheld"] == "") & found["scenario"].isin(ranked)
    compete &= sign != Better.NEITHER.value
    rows = found[compete].assign(row=np.flatnonzero(compete), sign=sign[compete])
    contests = rows.groupby(["setting", "metric"], sort=False)
    rows = rows.assign(contest=contests.ngroup(), size=contests["row"].transform("size"))
    rows = rows.assign(badness=-rows["sign"] * rows["mean"])
    rows = rows[rows["size"] > 1]
    ordered: pd.DataFrame = rows.sort_values(["contest", "badness", "row"]).reset_index(drop=True)
    return ordered
