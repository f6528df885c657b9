"""Stored tables put in the shape that figures take: one row a fact, means over replications.

Invariant: the replication is the unit: every replication counts the same, whatever its number of
requests; scenarios are told apart by number and shown by structure, in the order of the setting.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.figures.distribution import BOX_QUANTILES
from sim.report.layout_records import ComparisonGroup

if TYPE_CHECKING:
    import pandas as pd

COMPANY = "company"
DEPARTMENT = "department:"
SEGMENT = "segment:"


def _of_setting(table: "pd.DataFrame", group: ComparisonGroup) -> "pd.DataFrame":
    """Rows of the setting's scenarios, `structure` an ordered category in its order."""
    import pandas as pd

    names = {column.scenario: column.structure for column in group.columns}
    rows = table[table["scenario"].astype(str).isin(names)].copy()
    order = list(dict.fromkeys(names.values()))
    rows["structure"] = pd.Categorical(
        rows["scenario"].astype(str).map(names), categories=order, ordered=True
    )
    return rows


def _plain(table: "pd.Series[Any] | pd.DataFrame") -> "pd.DataFrame":
    rows = table.reset_index()
    rows["structure"] = rows["structure"].astype(str)
    return rows


def quantiles(extras: Mapping[str, "pd.DataFrame"], group: ComparisonGroup, every: int = 2) -> "pd.DataFrame":
    """structure, quantile, hours: every so manieth quantile of the company's response time."""
    rows = _of_setting(extras["distribution"], group)
    rows = rows[rows["scope"] == COMPANY]
    means = rows.groupby(["structure", "quantile"], observed=True)["hours"].mean()
    grid = sorted(set(rows["quantile"]))
    kept = {value for place, value in enumerate(grid) if place % every == 0 or value in BOX_QUANTILES}
    table = _plain(means)
    return table[table["quantile"].isin(kept)]


def parts(extras: Mapping[str, "pd.DataFrame"], group: ComparisonGroup) -> "pd.DataFrame":
    """structure, kind, hours: mean over replications; adds up to the mean response time.

    A kind without a row in a replication took no time in it.
    """
    rows = _of_setting(extras["decomposition"], group)
    rows = rows[rows["scope"] == COMPANY]
    wide = rows.pivot_table(
        index=["structure", "replication"],
        columns="kind",
        values="hours",
        aggfunc="sum",
        observed=True,
        fill_value=0.0,
    )
    means = wide.groupby(level="structure", observed=True).mean()
    return means.reset_index(names="structure").melt("structure", var_name="kind", value_name="hours")


def load(results: "pd.DataFrame", group: ComparisonGroup) -> "pd.DataFrame":
    """structure, department, utilisation, hidden (share of present hours), people, headcount, load, wait.

    Staffed departments only; `wait`: hours in the queue before a visit.

    Departments stand in the order of the results; `hidden` is the hidden share of busy hours times
    the utilisation, replication by replication.
    """
    wanted = ("utilisation", "hidden_work", "workers", "headcount", "load", "wait_per_visit")
    rows = results[results["metric"].isin(wanted) & results["scope"].str.startswith(DEPARTMENT)]
    wide = _of_setting(rows, group).pivot_table(
        index=["structure", "scope", "replication"],
        columns="metric",
        values="value",
        observed=True,
        sort=False,
    )
    wide = wide.reindex(columns=list(wanted))
    wide["hidden"] = wide["utilisation"] * wide["hidden_work"].fillna(0.0)
    means = wide.groupby(level=["structure", "scope"], observed=True, sort=False).mean()
    table = _plain(means).rename(columns={"workers": "people", "wait_per_visit": "wait"})
    table["department"] = table["scope"].str.removeprefix(DEPARTMENT)
    order = {structure: place for place, structure in enumerate(column.structure for column in group.columns)}
    table = table[table["utilisation"].notna()]
    return table.sort_values("structure", key=lambda names: names.map(order), kind="stable").reset_index(
        drop=True
    )


def segment_values(estimates: "pd.DataFrame", group: ComparisonGroup, metric: str) -> "pd.DataFrame":
    """structure, segment, mean, low, high of a metric; what is withheld is left out."""
    names = {column.scenario: column.structure for column in group.columns}
    rows = estimates[(estimates["metric"] == metric) & estimates["scope"].str.startswith(SEGMENT)]
    rows = rows[rows["scenario"].astype(str).isin(names) & (rows["withheld"] == "")]
    structures = rows["scenario"].astype(str).map(names)
    segments = rows["scope"].str.removeprefix(SEGMENT)
    return rows.assign(structure=structures, segment=segments).reset_index(drop=True)
