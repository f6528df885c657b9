"""Writing files so that a name never stands for half a file.

Invariant: what is under a final name was complete and on the disk before it got that name.
"""

import contextlib
import hashlib
import os
import uuid
from pathlib import Path


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


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the names of a folder; systems that cannot are left alone."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
