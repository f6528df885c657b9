"""The time grid: nearest multiple, exact sums, and what lies outside."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from sim.rules.grid import GRID, LONGEST, on_grid


def exact(hours: float) -> float:
    """The rule in exact fractions: nearest multiple of 2^-36, halves upward."""
    return float(Fraction(math.floor(Fraction(hours) * 2**36 + Fraction(1, 2)), 2**36))


def times(count: int, longest: float) -> list[float]:
    generator = np.random.default_rng(8)
    sizes = longest * 2.0 ** -generator.uniform(0, 50, count)
    return [float(t) for t in generator.choice([-1.0, 1.0], count) * sizes]


def test_every_time_goes_to_the_nearest_multiple() -> None:
    sample = times(3000, LONGEST)
    assert [on_grid(t) for t in sample] == [exact(t) for t in sample]


def test_a_time_on_the_grid_stays() -> None:
    odd = [(2**53 - 1 - 2 * k) * GRID for k in range(100)]  # here floor(x + 0.5) would move every one
    assert [on_grid(t) for t in odd] == odd


def test_a_half_goes_up() -> None:
    assert (on_grid(0.5 * GRID), on_grid(-0.5 * GRID)) == (GRID, 0.0)


def test_just_below_a_half_goes_down() -> None:
    assert on_grid(math.nextafter(0.5, 0.0) * GRID) == 0.0


def test_parts_add_up_in_any_order() -> None:
    parts = [abs(on_grid(t)) for t in times(200, 100.0)]
    assert sum_of(parts) == sum_of(sorted(parts)) == float(sum(Fraction(part) for part in parts))


def sum_of(parts: list[float]) -> float:
    total = 0.0
    for part in parts:
        total += part
    return total


@pytest.mark.parametrize(
    ("hours", "result"), [(2.0**17, LONGEST), (1e300, LONGEST), (-1e9, -LONGEST), (math.inf, math.inf)]
)
def test_beyond_the_longest_time_it_is_the_longest_and_never_stays_never(hours: float, result: float) -> None:
    assert on_grid(hours) == result


def test_not_a_number_stays() -> None:
    assert math.isnan(on_grid(math.nan))


def test_there_is_no_negative_zero() -> None:
    assert [math.copysign(1.0, on_grid(t)) for t in (-0.0, -1e-20, 0.0)] == [1.0, 1.0, 1.0]
