"""Paired differences from the first structure of a setting, tested, corrected and put into words.

Invariant: only samples of the same metric, scope and setting are subtracted, replication by replication.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis.catalogue import SHARES, TIMES, Metric, judged_rows, planned, points_of
from sim.analysis.comparison_groups import ComparisonGroups
from sim.analysis.estimates import Matrix
from sim.analysis.exact import Floats, Integers, ratio
from sim.analysis.inference import (
    Intervals,
    Relative,
    correlations,
    further_replications,
    holm,
    relative_changes,
    sign_p,
    tested_at,
)
from sim.analysis.paired import Paired
from sim.analysis.rows import COMPANY
from sim.analysis.stationarity import too_many
from sim.analysis.suppression import ALONE, UNLIKE, UNRANKED, first_reason
from sim.analysis.verdict import LEVEL, Evidence, brief, outcome, sentence

if TYPE_CHECKING:
    import pandas as pd

DEPARTURES = 0.01
FACTS = ("setting", "scenario", "structure", "metric", "scope", "unit")
SIDES = ("scenario", "reference")
UNITLESS = {"number": "", "factor": "", "share": "", "0 to 100": "points"}


def differences(
    values: Matrix, found: pd.DataFrame, grouped: ComparisonGroups, status: pd.DataFrame
) -> pd.DataFrame:
    """Table of differences; see `Comparison.differences`. Departments differ by structure and have none."""
    row, reference = _pairs(values.keys, grouped)
    own, other = values.values[row], values.values[reference]
    table = found.iloc[row][list(FACTS)].reset_index(drop=True)
    table["reference"] = values.keys["scenario"].to_numpy()[reference]
    table["n"] = np.isfinite(own - other).sum(axis=1)
    table["correlation"] = correlations(other, own)
    reasons = [found["withheld"].to_numpy(np.object_)[side] for side in (row, reference)]
    table["withheld"] = _withheld(table, reasons, status, departures(found))
    return _judged(table, own, other, np.abs(found["mean"].to_numpy(np.float64)[reference]))


def _pairs(keys: pd.DataFrame, grouped: ComparisonGroups) -> tuple[Integers, Integers]:
    """Rows of the samples to compare and of the references' samples they are compared with."""
    import pandas as pd

    places = grouped.scenarios
    first = keys["scenario"].map(dict(zip(places["scenario"], places["reference"], strict=True)))
    comparable = (first != keys["scenario"]) & ~keys["scope"].str.startswith("department:")
    row = np.flatnonzero(comparable.to_numpy())
    index = pd.MultiIndex.from_frame(keys[["scenario", "metric", "scope"]])
    wanted = [first.iloc[row], keys["metric"].iloc[row], keys["scope"].iloc[row]]
    reference = index.get_indexer(pd.MultiIndex.from_arrays(wanted))
    there = reference >= 0
    return row[there].astype(np.int64), reference[there].astype(np.int64)


def _withheld(
    table: pd.DataFrame, reasons: list[NDArray[np.object_]], status: pd.DataFrame, left: dict[int, float]
) -> NDArray[np.object_]:
    """Why there is no verdict; empty where there is one. left: share of customers who went, by scenario."""
    own, other = reasons
    open_end = status.loc[status["unresolved"].map(too_many), "scenario"]
    late = table[list(SIDES)].isin(open_end.tolist()).any(axis=1).to_numpy(np.bool_)
    mine, theirs = (table[side].map(left).fillna(0.0).to_numpy(np.float64) for side in SIDES)
    went = np.abs(mine - theirs) > DEPARTURES
    return first_reason(
        (own != "", own.tolist()),
        (other != "", [f"reference: {reason}" for reason in other]),
        (planned(table["metric"]), ""),
        (table["n"].to_numpy() < 2, ALONE),
        (late, UNRANKED),
        (went & table["metric"].isin(TIMES).to_numpy(), UNLIKE),
    )


def departures(found: pd.DataFrame) -> dict[int, float]:
    """Share of customers who abandoned or were turned away, by scenario."""
    rows = found[found["metric"].isin(["abandoned", "balked"]) & (found["scope"] == COMPANY)]
    total = rows.groupby("scenario")["mean"].sum()
    return dict(zip(total.index.tolist(), total.tolist(), strict=True))


