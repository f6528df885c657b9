"""summary.csv: every compared figure on one line, with all it takes to quote it honestly.

Invariant: no number without n, interval, method and label, and no text that a spreadsheet would run.
"""

from __future__ import annotations

from pathlib import Path

from sim.analysis.comparison import Comparison

NAME = "summary.csv"
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_summary(comparison: Comparison, folder: Path) -> Path:
    """Write `summary.csv` into the folder and return its path; means that are withheld are left empty."""
    table = comparison.table
    shown = table.copy()
    hidden = (table["withheld"] != "").to_numpy()
    shown.loc[hidden, ["mean", "low", "high"]] = float("nan")
    status = comparison.status.set_index("scenario")
    shown.insert(4, "status", shown["scenario"].map(status["status"]))
    shown.insert(1, "where", shown["setting"].map(_labels(comparison)))
    path = Path(folder) / NAME
    texts = shown.select_dtypes(exclude="number").columns
    shown[texts] = shown[texts].map(harmless)
    with path.open("w", encoding="utf-8", newline="") as file:
        shown.to_csv(file, index=False, lineterminator="\n")
    return path


def harmless(cell: object) -> object:
    """The cell, with a quote before text that a spreadsheet would take for a formula.

    >>> harmless("=HYPERLINK(1)"), harmless("better by 2 %"), harmless(-1.0)
    ("'=HYPERLINK(1)", 'better by 2 %', -1.0)
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(RUNS) else cell


def _labels(comparison: Comparison) -> dict[int, str]:
    """What tells each setting apart, in words."""
    keys = comparison.keys
    words: dict[int, list[str]] = {int(setting): [] for setting in comparison.status["setting"]}
    for setting, key, value in zip(keys["setting"], keys["key"], keys["value"], strict=True):
        words[int(setting)].append(f"{key} = {value}")
    return {setting: ", ".join(told) for setting, told in words.items()}
