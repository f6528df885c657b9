"""How much each input moves a result: a bar an input, the strongest on top, with its interval.

Invariant: every bar starts at zero, and its interval is drawn with it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.figures.style import FAINT, INK, PALETTE, across, sheet, shorten, styled, swatches

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WAYS: Final = {1: PALETTE[0], -1: PALETTE[1], 0: FAINT}


class Bar(NamedTuple):
    """An input: how much it moves the result, from where to where that may be, which way more of it does."""

    name: str
    size: float
    low: float
    high: float
    way: int


def tornado(bars: Sequence[Bar], axis: str, ways: dict[int, str]) -> "Figure":
    """A bar a row, from the top down. `ways`: what 1, -1 and 0 mean."""
    with styled():
        figure, (axes,) = sheet(1.2 + 0.3 * len(bars))
        for place, bar in enumerate(bars):
            axes.barh(-place, bar.size, 0.62, color=WAYS[bar.way])
            axes.plot([bar.low, bar.high], [-place, -place], color=INK, lw=1.2)
        axes.set_yticks([-place for place in range(len(bars))], [shorten(bar.name, 34) for bar in bars])
        axes.set_ylim(-len(bars) + 0.4, 0.6)
        axes.set_xlim(left=0.0)
        axes.set_xlabel(axis)
        across(axes)
        used = {bar.way for bar in bars}
        entries = [(words, WAYS[way]) for way, words in ways.items() if way in used]
        figure.legend(*swatches(entries), loc="outside upper left", ncols=3)
    return figure
