"""The one entry: a question in, the folder of its answer out.

Invariant: calling it again with the same question and folder goes on where it was interrupted, and comes to
the same answer with any number of workers.
"""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from sim.staffing.answer import Answer
from sim.staffing.case import Case, Workers
from sim.staffing.confirm import Plan, plan
from sim.staffing.sample import Figures, Sample, sample_of
from sim.staffing.search import SEARCH, Ask, Found, Search, together
from sim.staffing.settings import Settings
from sim.staffing.tables import tables_of
from sim.staffing.targets import Target
from sim.study.agreement import OtherVersions
from sim.study.backends import check_backend
from sim.study.bench import Bench, Unfinished
from sim.study.design import Design, Row, canonical, portable, scenario_digest
from sim.study.finalise import Ending, finalise
from sim.study.options import Options, Outcome, Progress, Silent
from sim.study.provenance import versions
from sim.study.stopping import Stopping
from sim.study.store.folder import Store, StoreTrouble

STUDY = "staff"


@dataclass(frozen=True)
class Question:
    """Structures (checked scenarios with names), the service they have to give, and the settings."""

    rows: tuple[Row, ...]
    targets: tuple[Target, ...]
    settings: Settings = field(default_factory=Settings)

    @property
    def cases(self) -> list[Case]:
        """A case for each structure."""
        return [Case(row.label, row.scenario, self.targets, self.settings.most) for row in self.rows]

    @property
    def identity(self) -> str:
        """Name of the question's content."""
        asked = [[target.key, target.limit] for target in self.targets]
        settings = self.settings
        how = [settings.confidence, settings.most, settings.around, settings.replications, self.least]
        digests = [scenario_digest(row.scenario) for row in self.rows]
        return hashlib.sha256(canonical([STUDY, digests, asked, how]).encode()).hexdigest()

    @property
    def least(self) -> int:
        """Replications of every staff that is told."""
        return int(self.rows[0].scenario["experiment"]["replications"])


def folder_of(question: Question, parent: Path | str = "results") -> Path:
    """The folder of a question: the same command always finds its own."""
    return Path(parent) / f"{STUDY}-{question.identity[:8]}"


def run_staffing(
    question: Question,
    folder: Path | str,
    *,
    options: Options | None = None,
    progress: Progress | None = None,
    stopping: Stopping | None = None,
    finish: Callable[[Path], None] | None = None,
) -> Outcome:
    """Find the fewest people for every structure, test them afresh, and write the folder of the answer.

    Raises
    ------
    OtherSweep, FolderInUse, OtherVersions
        when the folder belongs to another question, to another run, or to other versions of packages.
    BadScenario
        when the people cannot be spread over the departments.
    """
    options = options or Options()
    check_backend(options.backend)
    place = Path(folder).absolute()
    return _Session(question, place, options, progress or Silent(), stopping or Stopping(), finish).outcome()


@dataclass
class _Session:
    question: Question
    folder: Path
    options: Options
    progress: Progress
    stopping: Stopping
    finish: Callable[[Path], None] | None

    def outcome(self) -> Outcome:
        began, trouble = time.monotonic(), ""
        started = datetime.now(UTC).isoformat(timespec="seconds")
        rows = self.question.rows
        identity = {
            "design": self.question.identity,
            "study": STUDY,
            "scenarios": len(rows),
            "base": portable(rows[0].scenario),
        }
        design = Design.of(rows)
        with Store(self.folder, identity) as store:
            bench = Bench(store, self.options, self.progress, self.stopping)
            try:
                _check_versions(store, design.fingerprint)
                store.session({"started": started, "versions": versions(), "model": design.fingerprint})
                answers = self._answers(bench)
                design = Design.of([row for answer in answers for row in answer.rows])
                ending = Ending(design, store, design.runs, self.options, started)
                finalise(ending, self.finish, always=bench.played > 0, more=tables_of(answers, self.question))
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

    def _answers(self, bench: Bench) -> list[Answer]:
        cases = self.question.cases
        rooms = [_Room(case, bench) for case in cases]
        for case in cases:
            self.progress.message(f"{case.name}: the search begins with {case.first_guess} people")

        def play(asked: list[list[Ask]]) -> list[list[Sample]]:
            return _played(rooms, asked, SEARCH, bench)

        found = together([Search(case).run() for case in cases], play)
        for case, own in zip(cases, found, strict=True):
            self.progress.message(f"{case.name}: {_told(own)}")
        settings = self.question.settings
        least, most = self.question.least, max(self.question.least, settings.replications)
        plans = [
            plan(case, own, settings.around, least, most, settings.confidence)
            for case, own in zip(cases, found, strict=True)
        ]
        asked = [[(made.staffs[size], made.counts[size]) for size in made.staffs] for made in plans]
        runs = {
            design.run(0, number).key
            for room, own in zip(rooms, asked, strict=True)
            for staff, count in own
            for design in (room.design(staff),)
            for number in range(count)
        }
        self.progress.start(len(runs), sum(key in bench.store.finished for key in runs))
        bench.counted = True
        samples = _played(rooms, asked, 0, bench)
        return [
            self._answer(room, own, made, fresh)
            for room, own, made, fresh in zip(rooms, found, plans, samples, strict=True)
        ]

    def _answer(self, room: "_Room", found: Found, made: Plan, fresh: Sequence[Sample]) -> Answer:
        samples = dict(zip(made.staffs, fresh, strict=True))
        figures = {size: room.figures[staff, 0] for size, staff in made.staffs.items()}
        answer = Answer(room.case, found, made, samples, figures, {}, self.question.settings.confidence)
        if answer.fewest is not None:
            return answer
        return replace(answer, parts=room.bench.parts(room.design(answer.staff), range(self.question.least)))

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


@dataclass
class _Room:
    """A case with the designs of its staffs, and what has been measured of them."""

    case: Case
    bench: Bench
    figures: dict[tuple[Workers, int], list[Figures | None]] = field(default_factory=dict)
    _designs: dict[tuple[Workers, int], Design] = field(default_factory=dict)

    def design(self, staff: Workers, first: int = 0) -> Design:
        """The scenario with this staff, named by its content once; a search keeps summaries alone."""
        if (staff, first) not in self._designs:
            keep = "summary" if first else str(self.case.plain["experiment"]["keep"])
            self._designs[staff, first] = Design.of([self.case.row(staff, keep=keep)])
        return self._designs[staff, first]


def _told(found: Found) -> str:
    """What a search came to, in a line."""
    tried = f"{len(found.tried)} staffs tried"
    if found.fewest is None:
        return f"no number of people seems to be enough, {tried}"
    return f"{found.fewest} people seem to be enough, {tried}; now tested afresh"


def _played(
    rooms: Sequence[_Room], asked: Sequence[Sequence[Ask]], first: int, bench: Bench
) -> list[list[Sample]]:
    """Samples of what each room asks for, all of it played at once; replications count from `first`."""
    flat = [(room, staff, count) for room, own in zip(rooms, asked, strict=True) for staff, count in own]
    wanted = [(room.design(staff, first), range(first, first + count)) for room, staff, count in flat]
    samples = []
    for (room, staff, _), measured in zip(flat, bench.figures(wanted), strict=True):
        room.figures[staff, first] = measured
        samples.append(sample_of(room.case.targets, measured, room.case.long_run))
    told = iter(samples)
    return [[next(told) for _ in own] for own in asked]
