"""Sums that do not depend on order, machine or library version, and quantiles from sorted values.

Invariant: every sum equals `math.fsum` of the same numbers bit for bit, for all groups at once.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


def plain_sums(values: Floats, groups: Integers, size: int) -> Floats:
    """Sums of `values` by group in floating point; exact only where no sum rounds, as for grid times.

    >>> plain_sums(np.array([1.0, 2.0, 4.0]), np.array([1, 0, 1]), 3).tolist()
    [2.0, 5.0, 0.0]
    """
    return np.bincount(groups, weights=values, minlength=size).astype(np.float64, copy=False)


def exact_slices(values: Floats, groups: Integers, size: int, most: int | None = None) -> Floats:
    """Sums of `values` by group, as slices whose columns can be added up further without rounding.

    Each pass cuts the leading bits off all values at once (error-free vector transformation of Rump,
    Ogita and Oishi 2008): the cut parts are multiples of one power of two and so few bits long that
    no sum of `most` of them (all, if not given) rounds. Shape of the result: (passes, size). Raises
    ValueError for NaN or infinity.
    """
    rest = np.array(values, dtype=np.float64)
    most = rest.size if most is None else most
    slices: list[Floats] = []
    while rest.size:
        largest = float(np.abs(rest).max())
        if largest == 0.0:
            break
        if not math.isfinite(largest):
            raise ValueError("only finite numbers can be summed")
        anchor = math.ldexp(1.0, math.frexp(largest)[1] + (most + 2).bit_length())
        leading = (rest + anchor) - anchor
        rest -= leading
        slices.append(plain_sums(leading, groups, size))
    return np.array(slices).reshape(len(slices), size)


def rounded(slices: Floats) -> Floats:
    """Slices of sums put together: shape (passes, ...) to (...), each correctly rounded once.

    >>> rounded(np.array([[1.0, 2.0], [0.5, 0.25]])).tolist()
    [1.5, 2.25]
    """
    if len(slices) == 2:  # one addition rounds once
        both: Floats = slices[0] + slices[1]
        return both
    shape = slices.shape[1:]
    columns = slices.reshape(len(slices), math.prod(shape)).T.tolist()
    return np.array([math.fsum(column) for column in columns], dtype=np.float64).reshape(shape)


def exact_sums(values: Floats, groups: Integers, size: int) -> Floats:
    """Correctly rounded sum of `values` in each of the groups 0 to size - 1; shape (size,).

    >>> exact_sums(np.array([1e16, 1.0, -1e16, 0.1]), np.array([0, 0, 0, 1]), 3).tolist()
    [1.0, 0.1, 0.0]
    """
    most = int(np.bincount(groups).max()) if len(groups) else 0
    return rounded(exact_slices(values, groups, size, most))


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
    counted = denominator != 0
    return np.where(counted, numerator / np.where(counted, denominator, 1.0), np.nan)


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
