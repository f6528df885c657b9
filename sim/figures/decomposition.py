"""Where the hours of a request go, and where the gap between two structures comes from.

Invariant: the parts drawn are the parts given; they add up to the mean response time because the
engine's intervals do, not because anything is rescaled here.
"""

from typing import TYPE_CHECKING, Any

from sim.figures.kinds import in_order, kind_of
from sim.figures.style import (
    INK,
    MUTED,
    PLAIN,
    Mark,
    Marks,
    across,
    beside,
    colours,
    reach,
    sheet,
    shorten,
    styled,
    swatches,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SMALLEST_LABELLED = 0.045
SMALLEST_SHOWN = 0.005
TOO_SMALL = 1e-6
SMALLEST_TOLD = 0.05
PANELS_ACROSS = 3


def decomposition_bars(parts: "pd.DataFrame", marked: Marks = PLAIN) -> "Figure":
    """One stacked bar of hours a structure, one colour a kind.

    `parts`: structure, kind, hours (mean open hours per resolved request, negative if saved). Those in
    `marked` are hatched.
    """
    structures = list(dict.fromkeys(parts["structure"]))
    table = parts.pivot_table(index="structure", columns="kind", values="hours", aggfunc="sum").fillna(0.0)
    longest = reach(table.clip(lower=0.0).sum(axis=1).to_dict(), marked)
    kinds = [name for name in in_order(list(table.columns)) if float(table[name].abs().max()) > TOO_SMALL]
    with styled():
        figure, (axes,) = sheet(1.75 + 0.52 * len(structures) + 0.2 * (len(kinds) // 4))
        for place, structure in enumerate(structures):
            hours = {name: float(table.loc[structure, name]) for name in kinds}
            _bar(axes, place, hours, longest, marked.get(structure))
        _finish(axes, structures, longest, float(table.clip(upper=0.0).sum(axis=1).min()))
        handles, labels = swatches([(kind_of(name).label, kind_of(name).colour) for name in kinds])
        figure.legend(handles, labels, loc="outside lower center", ncols=4, columnspacing=1.4)
    return figure


def _bar(axes: "Axes", place: int, parts: dict[str, float], longest: float, mark: Mark | None) -> None:
    """Time taken to the right of 0, time saved (people faster than usual) to the left; the net in bold."""
    right = left = 0.0
    withheld = mark is not None and mark.withheld
    for name, hours in parts.items():
        _part(axes, place, name, hours, right if hours >= 0 else left, mark is not None)
        if hours >= SMALLEST_LABELLED * longest and not withheld:
            _inside(axes, right + hours / 2, place, f"{hours:.1f}", kind_of(name).colour)
        right, left = right + max(hours, 0.0), left + min(hours, 0.0)
    net = f"{right + left:.1f} h"
    label = mark.beside(net) if mark else net
    beside(axes, min(right, longest), place, label, clear=right > longest, fontweight="bold", fontsize=9.5)


def _part(axes: "Axes", place: int, name: str, hours: float, start: float, hatched: bool) -> None:
    axes.barh(
        place,
        hours,
        left=start,
        height=0.66,
        color=kind_of(name).colour,
        edgecolor="white",
        linewidth=0.6,
        hatch="////" if hatched else None,
    )


def _inside(axes: "Axes", x: float, y: float, label: str, ground: str) -> None:
    axes.text(x, y, label, ha="center", va="center", fontsize=8.5, color=_readable_on(ground))


def _readable_on(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "white" if 0.299 * red + 0.587 * green + 0.114 * blue < 150 else INK


def _finish(axes: "Axes", structures: list[str], longest: float, saved: float) -> None:
    axes.set_yticks(range(len(structures)), [shorten(name) for name in structures])
    axes.set_ylim(len(structures) - 0.5, -0.5)
    axes.set_xlim(1.05 * saved, longest * 1.13)
    across(axes)
    axes.axvline(0, color=INK, lw=0.9)
    axes.set_xlabel("mean open hours per resolved request")


def gap_bars(
    gaps: "pd.DataFrame",
    reference: str,
    order: list[str],
    unit: str = "open hours per request",
    sides: str = "left: saves, right: adds",
) -> "Figure":
    """For each structure, what each kind adds to or takes from the response time of `reference`.

    `gaps`: structure, kind, hours (this structure minus the reference; in `unit`, so points of satisfaction
    too), with optional `low` and `high` ends of the 95 % interval. `order`: all structures of the report,
    so that colours agree with the other figures.
    """
    structures = [name for name in dict.fromkeys(gaps["structure"]) if name != reference]
    largest = float(gaps["hours"].abs().max()) or 1.0
    kept = gaps[gaps["hours"].abs() >= min(SMALLEST_TOLD, SMALLEST_SHOWN * largest)]
    kinds = in_order(list(kept["kind"]))
    columns = min(max(len(structures), 1), PANELS_ACROSS)
    rows = -(-len(structures) // columns) or 1
    with styled():
        height = 0.6 + rows * (0.5 + 0.27 * max(len(kinds), 1))
        figure, panels = sheet(height, rows=rows, columns=columns, share_y=True, share_x=True)
        for axes, structure in zip(panels, structures, strict=False):
            _gap_panel(axes, kept[kept["structure"] == structure].to_dict("records"), kinds)
            axes.set_title(shorten(structure, 60 // columns), color=colours(order)[structure])
        for axes in panels[len(structures) :]:
            axes.set_visible(False)
        panels[0].set_yticks(range(len(kinds)), [kind_of(name).label for name in kinds])
        panels[0].set_ylim(max(len(kinds), 1) - 0.5, -0.5)
        panels[0].margins(x=0.22)
        for axes in panels[max(0, len(structures) - columns) : len(structures)]:
            axes.tick_params(labelbottom=True)  # also above an empty place, where sharing hides them
        figure.supxlabel(
            f"{unit}, compared with {shorten(reference)} ({sides})",
            fontsize=9,
            color=MUTED,
        )
    return figure


def _gap_panel(axes: "Axes", rows: list[dict[Any, Any]], kinds: list[str]) -> None:
    for row in rows:
        place, hours = kinds.index(row["kind"]), float(row["hours"])
        low, high = float(row.get("low", hours)), float(row.get("high", hours))
        axes.barh(place, hours, height=0.68, color=kind_of(row["kind"]).colour)
        axes.plot([low, high], [place, place], color=INK, lw=1)
        if abs(hours) >= SMALLEST_TOLD:
            _told(axes, max(high, 0.0) if hours > 0 else min(low, 0.0), place, hours)
    across(axes)
    axes.axvline(0, color=INK, lw=0.9)


def _told(axes: "Axes", x: float, y: float, hours: float) -> None:
    side, shift = ("left", 4) if hours > 0 else ("right", -4)
    axes.annotate(
        f"{hours:+.1f}", (x, y), (shift, 0), textcoords="offset points", ha=side, va="center", fontsize=8
    )
