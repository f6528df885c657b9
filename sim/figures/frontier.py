"""Cost against response time and against satisfaction, a point a number of people.

Invariant: points of a structure are joined in the order of people; what another point beats is hollow.
"""

from typing import TYPE_CHECKING, Any

from sim.figures.style import PAPER, colours, shapes, sheet, shorten, styled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

THOUSAND = 1000.0
SIDES = (
    ("response_time_mean", "mean response time, open hours"),
    ("satisfaction_mean", "satisfaction, 0 to 100"),
)


def frontier(points: "pd.DataFrame", order: list[str]) -> "Figure":
    """Two panels, a line a structure.

    `points`: structure, people, cost, response_time_mean, satisfaction_mean (each also with _low and _high),
    dominated_by (-1: by none), chosen, steady (only those are drawn). `order`: all structures, for colours.
    """
    palette, markers = colours(order), shapes(order)
    with styled():
        figure, panels = sheet(3.8, columns=2)
        for axes, (name, label) in zip(panels, SIDES, strict=True):
            for structure in order:
                rows = points[points["structure"] == structure].sort_values("people")
                _line(axes, rows, name, palette[structure], markers[structure])
            _name(axes, points, name, palette)
            axes.set_xlabel("cost a year, thousands")
            axes.set_ylabel(label)
            axes.grid(axis="both")
        for structure in order:
            panels[0].plot(
                [], [], markers[structure], color=palette[structure], ms=6, label=shorten(structure)
            )
        figure.legend(loc="outside upper left", ncols=6)
    return figure


def _line(axes: "Axes", rows: "pd.DataFrame", name: str, colour: str, marker: str) -> None:
    rows = rows[rows["steady"].astype(bool)]
    cost = rows["cost"] / THOUSAND
    axes.plot(cost, rows[name], "-", color=colour, lw=1.4, marker=marker, ms=6, zorder=3)
    axes.vlines(cost, rows[f"{name}_low"], rows[f"{name}_high"], color=colour, lw=1.6, alpha=0.55)
    beaten = rows["dominated_by"] >= 0
    axes.plot(cost[beaten], rows.loc[beaten, name], marker, ms=3.5, color=PAPER, zorder=4)
    best = rows["chosen"].astype(bool)
    axes.plot(cost[best], rows.loc[best, name], "o", ms=13, mfc="none", mec=colour, mew=1.4, zorder=5)


def _name(axes: "Axes", points: "pd.DataFrame", name: str, palette: dict[str, str]) -> None:
    """The number of people at each ringed point; where rings are close, one beside the other."""
    rows = points[points["chosen"].astype(bool) & points["steady"].astype(bool)]
    for place, row in enumerate(rows.to_dict("records")):
        where = (row["cost"] / THOUSAND, row[name])
        style: dict[str, Any] = {"fontsize": 9, "color": palette[row["structure"]], "ha": "center"}
        axes.annotate(f"{row['people']}", where, (11 * place - 11, 11), textcoords="offset points", **style)
