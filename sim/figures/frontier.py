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
NEAR = 60.0
"""Pixels between rings within which their labels would meet."""
SIDES = (
    ("response_time_mean", "mean response time, open hours"),
    ("satisfaction_mean", "satisfaction, 0 to 100"),
)


def frontier(points: "pd.DataFrame", order: list[str], unit: str = "thousand") -> "Figure":
    """Two panels, a line a structure; `unit`: what the cost is told in.

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
            axes.set_xlabel(f"cost a year, {unit}")
            axes.xaxis.set_major_formatter("{x:,.0f}")
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
    """The number of people at each ringed point, on the side where no other ring is near."""
    rows = points[points["chosen"].astype(bool) & points["steady"].astype(bool)]
    axes.get_xlim(), axes.get_ylim()  # so that places on the sheet are those of the points drawn by now
    ringed = [(row["cost"] / THOUSAND, row[name], row) for row in rows.to_dict("records")]
    for x, y, row in ringed:
        others = [(axes.transData.transform(own[:2]) - axes.transData.transform((x, y))) for own in ringed]
        near = [own[1] for own in others if abs(own[0]) < NEAR and 0 < abs(own[1]) < NEAR]
        above, below = any(gap > 0 for gap in near), any(gap < 0 for gap in near)
        place = (16, -3) if above and below else (0, -20) if above else (0, 11)
        style: dict[str, Any] = {"fontsize": 9, "color": palette[row["structure"]]}
        style["ha"] = "left" if place[0] else "center"
        axes.annotate(f"{row['people']}", (x, y), place, textcoords="offset points", **style)
