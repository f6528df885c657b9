"""Values of an input looked at: scenarios played for every structure, and who leads there.

Invariant: all structures of a point and all points meet the same customers, replication by replication.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sim.analysis.leading import Lead, leading
from sim.study.bench import Bench, Figures
from sim.study.design import DESIGNED, Design, Row
from sim.study.frames import frames
from sim.turns.inputs import Input, varied

Point = tuple[tuple[int, float], ...]
"""Values of some inputs by their number; the others are as they are now."""
NOW: Final[Point] = ()


@dataclass
class Looks:
    """Points of a question: its structures, inputs, metric, and the designs that have been made."""

    rows: Sequence[Row]
    inputs: Sequence[Input]
    metric: str
    bench: Bench
    _designs: dict[tuple[Point, int, bool], Design] = field(default_factory=dict)

    def leads(self, points: Sequence[Point], count: int, first: int = 0) -> list[Lead]:
        """Who leads at each point, by `count` replications from number `first` on."""
        if not points:
            return []
        rows, measured = self.played(points, count, first)
        size = len(self.rows)
        settings = [range(start, start + size) for start in range(0, len(rows), size)]
        return leading(frames(rows, measured, self.bench.units), settings, self.metric)

    def played(
        self, points: Sequence[Point], count: int, first: int = 0
    ) -> tuple[list[Row], list[list[Figures | None]]]:
        """Play these points; their scenarios, structure by structure, and what was measured in each."""
        asked = [(point, place) for point in points for place in range(len(self.rows))]
        numbers = range(first, first + count)
        wanted = [(self._design(point, place, told=first == 0), numbers) for point, place in asked]
        return [design.rows[0] for design, _ in wanted], self.bench.figures(wanted)

    def told(self, points: Sequence[Point]) -> list[Row]:
        """The scenarios of these points, structure by structure."""
        return [row for point in points for row in self._rows(point)]

    def _design(self, point: Point, place: int, *, told: bool) -> Design:
        """A scenario named by its content once; what is not told is kept in short."""
        known = (point, place, told)
        if known not in self._designs:
            row = self._row(point, place)
            self._designs[known] = Design.of([row if told else row.in_short])
        return self._designs[known]

    def _rows(self, point: Point) -> Iterator[Row]:
        return (self._row(point, place) for place in range(len(self.rows)))

    def _row(self, point: Point, place: int) -> Row:
        return row_at(self.rows[place], self.inputs, point)


def row_at(base: Row, inputs: Sequence[Input], point: Point) -> Row:
    """A structure's scenario with the values of a point."""
    plain: Mapping[str, Any] = base.scenario
    overrides = [*base.overrides]
    for number, value in point:
        own = inputs[number]
        if DESIGNED.match(own.key):
            plain = {**plain, "staffing": {**plain["staffing"], "held": {}, "held_coordinators": {}}}
        plain = varied(plain, own, value)
        overrides.append(f"{own.key}={own.set_to(value)!r}")
    return replace(base, scenario=dict(plain), overrides=tuple(overrides))
