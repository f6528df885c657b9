"""Puts the results of `orgdes study=helpdesk` into the page.

    python experiments/helpdesk/finding.py FOLDER

Invariant: every number in the marked block comes from the result folder.
"""

import re
import sys
from pathlib import Path
from typing import Any

from sim import compare, load_results

PAGE = Path(__file__).parent / "README.md"
TODAY = "helpdesk_today"
NAMES = {
    "pooled": "pooled",
    TODAY: "today's two teams",
    "customer": "by customer",
    "product": "by product",
    "function": "by function",
    "front_back": "front-back",
}
TIME, LIKED, OUTCOME = "response_time_mean", "satisfaction_mean", "satisfaction_outcome"
METRICS = ((TIME, 1), (LIKED, 1), ("capacity", 2))


def text_of(folder: str) -> str:
    """The table of structures, the fastest first, and what today's teams are compared with the others."""
    found = compare(load_results(folder))
    rows = found.estimates[found.estimates["scope"] == "company"].to_dict("records")
    cells = {(row["structure"], row["metric"]): row for row in rows}
    ranked = dict(zip(found.status["structure"], found.status["ranked"], strict=True))
    lines = ["| | response time, h | satisfaction | room to grow |", "|---|---|---|---|"]
    for name in sorted(NAMES, key=lambda one: float(cells[one, TIME]["mean"])):
        told = [_span(cells[name, metric], digits) for metric, digits in METRICS]
        label = NAMES[name] if ranked[name] else f"{NAMES[name]} (not ranked)"
        lines.append(f"| {label} | {' | '.join(told)} |")
    return "\n".join([*lines, "", *_against_today(cells)])


def _span(row: dict[str, Any], digits: int) -> str:
    half = (row["high"] - row["low"]) / 2
    shown = f"{row['mean']:.{digits}f}"
    return shown if half < 0.5 * 10**-digits else f"{shown} ± {half:.{digits}f}"


def _against_today(cells: dict[tuple[str, str], dict[str, Any]]) -> list[str]:
    """Each other structure against today's, in means."""

    def change(name: str, metric: str) -> float:
        return float(cells[name, metric]["mean"] - cells[TODAY, metric]["mean"])

    told = []
    for name, label in NAMES.items():
        if name != TODAY:
            slower = 100 * change(name, TIME) / float(cells[TODAY, TIME]["mean"])
            told.append(
                f"* {label}: response time {slower:+.1f} %, satisfaction {change(name, LIKED):+.1f} points, "
                f"by speed and reliability alone {change(name, OUTCOME):+.1f}."
            )
    return ["Against today's two teams:", "", *told]


if __name__ == "__main__":
    page = PAGE.read_text("utf-8")
    new, count = re.subn(
        r"(<!-- compared -->\n).*?(<!-- end -->)",
        lambda block: f"{block[1]}{text_of(sys.argv[1])}\n{block[2]}",
        page,
        flags=re.S,
    )
    assert count == 1
    PAGE.write_text(new, "utf-8")
