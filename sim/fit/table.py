"""A log as a table of texts: XES, or a table as people have them.

Invariant: a table that is returned has columns of equal length; whatever is wrong with a file is a `Mistake`.
"""

from pathlib import Path
from xml.parsers import expat

from sim.tables.content import BadTable, bad, content
from sim.tables.reading import MOST_ROWS, Table, parse

BOMS = b"\xef\xbb\xbf\xff\xfe \t\r\n"


class BadLog(BadTable):
    """Raised with every mistake found in a log or in the options that go with it."""


def read(path: Path, sheet: str | None = None, encoding: str | None = None) -> Table:
    """Read a log; XML is recognised by its first byte, not by the name. XES columns of a trace begin with
    `case:`.

    Raises
    ------
    BadTable
        when there is no such file, or it is no table.
    """
    data = content(path, sheet)
    if data[:100].replace(b"\0", b"").lstrip(BOMS).startswith(b"<"):
        return _read_xes(data, path)
    return parse(data, path, sheet, encoding)


def _read_xes(data: bytes, path: Path) -> Table:
    reader = _Xes(path)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    try:
        parser.Parse(data, True)
    except expat.ExpatError as problem:
        raise bad(path, f"is not well-formed XML (line {problem.lineno})", todo="Export it again") from None
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
        raise bad(self.path, "has a DOCTYPE", "XES without document type and entities", "Remove the DOCTYPE")

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
            raise bad(self.path, f"has more than {MOST_ROWS:,} events", todo="Cut the log")
        for key in row:
            if key not in self.columns:
                self.columns[key] = [""] * self.rows
        for key, column in self.columns.items():
            column.append(row.get(key, ""))
        self.rows += 1

    def table(self) -> Table:
        if not self.rows:
            raise bad(self.path, "has no events", "XES: traces with events")
        return Table(self.columns)
