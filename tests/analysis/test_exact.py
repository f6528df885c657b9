"""Sums equal `math.fsum` bit for bit, whatever the order and the grouping."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.exact import exact_slices, exact_sum, exact_sums, quantiles, rounded

numbers = st.lists(st.floats(-1e12, 1e12, allow_subnormal=False), max_size=60)


@given(numbers)
def test_a_sum_is_the_correctly_rounded_one(values: list[float]) -> None:
    assert exact_sum(np.array(values)) == math.fsum(values)


@given(numbers, st.randoms(use_true_random=False))
def test_the_order_does_not_matter(values: list[float], random: object) -> None:
    shuffled = sorted(values, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert exact_sum(np.array(shuffled)) == exact_sum(np.array(values))


@given(numbers)
def test_groups_are_summed_apart(values: list[float]) -> None:
    groups = np.arange(len(values)) % 3
    expected = [math.fsum(values[start::3]) for start in range(3)]
    assert exact_sums(np.array(values), groups, 3).tolist() == expected


@given(numbers)
def test_slices_can_be_added_up_further(values: list[float]) -> None:
    slices = exact_slices(np.array(values), np.arange(len(values)) % 3, 3)
    assert float(rounded(slices.sum(axis=1))) == math.fsum(values)


@pytest.mark.parametrize("last", [2.0**-106, -(2.0**-106), 0.0])
def test_what_lies_half_way_is_rounded_by_what_comes_below(last: float) -> None:
    """1 + 2^-53 lies half-way between two numbers."""
    values = [1.0, 2.0**-53, last]
    assert exact_sum(np.array(values)) == math.fsum(values)
    assert float(rounded(np.array(values)[:, None])[0]) == math.fsum(values)


def test_very_unlike_numbers_need_many_slices() -> None:
    values = [1e250, 3.0, -1e250, 5e-324, 1e-300]
    assert exact_sum(np.array(values)) == math.fsum(values)


def test_what_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        exact_sum(np.array([1.0, math.nan]))


@given(st.lists(st.floats(0.0, 1e6), min_size=1, max_size=50), st.floats(0.0, 1.0))
def test_quantiles_are_numpys_linear_ones(values: list[float], probability: float) -> None:
    ordered = np.sort(values)
    expected = np.quantile(ordered, probability)
    assert quantiles(ordered, (probability,))[0] == pytest.approx(expected, rel=1e-9, abs=1e-9)
