"""Who is best in each setting, and which segment pays for it.

Invariant: a lead is settled only if the best beats every other structure at a level shared by all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.catalogue import METRICS, SHARES, TIMES, Better, judged, judged_rows
from sim.analysis.differences import DEPARTURES, departures, effects_of, scales
from sim.analysis.estimates import Matrix
from sim.analysis.exact import ratio
from sim.analysis.inference import further_replications, relative_changes, sign_p
from sim.analysis.paired import Paired
from sim.analysis.rows import COMPANY
from sim.analysis.verdict import LEVEL, SIGN_LEVEL

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("setting", "metric", "scenario", "structure", "runner_up", "lead", "low", "high", "p", "settled")
RIVALS = (
    "setting", "metric", "scenario", "structure", "rival", "runner_up", "effect", "low", "high", "told_in",
    "margin", "lead", "lead_low", "lead_high", "p", "outcome", "further", "agreeing", "pairs",
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


def rivals(values: Matrix, found: pd.DataFrame, status: pd.DataFrame) -> pd.DataFrame:
    """The best of each setting and metric against every other that is ranked; see `Comparison.rivals`.

    Only scenarios that are ranked compete, and there must be two of them. The best is named after the fact,
    so each of its one-sided paired tests against the others uses the level 5 % / structures, and so do the
    intervals. Where a share that differs leaves, nobody is best by times, which are those of who stayed.
    """
    rows = competitors(found, status)
    best = rows.groupby("contest")["row"].transform("first")
    table = rows.assign(best=best)[rows["row"] != best].reset_index(drop=True)
    sign, size = table["sign"].to_numpy(np.float64), table["size"].to_numpy(np.float64)
    own, other = (values.values[table[side].to_numpy(np.int64)] for side in ("best", "row"))
    confidence = 1.0 - 2.0 * LEVEL / size
    paired = Paired(own, other, table["metric"].isin(SHARES).to_numpy(np.bool_))
    ahead, relative = paired.intervals(confidence), relative_changes(other, own, confidence)
    base = np.abs(found["mean"].to_numpy(np.float64)[table["row"].to_numpy(np.int64)])
    scale, margin, units = scales(judged_rows(table["metric"]), table["unit"].tolist(), base)
    ends = np.stack(effects_of(ahead, relative, scale, units)) * sign
    table = table.assign(p=np.minimum(1.0, size * paired.ahead_p(sign)), told_in=units, effect=ends[0] + 0.0)
    table = table.assign(low=ends[1:].min(axis=0) + 0.0, high=ends[1:].max(axis=0) + 0.0)
    share = np.where(np.array(units, dtype=object) == "%", 0.01, ratio(1.0 / scale, base))
    for name, told in (("lead", "effect"), ("lead_low", "low"), ("lead_high", "high")):
        table[name] = table[told] * share + 0.0
    table["margin"] = margin
    # Of two, who is best does not matter to whether they are alike: one test, as against a reference.
    alike = np.minimum(1.0, np.where(size > 2, size, 1) * paired.equivalence_p(margin / scale)) < LEVEL
    table["agreeing"] = (sign[:, None] * paired.change > 0).sum(axis=1)
    table["pairs"] = ahead.n
    by_pairs = (size * sign_p(paired.change) < SIGN_LEVEL) & (2 * table["agreeing"] > ahead.n).to_numpy()
    sure = ((table["p"] < LEVEL).to_numpy() | by_pairs) & (ends[0] >= margin)
    same = (paired.change == 0).all(axis=1)
    table["outcome"] = np.select([same, alike, sure], ["same", "alike", "ahead"], "open")
    table["further"] = further_replications(paired.plain, margin / scale)
    table = table.assign(rival=table["scenario"], runner_up=table["structure"])
    for name in ("scenario", "structure"):
        table[name] = found[name].to_numpy()[table["best"].to_numpy(np.int64)]
    return table[list(RIVALS)]


def leaders(found: pd.DataFrame, status: pd.DataFrame) -> pd.DataFrame:
    """Best structure of each setting by each metric that has a good direction; see `Comparison.leaders`.

    found: what `rivals` found.
    """
    contests = found.groupby(["setting", "metric"], sort=False)
    table = found.drop_duplicates(["setting", "metric"]).reset_index(drop=True)
    worst = contests.agg(p=("p", "max"), settled=("outcome", lambda words: bool((words == "ahead").all())))
    table = table.drop(columns="p").join(worst, on=["setting", "metric"])
    table = table.assign(low=table["lead_low"], high=table["lead_high"])
    facts = status.groupby("setting").agg(load=("load", "max"), stable=("ranked", "all"))
    return table[list(COLUMNS)].join(facts, on="setting")


def competitors(found: pd.DataFrame, status: pd.DataFrame) -> pd.DataFrame:
    """Rows of `found` that compete, contest by contest (setting and metric), the best first."""
    ranked = set(status.loc[status["ranked"], "scenario"])
    directions = {name: judged(name).better.value for name in found["metric"].unique() if name in METRICS}
    sign = found["metric"].map(directions).fillna(0).to_numpy(np.float64)
    compete = (found["scope"] == COMPANY) & (found["withheld"] == "") & found["scenario"].isin(ranked)
    compete &= sign != Better.NEITHER.value
    rows = found[compete].assign(row=np.flatnonzero(compete), sign=sign[compete])
    left = rows["scenario"].map(departures(found)).fillna(0.0).groupby(rows["setting"])
    unlike = (left.transform("max") - left.transform("min") > DEPARTURES) & rows["metric"].isin(TIMES)
    rows = rows[~unlike]
    contests = rows.groupby(["setting", "metric"], sort=False)
    rows = rows.assign(contest=contests.ngroup(), size=contests["row"].transform("size"))
    rows = rows.assign(badness=-rows["sign"] * rows["mean"])
    rows = rows[rows["size"] > 1]
    ordered: pd.DataFrame = rows.sort_values(["contest", "badness", "row"]).reset_index(drop=True)
    return ordered
