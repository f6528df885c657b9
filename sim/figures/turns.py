"""Who wins over the range of each input: a strip an input.

Invariant: a stretch is coloured only where the same structure is settled to win at both of its ends.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from sim.figures.style import FAINT, INK, MUTED, PAPER, RULE, colours, sheet, shorten, styled, swatches

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Strip = tuple[str, float, Sequence[tuple[float, str]], tuple[str, str]]
"""Name, place of now (0 to 1), (place, winner) in order, both ends as text."""
HEIGHT = 0.62


def strips(rows: Sequence[Strip], order: list[str]) -> "Figure":
    """A strip a row, from the top down. `order`: all structures, for colours."""
    palette = colours(order)
    with styled():
        figure, (axes,) = sheet(0.9 + 0.3 * len(rows))
        for place, (_, now, seen, ends) in enumerate(rows):
            _strip(axes, -place, now, seen, palette)
            for end, text in enumerate(ends):
                axes.annotate(
                    shorten(text, 14),
                    (end, -place),
                    (10 * end - 5, 0),
                    textcoords="offset points",
                    ha="left" if end else "right",
                    va="center",
                    fontsize=8,
                    color=MUTED,
                )
        axes.set_yticks([-place for place in range(len(rows))], [shorten(row[0], 34) for row in rows])
        axes.tick_params(axis="y", pad=52)
        axes.set_xticks([])
        axes.set_xlim(-0.01, 1.12)
        axes.set_ylim(-len(rows) + 0.4, 0.6)
        for spine in axes.spines.values():
            spine.set_visible(False)
        winners = dict.fromkeys(name for row in rows for _, name in row[2] if name)
        entries = [(name, palette.get(name, FAINT)) for name in order if name in winners]
        figure.legend(*swatches([*entries, ("not settled", "")]), loc="outside upper left", ncols=6)
    return figure


def _strip(
    axes: "Axes", level: float, now: float, seen: Sequence[tuple[float, str]], palette: dict[str, str]
) -> None:
    for (left, one), (right, other) in pairwise(seen):
        same = one and one == other
        axes.barh(
            level, right - left, HEIGHT, left, color=palette.get(one, FAINT) if same else PAPER,
            hatch="" if same else "////", edgecolor=palette.get(one, FAINT) if same else RULE, lw=0,
        )  # fmt: skip
    for where, winner in seen:
        axes.plot(where, level, "o", ms=4, color=palette.get(winner, PAPER), mec=INK, mew=0.6, zorder=4)
    axes.plot([now, now], [level - HEIGHT / 2, level + HEIGHT / 2], color=INK, lw=2, zorder=3)
