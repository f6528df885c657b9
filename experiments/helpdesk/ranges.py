"""Does the verdict on the help desk hold over what its log cannot show?

Question: which structure answers fastest, and which is liked best, for every learning rate, weight of
knowledge and context kept at a border inside the evidence ranges, when the company is refitted each time?
Command: python experiments/helpdesk/ranges.py LOG; the answer is ranges.csv beside this file.
"""

import argparse
import csv
import itertools
import json
import tempfile
from pathlib import Path

from sim import load_results
from sim.cli import main as orgdes

NAME = "refitted"
STRUCTURES = (f"{NAME}_today", "function", "customer", "product", "front_back", "pooled")
SETTINGS = {
    "people.learning_rate": (0.75, 0.95),
    "people.knowledge_scale": (0.5, 2.0),
    "coordination.context_between": (0.80, 0.998),
}
DEFAULTS = (0.85, 1.0, 0.97)
METRICS = ("response_time_mean", "within_promise", "satisfaction_mean", "satisfaction_outcome", "utilisation")
MARGIN = 0.01
"""Structures this near to the best share its place."""


def main() -> None:
    """Refit and compare for the defaults and every corner of the ranges; one row for each structure of
    each."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("log", type=Path)
    options.add_argument("--replications", type=int, default=10)
    options.add_argument("--engine", default="compiled")
    options.add_argument("--jobs", type=int, default=2)
    asked = options.parse_args()
    rows = []
    for values in (DEFAULTS, *itertools.product(*SETTINGS.values())):
        rows += compared(asked, dict(zip(SETTINGS, values, strict=True)))
    path = Path(__file__).parent / "ranges.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(json.dumps(places(rows), indent=1))


def compared(asked: argparse.Namespace, settings: dict[str, float]) -> list[dict[str, object]]:
    """Fit under these settings, then compare the structures; means over the replications."""
    words = [f"{key}={value}" for key, value in settings.items()]
    with tempfile.TemporaryDirectory() as folder:
        fit = [str(asked.log), "--name", NAME, "--out", folder]
        if orgdes(["fit", *fit, *(word for one in words for word in ("--set", one))]) != 0:
            raise SystemExit("the fit failed")
        run = [
            *("--config-dir", folder, f"company={NAME}", f"structure={','.join(STRUCTURES)}", *words),
            *(f"experiment.replications={asked.replications}", f"experiment.engine={asked.engine}"),
            *(f"sweep.folder={folder}/run", f"experiment.jobs={asked.jobs}"),
        ]
        orgdes(run)
        table = load_results(f"{folder}/run").results
        load = json.loads((Path(folder) / "fit_report.json").read_text())["calibration"]["load"]
    table = table[(table.scope == "company") & table.metric.isin(METRICS)]
    means = table.groupby(["structure", "metric"]).value.mean().unstack()
    return [
        {
            **settings,
            "load_today": round(load, 3),
            "structure": one.replace(NAME, "helpdesk"),
            **{name: round(float(means.loc[one, name]), 4) for name in METRICS},
        }
        for one in STRUCTURES
    ]


def places(rows: list[dict[str, object]]) -> dict[str, dict[str, int]]:
    """How often each structure is the fastest and the best liked, or within 1 % of it."""
    result: dict[str, dict[str, int]] = {"fastest": {}, "best liked": {}}
    keys = [tuple(row[name] for name in SETTINGS) for row in rows]
    for key in dict.fromkeys(keys):
        mine = [row for row, one in zip(rows, keys, strict=True) if one == key]
        quickest = min(float(str(row["response_time_mean"])) for row in mine)
        liked = max(float(str(row["satisfaction_mean"])) for row in mine)
        for row in mine:
            name = str(row["structure"])
            if float(str(row["response_time_mean"])) <= quickest * (1 + MARGIN):
                result["fastest"][name] = result["fastest"].get(name, 0) + 1
            if float(str(row["satisfaction_mean"])) >= liked * (1 - MARGIN):
                result["best liked"][name] = result["best liked"].get(name, 0) + 1
    return result


if __name__ == "__main__":
    main()
