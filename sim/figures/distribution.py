"""Response-time distributions, structures side by side.

Invariant: draws the quantiles it is given; nothing is averaged, fitted or smoothed here.
"""

from typing import TYPE_CHECKING

from sim.figures.style import PLAIN, Mark, Marks, beside, colours, reach, shapes, sheet, shorten, styled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BOX_QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
DEEPEST = 0.95


def response_distribution(
    quantiles: "pd.DataFrame", hours_per_day: float = 8.0, marked: Marks = PLAIN
) -> "Figure":
    """Share of requests resolved within a time (left), and the middle 80 and 50 % of them (right).

    `quantiles`: structure, quantile (0 to 1), hours (open hours), one row each. Structures in
    `marked` are dashed on the left and hatched on the right. Both panels show the same shapes.
    """
    structures = list(dict.fromkeys(quantiles["structure"]))
    with styled():
        figure, (curves, boxes) = sheet(max(3.3, 0.45 * len(structures) + 1.6), columns=2)
        for place, (structure, colour) in enumerate(colours(structures).items()):
            rows = quantiles[quantiles["structure"] == structure].sort_values("quantile")
            hours = dict(zip(rows["quantile"].round(6), rows["hours"], strict=True))
            mark = marked.get(structure)
            shown = rows[rows["quantile"] <= DEEPEST + 1e-9]
            curves.plot(
                shown["hours"], shown["quantile"], color=colour, lw=1.8, ls=(0, (3, 2)) if mark else "-"
            )
            told = [quantile for quantile in BOX_QUANTILES if quantile in hours]
            marker = shapes(structures)[structure]
            curves.plot([hours[at] for at in told], told, marker, ms=5.5, color=colour, mec="white", mew=0.6)
            if all(quantile in hours for quantile in BOX_QUANTILES):
                _box(boxes, place, hours, colour, bool(mark))
                _median(boxes, place, hours, _reach(quantiles, BOX_QUANTILES[-1], marked), mark)
                boxes.plot(hours[0.5], place, marker, ms=8, color="white", mec=colour, mew=1.2, zorder=4)
        _finish_curves(curves, hours_per_day)
        _finish_boxes(boxes, structures)
        curves.set_xlim(0, 1.03 * _reach(quantiles, DEEPEST, marked))
        boxes.set_xlim(0, 1.2 * _reach(quantiles, BOX_QUANTILES[-1], marked))
    return figure


def _reach(quantiles: "pd.DataFrame", deepest: float, marked: Marks) -> float:
    """The longest time that has to fit."""
    shown = quantiles[quantiles["quantile"] <= deepest + 1e-9]
    return reach(shown.groupby("structure")["hours"].max().to_dict(), marked)


def _box(axes: "Axes", place: int, hours: dict[float, float], colour: str, hatched: bool) -> None:
    low, quarter, _, three_quarters, high = (hours[quantile] for quantile in BOX_QUANTILES)
    axes.plot([low, high], [place, place], color=colour, lw=2, solid_capstyle="round")
    axes.barh(
        place,
        three_quarters - quarter,
        left=quarter,
        height=0.5,
        color="white" if hatched else colour,
        edgecolor=colour,
        hatch="////" if hatched else None,
    )


def _median(axes: "Axes", place: int, hours: dict[float, float], reach: float, mark: Mark | None) -> None:
    middle, high = hours[0.5], hours[BOX_QUANTILES[-1]]
    axes.plot([middle, middle], [place - 0.25, place + 0.25], color="white", lw=2, solid_capstyle="butt")
    label = mark.beside(f"{middle:.1f} h") if mark else f"{middle:.1f} h"
    beside(axes, min(high, reach), place, label, clear=mark is not None)


def _finish_curves(axes: "Axes", hours_per_day: float) -> None:
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 0.9], ["0 %", "25 %", "50 %", "75 %", "90 %"])
    axes.grid(axis="both")
    axes.set_xlabel(f"response time, open hours ({hours_per_day:g} h = one working day)")
    axes.set_title("Share of requests resolved within …")


def _finish_boxes(axes: "Axes", structures: list[str]) -> None:
    axes.set_yticks(range(len(structures)), [shorten(name, 18) for name in structures])
    for label, colour in zip(axes.get_yticklabels(), colours(structures).values(), strict=True):
        label.set(color=colour, fontweight="bold")
    axes.set_ylim(len(structures) - 0.4, -0.6)
    axes.grid(axis="x")
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("response time, open hours; the number is the median")
    axes.set_title("Middle half and middle 80 %")
