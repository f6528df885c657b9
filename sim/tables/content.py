"""Bytes and text of a file people have: gzipped or zipped, in any encoding.

Invariant: no more is unzipped than memory should hold; what is wrong with a file is a `Mistake`.
"""

import gzip
import io
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.model.mistake import BadScenario, Mistake

LARGEST_BYTES = 1_000_000_000
"""Bytes of a table, unzipped."""
HARMLESS_BYTES = 100_000_000
MOST_PACKED = 200
"""A file that unzips to more than harmless bytes and so many times its size is taken for a trap."""
MOST_LISTED = 10
KINDS = "A CSV, XLSX or Parquet file, also gzipped or zipped"
BOMS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


class BadTable(BadScenario):
    """Raised with every mistake found in a table."""


def bad(path: Path, what: str, allowed: str = "", todo: str = "", line: int | None = None) -> BadTable:
    """A mistake in a file, or in one of its lines."""
    place = path.name or str(path)
    return BadTable([Mistake(place if line is None else f"{place}:{line}", what, allowed, todo)])


def content(path: Path, member: str | None = None) -> bytes:
    """The bytes of a file, unzipped where they are gzipped or an archive, but for workbooks.

    Raises
    ------
    BadTable
        when it cannot be read, is damaged, or unzips to more than memory should hold.
    """
    try:
        with path.open("rb") as file:
            data = _bounded(file, path, LARGEST_BYTES)
        limit = min(LARGEST_BYTES, max(HARMLESS_BYTES, MOST_PACKED * len(data)))
        while data.startswith((b"\x1f\x8b", b"PK")) and not is_workbook(data):
            if data.startswith(b"PK"):
                data = _member(data, path, member, limit)
            else:
                data = _bounded(gzip.GzipFile(fileobj=io.BytesIO(data)), path, limit)
        return data
    except FileNotFoundError:
        raise bad(path, "does not exist", KINDS) from None
    except IsADirectoryError:
        raise bad(path, "is a folder", KINDS) from None
    except PermissionError:
        raise bad(path, "may not be read", todo="Change its permissions") from None
    except (gzip.BadGzipFile, zipfile.BadZipFile, EOFError, zlib.error):
        raise bad(path, "is cut off or damaged: it does not unzip", todo="Fetch it again") from None
    except (NotImplementedError, RuntimeError):
        raise bad(path, "is packed in a way that cannot be read, or by a password", KINDS) from None
    except OSError as problem:
        raise bad(path, f"cannot be read ({problem.strerror or problem})", KINDS) from None


def _bounded(stream: Any, path: Path, limit: int) -> bytes:
    data: bytes = stream.read(limit + 1)
    if len(data) > limit:
        raise bad(path, f"has more than {limit:,} bytes when unzipped", todo="Cut it, or unzip it yourself")
    return data


def is_workbook(data: bytes) -> bool:
    """Is this an archive that a spreadsheet program wrote?"""
    return data.startswith(b"PK") and "[Content_Types].xml" in zipfile.ZipFile(io.BytesIO(data)).namelist()


def _member(data: bytes, path: Path, member: str | None, limit: int) -> bytes:
    archive = zipfile.ZipFile(io.BytesIO(data))
    names = [one.filename for one in archive.infolist() if not one.is_dir()]
    names = [
        name for name in names if not name.startswith("__MACOSX/") and not Path(name).name.startswith(".")
    ]
    with archive.open(one_of(names, path, "file", member)) as file:
        return _bounded(file, path, limit)


def one_of(names: Sequence[str], path: Path, kind: str, wanted: str | None) -> str:
    """The one file or sheet to read."""
    if wanted is not None and wanted in names:
        return wanted
    listed = ", ".join(f'"{name}"' for name in names[:MOST_LISTED])
    if not names:
        raise bad(path, f"holds no {kind} with a table", KINDS)
    if wanted is not None:
        raise bad(path, f'holds no {kind} "{wanted}"', f"It holds {listed}")
    if len(names) > 1:
        raise bad(
            path, f"holds {len(names)} {kind}s: {listed}", f"One {kind}", "Keep one, or name it (--sheet)"
        )
    return names[0]


def decoded(data: bytes, path: Path, encoding: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Text, and a note where it is not UTF-8.

    >>> decoded("Grüße".encode("cp1252"), Path("x"))[0]
    'Grüße'
    """
    found = encoding or next((name for mark, name in BOMS.items() if data.startswith(mark)), _wide(data))
    try:
        try:
            return data.decode(found or "utf-8"), _noted(found)
        except UnicodeDecodeError:
            if found is not None:
                raise
            return data.decode("cp1252"), _noted("Windows-1252")
    except LookupError:
        raise bad(
            path, f'encoding "{encoding}" is unknown', "utf-8, utf-16, cp1252, cp1250, shift_jis ..."
        ) from None
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        what = f"is not {found or 'UTF-8'} text (byte {problem.start + 1})"
        raise bad(path, what, todo="Save it as UTF-8, or name its encoding (--encoding)", line=line) from None


def _wide(data: bytes) -> str | None:
    """UTF-16 without a byte order mark: every other byte of plain letters is zero."""
    head = data[:2000]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < 0.4 * len(head[::2]) or min(even, odd) > 0.1 * max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _noted(encoding: str | None) -> tuple[str, ...]:
    return () if encoding in (None, "utf-8-sig") else (f"The text was read as {encoding}.",)
