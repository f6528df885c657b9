"""The border between winners over two inputs: a grid that is refined where the winner changes.

Invariant: which points are played follows from the replications of points played before, and every one of
them is told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from sim.analysis.crossover import COARSE, FINE, Cell, Place, leaves
from sim.study.bench import Bench
from sim.study.inquiry import Told
from sim.turns.looks import NOW, Looks, Point
from sim.turns.question import Question

STUDY: Final = "crossover"


@dataclass(frozen=True)
class Crossover(Question):
    """Where the winner changes over two inputs, by `most` points."""

    most: int
    name: ClassVar[str] = STUDY

    @property
    def _more(self) -> tuple[Any, ...]:
        return (self.most,)

    @property
    def fixed(self) -> list[Point]:
        """Points that are played whatever comes out: now, and the coarse grid."""
        return [NOW, *map(self.point, grid())]

    def point(self, place: Place) -> Point:
        """The values at a place of the fine grid."""
        return tuple(
            (number, own.between(own.low, own.high, at / FINE))
            for number, (own, at) in enumerate(zip(self.inputs, place, strict=True))
        )

    def answer(self, bench: Bench) -> Told:
        """Play the coarse grid, then refine cells whose corners differ until the points are spent."""
        looks = Looks(self.rows, self.inputs, self.metric, bench)
        bench.progress.start(max(self.most, len(self.fixed)) * len(self.rows) * self.count, 0)
        bench.counted = True
        winners: dict[Place, str] = {}
        wanted = list(grid())
        looks.leads([NOW], self.count)
        while wanted:
            leads = looks.leads([self.point(place) for place in wanted], self.count)
            winners |= {place: lead.word for place, lead in zip(wanted, leads, strict=True)}
            wanted = self._next(winners)
        points = [NOW, *map(self.point, winners)]
        return Told(looks.told(points), {STUDY: self._table(list(winners))})

    def _next(self, winners: Mapping[Place, str]) -> list[Place]:
        """The points that divide the coarsest cells with a border in them, as many as there may be."""
        open_cells = [cell for cell in leaves(winners) if cell.step > 1 and differs(cell, winners)]
        largest = max((cell.step for cell in open_cells), default=0)
        found: dict[Place, None] = {}
        for cell in sorted(open_cells, key=lambda cell: -rank(cell, winners)):
            fresh = [place for place in cell.dividing if place not in winners and place not in found]
            if cell.step == largest and len(winners) + len(found) + len(fresh) < self.most:
                found |= dict.fromkeys(fresh)
        return list(found)

    def _table(self, places: Sequence[Place]) -> dict[str, list[Any]]:
        """A row a point, that of now first (place -1): its place and values, and its first scenario."""
        about = {
            f"{axis}_{name}": value
            for axis, own in zip("xy", self.inputs, strict=True)
            for name, value in (*vars(own).items(), ("share_now", own.share(own.now)))
        }
        now = tuple((number, own.now) for number, own in enumerate(self.inputs))
        rows = [((-1, -1), now), *((place, self.point(place)) for place in places)]
        return {
            "scenario": [number * len(self.rows) for number in range(len(rows))],
            "structures": [len(self.rows)] * len(rows),
            "metric": [self.metric] * len(rows),
            **{axis: [place[side] for place, _ in rows] for side, axis in enumerate("xy")},
            **{f"{axis}_value": [point[side][1] for _, point in rows] for side, axis in enumerate("xy")},
            **{name: [value] * len(rows) for name, value in about.items()},
        }


def grid() -> Iterator[Place]:
    """The places of the coarse grid."""
    return ((x, y) for y in range(0, FINE + 1, COARSE) for x in range(0, FINE + 1, COARSE))


def differs(cell: Cell, winners: Mapping[Place, str]) -> bool:
    """Whether a border runs through a cell: its corners do not all say the same."""
    return len({winners[corner] for corner in cell.corners}) > 1


def rank(cell: Cell, winners: Mapping[Place, str]) -> int:
    """How many structures win at its corners: where two do, the border is near."""
    return len({winners[corner] for corner in cell.corners} - {""})
