"""From replications to intervals, tests and sample sizes; the replication is the unit of analysis.

Invariant: rows are samples and columns replications; a missing value (NaN) is left out of its row only,
and where fewer than two values are left there is no interval.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sim.analysis.exact import Floats, Integers, ratio, row_means, row_sums

CONFIDENCE = 0.95
POWER = 0.9


@dataclass(frozen=True)
class Intervals:
    """Means of samples with their t intervals; all arrays of shape (samples,), NaN where there is none."""

    mean: Floats
    low: Floats
    high: Floats
    deviation: Floats
    n: Integers

    @property
    def error(self) -> Floats:
        """Standard error of the mean."""
        return self.deviation / np.sqrt(np.maximum(self.n, 1))


def intervals(values: Floats, confidence: float | Floats = CONFIDENCE) -> Intervals:
    """Two-sided t interval of each row of (samples, replications); exact sums, so no order matters.

    The same rule serves means and quantiles: each replication gives one value, and the values of independent
    replications are what varies. A sample without spread has an interval of width 0. Shares have their own,
    see `shares`.

    >>> found = intervals(np.array([[1.0, 2.0, 3.0], [5.0, np.nan, np.nan]]))
    >>> found.mean.tolist(), found.n.tolist()
    ([2.0, 5.0], [3, 1])
    >>> round(float(found.high[0]), 6), float(found.high[1])  # 2 + 4.302653 / sqrt(3)
    (4.484138, nan)
    """
    seen = np.isfinite(values)
    n = seen.sum(axis=1).astype(np.int64)
    mean = row_means(values, seen, n)
    squares = row_sums(np.where(seen, values - mean[:, None], 0.0) ** 2, seen)
    deviation = np.sqrt(ratio(squares, np.maximum(n - 1, 0).astype(np.float64)))
    reach = t_quantile(0.5 + confidence / 2, n - 1) * deviation / np.sqrt(np.maximum(n, 1))
    return Intervals(mean, mean - reach, mean + reach, deviation, n)


def sign_p(values: Floats) -> Floats:
    """Two-sided p of "as many differences above 0 as below": what it takes is no mean and no variance.

    Differences of 0 are left out; NaN without any other.

    >>> sign_p(np.array([[1.0] * 10, [1.0] * 9 + [-1.0], [0.0] * 10])).round(5).tolist()
    [0.00195, 0.02148, nan]
    """
    from scipy.special import bdtr

    above, below = (values > 0).sum(axis=1), (values < 0).sum(axis=1)
    told = above + below
    found: Floats = np.minimum(1.0, 2.0 * bdtr(np.minimum(above, below), np.maximum(told, 1), 0.5))
    return np.where(told > 0, found, np.nan)


def t_quantile(probability: float | Floats, freedom: Integers) -> Floats:
    """Quantile of Student's t, NaN without degrees of freedom.

    >>> round(float(t_quantile(0.975, np.array([9]))[0]), 6)
    2.262157
    """
    from scipy.special import stdtrit

    known = np.maximum(freedom, 1).astype(np.float64)
    found: Floats = np.where(freedom >= 1, stdtrit(known, probability), np.nan)
    return found


def t_probability(statistic: Floats, freedom: Integers) -> Floats:
    """P(T <= statistic) of Student's t; +-infinity allowed, NaN without degrees of freedom."""
    from scipy.special import stdtr

    known = np.maximum(freedom, 1).astype(np.float64)
    found: Floats = np.where(freedom >= 1, stdtr(known, statistic), np.nan)
    return found


def standardised(distance: Floats, error: Floats) -> Floats:
    """distance / error; without spread it is 0 or infinite, by the sign of the distance.

    >>> standardised(np.array([1.0, -1.0, 0.0]), np.array([0.5, 0.0, 0.0])).tolist()
    [2.0, -inf, 0.0]
    """
    spread = error > 0
    plain = distance / np.where(spread, error, 1.0)
    return np.where(spread, plain, np.where(distance == 0, 0.0, np.copysign(np.inf, distance)))


