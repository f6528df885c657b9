"""A question whose scenarios are found while it is answered: its folder, its end, its way back.

Invariant: calling it again with the same question and folder goes on where it was interrupted, and comes to
the same answer with any number of workers.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from sim.study.agreement import OtherVersions
from sim.study.backends import check_backend
from sim.study.bench import Bench, Unfinished
from sim.study.design import Design, Row, portable
from sim.study.finalise import Ending, finalise
from sim.study.options import Options, Outcome, Progress, Silent
from sim.study.provenance import versions
from sim.study.run import Columns
from sim.study.stopping import Stopping
from sim.study.store.folder import Store, StoreTrouble


@dataclass(frozen=True)
class Told:
    """An answer: the scenarios it is told by, in the order of the tables, and its own tables."""

    rows: Sequence[Row]
    tables: Mapping[str, Columns]


class Inquiry(Protocol):
    """What is asked."""

    @property
    def study(self) -> str:
        """First part of the folder's name."""
        ...

    @property
    def identity(self) -> str:
        """Name of the question's content."""
        ...

    @property
    def rows(self) -> tuple[Row, ...]:
        """The scenarios it begins with."""
        ...

    def answer(self, bench: Bench) -> Told:
        """Ask the bench for replications until there is an answer."""
        ...


def folder_of(inquiry: Inquiry, parent: Path | str = "results") -> Path:
    """The folder of a question: the same command always finds its own."""
    return Path(parent) / f"{inquiry.study}-{inquiry.identity[:8]}"


def run_inquiry(
    inquiry: Inquiry,
    folder: Path | str,
    *,
    options: Options | None = None,
    progress: Progress | None = None,
    stopping: Stopping | None = None,
    finish: Callable[[Path], None] | None = None,
) -> Outcome:
    """Answer a question and write the folder of its answer.

    Raises
    ------
    OtherSweep, FolderInUse, OtherVersions
        when the folder belongs to another question, to another run, or to other versions of packages.
    """
    options = options or Options()
    check_backend(options.backend)
    place = Path(folder).absolute()
    return _Session(inquiry, place, options, progress or Silent(), stopping or Stopping(), finish).outcome()


@dataclass
class _Session:
    inquiry: Inquiry
    folder: Path
    options: Options
    progress: Progress
    stopping: Stopping
    finish: Callable[[Path], None] | None

    def outcome(self) -> Outcome:
        began, trouble = time.monotonic(), ""
        started = datetime.now(UTC).isoformat(timespec="seconds")
        rows = self.inquiry.rows
        identity = {
            "design": self.inquiry.identity,
            "study": self.inquiry.study,
            "scenarios": len(rows),
            "base": portable(rows[0].scenario),
        }
        design = Design.of(rows)
        with Store(self.folder, identity) as store:
            bench = Bench(store, self.options, self.progress, self.stopping)
            try:
                _check_versions(store, design.fingerprint)
                store.session({"started": started, "versions": versions(), "model": design.fingerprint})
                told = self.inquiry.answer(bench)
                design = Design.of(told.rows)
                ending = Ending(design, store, design.runs, self.options, started)
                finalise(ending, self.finish, always=bench.played > 0, more=told.tables)
            except Unfinished as end:
                trouble = "" if self.stopping.requested else str(end)
            except KeyboardInterrupt:
                self.stopping.requested = self.stopping.now = True
            except StoreTrouble as error:
                trouble = str(error)
            except OSError as error:
                trouble = str(store.trouble(error))
            finally:
                bench.close()
            return self._summed(design, bench, trouble, time.monotonic() - began)

    def _summed(self, design: Design, bench: Bench, trouble: str, seconds: float) -> Outcome:
        return Outcome(
            folder=self.folder,
            scenarios=len(design.rows),
            runs=bench.played + bench.reused,
            done=bench.played + bench.reused,
            reused=bench.reused,
            failed=0,
            stopped=0,
            infeasible=0,
            interrupted=self.stopping.requested,
            message=trouble,
            notes=tuple(bench.store.notes),
            seconds=seconds,
            open_ended=True,
        )


def _check_versions(store: Store, model: str) -> None:
    """Refuse to mix what packages of other versions have computed: no search can tell whether it matters."""
    before = next((past for past in reversed(store.sessions) if past["model"] == model), None)
    if before is not None and before["versions"] != versions():
        what = f"{store.folder.name} was begun with other versions of packages"
        raise OtherVersions(f"{what}. Go back to them, or choose another folder")
