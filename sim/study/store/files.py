"""Writing files so that a name never stands for half a file.

Invariant: what is under a final name was complete and on the disk before it got that name.
"""

import contextlib
import errno
import hashlib
import json
import os
import stat
import uuid
from collections.abc import Mapping
from io import BufferedReader
from pathlib import Path
from typing import Any

SEAL = "sha256"
LARGEST = 1_000_000_000
"""Bytes of a journal, a list of files or the like; beyond that it is none."""
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def temporary_name() -> str:
    """A name nobody else uses; the leading dot hides it from readers of result files."""
    return f".{os.getpid()}-{uuid.uuid4().hex[:12]}.tmp"


def write_and_sync(path: Path, content: bytes) -> None:
    """Write a new file and wait until the disk has it."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def write_safely(path: Path, content: bytes) -> None:
    """Write or replace a file: the old content or the new one is there, never a mixture."""
    temporary = path.parent / temporary_name()
    try:
        write_and_sync(temporary, content)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def sealed(content: Mapping[str, Any]) -> bytes:
    """A JSON file that carries the SHA-256 of what it says."""
    return json.dumps(
        {**content, SEAL: _seal(content)}, indent=1, sort_keys=True, ensure_ascii=False
    ).encode()


def unsealed(path: Path) -> dict[str, Any] | None:
    """What a sealed file says; None when it is missing, unreadable or not what was written."""
    try:
        content = json.loads(content_of(path))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(content, dict) or content.pop(SEAL, None) != _seal(content):
        return None
    return content


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the names of a folder; systems that cannot are left alone."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def opened(path: Path) -> BufferedReader:
    """A regular file, to be read: no link is followed, and no pipe or device is waited for.

    Raises
    ------
    OSError
        when it is anything else, or missing.
    """
    handle = os.open(path, os.O_RDONLY | _NO_LINK)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "no regular file", str(path))
    return os.fdopen(handle, "rb")


def content_of(path: Path) -> bytes:
    """The content of a small regular file.

    Raises
    ------
    OSError
        when it is anything else, missing, or larger than such files ever are.
    """
    with opened(path) as file:
        if os.fstat(file.fileno()).st_size > LARGEST:
            raise OSError(errno.EFBIG, "too large to be what it is called", str(path))
        return file.read()


def sha256_of(path: Path) -> str:
    """SHA-256 of a regular file's content."""
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _seal(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
