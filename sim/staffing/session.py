"""How many people for the same service, as a question that a study answers.

Invariant: what is told was measured on replications that the search has not seen.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sim.staffing.answer import Answer
from sim.staffing.case import Case, Workers
from sim.staffing.confirm import Plan, plan
from sim.staffing.sample import Figures, Sample, sample_of
from sim.staffing.search import Ask, Found, Search, together
from sim.staffing.settings import Settings
from sim.staffing.tables import tables_of
from sim.staffing.targets import Target
from sim.study.bench import SEARCH, Bench
from sim.study.design import Design, Row, canonical, scenario_digest
from sim.study.inquiry import Told
from sim.study.options import Progress

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

    @property
    def study(self) -> str:
        """First part of the folder's name."""
        return STUDY

    def answer(self, bench: Bench) -> Told:
        """Find the fewest people for every structure and test them afresh.

        Raises
        ------
        BadScenario
            when the people cannot be spread over the departments.
        """
        answers = _Hunt(self, bench.progress).answers(bench)
        return Told([row for answer in answers for row in answer.rows], tables_of(answers, self))


@dataclass(frozen=True)
class _Hunt:
    """The search for the answers to a question, and the test of what it finds."""

    question: Question
    progress: Progress

    def answers(self, bench: Bench) -> list[Answer]:
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
