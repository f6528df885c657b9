"""The answer for one structure: the fewest people, what one fewer breaks, what limits the impossible.

Invariant: every figure here comes from fresh replications.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from sim.analysis.catalogue import SHARES
from sim.analysis.inference import Intervals, intervals
from sim.analysis.rows import COMPANY
from sim.analysis.shares import share_intervals
from sim.staffing.case import Case, Workers
from sim.staffing.confirm import Plan, confirmed
from sim.staffing.sample import OPEN, Figures, Floats, Sample, largest_load
from sim.staffing.search import Found
from sim.staffing.targets import Target
from sim.study.design import Row

MET, IMPOSSIBLE, UNSETTLED = "met", "impossible", "not settled"


class Estimate(NamedTuple):
    """A mean over replications with its 95 % interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Answer:
    """What is known of one structure. `samples`, `figures`: by people.

    `parts`: hours by kind of time under the people that are told, where they do not meet the targets.
    """

    case: Case
    found: Found
    made: Plan
    samples: Mapping[int, Sample]
    figures: Mapping[int, list[Figures | None]]
    parts: Mapping[str, float]
    confidence: float

    @cached_property
    def fewest(self) -> int | None:
        """The fewest people shown to meet all targets."""
        return confirmed(self.made, self.samples, self.confidence)

    @property
    def status(self) -> str:
        """Met; impossible with any number of people; or not settled."""
        if self.fewest is not None:
            return MET
        return IMPOSSIBLE if self.found.fewest is None else UNSETTLED

    @property
    def shown(self) -> int:
        """The people that are told: the fewest, else those that came nearest."""
        return self.made.guess if self.fewest is None else self.fewest

    @property
    def staff(self) -> Workers:
        """Workers by department of the people that are told."""
        return self.made.staffs[self.shown]

    @property
    def below(self) -> int | None:
        """The next smaller staff that was looked at afresh."""
        return max((size for size in self.made.staffs if size < self.shown), default=None)

    @property
    def rows(self) -> list[Row]:
        """A scenario for every staff that was looked at afresh."""
        keep = str(self.case.plain["experiment"]["keep"])
        return [
            self.case.row(staff, self.made.counts[size], keep) for size, staff in self.made.staffs.items()
        ]

    def values(self, people: int, metric: str, scope: str = COMPANY) -> Floats:
        """(replications,) of a metric; NaN where it was not measured."""
        found = [np.nan if own is None else own.get((metric, scope), np.nan) for own in self.figures[people]]
        return np.array(found)

    def estimate(self, people: int, metric: str, scope: str = COMPANY) -> Estimate:
        """Mean and interval of a metric."""
        values = self.values(people, metric, scope)[None, :]
        found: Intervals = intervals(values)
        if metric in SHARES and len(values[0]) > 1:
            found = share_intervals(values)
        return Estimate(float(found.mean[0]), float(found.low[0]), float(found.high[0]))

    def verdict(self, people: int) -> str:
        """Yes, no or not settled: is it shown that these people meet all targets, or miss one?"""
        error = 1.0 - self.confidence
        if self.samples[people].p_not_met() <= error:
            return "yes"
        return "no" if self.samples[people].p_met() <= error else "not settled"

    def broken(self, people: int) -> Target:
        """The target that these people miss by most, in standard errors."""
        return [*self.case.targets, OPEN][self.samples[people].tightest]

    def loads(self, people: int) -> list[float]:
        """The largest load of a department or desk in each replication; infinite where a budget ended it."""
        return [np.inf if own is None else largest_load(own) for own in self.figures[people]]

    def busiest(self, people: int) -> tuple[str, float]:
        """The department in which most hours are waited, and the busy share of its people.

        Where a queue has no end: the department with the largest load.
        """
        names = self.case.departments
        if self.samples[people].steady:
            asked = [
                self.mean(people, "wait_per_visit", f"department:{name}")
                * self.mean(people, "visits_done", f"department:{name}")
                for name in names
            ]
        else:
            asked = [self.values(people, "load", f"department:{name}").max() for name in names]
        name = names[int(np.argmax(np.nan_to_num(asked, nan=-1.0)))]
        return name, self.mean(people, "utilisation", f"department:{name}")

    def mean(self, people: int, metric: str, scope: str = COMPANY) -> float:
        """Mean over the replications that have the metric."""
        return float(intervals(self.values(people, metric, scope)[None, :]).mean[0])
