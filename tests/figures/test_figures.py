"""Figures draw what they are given: every part, no invented number, and user text as plain text.

Invariant: no test looks at pixels; each reads what the axes or the SVG contain.
"""

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from sim.figures import (
    Mark,
    decomposition_bars,
    department_load,
    gap_bars,
    organisation_chart,
    png,
    response_distribution,
    segment_dots,
    svg,
    swept_lines,
    win_map,
)
from sim.figures.kinds import KINDS, in_order, kind_of
from sim.figures.style import PALETTE, colours
from tests.figures import frames

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STRUCTURES = ("function", "customer", "product")
HOSTILE = "<script>alert('$x^2$')</script>\" onload=\"x"

DRAWN: dict[str, Callable[[tuple[str, ...]], "Figure"]] = {
    "distribution": lambda names: response_distribution(frames.quantiles(names)),
    "decomposition": lambda names: decomposition_bars(frames.parts(names)),
    "gap": lambda names: gap_bars(frames.gaps(names), names[0], list(names)),
    "scores": lambda names: gap_bars(frames.scores(names), names[0], list(names), "points of satisfaction"),
    "load": lambda names: department_load(frames.load(names)),
    "chart": lambda names: organisation_chart(chart_rows(names)),
    "segments": lambda names: segment_dots(frames.by_segment(names), "satisfaction", list(names)),
    "swept": lambda names: swept_lines(frames.swept(names), "demand.scale", "hours", list(names)),
    "wins": lambda names: win_map(frames.wins(names), "products", "segments", list(names)),
}


def chart_rows(names: tuple[str, ...]) -> pd.DataFrame:
    """Departments with one manager each, whose work waits half an hour."""
    load = frames.load(names)
    return load.assign(headcount=load["people"] + 1, wait=0.5)


def test_the_chart_has_a_square_for_every_worker_and_a_diamond_for_every_manager() -> None:
    rows = chart_rows(STRUCTURES)
    marks = [line.get_marker() for axes in organisation_chart(rows).axes for line in axes.lines]
    assert (marks.count("s"), marks.count("D")) == (rows["people"].sum(), len(rows))


def test_a_busy_department_is_painted_as_such_and_says_how_long_work_waits() -> None:
    (axes,) = organisation_chart(chart_rows(("function",)).head(1).assign(utilisation=0.95)).axes
    assert {line.get_color() for line in axes.lines if line.get_marker() == "s"} == {"#b8403a"}
    assert any("95 % busy, waits 0.5 h" in text for text in texts(axes))


def texts(axes: "Axes") -> list[str]:
    return [text.get_text().strip() for text in axes.texts]


@pytest.mark.parametrize("name", DRAWN)
def test_every_figure_becomes_one_well_formed_svg_element(name: str) -> None:
    drawing = svg(DRAWN[name](STRUCTURES), name, "a description")
    assert ElementTree.fromstring(drawing).tag.endswith("svg")


@pytest.mark.parametrize("name", DRAWN)
def test_the_same_table_gives_the_same_svg(name: str) -> None:
    first, second = (svg(DRAWN[name](STRUCTURES), name, "a description") for _ in range(2))
    assert first == second


@pytest.mark.parametrize("name", DRAWN)
def test_a_hostile_name_stays_text_in_the_svg(name: str) -> None:
    drawing = svg(DRAWN[name]((HOSTILE, "customer")), name, HOSTILE)
    tags = {element.tag.split("}")[-1] for element in ElementTree.fromstring(drawing).iter()}
    assert "script" not in tags


@pytest.mark.parametrize("name", DRAWN)
def test_no_element_of_a_hostile_figure_carries_an_event_handler(name: str) -> None:
    drawing = svg(DRAWN[name]((HOSTILE, "customer")), name, HOSTILE)
    attributes = {key for element in ElementTree.fromstring(drawing).iter() for key in element.attrib}
    assert not [key for key in attributes if key.lower().startswith("on")]


def test_dollar_signs_in_a_name_are_not_read_as_mathematics() -> None:
    drawing = svg(decomposition_bars(frames.parts(("plan $a_1$ or $b$", "other"))), "money", "")
    assert "plan $a_1$ or $b$" in drawing


def test_names_in_other_scripts_are_kept_as_letters() -> None:
    drawing = svg(
        segment_dots(frames.by_segment(("顧客部門 🏦", "b")), "x", ["顧客部門 🏦", "b"]), "scripts", ""
    )
    assert "顧客部門 🏦" in drawing


def test_two_figures_of_one_page_share_no_id() -> None:
    def ids(name: str) -> set[str]:
        tree = ElementTree.fromstring(svg(DRAWN["decomposition"](STRUCTURES), name, ""))
        return {element.attrib["id"] for element in tree.iter() if "id" in element.attrib}

    assert ids("first").isdisjoint(ids("second"))


def test_every_reference_inside_a_figure_finds_its_element() -> None:
    tree = ElementTree.fromstring(svg(DRAWN["swept"](STRUCTURES), "swept", ""))
    present = {element.attrib.get("id") for element in tree.iter()}
    wanted = {
        value.removeprefix("url(").strip("#)")
        for element in tree.iter()
        for key, value in element.attrib.items()
        if key.endswith("href") or value.startswith("url(#")
    }
    assert wanted <= present


def test_the_parts_of_a_bar_end_at_the_mean_response_time() -> None:
    parts = frames.parts(("function",))
    axes = decomposition_bars(parts).axes[0]
    assert texts(axes)[-1] == f"{parts['hours'].sum():.1f} h"


def test_the_gap_in_satisfaction_is_drawn_score_by_score() -> None:
    scores = frames.scores(("function", "customer"))
    axes = gap_bars(scores, "function", ["function", "customer"], "points of satisfaction").axes[0]
    assert texts(axes) == [f"{points:+.1f}" for points in scores["hours"]]


