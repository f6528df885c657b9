"""The search over structures: blocks and axes first, then merges and splits of the best, played in races.

Invariant: every partition is looked at once, on replications of the search alone; which are looked at follows
from the question and from what was measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, Protocol

import numpy as np

from sim.analysis.best_of_many import fields
from sim.analysis.leading import studied
from sim.choosing.contests import Rule
from sim.choosing.limits import Asked
from sim.choosing.partitions import Department, Partition, by_blocks, neighbours, with_staying, written
from sim.model.check import BadScenario
from sim.model.check import scenario as checked
from sim.model.scenario import Scenario
from sim.organisation import build_organisation
from sim.study.bench import SEARCH, Bench
from sim.study.design import Design, Row
from sim.study.frames import frames
from sim.trajectory import MANAGER
from sim.world import build_customer_model

RACE: Final = SEARCH + 2**32
"""First number of the replications that a race sees; a selection counts from SEARCH."""
LAPS: Final = (3, 8)
"""Replications of all in a race, and of those that did best."""
FEWEST: Final = 8
SHARE: Final = 4
"""How many go into the second lap: so many, or one of so many."""
BEAM: Final = 2
"""Partitions whose neighbours are looked at next."""
FINALISTS: Final = 10
MOST_ROUNDS: Final = 12


@dataclass(frozen=True)
class Candidate:
    """A partition as a scenario; `made`: where it comes from."""

    cells: Partition
    row: Row
    workers: tuple[int, ...]
    managers: int
    made: str


class Question(Protocol):
    """What is asked of a search."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """The structures that were named; of the first, all but the structure is kept."""
        ...

    @property
    def asked(self) -> Asked:
        """The limits."""
        ...

    @property
    def stay(self) -> Mapping[str, Department]:
        """Departments that stay, by name."""
        ...

    @property
    def rule(self) -> Rule:
        """What is best."""
        ...


def candidate(cells: Partition, made: str, base: Scenario, question: Question) -> Candidate | None:
    """A partition as a scenario; None where it does not keep the limits."""
    asked = question.asked
    if len(cells) > min(asked.departments, base.staffing.headcount // asked.smallest):
        return None
    structure: dict[str, Any] = {
        "name": "found",
        "description": f"Found by orgdes search, by {made}.",
        "source": "orgdes search",
        "blocks": [],
        "departments": written(cells, base.company, question.stay),
        "coordinators": None,
    }
    row = Row({**question.rows[0].scenario, "structure": structure})
    staffed = staff_of(row.scenario)
    return Candidate(cells, row, *staffed, made) if staffed and asked.keeps(*staffed) else None


@dataclass
class Hunt:
    """One search: the scenario, whose structure alone is changed; its limits; what was looked at."""

    question: Question
    base: Scenario
    bench: Bench
    seen: set[Partition] = field(default_factory=set)
    played: int = 0
    refused: int = 0
    _designs: dict[Partition, Design] = field(default_factory=dict)

    def finalists(self) -> list[Candidate]:
        """The best of blocks and axes, and of what merging and splitting them leads to."""
        starts = (with_staying(own, self._kept) for own in by_blocks(self.base.company))
        half = self.question.asked.candidates // 2
        front = self.race(list(islice(self._allowed(starts, "blocks and axes"), half)))
        self.bench.progress.message(f"{self.played} structures of blocks and axes looked at")
        for _ in range(MOST_ROUNDS):
            moves = (new for own in front[:BEAM] for new in neighbours(own.cells, self._kept))
            fresh = list(self._allowed(moves, "merging and splitting"))
            if not fresh:
                break
            before = [own.cells for own in front[:BEAM]]
            front = self.race([*front[:FINALISTS], *fresh])
            self.bench.progress.message(f"{self.played} structures looked at, merged and split")
            if [own.cells for own in front[:BEAM]] == before:
                break
        return front[:FINALISTS]

    @property
    def _kept(self) -> Partition:
        return frozenset(self.question.stay.values())

    def _allowed(self, found: Iterable[Partition], made: str) -> Iterator[Candidate]:
        """Those not looked at before that keep the limits, as many as may be played."""
        for cells in found:
            if cells in self.seen or self.played >= self.question.asked.candidates:
                continue
            self.seen.add(cells)
            found_one = candidate(cells, made, self.base, self.question)
            if found_one is None:
                self.refused += 1
            else:
                self.played += 1
                yield found_one

    def race(self, starters: Sequence[Candidate]) -> list[Candidate]:
        """The best first: all over a few replications, those that did best over some more."""
        first = self._ranked(starters, LAPS[0])
        return self._ranked(first[: max(FEWEST, len(first) // SHARE)], LAPS[1])

    def _ranked(self, starters: Sequence[Candidate], count: int) -> list[Candidate]:
        """By their mean; those that cannot be ranked are left out, one alone stays."""
        if len(starters) < 2:
            return list(starters)
        designs = [self._design(own) for own in starters]
        measured = self.bench.figures([(own, range(RACE, RACE + count)) for own in designs])
        table = frames([own.row for own in starters], measured, self.bench.units)
        found = fields(*studied(table, [range(len(starters))]), self.question.rule.metric).get(0)
        if found is None:
            return []
        means = np.nanmean(found.values, axis=1)
        return [starters[found.scenarios[place]] for place in np.argsort(means, kind="stable")]

    def _design(self, own: Candidate) -> Design:
        if own.cells not in self._designs:
            self._designs[own.cells] = Design.of([own.row.in_short])
        return self._designs[own.cells]


def staff_of(plain: Mapping[str, Any]) -> tuple[tuple[int, ...], int] | None:
    """Workers by department, and managers; None where people cannot be spread, or some cannot keep up."""
    try:
        scenario = checked(dict(plain))
        organisation = build_organisation(scenario, build_customer_model(scenario))
    except BadScenario:
        return None
    if scenario.experiment.kind == "long_run" and float(organisation.load.max()) >= 1.0:
        return None
    workers = np.diff(organisation.first_worker).tolist()
    return tuple(workers), int((organisation.role == MANAGER).sum())
