"""How busy each department is, and how much of that a customer would not pay for.

Invariant: a bar ends at the department's utilisation; its two parts are the customer's work and
the hidden work, both shares of the hours people are present.
"""

from typing import TYPE_CHECKING, Any

from sim.figures.style import INK, MUTED, PLAIN, Marks, across, sheet, shorten, styled, swatches

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CUSTOMER_WORK = "#24506f"
HIDDEN_WORK = "#e39a3b"
TOO_BUSY = "#b8403a"
BUSY = 0.92
RIGHT_EDGE = 1.14
LAST_MARK = 1.06
MARK = "#101820"


def department_load(load: "pd.DataFrame", marked: Marks = PLAIN) -> "Figure":
    """One panel a structure, one bar a department.

    `load`: structure, department, utilisation and hidden (shares of present hours, 0 to 1), people
    (workers, NaN if unknown), load (offered hours over present hours from the traffic equations, NaN
    if unknown: no mark). Structures in `marked` are hatched.
    """
    structures = list(dict.fromkeys(load["structure"]))
    counts = [int((load["structure"] == name).sum()) for name in structures]
    with styled():
        figure, panels = sheet(
            0.9 + 0.27 * sum(counts) + 0.45 * len(structures),
            rows=len(structures),
            height_ratios=[count + 0.6 for count in counts],
            share_x=True,
        )
        for axes, structure in zip(panels, structures, strict=True):
            mark = marked.get(structure)
            _panel(axes, load[load["structure"] == structure], mark is not None)
            axes.set_title(shorten(structure, 60) + (f" ({mark.word})" if mark else ""))
        panels[-1].set_xlabel("share of the hours people are present")
        handles, labels = _legend()
        figure.legend(handles, labels, loc="outside upper right", ncols=3)
    return figure


def _panel(axes: "Axes", rows: "pd.DataFrame", hatched: bool) -> None:
    names = []
    for place, row in enumerate(rows.to_dict("records")):
        busy, hidden = float(row["utilisation"]), float(row["hidden"])
        hatch = "////" if hatched else None
        style: dict[str, Any] = {"height": 0.66, "edgecolor": "white", "linewidth": 0.5, "hatch": hatch}
        axes.barh(place, busy - hidden, color=CUSTOMER_WORK, **style)
        axes.barh(place, hidden, left=busy - hidden, color=HIDDEN_WORK, **style)
        _offered(axes, place, row.get("load"))
        colour = TOO_BUSY if busy > BUSY else INK
        axes.text(RIGHT_EDGE, place, f"{100 * busy:.0f} %", va="center", ha="right", color=colour, fontsize=9)
        people = row.get("people")
        known = people is not None and people == people
        names.append(shorten(row["department"]) + (f"  ({people:g})" if known else ""))
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(0, RIGHT_EDGE)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1.0], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    across(axes)
    axes.axvline(1.0, color=MUTED, lw=1)


def _offered(axes: "Axes", place: int, load: float | None) -> None:
    """A mark at the calculated load, beyond the frame an arrow head at its edge."""
    if load is None or load != load:
        return
    inside = load <= LAST_MARK
    x = load if inside else LAST_MARK
    axes.plot(x, place, marker="d" if inside else ">", ms=6, color=MARK, mec="white", mew=0.8, zorder=4)


def _legend() -> "tuple[list[Artist], list[str]]":
    from matplotlib.lines import Line2D

    handles, labels = swatches([("customers' work", CUSTOMER_WORK), ("hidden work", HIDDEN_WORK)])
    handles.append(Line2D([], [], marker="d", ms=6, color=MARK, lw=0))
    return handles, [*labels, "load calculated beforehand"]
