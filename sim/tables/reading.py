"""Tables as people have them: CSV of any separator and encoding, XLSX, Parquet; plain, gzipped or zipped.

Invariant: a table that is returned has columns of equal length and holds texts only, none of which was
evaluated; whatever is wrong with a file is a `Mistake`, with its line where it has one.
"""

import csv
import io
import math
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.model.mistake import Mistake
from sim.tables.content import KINDS, LARGEST_BYTES, MOST_LISTED, BadTable, bad, content, decoded, one_of

MOST_ROWS = 5_000_000
SEPARATORS = (",", ";", "\t", "|")
SAMPLE = 50
"""Rows by which the separator is recognised."""
NUMBER = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+),\d+")


@dataclass
class Table:
    """Columns of texts; an empty text is a missing value.

    `lines`: where each row stands in the file. `notes`: what was recognised, one sentence each.
    `decimal_comma`: something else separates columns, so a comma inside a number is its decimal sign.
    """

    columns: dict[str, list[str]] = field(default_factory=dict)
    lines: Sequence[int] = ()
    notes: tuple[str, ...] = ()
    decimal_comma: bool = False

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(next(iter(self.columns.values()), []))

    def line(self, row: int) -> int:
        """Line of a row in its file; without lines, the row's number from 1."""
        return self.lines[row] if self.lines else row + 1

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Rows with their line."""
        for row, values in enumerate(zip(*self.columns.values(), strict=True)):
            yield self.line(row), dict(zip(self.columns, values, strict=True))

    def point(self, text: str) -> str:
        """A number with a decimal comma with a point instead, where this table writes numbers so.

        >>> Table(decimal_comma=True).point("1.234,5"), Table().point("1,5")
        ('1234.5', '1,5')
        """
        decimal = self.decimal_comma and NUMBER.fullmatch(text)
        return text.replace(".", "").replace(",", ".") if decimal else text


def read(
    path: Path, sheet: str | None = None, encoding: str | None = None, most_rows: int = MOST_ROWS
) -> Table:
    """Read a table; what kind it is, is recognised by its first bytes, not by its name.

    Parameters
    ----------
    sheet : sheet of a workbook or file of an archive, where there are several.
    encoding : of a CSV file; recognised when missing: byte order mark, UTF-8, UTF-16, else Windows-1252.

    Raises
    ------
    BadTable
        when there is no such file, or it is no table.
    """
    return parse(content(path, sheet), path, sheet, encoding, most_rows)


def parse(
    data: bytes, path: Path, sheet: str | None = None, encoding: str | None = None, most_rows: int = MOST_ROWS
) -> Table:
    """The table that unzipped bytes hold."""
    if data.startswith(b"PK"):
        return _workbook(data, path, sheet)
    if data.startswith(b"PAR1"):
        return _parquet(data, path, most_rows)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise bad(path, "is an old Excel file or protected by a password", KINDS, "Save it as .xlsx or CSV")
    text, notes = decoded(data, path, encoding)
    if text.lstrip().startswith("<"):
        raise bad(path, "is XML or HTML, no table", KINDS)
    _bounded(text.count("\n") - 1, path, most_rows)
    return _csv(text, path, notes)


def _bounded(rows: int, path: Path, most: int) -> None:
    """Refuse a table that is too long before any of it is built."""
    if rows > most:
        raise bad(path, f"has {rows:,} rows", f"At most {most:,}", "Cut it")


def _csv(text: str, path: Path, notes: tuple[str, ...]) -> Table:
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise bad(path, "holds a zero byte: it is damaged, or no text", KINDS, line=line)
    named = re.match(r"sep=(.)\r?\n", text)
    text = "\n" + text[named.end() :] if named else text
    quote = "'" if text.lstrip().startswith("'") else '"'
    separator = named[1] if named else _separator(text, quote)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quotechar=quote, strict=True)
    try:
        lines = ((reader.line_num, row) for row in reader)
        table = _laid_out(((line, [value.strip() for value in row]) for line, row in lines), path)
    except csv.Error as problem:
        what = "has a cell of more than 131,072 characters" if "limit" in str(problem) else "is no table"
        todo = "Mend the quotation marks of this line"
        raise bad(path, f"{what} ({problem})", todo=todo, line=reader.line_num) from None
    table.notes, table.decimal_comma = notes, separator != ","
    return table


def _separator(text: str, quote: str) -> str:
    """The separator by which most of the first rows have as many cells as the heading, and more than one."""
    sample = [line for line in text[:200_000].splitlines()[: 2 * SAMPLE] if line.strip()][:SAMPLE]

    def fit(separator: str) -> tuple[float, int]:
        try:
            widths = [len(row) for row in csv.reader(sample, delimiter=separator, quotechar=quote)]
        except csv.Error:
            return 0.0, 0
        alike = sum(width == widths[0] for width in widths) / len(widths) if widths else 0.0
        return (alike, widths[0]) if widths and widths[0] > 1 else (0.0, 0)

    return max(SEPARATORS, key=fit)


def _laid_out(records: Iterable[tuple[int, list[str]]], path: Path) -> Table:
    """Columns by their names; empty rows, and columns beyond the names that are empty, are left out."""
    filled = ((line, row) for line, row in records if any(row))
    line, names = next(filled, (0, []))
    if not names:
        raise bad(path, "is empty", "A line of column names first")
    while names and not names[-1]:
        names.pop()
    names = [name or f"column {number}" for number, name in enumerate(names, 1)]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise BadTable(
            [
                Mistake(f"{path.name}:{line}", f'has two columns "{name}"', "Each name once")
                for name in doubled
            ]
        )
    rows: list[list[str]] = []
    lines: list[int] = []
    wrong: list[Mistake] = []
    for line, row in filled:
        if len(row) > len(names) and not any(row[len(names) :]):
            row = row[: len(names)]
        if len(row) == len(names):
            rows.append(row)
            lines.append(line)
        else:
            what = f"has {len(row)} fields"
            wrong.append(Mistake(f"{path.name}:{line}", what, f"{len(names)}, as the first line"))
        if len(wrong) == MOST_LISTED:
            break
    if not wrong and not rows:
        wrong.append(Mistake(path.name, "has column names and no rows", "At least one row"))
    if wrong:
        raise BadTable(wrong)
    return Table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)), lines)


def _workbook(data: bytes, path: Path, wanted: str | None) -> Table:
    import openpyxl

    if sum(one.file_size for one in zipfile.ZipFile(io.BytesIO(data)).infolist()) > LARGEST_BYTES:
        raise bad(path, f"has more than {LARGEST_BYTES:,} bytes when unzipped", todo="Cut it")
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = {sheet.title: _cells(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"}
    except Exception as problem:  # a damaged workbook fails in whatever part is damaged
        raise bad(path, f"is no workbook that can be read ({problem})", KINDS, "Save it as CSV") from None
    tables = {name: rows for name, rows in sheets.items() if len(rows) > 1}
    sheets = tables or {name: rows for name, rows in sheets.items() if rows}
    name = one_of(list(sheets), path, "sheet", wanted)
    width = max(len(row) for _, row in sheets[name])
    table = _laid_out(((line, row + [""] * (width - len(row))) for line, row in sheets[name]), path)
    table.notes = (f'The sheet "{name}" of a workbook was read.',)
    return table


def _cells(sheet: Any) -> list[tuple[int, list[str]]]:
    """Rows of a sheet that are not empty, without empty cells at their ends."""
    sheet.reset_dimensions()
    found = []
    for line, values in enumerate(sheet.iter_rows(values_only=True), 1):
        row = [text(value) for value in values]
        while row and not row[-1]:
            row.pop()
        if row:
            found.append((line, row))
    return found


def _parquet(data: bytes, path: Path, most_rows: int) -> Table:
    import pandas
    from pyarrow import parquet

    try:
        rows = parquet.ParquetFile(io.BytesIO(data)).metadata.num_rows
        _bounded(rows, path, most_rows)
        frame = pandas.read_parquet(io.BytesIO(data))
    except BadTable:
        raise
    except Exception as problem:  # as above
        raise bad(path, f"is no Parquet file that can be read ({problem})", KINDS) from None
    if frame.index.name is not None:
        frame = frame.reset_index()
    names = [str(name).strip() for name in frame.columns]
    cells = ([text(value) for value in row] for row in frame.itertuples(index=False, name=None))
    return _laid_out(enumerate([names, *cells]), path)


def text(value: Any) -> str:
    """A cell as a person would type it.

    >>> text(20.0), text(None), text(True), text([1, 2.5])
    ('20', '', 'true', '[1,2.5]')
    """
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list):
        return f"[{','.join(map(text, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    shown = "" if value is None else str(value).strip()
    return "" if shown in ("NaT", "<NA>") else shown
