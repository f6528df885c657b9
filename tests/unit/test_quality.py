"""How likely a step goes wrong: between 0 and 1, more for strangers and lost context."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.mechanisms.defects import defect_probability
from sim.mechanisms.learning import mean_unfamiliarity

shares = st.floats(0.0, 1.0)
slopes = st.floats(0.0, 5.0)
three = st.tuples(shares, shares, shares)
weights = st.tuples(slopes, slopes, slopes)


@given(shares, slopes, shares, shares, shares, slopes)
def test_a_probability_is_one(
    base: float, slope: float, unfamiliar: float, reference: float, context: float, lost: float
) -> None:
    assert 0.0 <= defect_probability(base, slope, unfamiliar, reference, context, lost, 1.0) <= 1.0


@given(shares, slopes, shares, shares, shares, slopes)
def test_strangers_never_make_fewer_mistakes(
    base: float, slope: float, one: float, other: float, context: float, lost: float
) -> None:
    low, high = min(one, other), max(one, other)
    lesser = defect_probability(base, slope, low, 0.5, context, lost, 1.0)
    assert lesser <= defect_probability(base, slope, high, 0.5, context, lost, 1.0)


@given(shares, shares, shares, slopes)
def test_lost_context_never_makes_fewer_mistakes(base: float, one: float, other: float, lost: float) -> None:
    low, high = min(one, other), max(one, other)
    better = defect_probability(base, 0.1, 0.5, 0.5, high, lost, 1.0)
    assert better <= defect_probability(base, 0.1, 0.5, 0.5, low, lost, 1.0)


def test_at_the_reference_with_full_context_the_base_holds() -> None:
    assert defect_probability(0.03, 0.7, 0.5, 0.5, 1.0, 0.9, 1.0) == 0.03


def test_all_context_lost_adds_its_slope() -> None:
    assert defect_probability(0.03, 0.0, 0.5, 0.5, 0.0, 0.2, 1.0) == pytest.approx(0.23)


@given(three, weights)
def test_mean_unfamiliarity_lies_between_its_parts(
    unfamiliar: tuple[float, float, float], weight: tuple[float, float, float]
) -> None:
    found = mean_unfamiliarity(*unfamiliar, *weight)
    assert min(unfamiliar) - 1e-9 <= found <= max(unfamiliar) + 1e-9


@given(shares, weights)
def test_alike_on_all_axes_is_the_mean(unfamiliar: float, weight: tuple[float, float, float]) -> None:
    assert mean_unfamiliarity(unfamiliar, unfamiliar, unfamiliar, *weight) == pytest.approx(unfamiliar)


def test_an_axis_that_does_not_matter_does_not_count() -> None:
    assert mean_unfamiliarity(1.0, 0.25, 0.25, 0.0, 1.0, 3.0) == 0.25


def test_where_nothing_matters_all_axes_count_alike() -> None:
    assert mean_unfamiliarity(1.0, 0.5, 0.0, 0.0, 0.0, 0.0) == 0.5
