"""A comparison of stored results laid out for reading: groups, columns, lines, findings.

Invariant: a mean that analysis withheld never reaches a cell, and verdicts are analysis' own words.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sim.analysis.suppression import ALONE
from sim.report.caveats import method, warnings
from sim.report.contest import ABANDONED, BALKED, FROM, LIKED, CompanyRows, contest
from sim.report.explanation import COST_PARTS, WORDS
from sim.report.layout_records import SPEED, Cell, Column, ComparisonGroup, Estimate, Layout, Lead, Line, Loss
from sim.report.narrative import narrative
from sim.report.summary import summary
from sim.report.summary_of_many import summary_of_many
from sim.report.wording import MEASURES, measure_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.compare import Comparison

COMPANY: Final = "company"
WHOLE: Final = "all"
BUSIEST: Final = 0.92

ESTIMATED: Final = ("mean", "low", "high", "withheld")
CHANGED: Final = (
    *ESTIMATED, "relative", "relative_low", "relative_high", "outcome", "verdict", "brief", "matters",
)  # fmt: skip
TOLD: Final = frozenset(
    {*(measure.name for measure in MEASURES), "headcount", *COST_PARTS, *(f"{FROM}{name}" for name in WORDS)}
)

Row = Mapping[Any, Any]


def lay_out(comparison: "Comparison") -> Layout:
    """The comparison laid out. Settings and structures keep the order of the scenarios."""
    found = _found(comparison)
    leads, losses = _leads(found, comparison), _losses(found)
    groups = tuple(
        _setting(found, group, columns, leads.get(group, {}), losses.get(group, []))
        for group, columns in _columns(comparison, found).items()
    )
    structures = tuple(dict.fromkeys(column.structure for group in groups for column in group.columns))
    said = method(groups, comparison.confidence, comparison.correction)
    layout = Layout(groups, said, warnings(groups), structures, legend=comparison.legend)
    lines = groups[0].summary if len(groups) == 1 else summary_of_many(layout)
    return replace(layout, summary=lines)


def _found(comparison: "Comparison") -> CompanyRows:
    return CompanyRows(
        names=dict(zip(comparison.status["scenario"], comparison.status["structure"], strict=True)),
        estimates=_of_company(comparison.estimates, ESTIMATED),
        differences=_of_company(comparison.differences, CHANGED),
        rivals=_rivals(comparison.rivals),
        losers={(row["scenario"], row["metric"]): row for row in _records(comparison.losers)},
        keys=_keys(comparison.keys),
        gaps=_gaps(comparison.gaps),
        leavers=_leavers(comparison.estimates),
    )


def _rivals(table: "pd.DataFrame") -> dict[tuple[int, str], list[Row]]:
    found: dict[tuple[int, str], list[Row]] = {}
    for row in _records(table):
        found.setdefault((row["setting"], row["metric"]), []).append(row)
    return found


def _leavers(estimates: "pd.DataFrame") -> dict[int, tuple[str, float]]:
    """The segment of which the largest share leaves, with that share."""
    rows = estimates[
        estimates["metric"].isin((ABANDONED, BALKED)) & estimates["scope"].str.startswith("segment:")
    ]
    total = rows.groupby(["scenario", "scope"], sort=False)["mean"].sum().reset_index()
    most: dict[int, tuple[str, float]] = {}
    for row in _records(total.sort_values("mean", kind="stable")):
        most[row["scenario"]] = str(row["scope"]).partition(":")[2], float(row["mean"])
    return most


def _gaps(table: "pd.DataFrame") -> dict[int, dict[str, float]]:
    found: dict[int, dict[str, float]] = {}
    for row in _records(table.loc[table["passage"] == WHOLE, ["scenario", "kind", "mean"]]):
        found.setdefault(row["scenario"], {})[row["kind"]] = row["mean"]
    return found


def _of_company(table: "pd.DataFrame", names: Sequence[str]) -> dict[tuple[int, str], Row]:
    """Rows about the whole company by (scenario, metric), of the measures that are told."""
    rows = table[(table["scope"] == COMPANY) & table["metric"].isin(TOLD)]
    return {(row["scenario"], row["metric"]): row for row in _records(rows[["scenario", "metric", *names]])}


def _records(table: "pd.DataFrame") -> list[Row]:
    """Rows as mappings of plain values; pandas' own way takes four times as long."""
    names = [str(name) for name in table.columns]
    columns = [table[name].tolist() for name in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _keys(keys: "pd.DataFrame") -> dict[int, tuple[tuple[str, str], ...]]:
    found: dict[int, list[tuple[str, str]]] = {}
    for row in _records(keys):
        found.setdefault(int(row["setting"]), []).append((str(row["key"]), str(row["value"])))
    return {group: tuple(pairs) for group, pairs in found.items()}


def _columns(comparison: "Comparison", found: CompanyRows) -> dict[int, list[Column]]:
    groups: dict[int, list[Column]] = {}
    for row in _records(comparison.status):
        groups.setdefault(int(row["setting"]), []).append(_column(row, found))
    return groups


def _column(row: Row, found: CompanyRows) -> Column:
    scenario = int(row["scenario"])
    return Column(
        scenario=str(scenario),
        structure=found.names[scenario],
        status=str(row["status"]),
        reasons=tuple(row["reasons"]),
        headcount=found.mean(scenario, "headcount"),
        workers=found.mean(scenario, "workers"),
        replications=int(row["replications"]),
        is_ranked=bool(row["ranked"]),
        label=str(row["label"]),
        start_up=float(row["start_up"]),
        weeks=int(row["weeks"]),
        first_week=int(row["first_week"]),
    )


def _setting(
    found: CompanyRows, group: int, columns: list[Column], leads: Mapping[str, Lead], losses: Sequence[Loss]
) -> ComparisonGroup:
    scenarios = [int(column.scenario) for column in columns]
    lines = tuple(
        Line(measure_of(measure.name), tuple(_cell(found, scenario, measure.name) for scenario in scenarios))
        for measure in MEASURES
        if any((scenario, measure.name) in found.estimates for scenario in scenarios)
    )
    return ComparisonGroup(
        keys=found.keys.get(group, ()),
        columns=tuple(columns),
        lines=lines,
        findings=tuple(narrative(found, group, columns)),
        leads=leads,
        losses=tuple(losses),
        summary=summary(found, group, columns),
    )


def _cell(found: CompanyRows, scenario: int, metric: str) -> Cell:
    row = found.estimates.get((scenario, metric))
    if row is None:
        return Cell(None, reason="-")
    reason = str(row["withheld"])
    if reason == ALONE:
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
        return {"reason": str(row["withheld"])} if row else {}
    outcome, verdict = str(row["outcome"]), str(row["verdict"])
    return {
        "difference": _estimate(row),
        "relative": _estimate(row, "relative"),
        "outcome": outcome,
        "verdict": verdict,
        "brief": str(row["brief"]),
        "matters": bool(row["matters"]),
    }


def _leads(found: CompanyRows, comparison: "Comparison") -> dict[int, dict[str, Lead]]:
    """Who leads, by setting and metric."""
    leads: dict[int, dict[str, Lead]] = {}
    for row in _records(comparison.leaders):
        group, metric = int(row["setting"]), str(row["metric"])
        held = contest(found, group, metric)
        alike = held is not None and not held.open and not held.ahead
        settled, sound = bool(row["settled"]), bool(row["stable"] and row["load"] <= BUSIEST)
        little = held is not None and held.by_little and not held.alike
        best, size = found.names[row["scenario"]], float(row["lead"])
        rows = found.rivals.get((group, metric), ())
        points = float(rows[0]["effect"]) if rows and rows[0]["told_in"] == "points" else None
        same = alike and held is not None and all(row["outcome"] == "same" for row in held.alike)
        lead = Lead(best, size, settled, settled and sound, alike, little, same, points)
        leads.setdefault(group, {})[metric] = lead
    return leads


def _losses(found: CompanyRows) -> dict[int, list[Loss]]:
    """Which segment is served worst, by setting."""
    losses: dict[int, list[Loss]] = {}
    for (scenario, metric), row in found.losers.items():
        if metric in (SPEED, LIKED):
            loss = Loss(found.names[scenario], metric, str(row["segment"]), str(row["verdict"]))
            losses.setdefault(row["setting"], []).append(loss)
    return losses