@pytest.mark.filterwarnings("error")
def test_structures_that_differ_in_nothing_are_drawn_without_a_warning() -> None:
    bars = gap_bars(frames.gaps(("a", "b")).assign(hours=0.0, low=0.0, high=0.0), "a", ["a", "b"])
    assert "<svg" in svg(bars, "gap", "")


def test_an_unstable_structure_shows_no_number_of_hours() -> None:
    axes = decomposition_bars(frames.parts(("function",)), marked={"function": Mark("unstable")}).axes[0]
    assert texts(axes) == ["unstable"]


def test_a_short_structure_keeps_its_numbers_with_the_word() -> None:
    parts = frames.parts(("function",))
    axes = decomposition_bars(parts, marked={"function": Mark("short", withheld=False)}).axes[0]
    assert texts(axes)[-1] == f"{parts['hours'].sum():.1f} h (short)"


def test_an_unstable_structure_is_hatched() -> None:
    axes = decomposition_bars(frames.parts(("function",)), marked={"function": Mark("unstable")}).axes[0]
    assert {patch.get_hatch() for patch in axes.patches} == {"////"}


def test_a_department_bar_ends_at_its_utilisation() -> None:
    load = frames.load(("function",))
    axes = department_load(load).axes[0]
    ends = {round(float(bar.get_window_extent().x1), 3) for bar in axes.patches}
    expected = {round(float(axes.transData.transform((value, 0))[0]), 3) for value in load["utilisation"]}
    assert expected <= ends


def test_a_structure_without_values_is_left_out_of_the_segments() -> None:
    figure = segment_dots(frames.by_segment(("function", "product")), "x", list(STRUCTURES))
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["function", "product"]


def test_an_unstable_point_is_a_cross_and_not_part_of_the_line() -> None:
    axes = swept_lines(frames.swept(("function",)), "x", "y", ["function"]).axes[0]
    assert np.asarray(axes.lines[0].get_xdata(), float).max() == 1.1


def test_a_cell_where_nothing_can_be_ranked_carries_no_number() -> None:
    wins = frames.wins(STRUCTURES)
    axes = win_map(wins, "x", "y", list(STRUCTURES)).axes[0]
    assert len(axes.texts) == int((wins["leader"] != "").sum())


def test_a_lead_that_is_no_win_is_hatched() -> None:
    wins = frames.wins(STRUCTURES).assign(leader="customer", share=0.0)
    axes = win_map(wins, "x", "y", list(STRUCTURES)).axes[0]
    assert {patch.get_hatch() for patch in axes.patches} == {"////"}


def test_a_structure_keeps_its_colour_whichever_figure_shows_it() -> None:
    assert colours(["a", "b"])["b"] == colours(["a", "b", "c"])["b"] == PALETTE[1]


def test_no_two_kinds_share_a_colour() -> None:
    assert len({kind.colour for kind in KINDS}) == len(KINDS)


def test_kinds_come_in_reading_order_whatever_the_table_order() -> None:
    assert in_order([kind.name for kind in reversed(KINDS)]) == [kind.name for kind in KINDS]


def test_a_figure_is_also_a_png() -> None:
    assert png(DRAWN["wins"](STRUCTURES), dots_per_inch=40).startswith(b"\x89PNG")


def test_drawing_never_imports_pyplot() -> None:
    program = (
        "import sys; from tests.figures.test_figures import DRAWN, STRUCTURES;"
        "DRAWN['wins'](STRUCTURES); sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def grey(colour: str) -> float:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


TOUCHING = [*pairwise(kind.name for kind in KINDS), ("handoff", "decision_wait")]


@pytest.mark.parametrize(("one", "other"), TOUCHING)
def test_kinds_that_touch_are_told_apart_without_colour(one: str, other: str) -> None:
    assert abs(grey(kind_of(one).colour) - grey(kind_of(other).colour)) >= 25


def test_letters_of_other_scripts_are_drawn_in_a_font_that_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.figures import style

    monkeypatch.setattr(style, "_wide_fonts", lambda: ("DejaVu Serif",))
    with style.styled():
        figure, (axes,) = style.sheet(2.0)
        axes.set_ylabel("客户")
        axes.set_xlabel("customer")
    style.png(figure)
    assert (axes.yaxis.label.get_fontfamily(), axes.xaxis.label.get_fontfamily()) == (
        ["DejaVu Sans", "DejaVu Serif"],
        ["DejaVu Sans"],
    )


def test_what_is_not_ranked_does_not_set_the_axis_of_segments() -> None:
    means = {"function": 10.0, "customer": 6.0, "matrix": 140.0}
    values = pd.DataFrame(
        [(name, "all", mean, mean - 0.4, mean + 0.4) for name, mean in means.items()],
        columns=["structure", "segment", "mean", "low", "high"],
    )
    order, unsure = list(means), {"matrix": Mark("too short", withheld=False)}
    (axes,) = segment_dots(values, "hours", order, unsure).axes
    assert axes.get_xlim()[1] < 11.0
    assert "140.0 →" in [text.get_text() for text in axes.texts]
    (all_ranked,) = segment_dots(values, "hours", order).axes
    assert all_ranked.get_xlim()[1] > 140.0


@pytest.mark.parametrize("withheld", [True, False])
def test_what_is_not_ranked_does_not_set_the_axis_of_stacked_bars(withheld: bool) -> None:
    parts = pd.DataFrame(
        [("function", "work", 8.0), ("matrix", "work", 90.0)], columns=["structure", "kind", "hours"]
    )
    marked = {"matrix": Mark("not ranked", withheld)}
    assert decomposition_bars(parts, marked).axes[0].get_xlim()[1] < 12.0
