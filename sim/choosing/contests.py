"""Contests among many scenarios: all are looked at, and those that may be the best get further replications.

Invariant: looks, levels and the difference that does not matter are fixed by the first look, so the chosen is
the best, or within that difference of it, with 95 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.best_of_many import (
    BEST,
    COLUMNS,
    LEFT,
    OUT,
    UNRANKED,
    Field,
    Margin,
    fields,
    margin_of,
    names_of,
)
from sim.analysis.catalogue import judged
from sim.analysis.leading import studied
from sim.analysis.screening import Screened, looks, screen
from sim.schema.paths import flat
from sim.study.bench import SEARCH, Bench
from sim.study.design import Design, Row
from sim.study.frames import frames

if TYPE_CHECKING:
    from sim.study.run import Columns

FIRST = 10
"""Replications of the first look, at least: the spread of fewer says little."""


@dataclass(frozen=True)
class Rule:
    """Who is the best: by which metric, what does not matter (None: the margin of every verdict), how many
    replications the first look has, and how many there may be."""

    metric: str
    indifference: float | None
    first: int
    most: int

    @property
    def looks(self) -> list[int]:
        """Replications at which is looked."""
        return looks(max(FIRST, self.first), max(FIRST, self.first, self.most))


@dataclass
class Contest:
    """Scenarios that meet the same customers, by their numbers, and what is known of each."""

    places: tuple[int, ...]
    left: list[int] = field(default_factory=list)
    size: int = 0
    margin: Margin | None = None
    best: int = -1
    done: bool = False
    mean: dict[int, float] = field(default_factory=dict)
    above: dict[int, float] = field(default_factory=dict)
    count: dict[int, int] = field(default_factory=dict)

    def take(self, found: Field | None, count: int, rule: Rule) -> None:
        """Take in a look; nobody competes where fewer than two can be ranked."""
        if found is None:
            self.done, self.left = True, self.left if self.best >= 0 else []
            return
        self.size = self.size or len(found.scenarios)
        shown = screen(found.values, self.size, len(rule.looks))
        if self.margin is None:
            self.margin = margin_of(rule.metric, found.unit, float(shown.mean[shown.best]), rule.indifference)
        self._note(found, shown, count, -judged(rule.metric).better.value)
        self.done = shown.settled(self.margin.value)

    def _note(self, found: Field, shown: Screened, count: int, sign: int) -> None:
        self.left = [found.scenarios[place] for place in np.flatnonzero(shown.left)]
        self.best = found.scenarios[shown.best]
        for place, scenario in enumerate(found.scenarios):
            self.mean[scenario] = sign * float(shown.mean[place])
            self.above[scenario], self.count[scenario] = float(shown.above[place]), count

    def state(self, place: int) -> str:
        """What became of a scenario."""
        if place == self.best:
            return BEST
        return LEFT if place in self.left else OUT if place in self.mean else UNRANKED

    @property
    def ranking(self) -> list[int]:
        """Those that may be the best, the best first; nobody where none can be ranked."""
        return sorted(self.left, key=lambda place: (place != self.best, self.above[place] * -1.0, place))


def hold(
    rows: Sequence[Row], worlds: Sequence[Sequence[int]], rule: Rule, bench: Bench, start: int = SEARCH
) -> list[Contest]:
    """Hold a contest in each world, a list of numbers of `rows`, on replications from `start` on."""
    designs = [Design.of([row.in_short]) for row in rows]
    contests = [Contest(tuple(own), list(own)) for own in worlds]
    for own in contests:
        if len(own.places) < 2:  # nothing to choose
            own.take(None, 0, rule)
    for count in rule.looks:
        active = [own for own in contests if not own.done]
        if not active:
            break
        asked = [place for own in active for place in own.left]
        measured = bench.figures([(designs[place], range(start, start + count)) for place in asked])
        found = _fields(
            [rows[place] for place in asked], measured, [len(own.left) for own in active], rule, bench
        )
        for place, own in enumerate(active):
            own.take(_renumbered(found.get(place), asked), count, rule)
        bench.progress.message(_told(active, count))
    return contests


def _fields(
    rows: Sequence[Row], measured: Any, sizes: Sequence[int], rule: Rule, bench: Bench
) -> dict[int, Field]:
    ends = np.cumsum([0, *sizes]).tolist()
    settings = [range(*pair) for pair in pairwise(ends)]
    return fields(*studied(frames(rows, measured, bench.units), settings), rule.metric)


def _renumbered(found: Field | None, asked: Sequence[int]) -> Field | None:
    return found and found._replace(scenarios=tuple(asked[number] for number in found.scenarios))


def _told(active: Sequence[Contest], count: int) -> str:
    left = sum(len(own.left) for own in active)
    many = sum(len(own.places) for own in active)
    return f"{count} replications each: {left} of {many} may be the best"


def table(
    rows: Sequence[Row], contests: Sequence[Contest], told: Sequence[int], rule: Rule, people: Sequence[int]
) -> Columns:
    """A row a scenario: what became of it. `told`: numbers of the rows that are told, in that order."""
    lines: list[tuple[Any, ...]] = []
    for world, own in enumerate(contests):
        names = names_of([flat(dict(rows[place].scenario)) for place in own.places])
        margin = own.margin or Margin(0.0, 0.0, "", 1.0)
        for place, name in zip(own.places, names, strict=True):
            number = told.index(place) if place in told else 0
            about = (number, place in told, world, rule.metric, name, rows[place].structure, people[place])
            known = (own.state(place), own.count.get(place, 0), own.mean.get(place, float("nan")))
            ends = (own.above.get(place, 0.0), own.size, margin.told, margin.told_in, margin.scale)
            lines.append((*about, *known, *ends, rule.looks[-1]))
    return {name: list(column) for name, column in zip(COLUMNS, zip(*lines, strict=True), strict=True)}