def difference_p(found: Intervals) -> Floats:
    """Two-sided p of "the mean is 0"; shape (samples,)."""
    distance = np.abs(standardised(found.mean, found.error))
    return 2.0 * t_probability(-distance, found.n - 1)


def equivalence_p(found: Intervals, margin: Floats) -> Floats:
    """p of "the mean lies outside (-margin, margin)": two one-sided t tests (Schuirmann 1987).

    >>> sure = intervals(np.array([[0.01, 0.02, 0.0, 0.01]]))
    >>> bool(equivalence_p(sure, np.array([0.1]))[0] < 0.001)
    True
    """
    above = t_probability(standardised(found.mean - margin, found.error), found.n - 1)
    below = t_probability(standardised(-margin - found.mean, found.error), found.n - 1)
    return np.maximum(above, below)


def tested_at(p: Floats, adjusted: Floats) -> Floats:
    """Confidence of the interval that excludes 0 exactly when the adjusted p is below 5 %.

    >>> tested_at(np.array([0.01, 0.0, np.nan]), np.array([0.03, 0.0, np.nan])).round(4).tolist()
    [0.9833, 0.95, 0.95]
    """
    known = (p > 0) & (adjusted > 0)
    share = np.where(known, p / np.where(known, adjusted, 1.0), 1.0)
    return np.asarray(1.0 - (1.0 - CONFIDENCE) * share)


def holm(p: Floats, family: Integers) -> Floats:
    """Holm's step-down adjusted p values within each family; NaN takes no part.

    >>> holm(np.array([0.01, 0.04, 0.03, 0.5]), np.array([0, 0, 0, 1])).round(12).tolist()
    [0.03, 0.06, 0.06, 0.5]
    """
    adjusted = np.full(len(p), np.nan)
    tested = np.flatnonzero(np.isfinite(p))
    order = tested[np.lexsort((p[tested], family[tested]))]
    edges = np.flatnonzero(np.diff(family[order], prepend=-1, append=-2))
    for start, stop in pairwise(edges):
        steps = p[order[start:stop]] * np.arange(stop - start, 0, -1)
        adjusted[order[start:stop]] = np.minimum(1.0, np.maximum.accumulate(steps))
    return adjusted


def correlations(first: Floats, second: Floats) -> Floats:
    """Correlation over replications of each pair of rows; NaN where one does not vary.

    >>> correlations(np.array([[1.0, 2.0, 3.0]]), np.array([[2.0, 4.0, 6.0]])).round(12).tolist()
    [1.0]
    """
    both = np.isfinite(first) & np.isfinite(second)
    a, b = (np.where(both, side, np.nan) for side in (first, second))
    one, two = (np.where(both, side - intervals(side).mean[:, None], 0.0) for side in (a, b))
    product, squares = row_sums(one * two, both), row_sums(one**2, both) * row_sums(two**2, both)
    return ratio(product, np.sqrt(squares))


@dataclass(frozen=True)
class Relative:
    """(mean of second - mean of first) / |mean of first| with its interval; arrays of shape (pairs,)."""

    change: Floats
    low: Floats
    high: Floats


