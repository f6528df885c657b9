"""Append-only record of what a folder holds, one line an entry.

Invariant: a line counts only when its length and checksum are right; whatever else the file holds is
cut off, and what it recorded can be found again from the batch files.
"""

import json
import os
import zlib
from pathlib import Path
from typing import Any

from sim.study.store.files import content_of, write_safely


class Journal:
    """Entries of a folder in order of writing; `damaged` counts lines that had to be dropped."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.entries, whole, self.damaged = read(path)
        # A file that stands elsewhere too (a hard link in a stranger's folder) is replaced, not written to.
        if self.damaged or (path.exists() and path.stat().st_nlink > 1):
            write_safely(path, b"".join(whole))

    def append(self, entry: dict[str, Any]) -> None:
        """Add an entry and wait until the disk has it."""
        with self._path.open("ab") as file:
            file.write(line_of(entry))
            file.flush()
            os.fsync(file.fileno())
        self.entries.append(entry)


def line_of(entry: dict[str, Any]) -> bytes:
    """The line of an entry: length, checksum, JSON.

    >>> line_of({"a": 1})
    b'00000007 561bacaf {"a":1}\\n'
    """
    body = json.dumps(entry, separators=(",", ":"), sort_keys=True).encode()
    return b"%08x %08x %s\n" % (len(body), zlib.crc32(body), body)


def entry_of(line: bytes) -> dict[str, Any] | None:
    """The entry of a line, or None when the line is damaged."""
    try:
        length, checksum, body = int(line[:8], 16), int(line[9:17], 16), line[18:-1]
        if line[-1:] != b"\n" or len(body) != length or zlib.crc32(body) != checksum:
            return None
        entry = json.loads(body)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def read(path: Path) -> tuple[list[dict[str, Any]], list[bytes], int]:
    """Entries, their lines, and how many lines are damaged."""
    lines = content_of(path).splitlines(keepends=True) if path.exists() else []
    entries = [entry_of(line) for line in lines]
    whole = [line for line, entry in zip(lines, entries, strict=True) if entry is not None]
    return [entry for entry in entries if entry is not None], whole, len(lines) - len(whole)
