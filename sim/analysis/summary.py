"""summary.csv: every compared figure on one line, with all it takes to quote it honestly.

Invariant: no number without n, interval, method and label, and no text that a spreadsheet would run.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.compare import Comparison

if TYPE_CHECKING:
    import pandas as pd

NAME = "summary.csv"
ROWS_AT_A_TIME = 100_000
QUOTED = (",", '"', "\n", "\r")
AFTER_SEMICOLON = re.compile(r'([;\t]["\s]*)(?=[=+\-@])')
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def told(comparison: Comparison) -> pd.DataFrame:
    """The table of the comparison as it is handed on: means that are withheld are left empty."""
    table = comparison.table
    shown = table.copy()
    hidden = (table["withheld"] != "").to_numpy()
    shown.loc[hidden, ["mean", "low", "high"]] = float("nan")
    status = comparison.status.set_index("scenario")
    shown.insert(4, "status", shown["scenario"].map(status["status"]))
    shown.insert(1, "where", shown["setting"].map(_labels(comparison)))
    return shown


def write_summary(comparison: Comparison, folder: Path) -> Path:
    """Write `summary.csv` into the folder and return its path."""
    shown = told(comparison)
    path = Path(folder) / NAME
    path.unlink(missing_ok=True)  # it may be a link to another file
    with path.open("x", encoding="utf-8", newline="") as file:
        file.write(",".join(map(str, shown.columns)) + "\n")
        for start in range(0, len(shown), ROWS_AT_A_TIME):
            part = shown.iloc[start : start + ROWS_AT_A_TIME]
            columns = [_written(part[name]) for name in part.columns]
            file.writelines(",".join(cells) + "\n" for cells in zip(*columns, strict=True))
    return path


def _written(column: pd.Series[Any]) -> list[str]:
    """The cells of a column as a spreadsheet reads them, empty where there is no value.

    Each different text is looked at once: a large sweep repeats a few of them a million times.
    """
    import pandas as pd

    if pd.api.types.is_numeric_dtype(column):
        return ["" if math.isnan(value) else repr(value) for value in column.tolist()]
    places, found = pd.factorize(column)
    texts = [*(_quoted(str(harmless(value))) for value in found.tolist()), ""]  # -1: no value
    return [texts[place] for place in places.tolist()]


def _quoted(text: str) -> str:
    """Text with a comma, a quote or a line's end in quotes."""
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in QUOTED) else text


def harmless(cell: object) -> object:
    """The cell, with a quote before text that a spreadsheet would take for a formula.

    Some spreadsheets split at semicolons, whatever stands in quotes, so what follows one counts as a cell.

    >>> harmless("=HYPERLINK(1)"), harmless("better by 2 %"), harmless(-1.0), harmless("a;=cmd|x")
    ("'=HYPERLINK(1)", 'better by 2 %', -1.0, "a;'=cmd|x")
    """
    if not isinstance(cell, str):
        return cell
    cell = AFTER_SEMICOLON.sub(r"\1'", cell)
    return f"'{cell}" if cell.startswith(RUNS) else cell


def _labels(comparison: Comparison) -> dict[int, str]:
    """What tells each setting apart, in words."""
    keys = comparison.keys
    words: dict[int, list[str]] = {int(setting): [] for setting in comparison.status["setting"]}
    for setting, key, value in zip(keys["setting"], keys["key"], keys["value"], strict=True):
        words[int(setting)].append(f"{key} = {value}")
    return {setting: ", ".join(told) for setting, told in words.items()}
