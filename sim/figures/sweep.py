"""One measure over a swept number, and a map of who wins over two swept facts.

Invariant: what is unstable is marked, never joined to the line, and never a winner.
"""

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sim.figures.style import FAINT, INK, MUTED, PAPER, colours, shapes, sheet, shorten, styled, swatches

MOST_TICKS = 12
PANELS_ACROSS = 3
MOST_NAMED = 8
LONGEST_NAME = 15

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def swept_lines(values: "pd.DataFrame", x_label: str, y_label: str, order: list[str]) -> "Figure":
    """A line a structure over a swept number, with the interval at each point.

    `values`: structure, x, mean, low, high, shown (False: no mean, marked by a cross at the top of the
    frame), sure (False: a hollow point). `order`: all structures, for colours. The frame fits the means;
    intervals far wider than the differences may leave it.
    """
    with styled():
        figure, (axes,) = sheet(3.6)
        shift = _shift(values, len(order))
        for place, (structure, colour) in enumerate(colours(order).items()):
            rows = values[(values["structure"] == structure) & values["shown"].astype(bool)].sort_values("x")
            if len(rows):
                offset = (place - (len(order) - 1) / 2) * shift
                _line(axes, rows.assign(x=rows["x"] + offset), structure, colour, shapes(order)[structure])
        _fit(axes, values)
        hidden = values[~values["shown"].astype(bool)]
        palette = colours(order)
        _mark_unstable(
            axes, [(float(row["x"]), palette[row["structure"]]) for row in hidden.to_dict("records")]
        )
        ticks = sorted(set(values["x"]))
        if len(ticks) <= MOST_TICKS:
            axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.grid(axis="both")
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        figure.legend(loc="outside upper left", ncols=6)
    return figure


