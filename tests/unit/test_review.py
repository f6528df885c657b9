"""The weekly review changes what people carry in place, and what they carry is their own."""

import numpy as np
import pytest

from sim.numbers import numbers_of
from sim.replication import prepare
from sim.review import State, starting_state, weekly_review
from sim.world import build_world
from tests.scenarios import checked, office

AXES = ("by_function", "by_product", "by_segment")


def state(*changes: tuple[str, object]) -> State:
    scenario = checked(office("default", "function", *changes))
    model, organisation, numbers = prepare(scenario)
    return starting_state(scenario, model, build_world(scenario, model, 0), organisation, numbers)


def test_a_year_of_reviews_keeps_what_twelve_months_keep() -> None:
    found = state()
    before = found.by_product.copy()
    for week in range(1, 53):
        weekly_review(found, week)
    assert found.by_product == pytest.approx(before * 0.95**12)


@pytest.mark.parametrize("axis", AXES)
def test_every_axis_fades(axis: str) -> None:
    found = state()
    before = getattr(found, axis).copy()
    weekly_review(found, 1)
    assert getattr(found, axis) == pytest.approx(before * found.numbers.weekly_retention)


@pytest.mark.parametrize("axis", AXES)
def test_a_review_keeps_the_arrays_it_was_given(axis: str) -> None:
    found = state()
    held = getattr(found, axis)
    weekly_review(found, 1)
    assert getattr(found, axis) is held


def test_who_keeps_everything_is_left_as_he_is() -> None:
    found = state(("people.retention_per_month", 1.0))
    before = found.by_function.copy()
    weekly_review(found, 1)
    assert np.array_equal(found.by_function, before)


def test_pace_and_cases_do_not_fade() -> None:
    found = state()
    found.cases[...] = 5.0
    pace = found.effects.pace.copy()
    weekly_review(found, 1)
    assert np.array_equal(found.effects.pace, pace)
    assert set(found.cases.tolist()) == {5.0}


def test_two_replications_share_nothing() -> None:
    one, other = state(), state()
    one.by_segment[...] = -1.0
    assert (other.by_segment >= 0.0).all()


def test_people_start_with_the_experience_of_the_organisation() -> None:
    scenario = checked(office("default", "function"))
    organisation = prepare(scenario)[1]
    found = state()
    assert all(
        np.array_equal(getattr(found, a), e) for a, e in zip(AXES, organisation.experience, strict=True)
    )
    assert found.numbers.weekly_retention == numbers_of(scenario).plain.weekly_retention
