"""Paired differences from the first structure of a setting, tested, corrected and put into words.

Invariant: only samples of the same metric, scope and setting are subtracted, replication by replication.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis.catalogue import TIMES, Metric, judged_rows, planned, points_of
from sim.analysis.exact import Floats, Integers
from sim.analysis.inference import (
    Intervals,
    correlations,
    difference_p,
    equivalence_p,
    further_replications,
    holm,
    intervals,
    relative_changes,
)
from sim.analysis.matrix import Matrix
from sim.analysis.rows import COMPANY
from sim.analysis.settings import Settings
from sim.analysis.stability import too_many
from sim.analysis.verdict import Evidence, outcome, sentence
from sim.analysis.withheld import ALONE, UNLIKE, UNRANKED, first_reason

if TYPE_CHECKING:
    import pandas as pd

DEPARTURES = 0.01
FACTS = ("setting", "scenario", "structure", "metric", "scope", "unit")
SIDES = ("scenario", "reference")


def differences(values: Matrix, found: pd.DataFrame, grouped: Settings, status: pd.DataFrame) -> pd.DataFrame:
    """Table of differences; see `Comparison.differences`. Departments differ by structure and have none."""
    row, reference = _pairs(values.keys, grouped)
    own, other = values.values[row], values.values[reference]
    change = intervals(own - other)
    base = np.abs(found["mean"].to_numpy(np.float64)[reference])
    table = found.iloc[row][list(FACTS)].reset_index(drop=True)
    table["reference"] = values.keys["scenario"].to_numpy()[reference]
    table = table.assign(mean=change.mean, low=change.low, high=change.high, n=change.n)
    relative = relative_changes(other, own)
    table = table.assign(relative=relative.change, relative_low=relative.low, relative_high=relative.high)
    table["correlation"] = correlations(other, own)
    reasons = [found["withheld"].to_numpy(np.object_)[side] for side in (row, reference)]
    table["withheld"] = _withheld(table, reasons, status, _departures(found))
    return _judged(table, change, base)


def _pairs(keys: pd.DataFrame, grouped: Settings) -> tuple[Integers, Integers]:
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


def _departures(found: pd.DataFrame) -> dict[int, float]:
    """Share of customers who abandoned or were turned away, by scenario."""
    rows = found[found["metric"].isin(["abandoned", "balked"]) & (found["scope"] == COMPANY)]
    total = rows.groupby("scenario")["mean"].sum()
    return dict(zip(total.index.tolist(), total.tolist(), strict=True))


def _judged(table: pd.DataFrame, change: Intervals, base: Floats) -> pd.DataFrame:
    """Add p, p_adjusted, family, outcome and verdict."""
    rules = judged_rows(table["metric"])
    scale, margin, units = _scales(rules, table["unit"].tolist(), base)
    told = (table["withheld"] == "").to_numpy(np.bool_)
    family = _families(table)
    table["p"] = difference_p(change)
    table["p_adjusted"] = holm(np.where(told, table["p"], np.nan), family)
    table["family"] = np.bincount(family[told], minlength=int(family.max(initial=-1)) + 1)[family]
    alike = holm(np.where(told, equivalence_p(change, margin / scale), np.nan), family)
    further = further_replications(change, margin / scale)
    numbers = [*_effects(table, scale, units), table["p_adjusted"].to_numpy(), alike, margin, further]
    words, texts = ["withheld"] * len(table), [""] * len(table)
    rows = np.flatnonzero(told)
    for row, each in zip(rows.tolist(), np.array(numbers)[:, rows].T.tolist(), strict=True):
        words[row], texts[row] = _words(each, rules[row], units[row])
    return table.assign(outcome=words, verdict=texts)


def _scales(rules: list[Metric], units: list[str], base: Floats) -> tuple[Floats, Floats, list[str]]:
    """How differences are told: numbers per unit of the metric, the margin in these, and their unit.

    In points, else in per cent of the reference; where the reference is 0, in the metric's own unit.
    """
    points = np.array([rule.points for rule in rules], dtype=np.bool_)
    own = ~points & ~(base > 0)
    per_unit = np.array([points_of(unit) for unit in units], dtype=np.float64)
    scale = np.where(points, per_unit, np.where(own, 1.0, 100.0 / np.where(base > 0, base, 1.0)))
    margin = np.array([rule.margin for rule in rules], dtype=np.float64) * np.where(own, 1.0, 100.0)
    words = [
        "points" if in_points else unit if in_own else "%"
        for in_points, in_own, unit in zip(points, own, units, strict=True)
    ]
    return scale, margin, words


def _effects(table: pd.DataFrame, scale: Floats, units: list[str]) -> list[Floats]:
    """Effect with its interval as it is told; per cent by Fieller where that is bounded."""
    per_cent = np.array(units, dtype=object) == "%"
    fieller = per_cent & np.isfinite(table["relative_low"].to_numpy())
    ends = []
    for name in ("", "_low", "_high"):
        plain = table[name.removeprefix("_") or "mean"].to_numpy() * scale
        ends.append(np.where(fieller, 100.0 * table[f"relative{name}"].to_numpy(), plain))
    return ends


def _words(numbers: Sequence[float], rule: Metric, unit: str) -> tuple[str, str]:
    effect, low, high, p, alike_p, margin, further = numbers
    evidence = Evidence(effect, low, high, p, alike_p, margin, further, rule.better, unit)
    return outcome(evidence), sentence(evidence)


def _families(table: pd.DataFrame) -> Integers:
    """Samples tested together: one setting, one metric, one kind of scope."""
    kind = table["scope"].str.replace(r":.*", "", regex=True)
    keys = [table["setting"], table["metric"], kind]
    return table.groupby(keys, sort=False).ngroup().to_numpy().astype(np.int64)
