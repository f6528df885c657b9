"""One measure by customer segment, structures beside each other, with intervals.

Invariant: a dot is a mean over replications and its line the interval it was given.
"""

from typing import TYPE_CHECKING

from sim.figures.style import MUTED, across, colours, shapes, sheet, shorten, styled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def segment_dots(values: "pd.DataFrame", label: str, order: list[str]) -> "Figure":
    """A row a segment, a dot and its 95 % interval a structure.

    `values`: structure, segment, mean, low, high (in the unit that `label` names). `order`: all
    structures of the report, for colours; those without values are not drawn.
    """
    from matplotlib.ticker import MaxNLocator

    palette, markers = colours(order), shapes(order)
    structures = [name for name in order if name in set(values["structure"])]
    segments = list(dict.fromkeys(values["segment"]))
    step = 0.7 / max(len(structures), 1)
    with styled():
        figure, (axes,) = sheet(1.1 + len(segments) * max(0.42, 0.15 * len(structures) + 0.12))
        for line, structure in enumerate(structures):
            rows = values[values["structure"] == structure].set_index("segment")
            places = [place for place, name in enumerate(segments) if name in rows.index]
            heights = [place + (line - (len(structures) - 1) / 2) * step for place in places]
            rows = rows.loc[[segments[place] for place in places]]
            axes.hlines(heights, rows["low"], rows["high"], color=palette[structure], lw=2.2, alpha=0.55)
            axes.plot(
                rows["mean"],
                heights,
                markers[structure],
                ms=7,
                mec="white",
                mew=0.6,
                color=palette[structure],
                label=shorten(structure),
                zorder=3,
            )
        for place in range(1, len(segments)):
            axes.axhline(place - 0.5, color="#eef1f4", lw=1)
        axes.set_yticks(range(len(segments)), [shorten(name) for name in segments])
        axes.set_ylim(len(segments) - 0.5, -0.5)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10]))
        axes.set_xlabel(label, color=MUTED)
        axes.margins(x=0.06)
        across(axes)
        figure.legend(loc="outside upper left", ncols=min(len(structures), 6) or 1)
    return figure
