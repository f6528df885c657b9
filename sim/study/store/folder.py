"""The store of a sweep: which runs are finished, and how finished batches come in safely.

Invariant: a run counts as done only when its batch lies under its final name, with the content that the
name's SHA-256 says, and every such batch is found again after any interruption.
"""

import contextlib
import errno
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.study import fault
from sim.study.store.files import (
    sealed,
    sha256_of,
    sync_folder,
    unsealed,
    write_and_sync,
    write_safely,
)
from sim.study.store.journal import Journal, read
from sim.study.store.lock import NAME as LOCK
from sim.study.store.lock import Lock

FORMAT = 1
BATCHES, QUARANTINE, IDENTITY, JOURNAL = "batches", "quarantine", "sweep.json", "journal.txt"


class OtherSweep(Exception):
    """The folder holds another sweep."""


class StoreTrouble(Exception):
    """The folder cannot be written: disk full, permission lost, lock taken."""


@dataclass(frozen=True)
class Receipt:
    """A worker's word on a batch it has written under a temporary name.

    `ended`: (key, status, message) of each run. `rest`: keys the worker gave back unfinished. `content`
    carries the file itself when the worker cannot see the folder.
    """

    temporary: str
    sha256: str
    ended: tuple[tuple[str, str, str], ...]
    rest: tuple[str, ...] = ()
    seconds: float = 0.0
    content: bytes | None = None


@dataclass(frozen=True)
class Finished:
    """Where a finished run lies and how it ended."""

    batch: str
    status: str
    message: str = ""


@dataclass
class Store:
    """The open folder of a sweep; one at a time, by its lock."""

    folder: Path
    identity: dict[str, Any]
    finished: dict[str, Finished] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def __enter__(self) -> "Store":
        self._make()
        try:
            self._lock = Lock(self.folder)
        except OSError as error:
            raise self.trouble(error) from error
        try:
            self._open()
        except OSError as error:
            self._lock.release()
            raise self.trouble(error) from error
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):  # what is wrong has been told
            if self._lock.held():
                self._remove_temporary_files()
            self._lock.release()

    def check_held(self) -> None:
        """Is the folder still there, and ours?

        Raises
        ------
        StoreTrouble
            when it is not.
        """
        if not self._lock.held():
            raise StoreTrouble(
                f"{self.folder.name}: the folder is gone, or another run has taken it over. "
                "What it held is safe where it is now; put it back and run the same command again"
            )

    @property
    def batches(self) -> Path:
        """The folder of the batch files."""
        return self.folder / BATCHES

    def done(self, key: str) -> bool:
        """Has the run ended well?"""
        return key in self.finished and self.finished[key].status == "ok"

    def commit(self, receipt: Receipt) -> None:
        """Take in a batch: verify, give it its final name, write it into the journal.

        Raises
        ------
        StoreTrouble
            when the folder cannot be written or is no longer ours.
        """
        if not receipt.ended:
            return
        self.check_held()
        temporary = self.batches / receipt.temporary
        try:
            if receipt.content is not None:
                write_and_sync(temporary, receipt.content)
            if sha256_of(temporary) != receipt.sha256:
                raise StoreTrouble(
                    f"{self.folder.name}: a batch was damaged in writing; run the same command again"
                )
            name = f"{receipt.sha256}.parquet"
            fault.point("before_rename")
            os.replace(temporary, self.batches / name)
            sync_folder(self.batches)
            fault.point("after_rename")
            self._record(name, receipt.ended)
        except OSError as error:
            raise self.trouble(error) from error

    def trouble(self, error: OSError) -> StoreTrouble:
        """What an error of the disk means, in words."""
        what = os.strerror(error.errno) if error.errno else str(error)
        if error.filename:
            what += f" ({Path(error.filename).name})"
        room = "make room, or give back the right to write"
        if error.errno == errno.EFBIG:
            room = "raise the limit of the shell (ulimit -f)"
        elif error.errno == errno.ENOSPC and self.folder.exists():
            what += f"; {shutil.disk_usage(self.folder).free / 1e6:,.0f} MB free"
        return StoreTrouble(
            f"cannot write to {self.folder.name}: {what}. What is finished is safe: {room}, and run it again"
        )

    def quarantine(self, path: Path, why: str) -> None:
        """Move a file out of the way, never delete it."""
        place = self.folder / QUARANTINE
        place.mkdir(exist_ok=True)
        target, number = place / path.name, 0
        while target.exists():
            number += 1
            target = place / f"{path.name}.{number}"
        os.replace(path, target)
        self.notes.append(f"{path.name}: {why}; moved to {QUARANTINE}/")

    def session(self, about: dict[str, Any]) -> None:
        """Write into the journal under which versions the folder is continued."""
        self._journal.append({"session": about})

    @property
    def sessions(self) -> list[dict[str, Any]]:
        """All runs that have worked on the folder, oldest first."""
        return [entry["session"] for entry in self._journal.entries if "session" in entry]

    def _make(self) -> None:
        if self.folder.is_symlink() or (self.folder.exists() and not self.folder.is_dir()):
            raise OtherSweep(f"{self.folder.name} is not a folder of results")
        if self.folder.exists() and (link := next(filter(Path.is_symlink, self.folder.iterdir()), None)):
            raise OtherSweep(
                f"{self.folder.name} holds a link, {link.name}, which is not followed; remove it"
            )
        known = self.folder / IDENTITY
        if self.folder.exists() and not known.exists() and any(_foreign(self.folder)):
            raise OtherSweep(f"{self.folder.name} is not empty and holds no sweep; choose another folder")
        try:
            (self.folder / BATCHES).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self.trouble(error) from error

    def _open(self) -> None:
        self._check_identity()
        self._journal = Journal(self.folder / JOURNAL)
        if self._journal.damaged:
            self.notes.append(
                f"{JOURNAL}: {self._journal.damaged} damaged line(s) cut off; batches are checked anew"
            )
        self._remove_temporary_files()
        self._take_stock()

    def _check_identity(self) -> None:
        path = self.folder / IDENTITY
        wanted = {"format": FORMAT, **self.identity}
        if not path.exists():
            write_safely(path, sealed(wanted))
            return
        found = unsealed(path)
        if found is None:
            self.quarantine(path, "damaged")
            return self._check_identity()
        if found.get("design") != wanted["design"] or found.get("format") != FORMAT:
            raise OtherSweep(_difference(self.folder.name, found, wanted))

    def _remove_temporary_files(self) -> None:
        for place in (self.folder, self.batches):
            for path in place.glob(".*.tmp"):
                path.unlink(missing_ok=True)

    def _take_stock(self) -> None:
        present = {path.name: path for path in self.batches.glob("*.parquet")}
        recorded = {entry["batch"]: entry for entry in self._journal.entries if "batch" in entry}
        missed = {entry["gone"] for entry in self._journal.entries if "gone" in entry}
        gone = [name for name in recorded if name not in present and name not in missed]
        for name, entry in recorded.items():
            if name in present and self._intact(present.pop(name)):
                self._remember(name, _ended(entry))
        for path in present.values():
            self._adopt(path)
        for name in gone:
            self._journal.append({"gone": name})
            if any(key not in self.finished for key in recorded[name]["ok"]):
                self.notes.append(f"{name}: gone; its runs are computed again")

    def _intact(self, path: Path) -> bool:
        if not path.is_symlink() and sha256_of(path) == path.stem:
            return True
        self.quarantine(path, "damaged")
        return False

    def _adopt(self, path: Path) -> None:
        """Take in a batch that has its final name and is missing in the journal."""
        from sim.study.store.batch import decode, design_of

        if len(path.stem) != 64:
            self.notes.append(f"{path.name}: not written by this program; ignored")
        elif self._intact(path):
            table = decode(path, ["key", "status", "message"])
            if design_of(table) != self.identity["design"]:
                self.quarantine(path, "belongs to another sweep")
                return
            rows = table.to_pydict()
            self._record(path.name, zip(rows["key"], rows["status"], rows["message"], strict=True))

    def _record(self, name: str, ended: Iterable[tuple[str, str, str]]) -> None:
        ended = list(ended)
        done = [key for key, status, _ in ended if status == "ok"]
        other = [list(run) for run in ended if run[1] != "ok"]
        self._journal.append({"batch": name, "ok": done, "other": other})
        self._remember(name, ended)

    def _remember(self, name: str, ended: Iterable[tuple[str, str, str]]) -> None:
        for key, status, message in ended:
            if status == "ok" or key not in self.finished or self.finished[key].status != "ok":
                self.finished[key] = Finished(name, status, message)


