"""Metric rows against figures worked out by hand."""

import math
from typing import Any

import numpy as np
import pytest

from sim.analysis.metrics import run_tables
from sim.rules.satisfaction import SCORES
from sim.trajectory import ABANDONED, CANCELLED, Trajectory
from tests.analysis.synthetic import (
    Organisation,
    Request,
    plain_scenario,
    random_history,
    scenario,
    trajectory,
)

ORGANISATION = Organisation(load=np.array([0.5, 0.75]), desk_load=np.array([0.25]))


def metric(tables: dict[str, Any], name: str, scope: str = "company") -> float:
    (value,) = [row[2] for row in tables["metrics"] if row[:2] == (name, scope)]
    return float(value)


@pytest.fixture
def tables(worked: Trajectory) -> dict[str, Any]:
    return run_tables(scenario(), ORGANISATION, worked)


@pytest.mark.parametrize(
    ("name", "scope", "value"),
    [
        ("response_time_mean", "company", 6.75),
        ("response_time_mean", "segment:business", 4.75),
        ("response_time_mean", "product:loan", 6.75),
        ("response_time_p90", "company", 4.75 + 0.9 * 4.0),
        ("first_response_mean", "company", 1 / 3),
        ("wait_mean", "company", 0.875),
        ("within_promise", "company", 2 / 3),
        ("within_promise", "segment:private", 1.0),
        ("unresolved", "company", 1 / 3),
        ("first_time_right", "company", 0.5),
        ("handoffs_mean", "company", 1.0),
        ("requests_done", "company", 2.0),
        ("utilisation", "company", 37.25 / 160),
        ("utilisation", "department:intake", 34.5 / 80),
        ("utilisation", "department:analysis", 2.75 / 80),
        ("hidden_work", "company", 2.25 / 37.75),
        ("hidden_work", "department:analysis", 0.75 / 2.75),
        ("manager_utilisation", "company", 0.5 / 80),
        ("headcount", "company", 3.0),
        ("headcount", "department:intake", 2.0),
        ("workers", "company", 2.0),
        ("capacity", "company", 1.25),
        ("load", "department:analysis", 0.75),
        ("desk_load", "company", 0.25),
        ("unfamiliarity_mean", "function:analysis", 0.0),
        ("wait_per_visit", "department:analysis", 0.25),
        ("visits_done", "department:intake", 3.0),
        ("cost", "company", 175_000),
        ("hidden_people", "company", 2.25 / 80),
        ("hidden_cost", "company", (1.75 * 50_000 + 0.5 * 75_000) / 80),
        ("concessions", "company", 0.0),
        ("managers", "company", 1.0),
        ("cost_per_resolved", "company", 175_000 * 2 / 52 / 2),
    ],
)
def test_a_metric_has_the_value_worked_out_by_hand(
    tables: dict[str, Any], name: str, scope: str, value: float
) -> None:
    assert metric(tables, name, scope) == pytest.approx(value, rel=1e-15)


def test_a_group_without_resolved_requests_has_no_mean(tables: dict[str, Any]) -> None:
    assert math.isnan(metric(tables, "response_time_mean", "product:card"))


def test_metrics_of_mechanisms_that_are_off_have_no_rows(tables: dict[str, Any]) -> None:
    assert not {"abandoned", "balked", "coordinator_utilisation"} & {row[0] for row in tables["metrics"]}


def test_every_metric_and_scope_comes_once(tables: dict[str, Any]) -> None:
    keys = [row[:2] for row in tables["metrics"]]
    assert len(keys) == len(set(keys))


def test_the_parts_of_satisfaction_add_up_to_it(tables: dict[str, Any]) -> None:
    for scope in ("company", "segment:private"):
        parts = [metric(tables, f"satisfaction_from_{name}", scope) for name in SCORES]
        assert math.fsum(parts) == pytest.approx(metric(tables, "satisfaction_mean", scope), rel=1e-12)


def test_the_cohort_is_who_arrived_between_warm_up_and_horizon() -> None:
    arrivals = [39.0, 40.0, 79.0, 81.0]
    requests = [Request(place, 0, at).visit(0, work=1.0 + place) for place, at in enumerate(arrivals)]
    seen = run_tables(scenario(), ORGANISATION, trajectory(requests, [(0, 0)], warm_up=40.0))
    assert metric(seen, "response_time_mean") == 2.5


def test_hours_outside_the_window_do_not_count() -> None:
    requests = [Request(0, 0, 39.0).visit(0, work=2.0), Request(1, 0, 79.0).visit(0, work=5.0)]
    seen = run_tables(scenario(), ORGANISATION, trajectory(requests, [(0, 0)], warm_up=40.0))
    assert metric(seen, "utilisation") == 2.0 / 40.0


def test_cancelled_requests_never_arrived() -> None:
    requests = [Request(0, 0, 1.0).visit(0, work=1.0), Request(1, 0, 2.0, status=CANCELLED)]
    seen = run_tables(scenario(), ORGANISATION, trajectory(requests, [(0, 0)]))
    assert metric(seen, "within_promise") == 1.0


def test_abandoned_requests_are_a_share_of_arrivals_and_broke_the_promise() -> None:
    left = Request(1, 0, 2.0, status=ABANDONED, more={"done": 3.0})
    history = trajectory([Request(0, 0, 1.0).visit(0, work=1.0), left], [(0, 0)])
    seen = run_tables(scenario(customers={"patience": True}), ORGANISATION, history)
    assert (metric(seen, "abandoned"), metric(seen, "within_promise")) == (0.5, 0.5)


