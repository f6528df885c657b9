"""Design tables: a table in which every row is a scenario and every column a key.

Invariant: a cell is read as the same text would be on the command line; an empty cell leaves the key alone.
"""

import re
from pathlib import Path

from sim.config.diagnostics import COMMAND_LINE, Diagnostic, Refused, diagnostic
from sim.config.override import Override
from sim.config.schema_paths import is_whole
from sim.model.mistake import Mistake
from sim.tables.content import BadTable
from sim.tables.reading import Table, read

MOST_ROWS = 1_000_000
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
GROUPED = re.compile(r"[+-]?\d{1,3}\.\d{3}")
PERCENT = re.compile(r"([+-]?\d+(?:[.,]\d+)?) ?%")


def read_table(path: Path) -> list[list[Override]]:
    """The rows of a design table, each a list of overrides with its line.

    Raises
    ------
    Refused
        when the file cannot be read as a table with a heading, or a number in it can be read in two ways.
    """
    if not path.is_file():
        raise Refused(
            [diagnostic(COMMAND_LINE, "sweep.design", f"file {path} not found (looked in {Path.cwd()})")]
        )
    try:
        table = read(path, most_rows=MOST_ROWS)
    except BadTable as problem:
        raise Refused([_of_table(path, mistake) for mistake in problem.mistakes]) from None
    rows = [
        [
            Override(f"{key}={_cell(table, key, text)}", f"{path}:{line}")
            for key, text in record.items()
            if text
        ]
        for line, record in table.records()
    ]
    grouped = any(table.point(text) != text for texts in table.columns.values() for text in texts)
    found = [unclear for row in rows for item in row if (unclear := _unclear(item, grouped))]
    if found:
        raise Refused(found)
    return rows


def _of_table(path: Path, mistake: Mistake) -> Diagnostic:
    place = str(path.with_name(mistake.where))
    return diagnostic(place, "sweep.design", mistake.what, mistake.allowed, mistake.todo)


def _cell(table: Table, key: str, text: str) -> str:
    """A number without the decimal comma, and without the `.0` that programs put behind whole ones."""
    text = table.point(text)
    whole = is_whole(tuple(key.split("."))) and re.fullmatch(r"[+-]?\d+\.0+", text)
    return text.partition(".")[0] if whole else text


def _unclear(item: Override, grouped: bool) -> Diagnostic | None:
    """A number that may mean two things; `grouped`: others in the table have a decimal comma."""
    text = item.value
    if DECIMAL_COMMA.fullmatch(text):
        return diagnostic(
            item.place, item.key, f'"{text}" uses a comma', "", f"Write {text.replace(',', '.')}"
        )
    if percent := PERCENT.fullmatch(text):
        share = float(percent[1].replace(",", ".")) / 100.0
        return diagnostic(
            item.place, item.key, f'"{text}" is in percent', "A plain number", f"Write {share:g}"
        )
    if grouped and GROUPED.fullmatch(text):
        what, number = f'"{text}" stands beside numbers with a decimal comma', text.replace(".", "")
        return diagnostic(item.place, item.key, what, "", f"Write {number} or {text.replace('.', ',')}")
    return None
