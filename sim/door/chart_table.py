"""A table of people and departments, read with the line of every row.

Invariant: whatever the file holds, the result is rows and a list of mistakes, each with its line.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.door.telling import Told, told
from sim.model.mistake import nearest

NEEDED = ("person", "department")
CELLS = ("functions", "products", "segments")
EXTRA = ("rank", "pace")
COLUMNS = (*NEEDED, *CELLS, *EXTRA)
LARGEST = 20_000_000
"""Bytes of a table; a hundred thousand people fit many times."""

Names = tuple[str, ...] | None
"""Names on an axis; None stands for all."""
Axes = tuple[Names, Names, Names]
"""Names of functions, products and segments: a box of the work cube."""


@dataclass(frozen=True)
class Row:
    """What a line says: a person, where he or she works, what he or she may do, how gladly and how fast."""

    line: int
    person: str
    department: str
    cells: Axes
    rank: int = 0
    pace: float | None = None


def read_chart(path: Path, shown: str) -> tuple[list[Row], list[Told]]:
    """The rows of a table and what is wrong with it; `shown` is the file's name in messages."""
    try:
        if path.stat().st_size > LARGEST:
            return [], [told(shown, "table", "is too large", f"At most {LARGEST // 1_000_000} MB")]
        text = path.read_text(encoding="utf-8-sig")
        lines = list(_records(text))
    except UnicodeDecodeError as problem:
        return [], [told(shown, "table", f"is not UTF-8 text (byte {problem.start})", "", "Save it as UTF-8")]
    except (OSError, csv.Error) as problem:
        return [], [told(shown, "table", f"cannot be read ({problem})", "A CSV file with a heading")]
    if not lines:
        return [], [told(shown, "table", "is empty", f"A heading: {', '.join(COLUMNS)}")]
    (line, heading), *body = lines
    columns = [name.strip().lower() for name in heading]
    found = list(_heading(columns, f"{shown}:{line}"))
    if found:
        return [], found
    if not body:
        return [], [told(shown, "table", "has no rows", "One row for each person")]
    rows = []
    for line, values in body:
        row, wrong = _row(columns, line, [value.strip() for value in values], f"{shown}:{line}")
        rows += [row] if row is not None else []
        found += wrong
    return rows, [*found, *_persons(rows, shown)]


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Records with their line; empty lines are left out."""
    first = text.split("\n", 1)[0]
    reader = csv.reader(text.splitlines(), delimiter="\t" if "\t" in first else ",", strict=True)
    for values in reader:
        if any(value.strip() for value in values):
            yield reader.line_num, values


def _heading(columns: Sequence[str], place: str) -> Iterator[Told]:
    if len(columns) == 1 and ";" in columns[0]:
        todo = "Separate columns with commas; the semicolon separates names inside a cell"
        yield told(place, "heading", "columns are separated by semicolons", "", todo)
        return
    for number, name in enumerate(columns):
        if name not in COLUMNS:
            near = nearest(name, COLUMNS)
            yield told(place, "heading", f'unknown column "{name}"', f"Known: {', '.join(COLUMNS)}", "", near)
        elif name in columns[:number]:
            yield told(place, "heading", f'column "{name}" comes twice', "Each column once")
    for name in NEEDED:
        if name not in columns:
            yield told(place, "heading", f'column "{name}" is missing', f"Needed: {', '.join(NEEDED)}")


def _row(columns: Sequence[str], line: int, values: list[str], place: str) -> tuple[Row | None, list[Told]]:
    if len(values) != len(columns):
        what = f"{len(values)} cells for {len(columns)} columns"
        return None, [told(place, "row", what, "One cell for each column", "Put cells with commas in quotes")]
    given = dict(zip(columns, values, strict=True))
    found = [told(place, name, "is empty", "A name") for name in NEEDED if not given[name]]
    found += [told(place, name, "is empty", "Names separated by ;, or all")
              for name in CELLS if given.get(name) == ""]  # fmt: skip
    cells = (_names(given.get(name, "all")) for name in CELLS)
    rank, pace = given.get("rank", ""), given.get("pace", "")
    if rank and not rank.isdecimal():
        found.append(told(place, "rank", f'is the text "{rank}"', "A whole number, 0 for the first choice"))
    if pace and not _is_pace(pace):
        what = f'"{pace}" uses a comma' if "," in pace else f'is the text "{pace}"'
        found.append(told(place, "pace", what, "A number above 0; 1 is average, 2 takes twice as long"))
    if found:
        return None, found
    first, second, third = cells
    row = Row(
        line,
        given["person"],
        given["department"],
        (first, second, third),
        int(rank or 0),
        float(pace) if pace else None,
    )
    return row, []


def _names(text: str) -> Names:
    """Names of a cell, each once.

    >>> _names("intake; advice;intake"), _names("All")
    (('intake', 'advice'), None)
    """
    if text.lower() == "all":
        return None
    return tuple(dict.fromkeys(name.strip() for name in text.split(";") if name.strip()))


def _is_pace(text: str) -> bool:
    try:
        return 0.0 < float(text) < float("inf")
    except ValueError:
        return False


def _persons(rows: Sequence[Row], shown: str) -> Iterator[Told]:
    """A person has one department and one pace, on however many lines."""
    first: dict[str, Row] = {}
    paced: dict[str, Row] = {}
    for row in rows:
        before = first.setdefault(row.person, row)
        if before.department != row.department:
            what = (
                f'"{row.person}" works in "{before.department}" (line {before.line}) and "{row.department}"'
            )
            yield told(f"{shown}:{row.line}", "department", what, "One department for each person")
        if row.pace is not None:
            earlier = paced.setdefault(row.person, row)
            if earlier.pace != row.pace:
                what = f'"{row.person}" has the pace {earlier.pace:g} (line {earlier.line}) and {row.pace:g}'
                yield told(f"{shown}:{row.line}", "pace", what, "One pace for each person")
