"""When customers ask: intervals, batches, and a clock that runs with the demand."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.draws import PURPOSE_ARRIVAL, child, children, text_key, uniform
from sim.rules.batches import batch_size
from sim.rules.grid import on_grid
from sim.rules.laws import draw
from sim.world import World, build_customer_model, build_world
from sim.world.arrivals import calendar_time, demand_clock, hour_calendar
from tests.scenarios import Plain, checked, fixed, shipped, workshop

Change = tuple[str, Any]
TERMINATING: Change = ("experiment.kind", "terminating")


def world(*changes: Change, replication: int = 0) -> World:
    scenario = checked(workshop(*changes))
    return build_world(scenario, build_customer_model(scenario), replication)


def every(law: Plain, *more: Change) -> list[Change]:
    """Town asks by this law; the village is silent within the horizon."""
    return [
        ("company.segments.town", {"customers": 1, "interarrival": law, "mix": {"shirt": 1.0}}),
        ("company.segments.village.requests_per_year", None),
        ("company.segments.village.interarrival", fixed(1e6)),
        *more,
    ]


def test_a_fixed_interval_gives_its_multiples() -> None:
    assert world(*every(fixed(160.0))).arrival.tolist() == [160.0, 320.0, 480.0, 640.0, 800.0]


def test_nobody_arrives_at_or_after_the_end() -> None:
    # 24 weeks of 40 hours with the drain: 960 hours
    assert world(*every(fixed(480.0))).arrival.tolist() == [480.0]


def test_a_trace_is_taken_number_by_number_and_ends() -> None:
    trace = {"law": "trace", "values": [1.0, 2.0, 0.0, 4.0]}
    assert world(*every(trace)).arrival.tolist() == [1.0, 3.0, 3.0, 7.0]


def test_twice_the_demand_halves_the_intervals() -> None:
    assert world(*every(fixed(320.0), ("demand.scale", 2.0))).arrival.tolist() == [
        160.0, 320.0, 480.0, 640.0, 800.0,
    ]  # fmt: skip


def test_a_batch_comes_together() -> None:
    found = world(*every(fixed(400.0)), ("company.segments.town.batch", fixed(3.0)))
    assert found.arrival.tolist() == [400.0] * 3 + [800.0] * 3
    assert found.number.tolist() == [0, 1, 2, 3, 4, 5]


def test_a_trace_of_batches_starts_again_when_it_is_used_up() -> None:
    sizes = {"law": "trace", "values": [1.0, 2.0]}
    found = world(*every(fixed(160.0)), ("company.segments.town.batch", sizes))
    assert np.unique(found.arrival, return_counts=True)[1].tolist() == [1, 2, 1, 2, 1]


@pytest.mark.parametrize(
    ("drawn", "size"), [(0.0, 1), (1.0, 1), (1.49, 1), (1.5, 2), (2.5, 3), (math.inf, 1_000_000)]
)
def test_a_batch_is_rounded_and_never_empty(drawn: float, size: int) -> None:
    assert batch_size(drawn) == size


@pytest.mark.parametrize(
    "law",
    [
        {"law": "exponential", "mean": 11.0},  # about 90 calls a customer, more than drawn ahead for some
        {"law": "exponential", "mean": 1e6},  # hardly any
        {"law": "lognormal", "mean": 60.0, "cv": 4.0},
        {"law": "gamma", "mean": 60.0, "cv": 0.5},
    ],
    ids=lambda law: f"{law['law']} {law['mean']:g}",
)
def test_arrivals_are_the_running_sums_of_intervals_drawn_one_by_one(law: Plain) -> None:
    scenario = checked(
        workshop(*every(law), ("company.segments.town.customers", 150), ("demand.scale", 1.25))
    )
    model = build_customer_model(scenario)
    found, expected = build_world(scenario, model, 3), []
    until = scenario.week * (scenario.experiment.horizon_weeks + scenario.experiment.drain_weeks)
    gap = model.interarrival
    numbers = gap.kinds[0].item(), gap.firsts[0].item(), gap.seconds[0].item(), gap.table, 0, 0
    for state in children(child(found.root, text_key("town")), 150).tolist():
        passed, call = 0.0, 0
        while True:
            passed += draw(*numbers, uniform(state, PURPOSE_ARRIVAL, 0, call), call) / 1.25
            if passed >= until:
                break
            expected.append(on_grid(passed))
            call += 1
    assert found.arrival.tolist() == sorted(expected)


def test_arrivals_lie_on_the_time_grid() -> None:
    arrival = world().arrival
    assert (arrival * 2.0**36 == np.floor(arrival * 2.0**36)).all()


def test_requests_are_in_order_of_arrival_then_customer() -> None:
    found = world(("company.segments.town.batch", fixed(2.0)))
    order = np.lexsort((found.number, found.customer, found.arrival))
    assert order.tolist() == list(range(len(found.arrival)))


def test_poisson_customers_ask_as_often_as_they_should() -> None:
    counts = [len(world(replication=number).arrival) for number in range(20)]
    # 40 a week for 24 weeks: 960 in each, 19200 in all; four standard deviations are 554
    assert sum(counts) == pytest.approx(19_200, abs=554)


@pytest.mark.parametrize(
    ("law", "interval"),
    [
        ({"law": "erlang", "mean": 4.0, "stages": 4}, 4.0),
        ({"law": "uniform", "low": 2.0, "high": 6.0}, 4.0),
        ({"law": "lognormal", "mean": 4.0, "cv": 0.5}, 4.0),
    ],
)
def test_other_intervals_have_their_mean(law: Plain, interval: float) -> None:
    changes = [*every(law), ("company.segments.town.customers", 100)]
    # 100 x 240 intervals of spread at most 0.58: well within one percent
    assert len(world(*changes).arrival) == pytest.approx(100 * 960.0 / interval, rel=0.01)


def clock(*changes: Change, weeks: int = 52) -> np.ndarray[Any, Any]:
    """Demand of each open hour, one row per segment."""
    return np.diff(demand_clock(checked(workshop(*changes)), weeks))


PROFILE = shipped("company", "default")["profile"]


def test_level_demand_needs_no_clock() -> None:
    assert demand_clock(checked(workshop()), 52).shape == (0, 0)


def test_hours_of_the_day_vary_by_their_factors() -> None:
    found = clock(("company.profile.hour_of_day", PROFILE["hour_of_day"]))[0]
    by_hour = found.reshape(-1, 8)
    wanted = np.array(PROFILE["hour_of_day"]) / np.mean(PROFILE["hour_of_day"])
    assert by_hour == pytest.approx(np.tile(wanted, (260, 1)))


def test_days_of_the_week_vary_by_their_factors() -> None:
    found = clock(("company.profile.day_of_week", [2.0, 1.0, 1.0, 1.0, 0.0]))[0]
    assert found.reshape(52, 5, 8).mean(axis=(0, 2)) == pytest.approx([2.0, 1.0, 1.0, 1.0, 0.0])


def test_a_year_of_months_is_a_year_of_demand() -> None:
    found = clock(("company.profile.month_of_year", [3.0, *[1.0] * 11]))[0]
    assert found.mean() == pytest.approx(1.0)


def test_a_busy_month_is_as_much_busier_as_its_factor() -> None:
    found = clock(("company.profile.month_of_year", [3.0, *[1.0] * 11]))[0].reshape(52, 40)
    assert found[0].mean() / found[51].mean() == pytest.approx(3.0)


def test_a_profile_can_be_switched_off() -> None:
    changes = [("company.profile.day_of_week", [2.0, 1.0, 1.0, 1.0, 0.0]), ("demand.profile", False)]
    assert demand_clock(checked(workshop(*changes)), 4).shape == (0, 0)


def test_a_trend_grows_by_its_share_in_a_year() -> None:
    found = clock(("demand.trend_per_year", 0.5), TERMINATING, weeks=104)[0].reshape(104, 40)
    assert found[[0, 26, 52, 78], 0] == pytest.approx([1.0, 1.25, 1.5, 1.75])


def test_a_falling_trend_ends_at_nothing() -> None:
    found = clock(("demand.trend_per_year", -0.9), TERMINATING, weeks=104)[0]
    assert (found.min(), found[-1]) == (0.0, 0.0)


def test_a_surge_lasts_its_weeks_and_concerns_its_segment() -> None:
    surge = {"from_week": 2, "to_week": 4, "factor": 3.0, "segment": "village"}
    found = clock(("demand.surges", [surge]), TERMINATING, weeks=6).reshape(2, 6, 40)[:, :, 0]
    assert found.tolist() == [[1.0] * 6, [1.0, 1.0, 3.0, 3.0, 1.0, 1.0]]


def test_surges_at_the_same_time_multiply() -> None:
    surges = [{"from_week": 0, "to_week": 2, "factor": factor} for factor in (2.0, 3.0)]
    assert clock(("demand.surges", surges), TERMINATING, weeks=2).max() == 6.0


def counts_by(unit: str, *changes: Change) -> np.ndarray[Any, Any]:
    """Arrivals by hour of the day or day of the week, over twenty replications."""
    parts = {"hour": (1.0, 8), "day": (8.0, 5)}
    width, size = parts[unit]
    times = np.concatenate([world(*changes, replication=number).arrival for number in range(20)])
    return np.bincount((times // width).astype(int) % size, minlength=size)


@pytest.mark.parametrize(("unit", "field"), [("hour", "hour_of_day"), ("day", "day_of_week")])
def test_arrivals_follow_the_profile(unit: str, field: str) -> None:
    factors = np.array(PROFILE[field])
    counts = counts_by(unit, (f"company.profile.{field}", PROFILE[field]))
    expected = counts.sum() * factors / factors.sum()
    chi_square = float(((counts - expected) ** 2 / expected).sum())
    # 0.1 % points of chi-square with 7 and 4 degrees of freedom
    assert chi_square < {"hour": 24.3, "day": 18.5}[unit]


def test_a_level_day_does_not_pass_for_the_profile() -> None:
    factors = np.array(PROFILE["hour_of_day"])
    counts = counts_by("hour")
    expected = counts.sum() * factors / factors.sum()
    assert float(((counts - expected) ** 2 / expected).sum()) > 24.3


def test_a_closed_day_brings_nobody() -> None:
    found = world(("company.profile.day_of_week", [1.0, 1.0, 0.0, 1.0, 1.0])).arrival
    assert not ((found % 40.0 >= 16.0) & (found % 40.0 < 24.0)).any()


rows = st.lists(st.floats(0.0, 5.0), min_size=1, max_size=20)


@given(rows, st.floats(0.0, 100.0))
def test_calendar_time_is_when_so_much_demand_has_passed(factors: list[float], passed: float) -> None:
    row = np.concatenate([[0.0], np.cumsum(factors)])
    time = calendar_time(passed, row)
    if passed >= row[-1]:
        assert time == math.inf
    else:
        assert np.interp(time, np.arange(len(row)), row) == pytest.approx(passed, abs=1e-9)


@given(rows, st.floats(0.0, 50.0), st.floats(0.0, 50.0))
def test_more_demand_takes_longer(factors: list[float], passed: float, more: float) -> None:
    row = np.concatenate([[0.0], np.cumsum(factors)])
    assert calendar_time(passed, row) <= calendar_time(passed + more, row)


def test_hours_count_weeks_and_days() -> None:
    week, day = hour_calendar(checked(workshop(("company.clock.days_per_week", 2))), 40)
    assert week.tolist() == [0] * 16 + [1] * 16 + [2] * 8
    assert day[:16].tolist() == [0] * 8 + [1] * 8
