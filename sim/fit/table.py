"""A log as a table of texts: CSV or XES, plain or gzipped.

Invariant: a table that is returned has columns of equal length; whatever is wrong with a file is a `Mistake`.
"""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from sim.model.mistake import BadScenario, Mistake

LARGEST_BYTES = 4_000_000_000
MOST_ROWS = 5_000_000
GZIP = b"\x1f\x8b"


@dataclass
class Table:
    """Columns of texts; an empty text is a missing value. XES columns of a trace begin with `case:`."""

    columns: dict[str, list[str]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(next(iter(self.columns.values()), []))


class BadLog(BadScenario):
    """Raised with every mistake found in a log or in the options that go with it."""


def read(path: Path) -> Table:
    """Read a log; gzip and XML are recognised by their first bytes, not by the name.

    Raises
    ------
    BadLog
        when there is no such file, or it is no table.
    """
    try:
        with path.open("rb") as raw:
            zipped = raw.read(2) == GZIP
            raw.seek(0)
            content: BinaryIO = gzip.GzipFile(fileobj=raw) if zipped else raw  # type: ignore[assignment]
            text = _Limited(content, path)
            return _read_xes(text, path) if text.starts_like_xml() else _read_csv(text, path)
    except FileNotFoundError:
        raise _bad(path, "does not exist", "A CSV or XES file, also gzipped") from None
    except IsADirectoryError:
        raise _bad(path, "is a folder", "A CSV or XES file, also gzipped") from None
    except PermissionError:
        raise _bad(path, "may not be read", todo="Change its permissions") from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise _bad(path, "is cut off or damaged: it does not unzip", todo="Fetch it again") from None
    except UnicodeDecodeError as problem:
        raise _bad(path, f"is not UTF-8 text (byte {problem.start})", todo="Save it as UTF-8") from None


class _Limited(io.RawIOBase):
    """Bytes of a file, with a limit against files that unzip without end."""

    def __init__(self, content: BinaryIO, path: Path):
        self.content, self.path, self.taken = content, path, 0
        self.head = content.read(512)

    def starts_like_xml(self) -> bool:
        return self.head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        block = self.head[: len(buffer)] or self.content.read(len(buffer))
        self.head = self.head[len(block) :] if self.head else b""
        self.taken += len(block)
        if self.taken > LARGEST_BYTES:
            raise _bad(self.path, f"has more than {LARGEST_BYTES:,} bytes when unzipped", todo="Cut the log")
        buffer[: len(block)] = block
        return len(block)


def _bad(path: Path, what: str, allowed: str = "", todo: str = "") -> BadLog:
    return BadLog([Mistake(path.name or str(path), what, allowed, todo)])


def _read_csv(content: _Limited, path: Path) -> Table:
    text = io.TextIOWrapper(io.BufferedReader(content), encoding="utf-8-sig", newline="")
    start = text.readline()
    if not start.strip():
        raise _bad(
            path, "is empty" if not start else "begins with an empty line", "A line of column names first"
        )
    separator = max(",;\t|", key=start.count)
    names = [name.strip() for name in next(csv.reader([start], delimiter=separator))]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise BadLog([Mistake(path.name, f'has two columns "{name}"', "Each name once") for name in doubled])
    return _csv_rows(csv.reader(text, delimiter=separator), names, path)


def _csv_rows(lines: Iterator[list[str]], names: list[str], path: Path) -> Table:
    columns: list[list[str]] = [[] for _ in names]
    mistakes: list[Mistake] = []
    try:
        for number, row in enumerate(lines, 2):
            if not row:
                continue
            if len(row) != len(names):
                mistakes.append(
                    Mistake(
                        f"{path.name}:{number}", f"has {len(row)} fields", f"{len(names)}, as the first line"
                    )
                )
            elif len(columns[0]) < MOST_ROWS:
                for column, value in zip(columns, row, strict=True):
                    column.append(value.strip())
            else:
                raise _bad(path, f"has more than {MOST_ROWS:,} rows", todo="Cut the log")
            if len(mistakes) == 10:
                break
    except csv.Error as problem:
        mistakes.append(Mistake(path.name, f"is no table ({problem})"))
    if not mistakes and not columns[0]:
        mistakes.append(Mistake(path.name, "has column names and no rows", "At least one event"))
    if mistakes:
        raise BadLog(mistakes)
    return Table(dict(zip(names, columns, strict=True)))


def _read_xes(content: _Limited, path: Path) -> Table:
    reader = _Xes(path)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    try:
        parser.ParseFile(content)
    except expat.ExpatError as problem:
        raise _bad(path, f"is not well-formed XML (line {problem.lineno})", todo="Export it again") from None
    return reader.table()


class _Xes:
    """Collects the attributes of traces and events; nested attributes and everything else are passed over."""

    def __init__(self, path: Path):
        self.path = path
        self.columns: dict[str, list[str]] = {}
        self.rows = 0
        self.open: list[str] = []
        self.trace: dict[str, str] = {}
        self.event: dict[str, str] = {}
        self.waiting: list[dict[str, str]] = []

    def doctype(self, *_: object) -> None:
        raise _bad(self.path, "has a DOCTYPE", "XES without document type and entities", "Remove the DOCTYPE")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        parent = self.open[-1] if self.open else ""
        self.open.append(name)
        if name == "trace":
            self.trace, self.waiting = {}, []
        elif name == "event":
            self.event = {}
        elif parent in ("trace", "event") and "key" in attributes:
            (self.trace if parent == "trace" else self.event)[attributes["key"]] = attributes.get(
                "value", ""
            ).strip()

    def end(self, tag: str) -> None:
        name = self.open.pop()
        if name == "event":
            self.waiting.append(self.event)
        elif name == "trace":
            for event in self.waiting:
                self._add({f"case:{key}": value for key, value in self.trace.items()} | event)

    def _add(self, row: dict[str, str]) -> None:
        if self.rows >= MOST_ROWS:
            raise _bad(self.path, f"has more than {MOST_ROWS:,} events", todo="Cut the log")
        for key in row:
            if key not in self.columns:
                self.columns[key] = [""] * self.rows
        for key, column in self.columns.items():
            column.append(row.get(key, ""))
        self.rows += 1

    def table(self) -> Table:
        if not self.rows:
            raise _bad(self.path, "has no events", "XES: traces with events")
        return Table(self.columns)
