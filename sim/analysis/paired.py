"""Paired differences of all metrics at once: t for means, quantiles and sums, its own way for shares.

Invariant: interval and tests are the same thing turned round, for every row.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.analysis.exact import Flags, Floats
from sim.analysis.inference import (
    CONFIDENCE,
    Intervals,
    equivalence_p,
    intervals,
    standardised,
    t_probability,
)
from sim.analysis.shares import ShareDifferences


class Paired:
    """own - other, pair by pair; (samples, replications) each. shares: rows that hold shares."""

    def __init__(self, own: Floats, other: Floats, shares: Flags) -> None:
        self.change = own - other
        self.plain = intervals(self.change)
        self._shares = np.flatnonzero(shares & (self.plain.deviation > 0))
        self._own, self._other = own[self._shares], other[self._shares]
        self._of_shares = ShareDifferences(self._own, self._other) if len(self._shares) else None

    def intervals(self, confidence: float | Floats = CONFIDENCE) -> Intervals:
        """The differences with their intervals; confidence: one, or one for each row."""
        found = intervals(self.change, confidence)
        if self._of_shares is None:
            return found
        own = self._of_shares.intervals(self._at(confidence))
        for end, values in ((found.low, own.low), (found.high, own.high)):
            end[self._shares] = values
        return found

    def _at(self, values: float | Floats) -> float | Floats:
        """The rows of shares of what may be one number for all."""
        return values[self._shares] if isinstance(values, np.ndarray) else values

    def difference_p(self) -> Floats:
        """Two-sided p of "the mean difference is 0"."""
        return np.minimum(1.0, 2.0 * self.ahead_p(np.sign(self.plain.mean)))

    def ahead_p(self, sign: float | Floats) -> Floats:
        """One-sided p of "the difference times `sign` is 0 or less"."""
        found = t_probability(-standardised(sign * self.plain.mean, self.plain.error), self.plain.n - 1)
        return self._with_shares(found, lambda own: _towards(own, self._at(sign)))

    def equivalence_p(self, margin: Floats) -> Floats:
        """p of "the mean difference lies outside (-margin, margin)": two one-sided tests."""
        limits = margin[self._shares]
        return self._with_shares(
            equivalence_p(self.plain, margin),
            lambda own: np.maximum(own.below_p(limits), own.above_p(-limits)),
        )

    def _with_shares(self, found: Floats, asked: Callable[[ShareDifferences], Floats]) -> Floats:
        if self._of_shares is not None:
            found[self._shares] = asked(self._of_shares)
        return found


def _towards(own: ShareDifferences, sign: float | Floats) -> Floats:
    return np.where(np.asarray(sign) > 0, own.above_p(0.0), own.below_p(0.0))