def relative_changes(first: Floats, second: Floats, confidence: float | Floats = CONFIDENCE) -> Relative:
    """Change of the mean from `first` to `second`, as a share of the first's size, paired by replication.

    Fieller's interval (1954): all shares that a paired t test of "second = (1 + share) first" does not
    reject. So it allows for the noise of the reference too, and excludes 0 exactly when the t interval of
    the difference does. Unbounded, told as NaN, where the reference itself cannot be told from 0.

    >>> found = relative_changes(np.array([[20.0, 22.0, 24.0]]), np.array([[10.0, 11.0, 12.0]]))
    >>> found.change.tolist(), found.low.round(12).tolist(), found.high.round(12).tolist()
    ([-0.5], [-0.5], [-0.5])
    >>> half_the_loss = relative_changes(np.array([[-20.0, -20.0]]), np.array([[-10.0, -10.0]]))
    >>> half_the_loss.change.tolist()
    [0.5]
    """
    both = np.isfinite(first) & np.isfinite(second)
    one, two = (intervals(np.where(both, side, np.nan)) for side in (first, second))
    k = t_quantile(0.5 + confidence / 2, one.n - 1) ** 2 / np.maximum(one.n, 1)
    away = [np.where(both, s - m.mean[:, None], 0.0) for s, m in ((first, one), (second, two))]
    covariance = ratio(row_sums(away[0] * away[1], both), np.maximum(one.n - 1, 0).astype(np.float64))
    scale = one.mean**2 - k * one.deviation**2
    middle = one.mean * two.mean - k * covariance
    inside = middle**2 - scale * (two.mean**2 - k * two.deviation**2)
    bounded = (scale > 0) & (one.mean != 0)
    root = np.sqrt(np.where(bounded, np.maximum(inside, 0.0), np.nan))
    ends = [(middle + sign * root) / np.where(bounded, scale, np.nan) - 1.0 for sign in (-1.0, 1.0)]
    change, loss = ratio(two.mean, one.mean) - 1.0, one.mean < 0
    low, high = (np.where(loss, -other, own) for own, other in (ends, ends[::-1]))
    return Relative(np.where(loss, -change, change), low, high)


def further_replications(found: Intervals, margin: Floats, confidence: float = CONFIDENCE) -> Floats:
    """Replications still needed to settle it one way: show the difference seen, or that it is within margin.

    Normal approximation with 90 % power, taking today's mean and deviation as true; infinite only if the
    mean sits exactly on 0 with margin 0. NaN without an interval.
    """
    from scipy.special import ndtri

    level, power = float(ndtri(0.5 + confidence / 2)), float(ndtri(POWER))
    both_sides = float(ndtri(confidence)) + float(ndtri(0.5 + POWER / 2))
    show = _wanted(level + power, found.deviation, np.abs(found.mean))
    rule_out = _wanted(both_sides, found.deviation, margin - np.abs(found.mean))
    return np.maximum(np.ceil(np.minimum(show, rule_out)) - found.n, 1.0)


def _wanted(factor: float, deviation: Floats, distance: Floats) -> Floats:
    reachable = distance > 0
    wanted: Floats = (factor * deviation / np.where(reachable, distance, 1.0)) ** 2
    return np.where(reachable, wanted, np.inf)


@dataclass(frozen=True)
class Interval:
    """The interval of one sample; NaN ends where fewer than two values are known."""

    mean: float
    low: float
    high: float
    n: int


def interval(values: Sequence[float], confidence: float = CONFIDENCE) -> Interval:
    """t interval of the mean of independent replications.

    >>> found = interval([1.0, 2.0, 3.0])
    >>> round(found.low, 6), found.mean, found.n
    (-0.484138, 2.0, 3)
    """
    found = intervals(np.array([values], dtype=np.float64), confidence)
    return Interval(float(found.mean[0]), float(found.low[0]), float(found.high[0]), int(found.n[0]))


def paired(first: Sequence[float], second: Sequence[float], confidence: float = CONFIDENCE) -> Interval:
    """Interval of second - first, paired by position: replication i of both met the same world.

    >>> paired([1.0, 5.0, 9.0], [2.0, 6.0, 10.0])
    Interval(mean=1.0, low=1.0, high=1.0, n=3)
    """
    return interval([b - a for a, b in zip(first, second, strict=True)], confidence)


def half_width(found: Interval) -> float:
    """Half the width relative to the mean, NaN without one.

    >>> half_width(Interval(10.0, 9.0, 11.0, 5))
    0.1
    """
    return (found.high - found.low) / 2 / abs(found.mean) if found.mean else math.nan
