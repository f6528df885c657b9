"""The organisation chart of each structure, painted with load: who sits where, and how busy they are.

Invariant: a square is a worker, a diamond a manager; a colour never says more than the number beside it.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sim.figures.style import INK, MUTED, PAPER, PLAIN, RULE, Marks, sheet, shorten, styled, swatches

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CLASSES: Final = (
    (0.50, "below 50 %", "#cfe0ec"),
    (0.70, "50 to 70 %", "#8fb6d1"),
    (0.85, "70 to 85 %", "#3f7ca8"),
    (0.92, "85 to 92 %", "#123f63"),
    (math.inf, "above 92 %", "#b8403a"),
)
"""Utilisation below this, in words, and its colour; in grey the numbers tell dark blue and red apart."""
ACROSS: Final = 6
"""Departments side by side."""
IN_A_ROW: Final = 10
"""Workers side by side; a department of more has several rows."""
MOST_WORKERS: Final = 60
"""Drawn one by one; of a larger department as many stand for all, which its number tells."""
WIDE, TALL, SQUARE = 1.0, 1.0, 0.012
"""Of a department, and from one worker to the next as a share of the figure."""
Row = Mapping[str, Any]


def organisation_chart(load: "pd.DataFrame", marked: Marks = PLAIN) -> "Figure":
    """One panel a structure: departments below the company's top, with managers and workers.

    `load`: structure, department, people (workers), headcount (with managers), utilisation (share of present
    hours), wait (hours before each visit, NaN if unknown). Structures in `marked` are named so.
    """
    structures = list(dict.fromkeys(load["structure"]))
    tables = [load[load["structure"] == name].to_dict("records") for name in structures]
    heights = [_height(rows) for rows in tables]
    with styled():
        figure, panels = sheet(0.5 + sum(heights), rows=len(structures), height_ratios=heights)
        for axes, structure, rows, height in zip(panels, structures, tables, heights, strict=True):
            mark = marked.get(structure)
            axes.set_title(shorten(structure, 60) + (f" ({mark.word})" if mark else ""), loc="left")
            _panel(axes, rows, height)
        handles, labels = swatches([(words, colour) for _, words, colour in CLASSES])
        figure.legend(handles, labels, loc="outside lower center", ncols=len(CLASSES), title="busy")
    return figure


def _height(rows: Sequence[Row]) -> float:
    """Height of a panel, in departments."""
    return 0.35 + sum(_tall(line) for line in _lines(rows))


def _lines(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    yield from (rows[start : start + ACROSS] for start in range(0, len(rows), ACROSS))


def _tall(line: Sequence[Row]) -> float:
    """A row of departments is as tall as its largest."""
    return TALL + 0.11 * max(0, max(_rows_of(row) for row in line) - 2)


def _rows_of(row: Row) -> int:
    return math.ceil(min(_count(row["people"]), MOST_WORKERS) / IN_A_ROW)


def _count(number: float) -> int:
    return round(number) if number == number else 0


def _panel(axes: "Axes", rows: Sequence[Row], height: float) -> None:
    axes.set_axis_off()
    across = min(len(rows), ACROSS)
    axes.set_xlim(0.0, across * WIDE)
    axes.set_ylim(height, 0.0)
    middle, top = across * WIDE / 2, 0.1
    people = sum(_count(row["headcount"]) for row in rows)
    axes.text(middle, top, f"{people} people", ha="center", va="center", fontsize=9, color=INK,
              bbox={"facecolor": PAPER, "edgecolor": RULE, "pad": 3}, zorder=3)  # fmt: skip
    below = 0.35
    for line in _lines(rows):
        for place, row in enumerate(line):
            x = (place + 0.5) * WIDE
            axes.plot(
                [middle, middle, x, x], [top, below - 0.06, below - 0.06, below + 0.02], color=RULE, lw=1
            )
            _department(axes, row, x, below, SQUARE * across)
        below += _tall(line)


def _department(axes: "Axes", row: Row, x: float, top: float, apart: float) -> None:
    """Name, managers, workers, and in words how busy they are and how long requests wait."""
    workers, managers = _count(row["people"]), _count(row["headcount"]) - _count(row["people"])
    name = shorten(row["department"], 18)
    axes.text(x, top + 0.1, name, ha="center", va="center", fontsize=9, color=INK, fontweight="bold",
              bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1}, zorder=3)  # fmt: skip
    for place in range(managers):
        axes.plot(x + (place - (managers - 1) / 2) * apart, top + 0.25, marker="D", ms=4.5, color=MUTED)
    colour = next(colour for limit, _, colour in CLASSES if not row["utilisation"] >= limit)
    drawn = min(workers, MOST_WORKERS)
    for number in range(drawn):
        line, place = divmod(number, IN_A_ROW)
        width = min(IN_A_ROW, drawn - line * IN_A_ROW)
        spot = x + (place - (width - 1) / 2) * apart
        axes.plot(spot, top + 0.38 + 0.11 * line, marker="s", ms=5.5, color=colour, mec=PAPER, mew=0.5)
    below = top + 0.36 + 0.11 * _rows_of(row)
    wait = f", waits {row['wait']:.1f} h" if row["wait"] == row["wait"] else ""
    told = f"{workers} worker{'s' * (workers != 1)}\n{100 * row['utilisation']:.0f} % busy{wait}"
    axes.text(x, below, told, ha="center", va="top", fontsize=8, color=INK, linespacing=1.3)
