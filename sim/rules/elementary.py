"""Exponential and logarithm of our own, because the system's differ between processors and systems.

Invariant: only + - * / on doubles in a fixed order, and whole-number work on their bits, so every machine,
Python and compiled code give the same bits, within one unit in the last place of the true value.
Coefficients are those of the power series, so each can be checked by hand. Method: Tang (1989, 1990).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.jit import branchless, compiled

_LOG2_HIGH = float.fromhex("0x1.62e42fefa0000p-1")  # 38 bits: times an exponent it is exact
_LOG2_LOW = float.fromhex("0x1.cf79abc9e3b3ap-40")
_PER_LOG2 = 1.4426950408889634
_TO_WHOLE = 1.5 * 2.0**52  # adding it rounds to a whole number, which then stands in the lowest bits
_TO_WHOLE_BITS = 0x4338000000000000
_ROOT_HALF_BITS = 0x3FE6A09E667F3BCD  # of sqrt(1/2)
_SMALLEST_NORMAL = 2.0**-1022
_LARGEST_EXPONENT = 709.782712893384
_SMALLEST_EXPONENT = -745.1332191019411
_NORMAL_EXPONENT = 708.0  # up to here and down to its negative e^x is a normal number


@compiled
def logarithm(x: float) -> float:
    """Natural logarithm; -inf at 0, NaN below. Method: Tang (1990).

    x = 2^k m with m within a factor sqrt(2) of 1, and log m = 2 artanh(s) with s = (m-1)/(m+1).

    >>> logarithm(1.0), logarithm(2.0), logarithm(0.0)
    (0.0, 0.6931471805599453, -inf)
    """
    if not 0.0 < x < math.inf:
        return x if x > 0.0 else (-math.inf if x == 0.0 else math.nan)
    shift = 0
    if x < _SMALLEST_NORMAL:
        x *= 2.0**54
        shift = -54
    return logarithm_of_normal(x, shift)


@branchless
def logarithm_of_normal(x: float, shift: int) -> float:
    """`logarithm(x) + shift log 2` for a normal x > 0 (Tang 1990); no branches, so that
    several overlap in the processor.

    >>> logarithm_of_normal(2.0, 0) == logarithm(2.0)
    True
    """
    bits = int(np.float64(x).view(np.int64))
    k = (bits - _ROOT_HALF_BITS) >> 52
    f = float(np.int64(bits - (k << 52)).view(np.float64)) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    odd = z * (2 / 3 + w * (2 / 7 + w * (2 / 11 + w * (2 / 15 + w * (2 / 19)))))
    even = w * (2 / 5 + w * (2 / 9 + w * (2 / 13 + w * (2 / 17 + w * (2 / 21)))))
    half = 0.5 * f * f
    e = float(k + shift)
    return e * _LOG2_HIGH - ((half - (s * (half + (odd + even)) + e * _LOG2_LOW)) - f)


@compiled
def exponential(x: float) -> float:
    """e^x; infinity above 709.78, 0 below -745.13. Method: Tang (1989).

    x = k log 2 + r with |r| <= log(2)/2, and e^r by its power series up to r^13 / 13!.

    >>> exponential(0.0), round(exponential(1.0), 14), exponential(-1e9), exponential(1e9)
    (1.0, 2.71828182845905, 0.0, inf)
    """
    if not _SMALLEST_EXPONENT <= x <= _LARGEST_EXPONENT:
        return math.inf if x > 0.0 else (0.0 if x < 0.0 else math.nan)
    y, k = exponential_parts(x)
    if -1022 <= k <= 1023:
        return y * power_of_two(k)
    return y * power_of_two(k >> 1) * power_of_two(k - (k >> 1))


@branchless
def exponential_parts(x: float) -> tuple[float, int]:
    """y between 0.7 and 1.5, and k, with e^x = y 2^k; without branches. Method: Tang (1989).

    >>> exponential_parts(0.0)
    (1.0, 0)
    """
    shifted = x * _PER_LOG2 + _TO_WHOLE
    k = int(np.float64(shifted).view(np.int64)) - _TO_WHOLE_BITS
    e = shifted - _TO_WHOLE
    high = x - e * _LOG2_HIGH
    low = e * _LOG2_LOW
    r = high - low
    z = r * r
    w = z * z
    first = (1 / 2 + r * (1 / 6)) + z * (1 / 24 + r * (1 / 120))
    second = (1 / 720 + r * (1 / 5040)) + z * (1 / 40320 + r * (1 / 362880))
    third = (1 / 3628800 + r * (1 / 39916800)) + z * (1 / 479001600 + r * (1 / 6227020800))
    return 1.0 + (high + (z * (first + w * (second + w * third)) - low)), k


@compiled
def exponentials(values: NDArray[np.float64]) -> None:
    """Replace each x by `exponential(x)` (Tang 1989): the same bits, several at a time.

    >>> values = np.array([0.0, 1.0, -1e9])
    >>> exponentials(values)
    >>> values
    array([1.        , 2.71828183, 0.        ])
    """
    extreme = 0
    for i in range(len(values)):
        extreme += 0 if abs(values[i]) <= _NORMAL_EXPONENT else 1
    for i in range(len(values)):
        if extreme:
            values[i] = exponential(values[i])
        else:
            y, k = exponential_parts(values[i])
            values[i] = y * power_of_two(k)


@branchless
def power_of_two(k: int) -> float:
    """2^k for -1022 <= k <= 1023, put together from its bits; the definition of a double (IEEE 754-2019).

    >>> power_of_two(-1)
    0.5
    """
    return float(np.int64((k + 1023) << 52).view(np.float64))


@compiled
def exponential_minus_one(x: float) -> float:
    """e^x - 1 without cancellation near 0, 3 units: errors of e^x and its logarithm cancel.

    Source: Kahan, in Higham (2002).

    >>> exponential_minus_one(1e-20), round(exponential_minus_one(1.0), 14)
    (1e-20, 1.71828182845905)
    """
    grown = exponential(x)
    if grown == 1.0:
        return x
    if grown == 0.0 or math.isinf(grown):
        return grown - 1.0
    return (grown - 1.0) * x / logarithm(grown)


@compiled
def power(base: float, exponent: float) -> float:
    """base^exponent for base > 0, relative error about 2^-52 (1 + |exponent log base|); 0 at base 0.

    By definition e^(exponent log base).

    >>> power(2.0, 0.5), power(1.0, 7.0), power(0.0, 0.5)
    (1.414213562373095, 1.0, 0.0)
    """
    if base <= 0.0:
        return 1.0 if exponent == 0.0 else (0.0 if base == 0.0 and exponent > 0.0 else math.nan)
    return exponential(exponent * logarithm(base))