def test_concessions_add_to_the_cost_of_a_year() -> None:
    history = trajectory([Request(0, 0, 1.0).visit(0, work=1.0, concession=1)], [(0, 0)])
    seen = run_tables(scenario(coordination={"concession_cost": 30.0}), ORGANISATION, history)
    assert metric(seen, "cost") == pytest.approx(175_000 + 30 * 26)


def test_weeks_describe_each_week_of_the_run(tables: dict[str, Any]) -> None:
    weeks = tables["weeks"]
    company = {name: values[:2] for name, values in weeks.items()}
    assert list(company["busy"]) == [7.25, 30.0]
    assert list(company["hidden"]) == [2.25, 0.0]
    assert list(company["queued"]) == [5.0, 1.0]
    assert list(company["open"]) == [0.0, 1.0]
    assert list(company["queue"]) == [0.0, 0.0]
    assert company["response"][0] == 6.75
    assert math.isnan(company["response"][1])


def test_a_request_waiting_at_the_end_of_a_week_is_in_its_queue() -> None:
    waits = Request(0, 0, 39.0).visit(0, queue=3.0, work=1.0)
    weeks = run_tables(scenario(), ORGANISATION, trajectory([waits], [(0, 0)]))["weeks"]
    queue = dict(zip(zip(weeks["week"], weeks["scope"], strict=True), weeks["queue"], strict=True))
    assert (queue[0, "department:intake"], queue[1, "department:intake"], queue[0, "company"]) == (1, 0, 1)


def test_the_distribution_has_201_quantiles_from_the_shortest_to_the_longest(tables: dict[str, Any]) -> None:
    hours = tables["distribution"]["hours"]
    assert (len(hours), hours[0], hours[100], hours[-1]) == (201, 4.75, 6.75, 8.75)


@pytest.mark.parametrize("seed", range(3))
def test_weekly_busy_hours_add_up_to_the_utilisation(seed: int) -> None:
    history = random_history(seed)
    told = scenario(plain_scenario(horizon_weeks=125))
    seen = run_tables(told, ORGANISATION, history)
    weeks = {name: values[:125] for name, values in seen["weeks"].items()}
    expected = math.fsum(weeks["busy"]) / math.fsum(weeks["present"])
    assert metric(seen, "utilisation") == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("axis", ["segment", "product"])
def test_groups_of_requests_add_up_to_the_company(axis: str) -> None:
    seen = run_tables(scenario(), ORGANISATION, random_history(1))
    apart = [row[2] for row in seen["metrics"] if row[0] == "requests_done" and row[1].startswith(axis)]
    assert sum(apart) == metric(seen, "requests_done")


def test_backlogs_and_halves_are_as_by_hand() -> None:
    early = Request(0, 0, 10.0).visit(0, queue=15.0, work=10.0, u_function=1.0)
    late = Request(1, 0, 60.0).visit(0, queue=10.0, work=20.0)
    table = run_tables(scenario(), ORGANISATION, trajectory([early, late], [(0, 0), (0, 1)]))["steadiness"]
    rows = {row[:2]: row[2:] for row in zip(*table.values(), strict=True)}
    assert rows["backlog", "company"] == (15.0 / 20.0, 20.0 / 20.0)
    assert rows["backlog", "department:intake"] == (5.0 / 20.0, 10.0 / 20.0)
    assert rows["response", "company"] == (25.0, 30.0)
    assert rows["unfamiliarity", "company"] == (0.5, 0.0)


def test_summaries_alone_are_kept_when_asked() -> None:
    told = scenario(plain_scenario(keep="summary"))
    tables = run_tables(told, ORGANISATION, random_history(2))
    assert set(tables) == {"metrics", "decomposition", "segments", "steadiness"}


def test_an_empty_history_gives_nan_and_no_error() -> None:
    late = trajectory([Request(0, 0, 90.0)], [(0, 0), (0, 1)])
    seen = run_tables(scenario(plain_scenario()), ORGANISATION, late)
    assert math.isnan(metric(seen, "response_time_mean"))
    assert metric(seen, "utilisation") == 0.0


@pytest.mark.parametrize(
    ("customers", "staffing", "lasting"),
    [
        ({"patience": True}, {}, (0.0, 0.75)),
        ({"patience": True, "patience_until": "resolution"}, {}, (0.0, 0.0)),
        ({}, {"waiting_room": 2}, (0.0, 0.75)),
    ],
)
def test_only_where_a_request_comes_first_is_its_load_bounded_by_leaving(
    worked: Trajectory, customers: dict[str, Any], staffing: dict[str, Any], lasting: tuple[float, float]
) -> None:
    plain = plain_scenario()
    for segment in plain["company"]["segments"].values():
        segment["patience"] = {"law": "exponential", "mean": 1.0}
    found = run_tables(scenario(plain, customers=customers, staffing=staffing), ORGANISATION, worked)
    scopes = ("department:intake", "department:analysis")
    assert tuple(metric(found, "lasting_load", scope) for scope in scopes) == lasting


def test_customers_without_end_of_patience_bound_no_queue(worked: Trajectory) -> None:
    plain = plain_scenario()
    for segment in plain["company"]["segments"].values():
        segment["patience"] = {"law": "none"}
    found = run_tables(scenario(plain, customers={"patience": True}), ORGANISATION, worked)
    assert metric(found, "lasting_load", "department:intake") == 0.5


def test_the_room_to_grow_is_what_is_left_at_this_demand(worked: Trajectory) -> None:
    found = run_tables(scenario(demand={"scale": 1.25}), ORGANISATION, worked)
    assert metric(found, "room") == 1.0
