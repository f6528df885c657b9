"""Which of many may be the best: who is surely worse than another goes, at looks fixed beforehand.

Invariant: the best is screened out with at most 5 % at all looks together, whatever the means are.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from sim.analysis.exact import Flags, Floats, Integers
from sim.analysis.inference import Intervals, intervals, t_quantile
from sim.analysis.verdict import LEVEL

GROWTH = 1.5
"""How many times as many replications the next look has."""
MOST_RIVALS = 30
"""Systems with the lowest means that others are compared with; to compare with fewer only keeps more."""


def looks(first: int, most: int) -> list[int]:
    """Replications at which is looked, from the first look on to the cap.

    >>> looks(20, 100), looks(20, 20), looks(30, 20)
    ([20, 30, 45, 68, 100], [20], [20])
    """
    found = [min(first, most)]
    while found[-1] < most:
        found.append(min(most, ceil(GROWTH * found[-1])))
    return found


@dataclass(frozen=True)
class Screened:
    """What a look says of n systems: `best` has the lowest mean, `left` may be the best.

    `above`: (n,) by how much a system may at most be better than `best`; 0 where it is screened out.
    """

    best: int
    mean: Floats
    left: Flags
    above: Floats

    def settled(self, indifference: float) -> bool:
        """Whether no other is better than the best found by more than the indifference."""
        others = np.arange(len(self.mean)) != self.best
        return bool((self.above[others] <= indifference).all())


def screen(values: Floats, size: int, many: int) -> Screened:
    """Screen (systems, replications); lower is better, column i of all systems met the same world.

    A system goes if its mean lies above that of any other by more than a one-sided paired t interval at the
    level 5 % / `many` looks / (`size` - 1) rivals reaches. The best of all goes only if one of these
    intervals with it misses, so with at most 5 % (Bonferroni), for any means and any correlation; Gupta
    (1965), Nelson, Swann, Goldsman and Song (2001). Where it stays, the same intervals bound by how much it
    can be better than the system with the lowest mean (multiple comparisons with the best, Hsu 1984).

    size : systems that the first look had; many : looks there may be.

    >>> found = screen(np.array([[1.0, 2.0, 3.0], [1.1, 2.0, 3.2], [9.0, 9.9, 11.0]]), 3, 1)
    >>> found.best, found.left.tolist(), [round(float(own), 2) for own in found.above]
    (0, [True, True, False], [0.0, 0.15, 0.0])
    """
    mean = intervals(values).mean
    best = int(np.nanargmin(mean))
    level = LEVEL / (many * max(size - 1, 1))
    left = ~_worse(values, np.arange(len(values)), np.array([best]), level)
    lowest = np.argsort(mean, kind="stable")[:MOST_RIVALS]
    left &= ~_worse(values, np.flatnonzero(left), lowest, level)
    left[best] = True
    change = intervals(values[best] - values)
    above = np.where(left, change.mean + _reach(change, level), 0.0)
    above[best] = 0.0
    return Screened(best, mean, left, above)


def _worse(values: Floats, asked: Integers, rivals: Integers, level: float) -> Flags:
    """(systems,) whether one of those asked is surely worse than one of the rivals."""
    found = np.zeros(len(values), np.bool_)
    for rival in rivals.tolist():
        change = intervals(values[asked] - values[rival])
        found[asked] |= change.mean - _reach(change, level) > 0
    return found


def _reach(change: Intervals, level: float) -> Floats:
    """How far a one-sided interval reaches; infinite where there is none."""
    reach = t_quantile(1.0 - level, change.n - 1) * change.error
    return np.where(np.isfinite(reach), reach, np.inf)
