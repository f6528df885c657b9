"""A made-up comparison, arranged for reading, with the stored tables behind it.

Invariant: three structures, the last one unstable; every name can be replaced by a hostile one.
"""

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from sim.report.layout_records import Cell, Column, ComparisonGroup, Estimate, Finding, Layout, Lead, Line
from sim.report.pictures import Tables
from sim.report.wording import measure_of
from tests.figures import frames

SCENARIO: dict[str, Any] = {
    "company": {
        "segments": {
            "private": {"customers": 900, "requests_per_year": 3.0, "promise_hours": 24.0},
            "corporate": {"customers": 70, "requests_per_year": 10.0, "promise_hours": 32.0},
        }
    },
    "demand": {"scale": 1.0},
    "staffing": {"wages": {"worker": 50000.0, "manager": 75000.0, "premium_per_function": 0.0}},
    "coordination": {"handoff": {"law": "exponential", "mean": 2.0}},
}
STRUCTURES = ("function", "customer", "product")
VALUES = {
    "response_time_mean": (21.3, 17.9, 0.6),
    "response_time_p90": (42.1, 37.2, 1.2),
    "within_promise": (0.913, 0.935, 0.006),
    "satisfaction_mean": (70.1, 73.4, 0.5),
    "handoffs_mean": (2.91, 0.04, 0.02),
    "utilisation": (0.82, 0.79, 0.004),
    "cost": (1450000.0, 1450000.0, 0.0),
}


@dataclass(frozen=True)
class Folder:
    """Stands for a loaded result folder."""

    results: pd.DataFrame
    scenarios: pd.DataFrame
    extras: dict[str, pd.DataFrame]
    manifest: dict[str, Any] = field(default_factory=dict)


def around(mean: float, half_width: float) -> Estimate:
    return Estimate(mean, mean - half_width, mean + half_width)


def line(name: str) -> Line:
    first, second, half = VALUES[name]
    gap = second - first
    relative = around(gap / first if first else 0.0, 0.01)
    cells = (
        Cell(around(first, half)),
        Cell(around(second, half), around(gap, half / 2), relative, "better", "better by much"),
        Cell(None),
    )
    return Line(measure_of(name), cells)


def group(keys: tuple[tuple[str, str], ...] = (), names: tuple[str, ...] = STRUCTURES) -> ComparisonGroup:
    status = ("ok", "ok", "unstable")
    columns = tuple(
        Column(
            str(place), name, status[place], ("department loan is 104 % loaded",) * (place == 2), 24, 21, 10
        )
        for place, name in enumerate(names)
    )
    findings = (Finding(f"{names[1]} serves fastest: 17.9 h."), Finding(f"{names[2]}.", "Not ranked"))
    leads = {"response_time_mean": Lead(names[1], 0.16, settled=True, wins=True)}
    return ComparisonGroup(keys, columns, tuple(line(name) for name in VALUES), findings, leads)


def layout(groups: tuple[ComparisonGroup, ...] = (group(),), names: tuple[str, ...] = STRUCTURES) -> Layout:
    method = (
        "Long-run study: the first 8 weeks of 52 are cut.",
        "10 replications; the replication is the unit.",
    )
    return Layout(groups, method, (f"{names[2]} is unstable: its means are withheld.",), names)


def numbered(table: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    numbers = {name: place for place, name in enumerate(names)}
    return table.assign(scenario=table["structure"].map(numbers))


def stored(names: tuple[str, ...] = STRUCTURES, department: str = "", command: str = "orgdes") -> Folder:
    load = numbered(frames.load(names), names)
    rows = []
    for row in load.to_dict("records"):
        scope = f"department:{row['department']}{department}"
        hidden = row["hidden"] / row["utilisation"]
        values = {
            "utilisation": row["utilisation"],
            "hidden_work": hidden,
            "workers": row["people"],
            "load": row["load"],
        }
        for metric, value in values.items():
            rows.append(
                {
                    "scenario": row["scenario"],
                    "structure": row["structure"],
                    "replication": 0,
                    "metric": metric,
                    "scope": scope,
                    "value": value,
                    "unit": "",
                }
            )
    scenarios = pd.DataFrame(
        {
            "scenario": range(len(names)),
            "name": names,
            "structure": names,
            "company.name": "default",
            "structure.name": names,
            "demand.scale": 1.0,
        }
    )
    extras = {
        "distribution": numbered(frames.quantiles(names), names).assign(scope="company", replication=0),
        "decomposition": numbered(frames.parts(names), names).assign(
            scope="company", replication=0, passage="first"
        ),
    }
    manifest = {
        "versions": {"orgdes": "0.1.0", "python": "3.11.7"},
        "command": [command],
        "seeds": [1],
        "ended": "2026-11-21T10:00:00",
        "files": {"results.parquet": "0" * 64},
    }
    return Folder(pd.DataFrame(rows), scenarios, extras, manifest)


def tables(folder: Folder, names: tuple[str, ...] = STRUCTURES, segment: str = "") -> Tables:
    satisfaction = frames.by_segment(names).assign(metric="satisfaction_mean")
    response = frames.by_segment(names, 20.0).assign(metric="response_time_mean")
    estimates = numbered(pd.concat([satisfaction, response]), names)
    estimates["withheld"] = ""
    gaps = numbered(frames.gaps(names), names).assign(passage="all", n=10)
    gaps = gaps.rename(columns={"hours": "mean"})
    estimates["scope"] = "segment:" + estimates["segment"] + segment
    scores = numbered(frames.scores(names), names).assign(scope="company", withheld="")
    scores["metric"] = "satisfaction_from_" + scores["kind"]
    return Tables(folder.results, folder.extras, estimates, gaps, scores.rename(columns={"hours": "mean"}))
