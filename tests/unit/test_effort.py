"""The effort rules as laws: limits, signs, exact parts. Both engines share them, so they are tested apart."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import questions
from sim.mechanisms import decisions, handoffs, learning, pace
from sim.numbers import numbers_of
from sim.rules.grid import GRID
from tests.scenarios import checked, office

hours = st.floats(0.0, 1e3)
short = st.floats(0.0, 400.0)
"""Hours that stay below the longest time of the grid with all handicaps."""
shares = st.floats(0.0, 1.0)
rates = st.floats(0.5, 1.0)
cases = st.floats(0.0, 1e6)
weights = st.floats(0.0, 10.0)


def on_grid(value: float) -> bool:
    return (value / GRID).is_integer()


@given(rates, st.floats(1.0, 1e4))
def test_each_doubling_leaves_the_learning_rate(rate: float, beginner: float) -> None:
    exponent = learning.learning_exponent(rate)
    left = [learning.unfamiliarity((2.0**k - 1.0) * beginner, beginner, exponent) for k in range(4)]
    assert left == pytest.approx([1.0, rate, rate**2, rate**3])


@given(cases, cases, rates)
def test_more_experience_never_makes_a_stranger(one: float, more: float, rate: float) -> None:
    exponent = learning.learning_exponent(rate)
    assert learning.unfamiliarity(one + more, 200.0, exponent) <= learning.unfamiliarity(one, 200.0, exponent)


@given(cases, rates)
def test_unfamiliarity_is_the_power_law_as_python_computes_it(experience: float, rate: float) -> None:
    found = learning.unfamiliarity(experience, 200.0, learning.learning_exponent(rate))
    assert found == pytest.approx((1.0 + experience / 200.0) ** math.log2(rate), rel=1e-12)


def test_where_nobody_learns_everybody_is_a_beginner() -> None:
    assert learning.unfamiliarity(1e6, 200.0, learning.learning_exponent(1.0)) == 1.0


def numbers(related_weight: float) -> np.ndarray[Any, Any]:
    found = numbers_of(checked(office("default", "function"))).record.copy()
    found["related_weight"] = related_weight
    return found


@given(st.lists(cases, min_size=1, max_size=5), shares)
def test_related_experience_lies_between_own_and_all(axis: list[float], weight: float) -> None:
    counted = questions.cases_counted(numbers(weight), axis[0], learning.total_cases(np.array(axis)))
    assert axis[0] * (1 - 1e-9) <= counted <= sum(axis) * (1 + 1e-9)


def test_without_related_weight_only_own_experience_counts() -> None:
    assert questions.cases_counted(numbers(0.0), 3.0, 43.0) == 3.0


@given(hours, weights, shares)
def test_every_part_lies_on_the_time_grid(work: float, weight: float, unfamiliar: float) -> None:
    assert on_grid(learning.knowledge_part(work, weight, unfamiliar))
    assert on_grid(pace.pace_part(work, weight, 0.5 + unfamiliar))
    assert on_grid(decisions.decision_hours(work, weight))


@given(short, st.tuples(weights, weights, weights), st.tuples(shares, shares, shares), st.floats(0.1, 10.0))
def test_parts_add_up_to_the_whole_effort(
    work: float, weight: tuple[float, float, float], unfamiliar: tuple[float, float, float], speed: float
) -> None:
    parts = questions.effort_parts(work, *weight, *unfamiliar, speed)
    handicap = math.fsum(a * u for a, u in zip(weight, unfamiliar, strict=True))
    assert work + math.fsum(parts) == pytest.approx(work * (1.0 + handicap) * speed, rel=1e-9, abs=4 * GRID)


@given(hours, st.tuples(weights, weights, weights), st.tuples(shares, shares, shares), st.floats(0.1, 10.0))
def test_the_quick_call_gives_the_bits_of_the_single_rules(
    work: float, weight: tuple[float, float, float], unfamiliar: tuple[float, float, float], speed: float
) -> None:
    handicap = learning.handicap_of(*weight, *unfamiliar)
    single = [learning.knowledge_part(work, a, u) for a, u in zip(weight, unfamiliar, strict=True)]
    single.append(pace.pace_part(work, handicap, speed))
    assert list(questions.effort_parts(work, *weight, *unfamiliar, speed)) == single


@given(cases, cases, cases)
def test_familiarity_is_one_rule_on_three_axes(one: float, two: float, three: float) -> None:
    found = learning.familiarity(one, two, three, 200.0, 0.3)
    assert list(found) == [learning.unfamiliarity(own, 200.0, 0.3) for own in (one, two, three)]


def test_average_pace_adds_nothing() -> None:
    assert pace.pace_part(3.0, 0.7, 1.0) == 0.0


def test_a_quick_person_saves_hours() -> None:
    assert pace.pace_part(2.0, 0.5, 0.5) == -1.5


def test_full_context_needs_no_rereading() -> None:
    assert handoffs.reread_hours(0.0, 1.0, 100.0) == 0.0


@given(shares, shares, hours)
def test_more_lost_context_never_means_less_rereading(one: float, other: float, done: float) -> None:
    low, high = min(one, other), max(one, other)
    assert handoffs.reread_hours(low, 1.0, done) <= handoffs.reread_hours(high, 1.0, done)


def test_a_decider_who_knows_nothing_takes_as_much_longer_as_knowledge_matters() -> None:
    assert decisions.decision_hours(0.5, 0.5) == 0.75


def test_a_decider_who_knows_everything_takes_its_work_content() -> None:
    assert decisions.decision_hours(0.5, 0.0) == 0.5
