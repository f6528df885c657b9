"""The satisfaction rules: limits, signs and symmetry."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.mechanisms import expectations as mechanism
from sim.mechanisms.customisation import unmet_customisation
from sim.rules import satisfaction as rules
from sim.scoring import expectations, standards

Floats = NDArray[np.float64]

hours = st.floats(0.0, 1e5)
shares = st.floats(0.0, 1.0)
counts = st.integers(0, 20)


@given(hours, hours, st.floats(0.1, 5.0))
def test_responsiveness_stays_between_0_and_1(expected: float, response: float, perceived: float) -> None:
    assert 0.0 <= mechanism.responsiveness(expected, response, perceived) <= 1.0


@given(st.floats(1.0, 1e3), st.floats(1.0, 1e3), st.floats(0.0, 1e3))
def test_waiting_longer_never_pleases(expected: float, response: float, more: float) -> None:
    sooner = mechanism.responsiveness(expected, response, 1.2)
    assert mechanism.responsiveness(expected, response + more, 1.2) <= sooner


@given(st.floats(1.0, 1.5))
def test_a_delay_weighs_twice_as_much_as_the_same_gain(factor: float) -> None:
    gain = mechanism.responsiveness(10.0 * factor, 10.0, 1.0) - 0.75
    loss = 0.75 - mechanism.responsiveness(10.0, 10.0 * factor, 1.0)
    assert loss == pytest.approx(2.0 * gain, abs=1e-12)


@given(hours, hours, shares)
def test_expectations_move_towards_what_was_felt(expected: float, response: float, adaptation: float) -> None:
    after = mechanism.adapted_expectation(expected, response, 1.2, adaptation)
    felt = 1.2 * response
    slack = 1e-9 * (expected + felt)
    assert min(expected, felt) - slack <= after <= max(expected, felt) + slack


def test_expectations_end_where_experience_is() -> None:
    expected = 40.0
    for _ in range(200):
        expected = mechanism.adapted_expectation(expected, 10.0, 1.2, 0.2)
    assert expected == pytest.approx(12.0)


@given(counts, hours, hours)
def test_a_further_repeat_never_makes_service_more_reliable(
    repeats: int, response: float, promise: float
) -> None:
    once_more = rules.reliability(repeats + 1, response, promise)
    assert once_more <= rules.reliability(repeats, response, promise)


@given(counts, hours, hours, hours)
def test_a_later_answer_is_never_more_reliable(
    repeats: int, response: float, promise: float, more: float
) -> None:
    sooner, later = (rules.reliability(repeats, hours, promise) for hours in (response, response + more))
    assert later <= sooner


@given(hours, hours, shares)
def test_a_standard_lies_between_both_expectations(will: float, should: float, weight: float) -> None:
    low, high = min(will, should), max(will, should)
    assert low * (1.0 - 1e-9) <= mechanism.standard(will, should, weight) <= high * (1.0 + 1e-9)


@given(
    st.lists(st.floats(0.01, 1e4), min_size=1, max_size=12),
    st.floats(1.0, 50.0),
    st.floats(1.0, 1e3),
    shares,
    shares,
)
def test_nobody_is_better_pleased_when_all_answers_come_later_by_the_same_factor(
    responses: list[float], factor: float, promise: float, adaptation: float, weight: float
) -> None:
    """Whatever customers get used to on the way."""
    for sooner, later in zip(
        pleased(np.array(responses), promise, adaptation, weight),
        pleased(factor * np.array(responses), promise, adaptation, weight),
        strict=True,
    ):
        assert later <= sooner + 1e-9


@given(st.floats(0.01, 1e4), st.floats(0.0, 1e4), st.floats(1.0, 1e3), shares, shares)
def test_who_is_always_answered_later_is_never_better_pleased(
    response: float, more: float, promise: float, adaptation: float, weight: float
) -> None:
    sooner, later = (
        pleased(np.full(30, hours), promise, adaptation, weight) for hours in (response, response + more)
    )
    assert (later <= sooner + 1e-9).all()


def pleased(responses: Floats, promise: float, adaptation: float, weight: float) -> Floats:
    """Responsiveness of the successive requests of one customer."""
    customer, should = np.zeros(len(responses), np.int64), np.full(len(responses), promise)
    will = expectations(customer, should, responses, 1.2, adaptation, np.full(1, np.nan))
    held = standards(will, should, weight)
    return np.array(
        [mechanism.responsiveness(*pair, 1.2) for pair in zip(held.tolist(), responses.tolist(), strict=True)]
    )


@given(shares, shares, shares)
def test_empathy_stays_between_0_and_1(known: float, unfamiliar: float, unmet: float) -> None:
    assert 0.0 <= rules.empathy(known, unfamiliar, unmet) <= 1.0


@given(shares, shares)
def test_service_for_another_segment_meets_no_need(customisation: float, unfamiliar: float) -> None:
    assert unmet_customisation(customisation, False, unfamiliar) == customisation


@given(shares)
def test_who_knows_the_segment_meets_every_need(customisation: float) -> None:
    assert unmet_customisation(customisation, True, 0.0) == 0.0


@given(counts, counts, counts)
def test_ease_falls_with_each_handoff_repeat_and_wait(handoffs: int, repeats: int, waits: int) -> None:
    expected = max(0.0, 1.0 - 0.1 * handoffs - 0.15 * repeats - 0.1 * waits)
    assert rules.ease(handoffs, repeats, waits) == pytest.approx(expected, abs=1e-12)


@given(st.lists(shares, min_size=5, max_size=5), st.lists(shares, min_size=5, max_size=5))
def test_satisfaction_lies_between_its_worst_and_best_part(scores: list[float], weights: list[float]) -> None:
    found = rules.weighted_score(np.array(scores), np.array(weights))
    assert 100.0 * min(scores) - 1e-9 <= found <= 100.0 * max(scores) + 1e-9


def test_perfect_service_scores_1_everywhere() -> None:
    scores = [
        mechanism.responsiveness(100.0, 0.0, 1.2),
        rules.reliability(0, 100.0, 100.0),
        rules.assurance(0.0),
        rules.empathy(1.0, 0.0, 0.0),
        rules.ease(0, 0, 0),
    ]
    assert scores == [1.0] * 5


def test_losses_and_gains_meet_at_three_quarters() -> None:
    just_late, just_early = (mechanism.responsiveness(10.0 * f, 10.0, 1.0) for f in (1 - 1e-12, 1 + 1e-12))
    assert math.isclose(just_late, just_early, abs_tol=1e-11)