def _judged(table: pd.DataFrame, own: Floats, other: Floats, base: Floats) -> pd.DataFrame:
    """Add the difference with its interval, p, p_adjusted, family, outcome and verdict."""
    rules, shares = judged_rows(table["metric"]), table["metric"].isin(SHARES).to_numpy(np.bool_)
    paired = Paired(own, other, shares)
    scale, margin, units = scales(rules, table["unit"].tolist(), base)
    told = (table["withheld"] == "").to_numpy(np.bool_)
    family = _families(table)
    p = paired.difference_p()
    adjusted = holm(np.where(told, p, np.nan), family)
    table = table.assign(p=p, p_adjusted=adjusted, confidence=tested_at(p, adjusted))
    table["family"] = np.bincount(family[told], minlength=int(family.max(initial=-1)) + 1)[family]
    shown = paired.intervals(table["confidence"].to_numpy())
    relative = relative_changes(other, own, table["confidence"].to_numpy())
    ends = [
        np.where(shares, ratio(end, base), fieller)
        for end, fieller in ((shown.low, relative.low), (shown.high, relative.high))
    ]
    table = table.assign(mean=shown.mean, low=shown.low, high=shown.high)
    table = table.assign(relative=relative.change, relative_low=ends[0], relative_high=ends[1])
    open_ = told & ~(adjusted < LEVEL)
    signs = holm(np.where(open_, sign_p(paired.change), np.nan), family)
    alike = holm(np.where(told, paired.equivalence_p(margin / scale), np.nan), family)
    further = further_replications(paired.plain, margin / scale)
    effects = effects_of(shown, relative, scale, units)
    numbers = [*effects, adjusted, alike, margin, further, signs, *_pairwise(paired.change, scale)]
    words = [("withheld", "", "")] * len(table)
    rows = np.flatnonzero(told)
    for row, each in zip(rows.tolist(), np.array(numbers)[:, rows].T.tolist(), strict=True):
        effect, low, high, level, equal, gap, more, sign, typical, agreeing, pairs = each
        evidence = Evidence(
            effect, low, high, level, equal, gap, more, rules[row].better, units[row], sign, typical,
            agreeing, pairs,
        )  # fmt: skip
        words[row] = outcome(evidence), sentence(evidence), brief(evidence)
    for place, name in enumerate(("outcome", "verdict", "brief")):
        table[name] = [each[place] for each in words]
    return table.assign(matters=np.abs(effects[0]) >= margin)


def _pairwise(change: Floats, scale: Floats) -> list[Floats]:
    """Median difference as it is told, how many differences share its sign, and how many there are."""
    ordered, rows = np.sort(change, axis=1), np.arange(len(change))  # NaN last
    n = np.isfinite(change).sum(axis=1)
    middle = [
        ordered[rows, place] for place in (np.maximum(n - 1, 0) // 2, np.maximum(n - 1, 0) - (n - 1) // 2)
    ]
    median = (middle[0] + middle[1]) / 2
    agreeing = (change * median[:, None] > 0).sum(axis=1)
    return [median * scale, agreeing.astype(np.float64), n.astype(np.float64)]


def scales(rules: list[Metric], units: list[str], base: Floats) -> tuple[Floats, Floats, list[str]]:
    """How differences are told: numbers per unit of the metric, the margin in these, and their unit.

    In points, else in per cent of the reference; where the reference is 0, in the metric's own unit.
    """
    points = np.array([rule.points for rule in rules], dtype=np.bool_)
    own = ~points & ~(base > 0)
    per_unit = np.array([points_of(unit) for unit in units], dtype=np.float64)
    scale = np.where(points, per_unit, np.where(own, 1.0, 100.0 / np.where(base > 0, base, 1.0)))
    margin = np.array([rule.margin for rule in rules], dtype=np.float64) * np.where(own, 1.0, 100.0)
    words = [
        "points" if in_points else UNITLESS.get(unit, unit) if in_own else "%"
        for in_points, in_own, unit in zip(points, own, units, strict=True)
    ]
    return scale, margin, words


def effects_of(change: Intervals, relative: Relative, scale: Floats, units: list[str]) -> list[Floats]:
    """Effect with its interval as it is told; per cent by Fieller where that is bounded."""
    per_cent = np.array(units, dtype=object) == "%"
    fieller = per_cent & np.isfinite(relative.low)
    pairs = ((change.mean, relative.change), (change.low, relative.low), (change.high, relative.high))
    return [np.where(fieller, 100.0 * own, plain * scale) for plain, own in pairs]


def _families(table: pd.DataFrame) -> Integers:
    """Samples tested together: one setting, one metric, one kind of scope."""
    kind = table["scope"].str.replace(r":.*", "", regex=True)
    keys = [table["setting"], table["metric"], kind]
    return table.groupby(keys, sort=False).ngroup().to_numpy().astype(np.int64)
