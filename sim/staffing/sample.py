"""What replications say about a staff: by how much each target is met, and how surely.

Invariant: a staff whose queues have no end, or that leaves requests open, meets no target.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.analysis.inference import intervals, standardised, t_probability
from sim.analysis.relaxation import LASTING
from sim.analysis.stationarity import LOADS, UNRESOLVED
from sim.staffing.targets import Target

Floats = NDArray[np.float64]
Figures = Mapping[tuple[str, str], float]
OPEN = Target("unresolved", UNRESOLVED)
"""What every staff has to keep: above it no mean is told."""
SURE = 3.0
"""Standard errors between mean and limit at which a search asks no further."""


@dataclass(frozen=True)
class Sample:
    """Replications of one staff.

    slack : (targets, replications) by how much each target is met, in its unit; below 0 it is missed. The
        last row is the share of unresolved requests. NaN where a replication has no such value.
    steady : no department has more work than hours in any replication.
    """

    slack: Floats
    steady: bool

    @property
    def replications(self) -> int:
        """How many."""
        return int(self.slack.shape[1])

    @property
    def means(self) -> Floats:
        """(targets,) mean slack; -infinity where nothing was measured, or the queues have no end."""
        found = intervals(self.slack).mean
        return np.where(np.isfinite(found), found, -np.inf) if self.steady else np.full(len(found), -np.inf)

    @property
    def errors(self) -> Floats:
        """(targets,) standard errors of the means."""
        return np.nan_to_num(intervals(self.slack).error, nan=np.inf)

    @property
    def met(self) -> bool:
        """Do the means meet all targets?"""
        return bool((self.means >= 0.0).all())

    @property
    def clear(self) -> bool:
        """Is there nothing to gain from more replications: all targets surely met, or one surely missed?"""
        if not self.steady or not np.isfinite(self.means).all():
            return True
        if not self.errors.any():
            return True
        distance = standardised(self.means, self.errors)
        return bool((distance >= SURE).all() or (distance <= -SURE).any())

    def p_not_met(self) -> float:
        """p of "some target is missed": the largest of one-sided t tests, one a target (Berger 1982)."""
        if not self.steady or not np.isfinite(self.means).all():
            return 1.0
        freedom = np.full(len(self.slack), self.replications - 1)
        below = np.nan_to_num(t_probability(standardised(-self.means, self.errors), freedom), nan=1.0)
        return float(np.where(self.errors > 0, below, np.where(self.means >= 0, 0.0, 1.0)).max())

    def p_met(self) -> float:
        """p of "all targets are met": the smallest of one-sided t tests, times their number (Bonferroni)."""
        if not self.steady or not np.isfinite(self.means).all():
            return 0.0
        freedom = np.full(len(self.slack), self.replications - 1)
        above = np.nan_to_num(t_probability(standardised(self.means, self.errors), freedom), nan=1.0)
        each = np.where(self.errors > 0, above, np.where(self.means < 0, 0.0, 1.0))
        return float(min(1.0, len(self.slack) * each.min()))

    def strain(self, scale: Floats) -> tuple[float, float]:
        """How far off, to choose between staffs: violations in units of `scale`, then the least slack."""
        units = self.means / scale
        return float(-np.minimum(units, 0.0).sum()), float(-units.min())

    @property
    def scale(self) -> Floats:
        """(targets,) standard deviation between replications, or a hundredth where there is none."""
        found = np.nan_to_num(intervals(self.slack).deviation)
        return np.where(found > 0.0, found, 0.01)

    @property
    def tightest(self) -> int:
        """Number of the target that is missed by most, or met by least, in standard errors."""
        return int(np.argmin(standardised(self.means, self.errors)))


def sample_of(targets: Sequence[Target], measured: Sequence[Figures | None], long_run: bool = True) -> Sample:
    """A sample from what was measured; None where a budget ended a replication, which counts as no end.

    `long_run`: whether queues have to end; a period that is over tells what happened in it.
    """
    played = [figures for figures in measured if figures is not None]
    asked = [*targets, OPEN]
    slack = [[_slack(target, figures) for figures in played] for target in asked]
    ending = not long_run or all(largest_load(figures) < 1.0 for figures in played)
    steady = len(played) == len(measured) and ending
    return Sample(np.array(slack, np.float64).reshape(len(asked), len(played)), steady)


def _slack(target: Target, figures: Figures) -> float:
    return target.sign * (figures.get((target.metric, target.scope), np.nan) - target.limit)


def largest_load(figures: Figures) -> float:
    """The largest expected load of a department or desk, of work that cannot leave where customers do."""
    found = {metric for metric, _ in figures}
    names = LASTING if LASTING[0] in found else LOADS
    return max((value for (metric, _), value in figures.items() if metric in names), default=0.0)
