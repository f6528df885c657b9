"""The settings of a sweep for the reader to choose from: what the script of the page shows, as data.

Invariant: texts and numbers alone; nothing that a name holds ends the element it stands in.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sim.report.layout_records import Cell, ComparisonGroup, Layout, Line
from sim.report.narrative_of_many import numeric
from sim.report.page_data import measured, shown, unbroken
from sim.report.wording import briefly, local, measure_of, scaled, spoken, visible

MEASURES: Final = (
    "response_time_mean",
    "within_promise",
    "satisfaction_mean",
    "response_time_p90",
    "utilisation",
    "cost",
    "handoffs_mean",
)
FEWEST: Final = 3
"""Measures that are kept where there are many settings."""
LARGEST: Final = 500_000
"""Bytes; the page stays below a megabyte."""
TICKED: Final = (("false", "true"), ("off", "on"), ("no", "yes"))
ESCAPED: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def settings(layout: Layout, colours: Mapping[str, str]) -> str:
    """The settings as JSON for an element of the page; nothing where there is no choice, or far too much."""
    keys = _keys(layout.groups)
    if not keys:
        return ""
    for names in (MEASURES, MEASURES[:FEWEST]):
        text = _escaped(json.dumps(_data(layout, keys, names, colours), separators=(",", ":")))
        if len(text) <= LARGEST:
            return text
    return ""


def _escaped(text: str) -> str:
    """JSON without letters that markup begins with.

    >>> _escaped(json.dumps("</script>"))
    '"\\\\u003c/script\\\\u003e"'
    """
    return "".join(ESCAPED.get(letter, letter) for letter in text)


def _keys(groups: Sequence[ComparisonGroup]) -> dict[str, list[str]]:
    """The swept keys that have several values, each with its values, numbers by size."""
    found: dict[str, list[str]] = {}
    for group in groups:
        for key, value in group.keys:
            found.setdefault(key, []).append(value)
    return {key: _ordered(values) for key, values in found.items() if len(set(values)) > 1}


def _ordered(values: Sequence[str]) -> list[str]:
    """Each value once; numbers by size, what is ticked after what is not.

    >>> _ordered(["10", "9", "10"]), _ordered(["on", "off"]), _ordered(["due", "fifo"])
    (['9', '10'], ['off', 'on'], ['due', 'fifo'])
    """
    once = list(dict.fromkeys(values))
    if _kind(once) == "tick":
        return sorted(once, key=str.lower)
    return sorted(once, key=float) if _kind(once) == "slider" else once


def _kind(values: Sequence[str]) -> str:
    """How one of these values is chosen."""
    if tuple(sorted(value.lower() for value in values)) in TICKED:
        return "tick"
    return "slider" if all(numeric(value) is not None for value in values) else "choice"


def _data(
    layout: Layout, keys: Mapping[str, list[str]], names: Sequence[str], colours: Mapping[str, str]
) -> dict[str, Any]:
    present = [name for name in names if any(group.line(name) for group in layout.groups)]
    places = {structure: place for place, structure in enumerate(layout.structures)}
    return {
        "keys": [
            {"name": spoken(visible(key)), "kind": _kind(values), "values": [_value(each) for each in values]}
            for key, values in keys.items()
        ],
        "structures": [{"name": visible(own), "colour": colours.get(own, "#888888")} for own in places],
        "measures": [{"name": measured(measure_of(name)), "top": _top(layout, name)} for name in present],
        "settings": [_setting(group, keys, present, places) for group in layout.groups],
    }


def _value(value: str) -> str:
    return local(briefly(visible(value)))


def _setting(
    group: ComparisonGroup, keys: Mapping[str, list[str]], names: Sequence[str], places: Mapping[str, int]
) -> dict[str, Any]:
    own = dict(group.keys)
    lines = [group.line(name) for name in names]
    columns = [
        {
            "of": places[column.structure],
            "status": "" if column.is_ok else column.status,
            "cells": [_cell(line, place) for line in lines],
        }
        for place, column in enumerate(group.columns)
    ]
    return {"at": [values.index(own[key]) for key, values in keys.items()], "columns": columns}


def _cell(line: Line | None, place: int) -> dict[str, Any]:
    """What one cell shows: its texts, and the ends of its bar where it has any."""
    if line is None:
        return {"value": "-"}
    cell, unit = line.cells[place], line.measure.unit
    text = shown(cell, unit)
    told = {
        "change": local(unbroken(text.brief) or text.difference),
        "mark": text.mark,
        "ends": _ends(cell, unit),
    }
    return {"value": local(f"{text.value} {text.interval}".strip()), **{k: v for k, v in told.items() if v}}


def _ends(cell: Cell, unit: str) -> list[float]:
    """Low end, mean and high end; the mean for all where there is no interval."""
    if cell.value is None or not math.isfinite(cell.value.mean):
        return []
    value = cell.value
    ends = [end if math.isfinite(end) else value.mean for end in (value.low, value.mean, value.high)]
    return [float(f"{scaled(end, unit):.5g}") for end in ends]


def _top(layout: Layout, name: str) -> float:
    """The end of the scale, the same for all settings."""
    lines = [line for group in layout.groups if (line := group.line(name))]
    ends = [_ends(cell, line.measure.unit) for line in lines for cell in line.cells]
    return max((end[2] for end in ends if end), default=0.0)