def swept_points(values: "pd.DataFrame", y_label: str, order: list[str]) -> "Figure":
    """A panel a factor, a point a scenario: no line, because several factors vary at once.

    `values`: structure, factor, x, mean, sure (False: a hollow point). `order`: all structures, for colours.
    """
    factors = list(dict.fromkeys(values["factor"]))
    across = min(len(factors), PANELS_ACROSS)
    rows = -(-len(factors) // across)
    palette, markers = colours(order), shapes(order)
    with styled():
        figure, panels = sheet(0.5 + 2.8 * rows, rows=rows, columns=across, share_y=True)
        for axes, factor in zip(panels, factors, strict=False):
            for structure in order:
                own = values[(values["factor"] == factor) & (values["structure"] == structure)]
                label = shorten(structure) if factor == factors[0] else None
                axes.plot(
                    own["x"], own["mean"], markers[structure], ms=5, color=palette[structure], label=label
                )
                wide = own[~own["sure"].astype(bool)]
                axes.plot(wide["x"], wide["mean"], markers[structure], ms=3, color=PAPER)
            axes.grid(axis="both")
            axes.set_xlabel(shorten(factor, 36))
        for axes in panels[len(factors) :]:
            axes.set_visible(False)
        _fit(panels[0], values)
        figure.supylabel(y_label, fontsize=9, color=MUTED)
        figure.legend(loc="outside upper left", ncols=6)
    return figure


def _shift(values: "pd.DataFrame", structures: int) -> float:
    """Sideways distance between structures, so that intervals do not hide one another."""
    ticks = sorted(set(values["x"]))
    gaps = [after - before for before, after in pairwise(ticks)]
    return min(gaps, default=1.0) * 0.25 / max(structures, 1)


def _line(axes: "Axes", rows: "pd.DataFrame", structure: str, colour: str, marker: str) -> None:
    axes.plot(
        rows["x"],
        rows["mean"],
        "-",
        color=colour,
        lw=1.8,
        marker=marker,
        ms=6,
        label=shorten(structure),
        zorder=3,
    )
    axes.vlines(rows["x"], rows["low"], rows["high"], color=colour, lw=1.6, alpha=0.55)
    wide = rows[~rows["sure"].astype(bool)]
    axes.plot(wide["x"], wide["mean"], marker, ms=3.5, color=PAPER, zorder=4)


def _fit(axes: "Axes", values: "pd.DataFrame") -> None:
    sure = values.loc[values["sure"].astype(bool), "mean"].dropna()
    means = values["mean"].dropna() if sure.empty else sure  # what is not ranked does not set the axis
    if means.empty:
        return
    low, high = float(means.min()), float(means.max())
    room = 0.3 * (high - low) or 0.1 * abs(high) or 1.0
    axes.set_ylim(max(0.0, low - room) if low >= 0 else low - room, high + room)


def _mark_unstable(axes: "Axes", crosses: list[tuple[float, str]]) -> None:
    """Crosses along the top edge; structures at the same value stand below one another."""
    seen: dict[float, int] = {}
    for x, colour in crosses:
        level = seen.get(x, 0)
        seen[x] = level + 1
        axes.plot(
            x, 0.97 - 0.055 * level, "x", color=colour, ms=7, mew=2, transform=axes.get_xaxis_transform()
        )
    if crosses:
        axes.plot([], [], "x", color=MUTED, ms=7, mew=2, label="unstable: no mean")


def win_map(wins: "pd.DataFrame", x_label: str, y_label: str, order: list[str]) -> "Figure":
    """A cell a combination of two facts: who wins, and by how much.

    `wins`: x, y (any labels or numbers), leader (a structure, or empty where nothing can be ranked),
    lead (relative lead over the runner-up, 0 to 1) and share (of the companies behind this cell that the
    leader wins: 0 is a lead that does not count as a win, drawn hatched).
    """
    columns, rows = list(dict.fromkeys(wins["x"])), list(dict.fromkeys(wins["y"]))
    with styled():
        figure, (axes,) = sheet(1.4 + 0.5 * len(rows), width=min(8.6, 3.2 + 0.95 * len(columns)))
        palette = colours(order)
        for cell in wins.to_dict("records"):
            _cell(axes, columns.index(cell["x"]), rows.index(cell["y"]), cell, palette, len(columns))
        axes.set_xticks(range(len(columns)), [_tick(value) for value in columns])
        axes.set_yticks(range(len(rows)), [_tick(value) for value in rows])
        axes.set_xlim(-0.5, len(columns) - 0.5)
        axes.set_ylim(-0.5, len(rows) - 0.5)
        for edge in axes.spines.values():
            edge.set_visible(False)
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        leaders = [name for name in order if name in set(wins["leader"])]
        entries = [(name, palette[name]) for name in leaders]
        handles, labels = swatches([*entries, ("leads, but no win; or nobody", "")])
        figure.legend(handles, labels, loc="outside upper left", ncols=min(len(leaders) + 1, 5))
    return figure


def _tick(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else shorten(value, 16)


def _cell(axes: "Axes", x: int, y: int, cell: dict[Any, Any], palette: dict[str, str], columns: int) -> None:
    from matplotlib.patches import Rectangle

    colour, share = palette.get(cell["leader"]), min(1.0, float(cell["share"]))
    strength = 0.35 + 0.65 * share
    square = Rectangle((x - 0.47, y - 0.45), 0.94, 0.9, facecolor=PAPER, edgecolor=colour or FAINT, lw=0.9)
    if colour and share > 0:
        square.set(facecolor=colour, alpha=strength)
    else:
        square.set_hatch("////")
    axes.add_patch(square)
    if colour:
        label = f"{100 * float(cell['lead']):.0f} %"
        if columns <= MOST_NAMED:  # the name too, for print and for readers who see few colours
            label = f"{shorten(cell['leader'], LONGEST_NAME)}\n{label}"
        box = None if share > 0 else {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5}
        ink = "white" if share > 0 and strength > 0.6 else INK
        axes.text(x, y, label, ha="center", va="center", fontsize=8, color=ink, bbox=box)
