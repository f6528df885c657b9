"""Sums of floating-point numbers by group that round once: no order, machine or library changes a bit.

Invariant: every sum equals `math.fsum` of the same numbers bit for bit, compiled or not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.jit import branchless, compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

LARGEST = 2.0**900
"""Beyond this the sums themselves might overflow."""
MANTISSA = 53
"""Bits of a floating-point number."""
WITHOUT_SIGN = 2**63 - 1


def mean(values: Sequence[float]) -> float:
    """Mean whose sum rounds once; 0 of nothing."""
    return math.fsum(values) / len(values) if values else 0.0


@compiled
def sums_by_group(values: Floats, groups: Integers, chosen: Flags, size: int) -> Floats:
    """Correctly rounded sum of the chosen values in each of the groups 0 to size - 1; shape (size,)."""
    return round_once(slices_by_group(values, groups, chosen, size))


@compiled
def slices_by_group(values: Floats, groups: Integers, chosen: Flags, size: int) -> Floats:
    """Sums of the chosen values by group, as slices whose columns can be added up further without rounding.

    Each pass cuts the leading bits off all values at once (error-free vector transformation of Rump,
    Ogita and Oishi 2008): the cut parts are multiples of one power of two and so few bits long that
    no sum of all of them rounds. Shape of the result: (passes, size). Raises ValueError for NaN or infinity.
    """
    rest, own = np.empty(len(values)), np.empty(len(values), np.int64)
    count = gather(values, groups, chosen, rest, own)
    largest, leading = largest_of(rest[:count].view(np.int64)), np.empty(count)
    if not largest <= LARGEST:
        raise ValueError("only finite numbers can be summed")
    bits, exponent = len_in_bits(count + 2), math.frexp(largest)[1]
    left, passes, slices = count if largest > 0.0 else 0, 0, np.zeros((2, size))
    while left > 0:
        if passes == len(slices):
            slices = with_twice_the_room(slices)
        left = cut(rest, leading, math.ldexp(1.0, exponent + bits))
        for row in range(count):
            slices[passes, own[row]] += leading[row]
        exponent += bits - MANTISSA
        passes += 1
    return slices[:passes]


@branchless
def gather(values: Floats, groups: Integers, chosen: Flags, rest: Floats, own: Integers) -> int:
    """Copy what is chosen to the front; returns how many that are."""
    count = 0
    for row in range(len(values)):
        rest[count] = values[row]
        own[count] = groups[row]
        count += 1 if chosen[row] else 0
    return count


@branchless
def largest_of(patterns: Integers) -> float:
    """Largest absolute value of numbers given as their bits, which are in the same order but for the sign.

    Whole numbers, because then several are compared at a time. NaN counts as larger than infinity.
    """
    largest = np.zeros(1, np.int64)
    for row in range(len(patterns)):
        largest[0] = max(largest[0], patterns[row] & WITHOUT_SIGN)
    found: float = largest.view(np.float64)[0]
    return found


@branchless
def cut(rest: Floats, leading: Floats, anchor: float) -> int:
    """Move the leading bits of each number from `rest` to `leading`; returns how many are not used up."""
    left = 0
    for row in range(len(leading)):
        number = rest[row]
        high = (number + anchor) - anchor
        leading[row] = high
        rest[row] = number - high
        left += 1 if number != high else 0
    return left


@compiled
def len_in_bits(number: int) -> int:
    """Bits of a whole number > 0."""
    bits = 0
    while number >> bits:
        bits += 1
    return bits


@compiled
def with_twice_the_room(slices: Floats) -> Floats:
    """The slices, and zeros for as many more."""
    larger = np.zeros((2 * slices.shape[0], slices.shape[1]))
    for row in range(slices.shape[0]):
        for column in range(slices.shape[1]):
            larger[row, column] = slices[row, column]
    return larger


@compiled
def round_once(slices: Floats) -> Floats:
    """Sum of each column, correctly rounded; (terms, columns) to (columns,).

    Non-overlapping partial sums of Shewchuk (1997) and their rounding, as in Python's `math.fsum`.
    """
    terms, columns = slices.shape
    found, partial = np.zeros(columns), np.empty(terms)
    for column in range(columns):
        held = 0
        for term in range(terms):
            held = grow(partial, held, slices[term, column])
        found[column] = nearest(partial, held)
    return found


@compiled
def grow(partial: Floats, held: int, value: float) -> int:
    """Add a value to the partial sums, smallest first, without error; returns how many there are now."""
    kept = 0
    for place in range(held):
        large, small = value, partial[place]
        if abs(large) < abs(small):
            large, small = small, large
        value = large + small
        error = small - (value - large)
        if error != 0.0:
            partial[kept] = error
            kept += 1
    if value != 0.0:
        partial[kept] = value
        kept += 1
    return kept


@compiled
def nearest(partial: Floats, held: int) -> float:
    """The floating-point number nearest to the sum of partial sums that do not overlap; halves to even."""
    if held == 0:
        return 0.0
    place = held - 1
    value: float = partial[place]
    error = 0.0
    while place > 0 and error == 0.0:
        place -= 1
        larger = value
        value = larger + partial[place]
        error = partial[place] - (value - larger)
    # Half-way to the next number, and what comes below decides that it has to be the next.
    if place > 0 and (error > 0.0) == (partial[place - 1] > 0.0):
        next_one = value + 2.0 * error
        if next_one - value == 2.0 * error:
            value = next_one
    return value
