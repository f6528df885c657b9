"""The best of the scenarios of a study, as a question that a study answers (`experiment.select=best`).

Invariant: scenarios compete with those that meet the same customers alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sim.analysis.best_of_many import TABLE
from sim.choosing.contests import Contest, Rule, hold, table
from sim.study.bench import Bench
from sim.study.design import RUN_SETTINGS, Design, Row, canonical, scenario_digest
from sim.study.inquiry import Told

GIVEN = ("company", "demand", "customers")
"""What scenarios share that compete: nobody chooses customers and demand."""
MOST_TOLD = 8
"""Scenarios of one contest that are told in full."""


@dataclass(frozen=True)
class Best:
    """Which of these scenarios is the best by a rule; `fresh`: replications of what is told."""

    rows: tuple[Row, ...]
    rule: Rule
    fresh: int
    study: ClassVar[str] = "best"

    @property
    def identity(self) -> str:
        """Name of the question's content."""
        digests = [scenario_digest(row.scenario) for row in self.rows]
        rule = self.rule
        asked = [rule.metric, rule.indifference, rule.first, rule.most, self.fresh]
        return hashlib.sha256(canonical([self.study, digests, asked]).encode()).hexdigest()

    @property
    def worlds(self) -> list[list[int]]:
        """Numbers of the scenarios that meet the same customers."""
        found: dict[str, list[int]] = {}
        for place, row in enumerate(self.rows):
            found.setdefault(canonical(_given(row.scenario)), []).append(place)
        return list(found.values())

    def answer(self, bench: Bench) -> Told:
        """Hold the contests, then play the best and those not told apart from it afresh."""
        worlds = self.worlds
        contests = hold(self.rows, worlds, self.rule, bench)
        told = [place for own in contests for place in told_of(own, own.places[:1])]
        people = [int(row.scenario["staffing"]["headcount"]) for row in self.rows]
        play_afresh([self.rows[place] for place in told], self.fresh, bench)
        return Told(
            [self.rows[place] for place in told], {TABLE: table(self.rows, contests, told, self.rule, people)}
        )


def told_of(own: Contest, always: Sequence[int], most: int = MOST_TOLD) -> list[int]:
    """Who of a contest is told: some always, then the best and those not told apart from it."""
    return list(dict.fromkeys([*always, *own.ranking]))[: max(most, len(always) + 1)]


def play_afresh(rows: Sequence[Row], count: int, bench: Bench) -> None:
    """Play what is told on the replications of every comparison, which nobody was chosen by."""
    bench.progress.start(len(rows) * count, 0)
    bench.counted = True
    bench.figures([(Design.of([row]), range(count)) for row in rows])


def _given(plain: Mapping[str, Any]) -> dict[str, Any]:
    experiment = {key: value for key, value in plain["experiment"].items() if key not in RUN_SETTINGS}
    return {**{key: plain[key] for key in GIVEN}, "experiment": experiment}
