"""Dispatch keys as numbers: the smallest goes first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.mechanisms import queue_order as priority
from sim.mechanisms.queue_order import REQUEST_KEYS, request_priority

times = st.floats(0.0, 1e5)


def key(rule: int, **about: float) -> float:
    values = {"now": 0.0, "arrival": 0.0, "promise": 0.0, "work": 0.0, "margin": 0.0, "priority": 0.0}
    return request_priority(rule, *(values | about).values())


def test_rules_are_numbered_as_the_scenario_lists_them() -> None:
    names = [
        name.lower() for name, number in vars(priority).items() if name.isupper() and isinstance(number, int)
    ]
    assert tuple(sorted(names, key=lambda name: vars(priority)[name.upper()])) == REQUEST_KEYS


@pytest.mark.parametrize(
    ("rule", "sooner", "later"),
    [
        (priority.FIFO, {"now": 1.0}, {"now": 2.0}),
        (priority.REQUEST_AGE, {"now": 9.0, "arrival": 1.0}, {"now": 3.0, "arrival": 2.0}),
        (priority.DUE_DATE, {"arrival": 5.0, "promise": 3.0}, {"arrival": 1.0, "promise": 8.0}),
        (priority.SHORTEST, {"work": 0.5}, {"work": 0.75}),
        (priority.VALUE, {"margin": 600.0}, {"margin": 60.0}),
        (priority.SEGMENT_PRIORITY, {"priority": 1.0}, {"priority": 2.0}),
    ],
)
def test_the_more_urgent_goes_first(rule: int, sooner: dict[str, float], later: dict[str, float]) -> None:
    assert key(rule, **sooner) < key(rule, **later)


@given(times, times, times, times)
def test_by_age_and_by_due_date_it_does_not_matter_when_one_joined(
    arrival: float, promise: float, now: float, later: float
) -> None:
    for rule in (priority.REQUEST_AGE, priority.DUE_DATE, priority.SHORTEST, priority.VALUE):
        about = {"arrival": arrival, "promise": promise}
        assert key(rule, now=now, **about) == key(rule, now=later, **about)


@given(times, times)
def test_equal_promises_make_due_date_the_order_of_age(one: float, other: float) -> None:
    first, second = (key(priority.DUE_DATE, arrival=arrival, promise=8.0) for arrival in (one, other))
    assert first - second == (one + 8.0) - (other + 8.0)
