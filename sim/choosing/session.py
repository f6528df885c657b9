"""Which structure serves best under stated limits, as a question that a study answers.

Invariant: searched, selected and told on three sets of replications, none of which has seen the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from sim.analysis.best_of_many import TABLE
from sim.choosing.best import play_afresh, told_of
from sim.choosing.contests import Contest, Rule, hold, table
from sim.choosing.limits import Asked
from sim.choosing.partitions import Department, Partition, by_blocks, with_staying
from sim.choosing.search import Candidate, Hunt, candidate, staff_of
from sim.model.check import scenario as checked
from sim.model.partition import partition
from sim.study.bench import Bench
from sim.study.design import Row, canonical, scenario_digest
from sim.study.inquiry import Told
from sim.study.run import Columns

STUDY = "search"
MOST_FOUND = 4
"""Structures that were found and are told, the best and those not told apart from it."""


@dataclass(frozen=True)
class Search:
    """Structures to compare with (the first: today's), the rule, the limits, and the command as typed."""

    rows: tuple[Row, ...]
    rule: Rule
    asked: Asked
    stay: Mapping[str, Department]
    fresh: int
    words: str = ""
    config_dir: str = ""
    study: ClassVar[str] = STUDY

    @property
    def identity(self) -> str:
        """Name of the question's content."""
        digests = [scenario_digest(row.scenario) for row in self.rows]
        rule = [self.rule.metric, self.rule.indifference, self.rule.first, self.rule.most, self.fresh]
        limits = [list(own) if isinstance(own, tuple) else own for own in vars(self.asked).values()]
        return hashlib.sha256(canonical([STUDY, digests, rule, limits]).encode()).hexdigest()

    def answer(self, bench: Bench) -> Told:
        """Search, select among the finalists and the structures that were named, tell them afresh."""
        hunt = Hunt(self, checked(dict(self.rows[0].scenario)), bench)
        found = hunt.finalists()
        known = {cells_of(row) for row in self.rows}
        fresh = [_renamed(own.row, place) for place, own in enumerate(self._new(found, known))]
        rows = [*self.rows, *fresh]
        competing = [place for place, row in enumerate(self.rows) if self._allowed(row)]
        competing += range(len(self.rows), len(rows))
        [held] = hold(rows, [competing], self.rule, bench)
        told = told_of(held, range(len(self.rows)), len(self.rows) + MOST_FOUND)
        final = [
            *self.rows,
            *(_renamed(rows[place], number) for number, place in enumerate(told[len(self.rows) :])),
        ]
        play_afresh(final, self.fresh, bench)
        return Told(
            final, {TABLE: self._selection(rows, held, told, final), STUDY: self._looked(hunt, final)}
        )

    def _new(self, found: Sequence[Candidate], known: set[Partition]) -> list[Candidate]:
        """Those that are none of the structures named."""
        return [own for own in found if own.cells not in known]

    def _allowed(self, row: Row) -> bool:
        """Whether a named structure keeps the limits, and what has to stay."""
        staffed = staff_of(row.scenario)
        kept = set(self.stay.values()) <= cells_of(row)
        return staffed is not None and kept and self.asked.keeps(*staffed)

    def _selection(
        self, rows: Sequence[Row], held: Contest, told: Sequence[int], final: Sequence[Row]
    ) -> Columns:
        """The table of the selection, with the names that are told; other finalists come after."""
        names = dict(zip(told, final, strict=True))
        others = [place for place in range(len(rows)) if place not in names]
        names |= {
            place: _renamed(rows[place], len(final) - len(self.rows) + n) for n, place in enumerate(others)
        }
        people = [int(row.scenario["staffing"]["headcount"]) for row in rows]
        return table([names[place] for place in range(len(rows))], [held], told, self.rule, people)

    def _looked(self, hunt: Hunt, final: Sequence[Row]) -> Columns:
        """A row a structure that is told: whether it was found, what was looked at, under which limits."""
        many = len(final)
        columns: dict[str, list[Any]] = {
            "scenario": list(range(many)),
            "structure": [row.structure for row in final],
            "found": [place >= len(self.rows) for place in range(many)],
        }
        about = {
            "looked_at": hunt.played, "left_out": hunt.refused, "words": self.words,
            "config_dir": self.config_dir, "limits": self.limits
        }  # fmt: skip
        return columns | {key: [value] * many for key, value in about.items()}

    @property
    def is_possible(self) -> bool:
        """Whether a structure of blocks and axes, or one that is named, keeps the limits."""
        if any(map(self._allowed, self.rows)):
            return True
        base = checked(dict(self.rows[0].scenario))
        kept = frozenset(self.stay.values())
        starts = (with_staying(own, kept) for own in by_blocks(base.company))
        return any(candidate(own, "", base, self) is not None for own in starts)

    @property
    def limits(self) -> str:
        """What a structure has to keep, in words."""
        blank = vars(Asked())
        given = {
            key: value
            for key, value in vars(self.asked).items()
            if value != blank[key] and key != "candidates"
        }
        told = {"smallest": self.asked.smallest, **given}
        return "; ".join(
            f"{key} {', '.join(value) if isinstance(value, tuple) else value}" for key, value in told.items()
        )


def cells_of(row: Row) -> Partition:
    """The partition that a structure makes; nobody's where coordinators own requests too."""
    scenario = checked(dict(row.scenario))
    made = partition(scenario.structure, scenario.company).departments
    return (
        frozenset(frozenset(cells) for cells in made.values())
        if scenario.structure.coordinators is None
        else frozenset()
    )


def _renamed(row: Row, number: int) -> Row:
    structure = row.scenario["structure"] | {"name": f"found_{number + 1}"}
    return replace(row, scenario=row.scenario | {"structure": structure})
