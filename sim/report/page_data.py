"""What the page shows, as plain text: the cells of a comparison, parameters that differ, provenance.

Invariant: every string here is text; only the template and `Picture.svg` produce markup.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from sim.analysis.suppression import in_brief
from sim.report.layout_records import Cell, ComparisonGroup, Finding, Layout
from sim.report.pictures import Picture
from sim.report.wording import (
    Measure,
    decimals,
    measure_of,
    number,
    scaled,
    visible,
    without_keys,
    written,
    written_unit,
)

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS: Final = 60
MOST_COLUMNS: Final = 8
MOST_ACROSS: Final = 5
"""Structures beside each other in a table that is read on A4."""
MOST_SETTINGS: Final = 60
SHORT_VERDICT: Final = 36
SAME: Final = "the same"
ABOUT_SCENARIO: Final = frozenset(
    {
        "scenario",
        "name",
        "structure",
        "status",
        "message",
        "replay",
        "replications",
        "overrides",
        "swept",
        "digest",
        "config",
    }
)


DESCRIBED: Final = frozenset({"structure.name", "structure.description", "structure.source"})
"""What the list of structures says already."""


@dataclass(frozen=True)
class Grid:
    """A plain table: headings, rows of text, how many rows were left out."""

    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    left_out: int = 0


@dataclass(frozen=True)
class ShownCell:
    """One cell of the comparison as text; `mark` is an outcome or withheld."""

    value: str
    interval: str = ""
    difference: str = ""
    verdict: str = ""
    mark: str = ""
    brief: str = ""


@dataclass(frozen=True)
class Part:
    """One setting of the page."""

    heading: str
    tables: tuple[ComparisonGroup, ...]
    findings: tuple[Finding, ...] = ()
    losers: Grid = field(default_factory=Grid)
    figures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Section:
    """A part of the page about one question: sentences, figures, a table, how it was answered.

    `says`: what it adds to the summary, by the lead words of a line. `command`: what goes on from there, as
    it is typed.
    """

    heading: str
    findings: tuple[Finding, ...] = ()
    table: Grid = field(default_factory=Grid)
    figures: tuple[Picture, ...] = ()
    method: tuple[str, ...] = ()
    says: Mapping[str, str] = field(default_factory=dict)
    command: str = ""


@dataclass(frozen=True)
class Page:
    """Everything on the page. `summary`: the answer in lines; `narrative`: what it does not say;
    `settings`: those a reader may choose from, as JSON."""

    title: str
    subtitle: str
    narrative: tuple[Finding, ...]
    summary: tuple[Finding, ...] = ()
    about: str = ""
    version: str = ""
    client: str = ""
    logo: str = ""
    structures: Grid = field(default_factory=Grid)
    assumptions: tuple[Finding, ...] = ()
    warnings: tuple[str, ...] = ()
    overview: tuple[Picture, ...] = ()
    same_service: tuple[Grid, ...] = ()
    frontier: tuple[Picture, ...] = ()
    sections: tuple[Section, ...] = ()
    parts: tuple[Part, ...] = ()
    scenarios: Grid = field(default_factory=Grid)
    settings: str = ""
    method: tuple[str, ...] = ()
    parameters: Grid = field(default_factory=Grid)
    provenance: tuple[tuple[str, str], ...] = ()
    command: str = ""
    colours: Mapping[str, str] = field(default_factory=dict)


def tables_of(group: ComparisonGroup) -> Iterator[ComparisonGroup]:
    """A setting in as many tables as a page is wide, the reference first in each."""
    tables = max(1, -(-(len(group.columns) - 1) // (MOST_ACROSS - 1)))
    others = range(1, len(group.columns))
    for part in range(tables):
        some = [0, *others[len(others) * part // tables : len(others) * (part + 1) // tables]]
        lines = (replace(line, cells=tuple(line.cells[place] for place in some)) for line in group.lines)
        yield replace(group, columns=tuple(group.columns[place] for place in some), lines=tuple(lines))


def shown(cell: Cell, unit: str) -> ShownCell:
    """A cell as text."""
    if cell.value is None:
        return ShownCell("-") if cell.reason == "-" else ShownCell("withheld", mark="withheld")
    change = _difference(cell, unit) or in_brief(cell.reason)
    verdict = "" if change == SAME else cell.verdict
    return ShownCell(*written(cell.value, unit), change, verdict, cell.tone, cell.brief)


def unbroken(verdict: str) -> str:
    """The verdict so that a line breaks before the bracket only, where its parts are short.

    >>> unbroken("better by 5 % (95 % CI 4–6 %)").split(" ")[1].replace("\u00a0", "_")
    '(95_%_CI_4–6_%)'
    """
    parts = verdict.replace(" (", "\n(").split("\n")
    return " ".join(part.replace(" ", "\u00a0") if len(part) < SHORT_VERDICT else part for part in parts)


def _difference(cell: Cell, unit: str) -> str:
    if cell.difference is None or math.isnan(cell.difference.mean):
        return ""
    ends = (cell.difference.mean, cell.difference.low, cell.difference.high)
    mean, low, high = (scaled(end, unit) for end in ends)
    if mean == low == high == 0:
        return SAME
    digits = decimals((high - low) / 2, mean)
    signed = number(mean, digits, signed=True)
    return signed if math.isnan(low) else f"{signed} ({number(low, digits)} to {number(high, digits)})"


def losers(group: ComparisonGroup) -> Grid:
    """A row a structure: the segment it serves worst compared with the reference, by measure."""
    names = list(dict.fromkeys(loss.measure for loss in group.losses))
    rows = []
    for structure in dict.fromkeys(loss.structure for loss in group.losses):
        own = {loss.measure: loss for loss in group.losses if loss.structure == structure}
        texts = (f"{own[name].segment}: {own[name].verdict}" if name in own else "-" for name in names)
        rows.append((visible(structure), *(visible(text) for text in texts)))
    labels = (measure_of(name).label.removeprefix("- ") for name in names)
    return Grid((visible(group.reference), *labels), tuple(rows))


def scenario_list(layout: Layout, names: Sequence[str]) -> Grid:
    """A row of one cell a setting, below it a row a structure: the named measures and the status."""
    rows: list[tuple[str, ...]] = []
    for group in layout.groups[:MOST_SETTINGS]:
        lines = [group.line(name) for name in names]
        rows.append((without_keys(visible(group.label)),))
        for place, column in enumerate(group.columns):
            values = (
                shown(line.cells[place], line.measure.unit) if line else ShownCell("-") for line in lines
            )
            texts = (f"{value.value} {value.interval}".strip() for value in values)
            rows.append((visible(column.structure), *texts, column.status))
    labels = [measured(measure_of(name)) for name in names]
    left_out = sum(len(group.columns) for group in layout.groups[MOST_SETTINGS:])
    return Grid(("structure", *labels, "status"), tuple(rows), left_out)


def measured(measure: Measure) -> str:
    """What a measure is called, with its unit."""
    unit = written_unit(measure.unit)
    return f"{measure.label}, {unit}" if unit else measure.label


def parameters(scenarios: "pd.DataFrame") -> Grid:
    """The settings that are not the same in all scenarios: a row a key, a column a scenario."""
    keys = [str(key) for key in scenarios.columns if key not in ABOUT_SCENARIO and key not in DESCRIBED]
    differing = [key for key in keys if len({_value(value) for value in scenarios[key].unique()}) > 1]
    shown = scenarios.iloc[:MOST_COLUMNS]
    titles = map(_value, shown[scenarios.columns[0] if "name" not in scenarios else "name"])
    rows = tuple((visible(key), *map(_value, shown[key])) for key in differing[:MOST_ROWS])
    return Grid(("key", *titles), rows, max(0, len(differing) - MOST_ROWS))


def _value(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "-"
    text = f"{value:g}" if isinstance(value, float) else visible(value)
    return text if len(text) <= 120 else text[:119] + "…"


UNTOLD: Final = frozenset(
    {"complete", "format", "sessions", "request", "products", "units", "command", "notes", "files"}
)


def provenance(manifest: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The manifest as pairs of names and texts, nested ones under their heading."""
    flat: list[tuple[str, str]] = []
    for name, value in manifest.items():
        if isinstance(value, Mapping) and name != "files":
            flat += [(f"{name}: {inner}", _short(_value(_joined(entry)))) for inner, entry in value.items()]
        elif name not in UNTOLD:
            flat.append((name, _short(_value(_joined(value)))))
    if manifest.get("files"):
        flat.append(("files", f"{len(manifest['files'])} with SHA-256 in manifest.json"))
    return tuple((visible(name), text) for name, text in flat if text not in ("", "-"))


def _short(text: str) -> str:
    """A long digest by its first 16 digits; the manifest has it whole."""
    return (
        f"{text[:16]}…" if len(text) >= 40 and all(letter in "0123456789abcdef" for letter in text) else text
    )


def _joined(value: Any) -> Any:
    return ", ".join(str(entry) for entry in value) if isinstance(value, list | tuple) else value


def command(manifest: Mapping[str, Any]) -> str:
    """The command that made the results, as one line a shell takes."""
    import shlex

    words = manifest.get("command", "")
    return visible(words if isinstance(words, str) else shlex.join(str(word) for word in words))
