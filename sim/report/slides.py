"""Five slides for a board: the answer, how fast, who gains, where the hours go, what it rests on.

Invariant: every word is one of the page, every number one that the page shows.
"""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.figures.kinds import in_order, kind_of
from sim.report import tidy
from sim.report.contest import LIKED
from sim.report.layout_records import SPEED, ComparisonGroup, Estimate, Layout
from sim.report.page_data import Page, shown
from sim.report.picture_files import write_whole
from sim.report.pictures import MOST_DEPARTMENTS, MOST_STRUCTURES, NONE_TOLD, Tables
from sim.report.slide_parts import (
    HEIGHT,
    LOGO_WIDTH,
    MARGIN,
    WIDTH,
    Bars,
    Box,
    chart,
    logo,
    new_slide,
    table,
    text,
)
from sim.report.summary import SURE
from sim.report.wording import number, percent, visible, without_keys

if TYPE_CHECKING:
    import pandas as pd
    from pptx.presentation import Presentation

SLIDES: Final = "report.pptx"
MOST_SETTINGS: Final = 8
"""Beside each other in one chart."""
MOST_SEGMENTS: Final = 10
MOST_ROWS, MOST_ASSUMED, MOST_METHODS, MOST_RESTS = 12, 6, 3, 10
SMALLEST_HOURS: Final = 0.005
TOP, WIDE = 1.25, WIDTH - 2 * MARGIN
BELOW_CHART: Final = 3.35
LOW: Final = HEIGHT - 0.55
COLUMN: Final = 0.52
"""Share of the width that a chart has beside a table."""
LISTED: Final = (SPEED, LIKED, "cost")


def write_slides(path: Path, page: Page, layout: Layout, tables: Tables) -> None:
    """Write the slides of a page."""
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    deck.core_properties.title, deck.core_properties.author = page.title, page.client
    foot = "; ".join(text for text in (page.client, page.subtitle) if text)
    _answer(deck, page, foot)
    _speed(deck, page, layout, foot)
    _segments(deck, page, tables, layout, foot)
    _hours(deck, page, tables, layout, foot)
    _rests_on(deck, page, foot)
    written = io.BytesIO()
    deck.save(written)
    write_whole(path, written.getvalue())


def _answer(deck: "Presentation", page: Page, foot: str) -> None:
    """The lines of the summary; the answer in full as notes for the speaker."""
    slide = new_slide(deck, page.title, foot, LOGO_WIDTH + MARGIN if page.logo else 0.0)
    logo(slide, page.logo)
    rows = [(line.label, line.text) for line in page.summary]
    table(slide, Box(MARGIN, TOP, WIDE, min(LOW - TOP, 0.9 * len(rows))), rows, (1, 4), 18, headed=False)
    notes = slide.notes_slide.notes_text_frame
    if notes is not None:
        notes.text = "\n".join(visible(finding.sentence) for finding in page.narrative)


def _setting(layout: Layout) -> str:
    """Which setting a slide shows, where there are several."""
    if len(layout.groups) < 2:
        return ""
    return f" {without_keys(visible(layout.groups[0].label))}: the first of {len(layout.groups)} settings."


def _speed(deck: "Presentation", page: Page, layout: Layout, foot: str) -> None:
    """Response times with intervals, and the main figures beside them."""
    groups = layout.groups if len(layout.groups) <= MOST_SETTINGS else layout.groups[:1]
    several = len(groups) > 1
    slide = new_slide(deck, "How long customers wait", foot)
    bars = _over_settings(groups, layout, page) if several else _by_structure(groups[0], page)
    wide = WIDE if several else WIDE * COLUMN
    reading = f"Mean response time in open hours; lines: 95 % intervals.{'' if several else _setting(layout)}"
    if any(value for values in bars.series.values() for value in values):
        text(slide, Box(MARGIN, TOP - 0.15, WIDE, 0.3), reading, 12)
        chart(slide, Box(MARGIN, TOP + 0.2, wide, LOW - TOP - 0.2), bars, reading)
    else:
        text(slide, Box(MARGIN, TOP, wide, 1.0), NONE_TOLD, 16)
    if not several:
        rows = _main_figures(groups[0])
        height = min(LOW - TOP - 0.4, 0.75 * len(rows))
        box = Box(MARGIN + wide + 0.2, TOP + 0.3, WIDE - wide - 0.2, height)
        table(slide, box, rows, [1.0] * len(rows[0]), 12)


