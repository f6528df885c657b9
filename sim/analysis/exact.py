"""Sums that do not depend on order, machine or library version, and quantiles from sorted values.

Invariant: every sum equals `math.fsum` of the same numbers bit for bit, for all groups at once.
"""

import math
from collections.abc import Sequence

import numpy as np

from sim.sums import Flags, Floats, Integers, round_once, slices_by_group, sums_by_group

__all__ = ["Flags", "Floats", "Integers"]


def plain_sums(values: Floats, groups: Integers, size: int) -> Floats:
    """Sums of `values` by group in floating point; exact only where no sum rounds, as for grid times.

    >>> plain_sums(np.array([1.0, 2.0, 4.0]), np.array([1, 0, 1]), 3).tolist()
    [2.0, 5.0, 0.0]
    """
    return np.bincount(groups, weights=values, minlength=size).astype(np.float64, copy=False)


def exact_slices(values: Floats, groups: Integers, size: int, chosen: Flags | None = None) -> Floats:
    """Sums of the chosen values (all, if not given) by group, as slices that add up without rounding.

    Shape of the result: (passes, size). Raises ValueError for NaN or infinity.
    """
    return slices_by_group(*_aligned(values, groups, chosen), size)


def rounded(slices: Floats) -> Floats:
    """Slices of sums put together: shape (passes, ...) to (...), each correctly rounded once.

    >>> rounded(np.array([[1.0, 2.0], [0.5, 0.25]])).tolist()
    [1.5, 2.25]
    """
    shape = slices.shape[1:]
    return round_once(slices.reshape(len(slices), math.prod(shape))).reshape(shape)


def exact_sums(values: Floats, groups: Integers, size: int, chosen: Flags | None = None) -> Floats:
    """Correctly rounded sum of the chosen values (all, if not given) in each group from 0 on; shape (size,).

    >>> exact_sums(np.array([1e16, 1.0, -1e16, 0.1]), np.array([0, 0, 0, 1]), 3).tolist()
    [1.0, 0.1, 0.0]
    """
    return sums_by_group(*_aligned(values, groups, chosen), size)


def _aligned(values: Floats, groups: Integers, chosen: Flags | None) -> tuple[Floats, Integers, Flags]:
    """The columns as compiled code wants them."""
    chosen = np.ones(len(values), dtype=np.bool_) if chosen is None else chosen
    return np.ascontiguousarray(values), np.ascontiguousarray(groups), chosen


def exact_sum(values: Floats) -> float:
    """Correctly rounded sum of all values, 0 for none.

    >>> exact_sum(np.array([0.1] * 10))
    1.0
    """
    return float(exact_sums(values, np.zeros(len(values), dtype=np.int64), 1)[0])


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Elementwise numerator / denominator, NaN where there is nothing to divide by.

    >>> ratio(np.array([1.0, 0.0]), np.array([2.0, 0.0])).tolist()
    [0.5, nan]
    """
    found = np.full(denominator.shape, np.nan)
    np.divide(numerator, denominator, out=found, where=denominator != 0)
    return found


def row_means(values: Floats, seen: Flags, n: Integers) -> Floats:
    """Means of the known values; of equal values exactly that value, which a sum over n need not give."""
    low, high = (np.where(seen, values, end) for end in (np.inf, -np.inf))
    least, most = low.min(axis=1, initial=np.inf), high.max(axis=1, initial=-np.inf)
    return np.where(least == most, least, ratio(row_sums(values, seen), n.astype(np.float64)))


def row_sums(values: Floats, seen: Flags) -> Floats:
    """Correctly rounded sum of the known values of each row; shape (rows,)."""
    if values.shape[1] == 1:  # of thousands of scenarios with one replication nothing has to be added up
        alone: Floats = np.where(seen[:, 0], values[:, 0], 0.0) + 0.0
        return alone
    rows, columns = np.nonzero(seen)
    return exact_sums(values[rows, columns], rows, len(values))


def exact_mean(values: Floats) -> float:
    """Correctly rounded sum over the count; NaN for no values.

    >>> exact_mean(np.array([1.0, 2.0, 6.0]))
    3.0
    """
    return exact_sum(values) / len(values) if len(values) else math.nan


def quantiles(ordered: Floats, probabilities: Sequence[float]) -> list[float]:
    """Quantiles of values sorted upwards, linear between neighbours; NaN for no values.

    Position p (n - 1), the usual definition (type 7 of Hyndman and Fan 1996).

    >>> quantiles(np.array([1.0, 2.0, 4.0]), (0.0, 0.75, 1.0))
    [1.0, 3.0, 4.0]
    """
    last = len(ordered) - 1
    if last < 0:
        return [math.nan] * len(probabilities)
    found = []
    for probability in probabilities:
        below = min(int(probability * last), last)
        above = min(below + 1, last)
        low, high = float(ordered[below]), float(ordered[above])
        found.append(low + (high - low) * (probability * last - below))
    return found
