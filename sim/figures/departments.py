"""How busy each department is, and how much of that a customer would not pay for.

Invariant: a bar ends at the department's utilisation; its two parts are the customer's work and
the hidden work, both shares of the hours people are present.
"""

from typing import TYPE_CHECKING, Any

from sim.figures.style import INK, MUTED, across, sheet, shorten, styled, swatches

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CUSTOMER_WORK = "#24506f"
HIDDEN_WORK = "#e39a3b"
TOO_BUSY = "#b8403a"


def department_load(load: "pd.DataFrame", withheld: tuple[str, ...] = ()) -> "Figure":
    """One panel a structure, one bar a department.

    `load`: structure, department, utilisation and hidden (shares of present hours, 0 to 1), people
    (workers, NaN if unknown). Structures in `withheld` (unstable) are hatched.
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
            unstable = structure in withheld
            _panel(axes, load[load["structure"] == structure], unstable)
            axes.set_title(shorten(structure, 60) + (" (unstable)" if unstable else ""))
        panels[-1].set_xlabel("share of the hours people are present")
        handles, labels = swatches([("customers' work", CUSTOMER_WORK), ("hidden work", HIDDEN_WORK)])
        figure.legend(handles, labels, loc="outside upper right", ncols=2)
    return figure


def _panel(axes: "Axes", rows: "pd.DataFrame", unstable: bool) -> None:
    names = []
    for place, row in enumerate(rows.to_dict("records")):
        busy, hidden = float(row["utilisation"]), float(row["hidden"])
        hatch = "////" if unstable else None
        style: dict[str, Any] = {"height": 0.66, "edgecolor": "white", "linewidth": 0.5, "hatch": hatch}
        axes.barh(place, busy - hidden, color=CUSTOMER_WORK, **style)
        axes.barh(place, hidden, left=busy - hidden, color=HIDDEN_WORK, **style)
        axes.text(
            busy,
            place,
            f"  {100 * busy:.0f} %",
            va="center",
            fontsize=8.5,
            color=TOO_BUSY if busy > 0.92 else INK,
        )
        people = row.get("people")
        known = people is not None and people == people
        names.append(shorten(row["department"]) + (f"  ({people:g})" if known else ""))
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(0, 1.09)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1.0], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    across(axes)
    axes.axvline(1.0, color=MUTED, lw=1)