def _by_structure(group: ComparisonGroup, page: Page) -> Bars:
    names = tuple(column.structure for column in group.columns)
    line = group.line(SPEED)
    values = [cell.value for cell in line.cells] if line else [None] * len(names)
    return Bars(names, {"response time": values}, page.colours, "open hours")


def _over_settings(groups: Sequence[ComparisonGroup], layout: Layout, page: Page) -> Bars:
    labels = tuple(without_keys(visible(group.label)) for group in groups)
    series = {name: [_mean(group, name) for group in groups] for name in layout.structures}
    return Bars(labels, series, page.colours, "open hours")


def _mean(group: ComparisonGroup, structure: str) -> Estimate | None:
    line = group.line(SPEED)
    pairs = zip(group.columns, line.cells, strict=True) if line else ()
    return next((cell.value for column, cell in pairs if column.structure == structure), None)


def _main_figures(group: ComparisonGroup) -> list[tuple[str, ...]]:
    """A row a structure: what the page tells of it first."""
    lines = [line for name in LISTED if (line := group.line(name))]
    unequal = len({column.headcount for column in group.columns}) > 1
    people = ("people",) if unequal else ()
    rows: list[tuple[str, ...]] = [("structure", *people, *(line.measure.label for line in lines))]
    for place, column in enumerate(group.columns[:MOST_ROWS]):
        cells = [shown(line.cells[place], line.measure.unit) for line in lines]
        many = (number(column.headcount, 0),) if unequal else ()
        told = (f"{own.value} {own.brief or own.difference}".strip() for own in cells)
        rows.append((column.structure, *many, *told))
    return rows


def _segments(deck: "Presentation", page: Page, tables: Tables, layout: Layout, foot: str) -> None:
    """Response times by segment, and which customers lose most."""
    group = layout.groups[0]
    slide = new_slide(deck, "Who gains and who loses", foot)
    found = tidy.segment_values(tables.estimates, group, SPEED)
    segments = list(dict.fromkeys(found["segment"]))
    losers = page.parts[0].losers
    drawn = 0 < len(segments) <= MOST_SEGMENTS and len(group.columns) <= MOST_STRUCTURES
    wide = WIDE * COLUMN if drawn and losers.rows else WIDE
    if drawn:
        what = "Mean response time of each group of customers, open hours; lines: 95 % intervals."
        reading = f"{what}{_setting(layout)}"
        text(slide, Box(MARGIN, TOP - 0.15, WIDE, 0.3), reading, 12)
        bars = Bars(tuple(segments), _by_segment(found, segments, group), page.colours, "open hours")
        chart(slide, Box(MARGIN, TOP + 0.2, wide, LOW - TOP - 0.2), bars, reading)
    if losers.rows:
        heading = (f"compared with {losers.headings[0]}", *losers.headings[1:])
        rows = [heading, *losers.rows[:MOST_ROWS]]
        left = MARGIN + (wide + 0.2 if drawn else 0.0)
        box = Box(left, TOP + 0.3, WIDTH - MARGIN - left, min(LOW - TOP - 0.4, 0.9 * len(rows)))
        table(slide, box, rows, (1, *(1.4 for _ in heading[1:])), 12)
    elif not drawn:
        text(slide, Box(MARGIN, TOP, WIDE, 1.0), NONE_TOLD, 16)


