"""A comparison of stored results arranged for reading: settings, columns, lines, answers.

Invariant: a mean that analysis withheld never reaches a cell, and verdicts are analysis' own words.
"""

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from sim.report.answer import LIKED, SPEED, Found, answer
from sim.report.remarks import method, warnings
from sim.report.view import Cell, Column, Estimate, Lead, Line, Loss, Setting, View
from sim.report.wording import MEASURES, measure_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.comparison import Comparison

COMPANY: Final = "company"
ALONE: Final = "one replication"
SMALLEST_LEAD: Final = 0.05
BUSIEST: Final = 0.92

Row = Mapping[Any, Any]


def arranged(comparison: "Comparison") -> View:
    """The comparison as a view. Settings and structures keep the order of the scenarios."""
    found = _found(comparison)
    settings = tuple(
        _setting(found, setting, columns) for setting, columns in _columns(comparison, found).items()
    )
    structures = tuple(dict.fromkeys(column.structure for setting in settings for column in setting.columns))
    said = method(settings, comparison.confidence, comparison.correction)
    return View(settings, said, warnings(settings), structures)


def _found(comparison: "Comparison") -> Found:
    estimates = comparison.estimates[comparison.estimates["scope"] == COMPANY]
    changes = comparison.differences[comparison.differences["scope"] == COMPANY]
    return Found(
        names=_names(comparison.status),
        estimates={(int(row["scenario"]), str(row["metric"])): row for row in estimates.to_dict("records")},
        differences={(int(row["scenario"]), str(row["metric"])): row for row in changes.to_dict("records")},
        leaders={
            (int(row["setting"]), str(row["metric"])): row for row in comparison.leaders.to_dict("records")
        },
        losers={
            (int(row["scenario"]), str(row["metric"])): row for row in comparison.losers.to_dict("records")
        },
        keys=_keys(comparison.keys),
    )


def _names(status: "pd.DataFrame") -> dict[int, str]:
    """Structure of each scenario; numbered where a setting has the same name twice."""
    names: dict[int, str] = {}
    for _, group in status.groupby("setting", sort=False):
        seen: dict[str, int] = {}
        for row in group.to_dict("records"):
            name = str(row["structure"])
            seen[name] = seen.get(name, 0) + 1
            names[int(row["scenario"])] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return names


def _keys(keys: "pd.DataFrame") -> dict[int, tuple[tuple[str, str], ...]]:
    found: dict[int, list[tuple[str, str]]] = {}
    for row in keys.to_dict("records"):
        found.setdefault(int(row["setting"]), []).append((str(row["key"]), str(row["value"])))
    return {setting: tuple(pairs) for setting, pairs in found.items()}


def _columns(comparison: "Comparison", found: Found) -> dict[int, list[Column]]:
    settings: dict[int, list[Column]] = {}
    for row in comparison.status.to_dict("records"):
        settings.setdefault(int(row["setting"]), []).append(_column(row, found))
    return settings


def _column(row: Row, found: Found) -> Column:
    scenario = int(row["scenario"])
    return Column(
        scenario=str(scenario),
        structure=found.names[scenario],
        status=str(row["status"]),
        reasons=tuple(str(reason) for reason in row["reasons"]),
        headcount=found.mean(scenario, "headcount"),
        workers=found.mean(scenario, "workers"),
        replications=int(row["replications"]),
        is_ranked=bool(row["ranked"]),
        label=str(row["label"]),
    )


def _setting(found: Found, setting: int, columns: list[Column]) -> Setting:
    scenarios = [int(column.scenario) for column in columns]
    lines = tuple(
        Line(measure_of(measure.name), tuple(_cell(found, scenario, measure.name) for scenario in scenarios))
        for measure in MEASURES
        if any((scenario, measure.name) in found.estimates for scenario in scenarios)
    )
    return Setting(
        keys=found.keys.get(setting, ()),
        columns=tuple(columns),
        lines=lines,
        findings=tuple(answer(found, setting, columns)),
        leads=dict(_leads(found, setting)),
        losses=tuple(_losses(found, scenarios)),
    )


def _cell(found: Found, scenario: int, metric: str) -> Cell:
    row = found.estimates.get((scenario, metric))
    if row is None:
        return Cell(None, reason="-")
    reason = str(row["withheld"])
    if reason.startswith(ALONE):
        return Cell(Estimate(float(row["mean"])), reason=reason)
    if reason or not math.isfinite(row["mean"]):
        return Cell(None, reason=reason or "-")
    return Cell(_estimate(row), **_change(found.differences.get((scenario, metric))))


def _estimate(row: Row, prefix: str = "") -> Estimate:
    middle = prefix or "mean"
    low, high = (f"{prefix}_low", f"{prefix}_high") if prefix else ("low", "high")
    return Estimate(float(row[middle]), float(row[low]), float(row[high]))


def _change(row: Row | None) -> dict[str, Any]:
    if row is None or row["withheld"]:
        return {}
    outcome, verdict = str(row["outcome"]), str(row["verdict"])
    return {
        "difference": _estimate(row),
        "relative": _estimate(row, "relative"),
        "outcome": outcome,
        "verdict": verdict,
    }


def _leads(found: Found, setting: int) -> Iterator[tuple[str, Lead]]:
    for (own, metric), row in found.leaders.items():
        if own == setting:
            name, size = found.names[int(row["scenario"])], float(row["lead"])
            yield metric, Lead(name, size, bool(row["settled"]), _wins(row))


def _wins(row: Row) -> bool:
    """All structures stable and at most 92 % loaded, a lead of 5 % or more whose interval excludes 0."""
    sure = row["settled"] and row["stable"] and row["low"] > 0
    return bool(sure and row["lead"] >= SMALLEST_LEAD and row["load"] <= BUSIEST)


def _losses(found: Found, scenarios: list[int]) -> Iterator[Loss]:
    for (scenario, metric), row in found.losers.items():
        if scenario in scenarios and metric in (SPEED, LIKED):
            yield Loss(found.names[scenario], metric, str(row["segment"]), str(row["verdict"]))