def asked_before(folder: Path) -> int:
    """The most replications of a scenario that a run of this folder asked for; 0 where none did."""
    try:
        entries, _, _ = read(folder / JOURNAL)
    except OSError:
        return 0
    sessions = [entry["session"] for entry in entries if isinstance(entry.get("session"), dict)]
    return max((int(each.get("replications", 0)) for each in sessions), default=0)


def _ended(entry: dict[str, Any]) -> Iterable[tuple[str, str, str]]:
    yield from ((key, "ok", "") for key in entry["ok"])
    yield from ((key, status, message) for key, status, message in entry["other"])


def _foreign(folder: Path) -> Iterable[Path]:
    """What a folder holds that a sweep does not begin with; another run may be beginning this very moment."""
    own = {BATCHES, QUARANTINE, IDENTITY, JOURNAL, LOCK}
    return (path for path in folder.iterdir() if path.name not in own and not path.name.startswith("."))


def _difference(name: str, found: dict[str, Any], wanted: dict[str, Any]) -> str:
    from sim.schema.paths import flat

    before, after = flat(found.get("base", {})), flat(wanted.get("base", {}))
    changed = [
        f"{key}: {before.get(key)!r} there, {after.get(key)!r} now"
        for key in sorted({*before, *after})
        if before.get(key) != after.get(key)
    ]
    if found.get("scenarios") != wanted.get("scenarios"):
        changed.insert(0, f"{found.get('scenarios')} scenarios there, {wanted.get('scenarios')} now")
    shown = "; ".join(changed[:8]) or "the settings that are varied differ"
    return f"{name} holds another sweep ({shown}). Choose another folder, or leave it out to get a new one"