def _by_segment(
    found: "pd.DataFrame", segments: Sequence[str], group: ComparisonGroup
) -> dict[str, list[Estimate | None]]:
    at = {
        (row["structure"], row["segment"]): Estimate(row["mean"], row["low"], row["high"])
        for row in found.to_dict("records")
    }
    names = [column.structure for column in group.columns if column.is_told]
    return {name: [at.get((name, segment)) for segment in segments] for name in names}


def _hours(deck: "Presentation", page: Page, tables: Tables, layout: Layout, foot: str) -> None:
    """Where the hours go, and the departments with their people and load."""
    group, top = layout.groups[0], TOP
    slide = new_slide(deck, "Where the hours go, and who does the work", foot)
    told = {column.structure for column in group.columns if column.is_told}
    if "decomposition" in tables.extras and len(told) <= MOST_STRUCTURES:
        parts = tidy.parts(tables.extras, group)
        parts = parts[parts["structure"].isin(told)]
        if not parts.empty:
            what = "Mean open hours a request by what takes them; they add up to the response time."
            reading = f"{what}{_setting(layout)}"
            text(slide, Box(MARGIN, TOP - 0.15, WIDE, 0.3), reading, 12)
            chart(slide, Box(MARGIN, TOP + 0.15, WIDE, 3.1), _stacked(parts, group), reading)
            top += BELOW_CHART
    rows = _organisation(page, tables, group)
    if len(rows) > 1:
        box = Box(MARGIN, top, WIDE, min(LOW - top, 0.6 * len(rows)))
        table(slide, box, rows, (1, 3.2, 1.6), 11 if len(rows) > 4 else 12)


def _stacked(parts: "pd.DataFrame", group: ComparisonGroup) -> Bars:
    found = {(row["kind"], row["structure"]): float(row["hours"]) for row in parts.to_dict("records")}
    present = {structure for _, structure in found}
    names = tuple(column.structure for column in group.columns if column.structure in present)
    hours = {
        kind: [found.get((kind, name), 0.0) for name in names] for kind in in_order([k for k, _ in found])
    }
    kept = {kind: own for kind, own in hours.items() if max(map(abs, own)) > SMALLEST_HOURS}
    series = {kind_of(kind).label: [Estimate(value) for value in own] for kind, own in kept.items()}
    colours = {kind_of(kind).label: kind_of(kind).colour for kind in kept}
    return Bars(names, series, colours, "open hours", stacked=True)


def _organisation(page: Page, tables: Tables, group: ComparisonGroup) -> list[tuple[str, ...]]:
    """A row a structure: departments with their workers, and the busiest of them."""
    load = tidy.load(tables.results, group)
    busiest = {}
    if len(load) <= MOST_DEPARTMENTS:
        for each in load.sort_values("utilisation").to_dict("records"):
            busiest[str(each["structure"])] = f"{each['department']}, busy {percent(each['utilisation'])}"
    names = [visible(column.structure) for column in group.columns]
    rows: list[tuple[str, ...]] = [("structure", "departments (workers)", "busiest")]
    for place, row in enumerate(page.structures.rows[:MOST_ROWS]):
        name = names[place] if len(page.structures.rows) == len(names) else row[0]
        rows.append((row[0], f"{row[2]}; {row[3]}", busiest.get(name, "-")))
    return rows


def _rests_on(deck: "Presentation", page: Page, foot: str) -> None:
    """What to mind, what it rests on, and how sure it is."""
    slide = new_slide(deck, "What this rests on, and how sure it is", foot)
    sure = [(line.label, line.text) for line in page.summary if line.label == SURE]
    rows = [("Mind", warning) for warning in page.warnings[:2]]
    rows += [(finding.label, finding.text) for finding in page.assumptions[:MOST_ASSUMED]]
    rows += [("Measured", sentence) for sentence in page.method[:MOST_METHODS]]
    table(
        slide,
        Box(MARGIN, TOP, WIDE, LOW - TOP),
        [*sure, *rows][:MOST_RESTS] or [("", "-")],
        (1, 5),
        12,
        headed=False,
    )
