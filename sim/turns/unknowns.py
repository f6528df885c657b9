"""Which conclusions survive what nobody knows: all uncertain inputs drawn at once, and stepped one by one.

Invariant: which settings are played follows from inputs and seed alone, before anything has been played.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Final

from sim.analysis.drivers import LEVELS, cube
from sim.analysis.unknowns import INPUTS, TABLE
from sim.model.check import mistakes
from sim.study.bench import Bench
from sim.study.inquiry import Told
from sim.study.sampling import Sampling, unit_cube
from sim.turns.looks import NOW, Looks, Point, row_at
from sim.turns.question import Question

TRAJECTORIES: Final = 10
"""Morris trajectories: each changes every input once; ten are the field's usual number (Campolongo 2007)."""
IS_NOW, JOINT, STEP = "now", "joint", "step"


@dataclass(frozen=True)
class Place:
    """A setting that is played: its role, the share of the range at which each input is, its trajectory."""

    role: str
    shares: tuple[float, ...]
    trajectory: int = -1


@dataclass(frozen=True)
class Unknowns(Question):
    """In which of `samples` joint settings each conclusion holds; `held`: unknowns without a range."""

    samples: int
    sampler: str
    seed: int
    held: tuple[str, ...] = ()
    name: ClassVar[str] = TABLE

    @property
    def _more(self) -> tuple[Any, ...]:
        return self.samples, self.sampler, self.seed

    @cached_property
    def places(self) -> list[Place]:
        """Settings that are allowed: joint ones, then trajectories as a whole."""
        joint = [Place(JOINT, shares) for shares in self._joint() if self._allowed(shares)]
        paths = ((number, path) for number, path in enumerate(self._paths()) if all(map(self._allowed, path)))
        return [*joint, *(Place(STEP, shares, number) for number, path in paths for shares in path)]

    @property
    def fixed(self) -> list[Point]:
        """Points that are played, the scenario of now first."""
        return [NOW, *(self._point(place.shares) for place in self.places)]

    def answer(self, bench: Bench) -> Told:
        """Play every setting with every structure."""
        looks = Looks(self.rows, self.inputs, self.metric, bench)
        points = self.fixed
        bench.progress.start(len(points) * len(self.rows) * self.count, 0)
        bench.counted = True
        looks.played(points, self.count)
        return Told(looks.told(points), {TABLE: self._table(), INPUTS: self._inputs()})

    def _joint(self) -> Iterator[tuple[float, ...]]:
        sampling = Sampling(self.samples, self.sampler, self.seed)
        return map(tuple, unit_cube(sampling, len(self.inputs)).tolist())

    def _paths(self) -> Iterator[list[tuple[float, ...]]]:
        from SALib.sample import morris

        many = len(self.inputs)
        steps = morris.sample(cube(many), TRAJECTORIES, LEVELS, seed=self.seed)
        return ([tuple(row) for row in path.tolist()] for path in steps.reshape(TRAJECTORIES, many + 1, many))

    def _point(self, shares: Sequence[float]) -> Point:
        own = zip(self.inputs, shares, strict=True)
        return tuple(
            (number, one.between(one.low, one.high, share)) for number, (one, share) in enumerate(own)
        )

    def _allowed(self, shares: Sequence[float]) -> bool:
        """Whether the values are allowed together, whatever the structure."""
        point = self._point(shares)
        return not any(mistakes(row_at(row, self.inputs, point).scenario) for row in self.rows)

    def _table(self) -> dict[str, list[Any]]:
        """A row a setting, that of now first; a column an input, by its number."""
        now = Place(IS_NOW, tuple(own.share(own.now) for own in self.inputs))
        places = [now, *self.places]
        values = [tuple((number, own.now) for number, own in enumerate(self.inputs)), *self.fixed[1:]]
        inputs = range(len(self.inputs))
        return {
            "scenario": [number * len(self.rows) for number in range(len(places))],
            "structures": [len(self.rows)] * len(places),
            "metric": [self.metric] * len(places),
            "role": [place.role for place in places],
            "trajectory": [place.trajectory for place in places],
            **{f"share_{number}": [place.shares[number] for place in places] for number in inputs},
            **{f"value_{number}": [point[number][1] for point in values] for number in inputs},
        }

    def _inputs(self) -> dict[str, list[Any]]:
        """A row an input, then a row an unknown that is left as it is for want of a range (no evidence)."""
        rows: list[dict[str, Any]] = [{"scenario": 0, "varied": True} | vars(own) for own in self.inputs]
        empty = {name: type(value)() for name, value in rows[0].items()}
        rows += [empty | {"key": key} for key in self.held]
        wanted = self.samples + TRAJECTORIES * (len(self.inputs) + 1)
        left_out = wanted - len(self.places)
        return {name: [row[name] for row in rows] for name in empty} | {"left_out": [left_out] * len(rows)}
