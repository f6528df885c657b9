"""One writer a folder.

Invariant: whoever holds the lock made the file themselves and finds their own token in it; a lock is
stale only when its process is provably gone, never because it is old.
"""

import contextlib
import json
import os
import socket
import uuid
from pathlib import Path
from typing import Any

from sim.study.store.files import content_of, temporary_name

NAME = "orgdes.lock"


class FolderInUse(Exception):
    """Another run is writing to the folder."""


class Lock:
    """The right to write to a folder, held from creation to `release`."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._token = uuid.uuid4().hex
        for _ in range(20):
            if self._create():
                return
            self._remove_stale()
        raise FolderInUse(f"{folder.name}: the lock {NAME} changes hands all the time; try again")

    def held(self) -> bool:
        """Is the lock in the folder still ours?"""
        return _content(self._path).get("token") == self._token

    def release(self) -> None:
        """Give the folder free, unless somebody else holds it by now."""
        if self.held():
            self._path.unlink(missing_ok=True)

    def _create(self) -> bool:
        prepared = self._path.parent / temporary_name()
        prepared.write_text(json.dumps({**identity(os.getpid()), "token": self._token}))
        try:
            # A hard link appears whole or not at all, and fails when the name is taken.
            os.link(prepared, self._path)
        except FileExistsError:
            return False
        except OSError:
            return self._create_plainly()
        finally:
            prepared.unlink(missing_ok=True)
        return True

    def _create_plainly(self) -> bool:
        try:
            handle = os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except FileExistsError:
            return False
        with os.fdopen(handle, "w") as file:
            file.write(json.dumps({**identity(os.getpid()), "token": self._token}))
        return True

    def _remove_stale(self) -> None:
        seen = _content(self._path)
        if seen and _alive(seen):
            raise FolderInUse(
                f"{self._path.parent.name}: process {seen.get('pid')} is writing to this folder. "
                f"Wait until it has finished, or stop it; if no such run exists on any machine, remove {NAME}"
            )
        # Renaming takes the one file that is there; should it be the fresh lock of a third run, it goes back.
        aside = self._path.parent / temporary_name()
        with contextlib.suppress(FileNotFoundError):
            os.rename(self._path, aside)
            if _content(aside).get("token") != seen.get("token"):
                with contextlib.suppress(OSError):
                    os.link(aside, self._path)
            aside.unlink(missing_ok=True)


def identity(process: int) -> dict[str, Any]:
    """What tells a process from every other: machine, boot, number and start."""
    return {"pid": process, "host": socket.gethostname(), "boot": _boot(), "started": _started(process)}


def _alive(holder: dict[str, Any]) -> bool:
    if holder.get("host") != socket.gethostname():
        return True  # cannot be seen from here
    process = holder.get("pid")
    if holder.get("boot") != _boot() or not isinstance(process, int) or process <= 0:
        return False
    if os.name == "nt":
        return True  # there, asking would end the process
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return holder.get("started") == _started(process)


def _boot() -> str:
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return ""


def _started(process: int) -> str:
    with contextlib.suppress(OSError, IndexError):
        # The name of the process stands in brackets and may hold spaces; then its state and, 20th, its start.
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return "" if fields[0] == "Z" else fields[19]
    return ""


def _content(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(content_of(path))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
