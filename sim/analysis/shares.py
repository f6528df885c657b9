"""Shares over replications: intervals that stay inside 0 to 1, and of their differences.

Invariant: shares are judged on the scale of log odds, with fewer degrees of freedom where few replications
hold most of what varies; nothing but the shares of the replications is asked.
"""

from __future__ import annotations

import numpy as np

from sim.analysis.exact import Floats, ratio, row_sums
from sim.analysis.inference import CONFIDENCE, Intervals, correlations, intervals

FEWEST = 2
"""Replications with a miss (or a hit) that an interval of a share near 1 (near 0) takes."""
FURTHEST, HALVINGS = 1e3, 44
"""Where a quantile of t is looked for, and in how many steps: to 1e-10."""


def share_intervals(values: Floats, confidence: float | Floats = CONFIDENCE) -> Intervals:
    """Interval of each row of (samples, replications) of shares: t on log odds, Satterthwaite's freedom.

    Misses come in clumps, those of busy weeks: the shares of replications are skewed, and a few decide their
    variance. No interval (NaN) where fewer than two replications have a miss, or a hit.

    >>> found = share_intervals(np.array([[1.0, 0.98, 1.0, 0.99], [1.0, 1.0, 1.0, 0.99]]))
    >>> found.low.round(3).tolist(), found.high.round(3).tolist()
    ([0.945, nan], [0.999, nan])
    """
    plain = intervals(values)
    reach = t_of(0.5 + np.asarray(confidence) / 2, freedom(values, plain))
    low, high = _end(plain, -reach), _end(plain, reach)
    misses, hits = (values < 1).sum(axis=1), (values > 0).sum(axis=1)
    enough = np.minimum(misses, hits) >= FEWEST
    low, high = (np.where(enough, end, np.nan) for end in (low, high))
    return Intervals(plain.mean, low, high, plain.deviation, plain.n)


def freedom(values: Floats, plain: Intervals) -> Floats:
    """Degrees of freedom of the variance of each row: 2 / (excess kurtosis / n + 2 / (n - 1)), NaN for n < 2.

    Satterthwaite's (1946), as many as a normal sample has whose variance is as uncertain; never more than
    n - 1: an excess below 0 counts as 0.

    >>> rows = np.array([[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [0.0, 0.0, 0.0, 0.0, 0.0, 6.0]])
    >>> freedom(rows, intervals(rows)).round(3).tolist()
    [5.0, 3.333]
    """
    seen = np.isfinite(values)
    squares = np.where(seen, values - plain.mean[:, None], 0.0) ** 2
    n = plain.n.astype(np.float64)
    excess = n * ratio(row_sums(squares**2, seen), row_sums(squares, seen) ** 2) - 3.0
    known = np.where(np.isfinite(excess), np.maximum(excess, 0.0), 0.0)
    return np.where(n > 1, 2.0 / (known / np.maximum(n, 1) + 2.0 / np.maximum(n - 1, 1)), np.nan)


def t_of(probability: Floats, freedoms: Floats) -> Floats:
    """Quantile of Student's t for broken degrees of freedom, NaN without."""
    from scipy.special import stdtrit

    found: Floats = stdtrit(freedoms, probability)
    return found


def _end(plain: Intervals, t: Floats) -> Floats:
    """Where `t` standard errors on the scale of log odds lead, up or down; a share without spread stays."""
    from scipy.special import expit, logit

    share = plain.mean
    spread = (plain.error > 0) & (share > 0) & (share < 1)
    inner = np.where(spread, share, 0.5)
    return np.where(spread, expit(logit(inner) + t * plain.error / (inner * (1 - inner))), share)


class ShareDifferences:
    """Differences of paired shares, own - other: the wider of t's interval and one put together from both's.

    t does not know how skewed misses in clumps are. The method of variance estimates recovery (Newcombe 1998;
    Zou and Donner 2008) does, from the ends of both shares and their correlation over the replications, but
    takes a share that was 1 throughout for known. Each end is the one further out. Tests are that interval's,
    turned round; the freedom of both is that of the differences, see `freedom`.
    """

    def __init__(self, own: Floats, other: Floats) -> None:
        both = np.isfinite(own) & np.isfinite(other)
        self._sides = [intervals(np.where(both, side, np.nan)) for side in (own, other)]
        self._change = intervals(own - other)
        self._together = np.nan_to_num(correlations(own, other))
        self._freedom = freedom(own - other, self._change)

    def intervals(self, confidence: float | Floats = CONFIDENCE) -> Intervals:
        """The differences with their intervals."""
        t = t_of(0.5 + np.asarray(confidence) / 2, self._freedom)
        low, high = (self._change.mean + sign * self._reach(sign, t) for sign in (-1, 1))
        return Intervals(self._change.mean, low, high, self._change.deviation, self._change.n)

    def _reach(self, sign: int, t: Floats) -> Floats:
        """How far the interval goes to that side of the difference."""
        own, other = (
            np.abs(_end(side, way * t) - side.mean)
            for side, way in zip(self._sides, (sign, -sign), strict=True)
        )
        squared = own**2 + other**2 - 2 * self._together * own * other
        reach: Floats = np.maximum(np.sqrt(np.maximum(squared, 0.0)), t * self._change.error)
        return reach

    def below_p(self, bound: float | Floats) -> Floats:
        """One-sided p of "the difference is `bound` or more"; at most 1/2, which it is for larger ones too.

        >>> pairs = ShareDifferences(np.array([[0.97, 0.96, 0.98]]), np.array([[0.99, 0.98, 0.99]]))
        >>> p = float(pairs.below_p(0.0)[0])
        >>> abs(float(pairs.intervals(1 - 2 * p).high[0])) < 1e-9
        True
        """
        return self._p(np.asarray(bound) - self._change.mean, 1)

    def above_p(self, bound: float | Floats) -> Floats:
        """One-sided p of "the difference is `bound` or less"; at most 1/2."""
        return self._p(self._change.mean - np.asarray(bound), -1)

    def _p(self, distance: Floats, sign: int) -> Floats:
        """Chance beyond the t at which the interval reaches that far; bisection."""
        from scipy.special import stdtr

        near, far = np.zeros(len(distance)), np.full(len(distance), FURTHEST)
        for _ in range(HALVINGS):
            middle = (near + far) / 2
            short = self._reach(sign, middle) < distance
            near, far = np.where(short, middle, near), np.where(short, far, middle)
        t = np.where(far == FURTHEST, np.inf, np.where(distance > 0, far, 0.0))
        found: Floats = stdtr(self._freedom, -t)
        return found
