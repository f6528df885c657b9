"""Who wins over two inputs: cells of a refined grid, coloured where one structure wins at all corners.

Invariant: what is not settled is hatched, so the band between winners is as wide as is known.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.figures.style import FAINT, INK, PAPER, colours, sheet, shorten, styled, swatches

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Square = tuple[float, float, float, str]
"""Lower left corner and size, from 0 to 1, and who wins (nothing: nobody)."""


NOBODY: Final = (("(no difference)", "#cfd6dc"), ("(cannot be ranked)", "#efe3d3"))
"""Colours of what is no winner, and yet settled."""


class Axis(NamedTuple):
    """Label, ticks as (place from 0 to 1, text), place of the value of now."""

    label: str
    ticks: Sequence[tuple[float, str]]
    now: float


def crossover_map(
    squares: Sequence[Square],
    points: Mapping[tuple[float, float], str],
    axes: Sequence[Axis],
    order: list[str],
) -> "Figure":
    """The map. `points`: place -> who wins; `axes`: x and y; `order`: all structures, for colours."""
    palette = colours(order) | dict(NOBODY)
    with styled():
        figure, (panel,) = sheet(5.2, width=7.2)
        for square in squares:
            _square(panel, square, palette)
        for (x, y), winner in points.items():
            panel.plot(x, y, "o", ms=3, color=palette.get(winner, PAPER), mec=INK, mew=0.5, zorder=4)
        panel.plot(axes[0].now, axes[1].now, "*", ms=15, color=PAPER, mec=INK, mew=1.2, zorder=5)
        for axis, own in zip((panel.xaxis, panel.yaxis), axes, strict=True):
            axis.set_ticks([place for place, _ in own.ticks], [text for _, text in own.ticks])
        panel.set_xlabel(shorten(axes[0].label, 60))
        panel.set_ylabel(shorten(axes[1].label, 60))
        panel.set_xlim(-0.02, 1.02)
        panel.set_ylim(-0.02, 1.02)
        winners = {winner for *_, winner in squares} | set(points.values())
        entries = [(name.strip("()"), palette[name]) for name in palette if name in winners]
        figure.legend(*swatches([*entries, ("not settled", "")]), loc="outside upper left", ncols=6)
    return figure


def _square(axes: "Axes", square: Square, palette: Mapping[str, str]) -> None:
    from matplotlib.patches import Rectangle

    x, y, size, winner = square
    box = Rectangle(
        (x, y), size, size, lw=0.4, edgecolor=PAPER, facecolor=palette.get(winner, PAPER), alpha=0.8
    )
    if not winner:
        box.set(hatch="////", edgecolor=FAINT)
    axes.add_patch(box)
