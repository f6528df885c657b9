"""One measure by customer segment, structures beside each other, with intervals.

Invariant: a dot is a mean over replications and its line the interval it was given.
"""

from typing import TYPE_CHECKING, Any

from sim.figures.style import FAR, MUTED, PLAIN, Marks, across, colours, shapes, sheet, shorten, styled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def segment_dots(values: "pd.DataFrame", label: str, order: list[str], marked: Marks = PLAIN) -> "Figure":
    """A row a segment, a dot and its 95 % interval a structure.

    `values`: structure, segment, mean, low, high (in the unit that `label` names). `order`: all
    structures of the report, for colours; those without values are not drawn. Those in `marked` are hollow
    and do not set the axis: what lies far beyond it stands as a number at its edge.
    """
    from matplotlib.ticker import MaxNLocator

    palette, markers = colours(order), shapes(order)
    structures = [name for name in order if name in set(values["structure"])]
    segments = list(dict.fromkeys(values["segment"]))
    low, high = _frame(values, marked)
    with styled():
        figure, (axes,) = sheet(1.1 + len(segments) * max(0.42, 0.15 * len(structures) + 0.12))
        for line, structure in enumerate(structures):
            shift = (line - (len(structures) - 1) / 2) * 0.7 / len(structures)
            look: dict[str, Any] = {
                "color": palette[structure],
                "marker": markers[structure],
                "label": shorten(structure),
            }
            if structure in marked:
                look |= {"mec": palette[structure], "mew": 1.2, "mfc": "white"}
            rows = values[values["structure"] == structure]
            heights = [segments.index(name) + shift for name in rows["segment"]]
            _dots(axes, rows, heights, (low, high), look)
        for place in range(1, len(segments)):
            axes.axhline(place - 0.5, color="#eef1f4", lw=1)
        axes.set_yticks(range(len(segments)), [shorten(name) for name in segments])
        axes.set_ylim(len(segments) - 0.5, -0.5)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10]))
        axes.set_xlabel(label, color=MUTED)
        room = 0.06 * (high - low)
        axes.set_xlim(low - room, high + room)
        across(axes)
        figure.legend(loc="outside upper left", ncols=min(len(structures), 6) or 1)
    return figure


def _dots(
    axes: "Axes", rows: "pd.DataFrame", heights: list[float], frame: tuple[float, float], look: dict[str, Any]
) -> None:
    """Means and intervals of one structure; what lies outside the frame as a number at its edge."""
    low, high = frame
    axes.hlines(heights, rows["low"], rows["high"], color=look["color"], lw=2.2, alpha=0.55)
    for mean, height in zip(rows["mean"], heights, strict=True):
        if mean > high:
            _beyond(axes, high, height, f"{mean:.1f} →", look["color"])
        elif mean < low:
            _beyond(axes, low, height, f"← {mean:.1f}", look["color"])
    plain: dict[str, Any] = {"ls": "none", "ms": 7, "mec": "white", "mew": 0.6, "zorder": 3}
    axes.plot(rows["mean"], heights, **plain | look)


def _frame(values: "pd.DataFrame", marked: Marks) -> tuple[float, float]:
    """Lowest and highest value to fit: of ranked structures, and of others that are not far beyond."""
    values = values.assign(
        low=values["low"].fillna(values["mean"]), high=values["high"].fillna(values["mean"])
    )
    ranked = values[~values["structure"].isin(list(marked))]
    ranked = ranked if len(ranked) else values
    low, high = float(ranked["low"].min()), float(ranked["high"].max())
    room = (FAR - 1.0) * max(high - low, high / 2)
    near = values[(values["low"] >= low - room) & (values["high"] <= high + room)]
    low, high = min(low, float(near["low"].min())), max(high, float(near["high"].max()))
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _beyond(axes: "Axes", x: float, y: float, label: str, colour: str) -> None:
    """A number at the edge of the frame, for a mean that lies outside."""
    axes.annotate(label, (x, y), va="center", ha="center", fontsize=8, color=colour, annotation_clip=False)
