"""Growing queues, drift and load: what is flagged, how surely, and what becomes of it."""

import numpy as np
import pandas as pd
import pytest

from sim.analysis.exact import Floats
from sim.analysis.settings import Facts
from sim.analysis.stability import (
    Signs,
    drift,
    drifting,
    first_steady,
    growing,
    may_be_ranked,
    overloaded,
    start_up,
    status_of,
    unresolved,
    wide,
)

LONG_RUN, TERMINATING = Facts("long_run", 52, 8, False), Facts("terminating", 52, 0, False)


def queue_course(load: float, replications: int, arrivals: int, seed: int) -> tuple[Floats, Floats]:
    """Mean number waiting in one queue over the second and last quarter, by Lindley's recursion."""
    random = np.random.default_rng(seed)
    size = (replications, arrivals)
    walk = np.cumsum(random.exponential(load, size) - random.exponential(1.0, size), axis=1)
    wait = walk - np.minimum.accumulate(np.minimum(walk, 0.0), axis=1)
    quarter = arrivals // 4
    return wait[:, quarter : 2 * quarter].mean(axis=1), wait[:, 3 * quarter :].mean(axis=1)


def steadiness(early: Floats, late: Floats, measure: str = "backlog", scenario: int = 0) -> pd.DataFrame:
    facts = {"scenario": scenario, "measure": measure, "scope": "company"}
    return pd.DataFrame({**facts, "replication": range(len(early)), "early": early, "late": late})


def flags(load: float, trials: int) -> float:
    """Share of trials of 10 replications with 10,000 arrivals that are flagged as growing."""
    courses = [queue_course(load, 10, 10_000, seed) for seed in range(trials)]
    tables = [steadiness(*course, scenario=trial) for trial, course in enumerate(courses)]
    return len(growing(pd.concat(tables, ignore_index=True))) / trials


def test_queues_beyond_capacity_are_flagged() -> None:
    assert flags(1.05, 30) == 1.0


def test_busy_queues_below_capacity_are_not_flagged() -> None:
    assert flags(0.95, 100) == 0.0


def test_a_growing_queue_is_named_with_its_sizes() -> None:
    found = growing(steadiness(np.full(5, 10.0), np.array([30.0, 30.1, 30.2, 30.3, 30.4])))
    assert found[0] == ["the number of open requests keeps growing: 10.0, later 30.2"]


def test_one_replication_proves_no_growth() -> None:
    assert growing(steadiness(np.array([1.0]), np.array([100.0]))) == {}


def test_a_small_growth_is_no_flag_however_sure() -> None:
    assert growing(steadiness(np.full(10, 100.0), np.full(10, 115.0))) == {}


@pytest.mark.parametrize(
    ("shift", "spread", "expected"),
    [(0.0, 0.1, "equivalent"), (10.0, 0.1, "drifting"), (0.5, 10.0, "not settled"), (1.0, 0.1, "equivalent")],
)
def test_halves_are_equivalent_drifting_or_not_settled(shift: float, spread: float, expected: str) -> None:
    random = np.random.default_rng(3)
    early = random.normal(100.0, spread, 10)
    late = early + shift + random.normal(0.0, spread, 10)
    assert drift(steadiness(early, late, "response"), "response").settled == [expected]


def test_an_established_drift_is_told_with_its_size() -> None:
    table = steadiness(np.full(10, 95.0), np.full(10, 105.0), "response")
    shown, open_question = drifting(drift(table, "response"), "response time")
    assert shown == {0: "response time is +10.0 % in the second half: the warm-up is too short"}
    assert open_question == {}


def test_unfamiliarity_of_0_throughout_is_steady() -> None:
    assert drift(steadiness(np.zeros(4), np.zeros(4), "response"), "response").settled == ["equivalent"]


def test_the_start_up_ends_where_the_series_levels_out() -> None:
    random = np.random.default_rng(1)
    series = 10.0 - 8.0 * np.exp(-np.arange(52) / 3.0) + random.normal(0.0, 0.2, 52)
    assert 5 <= first_steady(series) <= 15


def test_a_series_without_start_up_is_cut_hardly_at_all() -> None:
    series = np.random.default_rng(2).normal(10.0, 1.0, 52)
    assert first_steady(series) <= 5


def test_a_start_up_longer_than_the_warm_up_is_told() -> None:
    series = np.concatenate([np.linspace(30.0, 10.0, 16), np.full(36, 10.0)])
    assert start_up(series, 8) == "the start-up seems to last 15 weeks, the warm-up 8"
    assert start_up(series, 16) == ""


def test_a_start_up_beyond_half_the_run_is_no_steady_state() -> None:
    series = np.concatenate([np.linspace(50.0, 10.0, 40), np.full(12, 10.0)])
    assert start_up(series, 8).startswith("no steady state found")


def estimates(**values: float) -> pd.DataFrame:
    facts = {"scenario": 0, "scope": "company"}
    return pd.DataFrame([{**facts, "metric": name, "mean": value} for name, value in values.items()])


def test_a_load_of_1_is_overload() -> None:
    table = estimates(load=1.0).assign(scope="department:intake")
    assert overloaded(table) == {0: ["department:intake has more work than hours: load 1.00"]}


def test_a_load_below_1_is_none() -> None:
    assert overloaded(estimates(load=0.99, desk_load=0.5)) == {}


def test_an_overloaded_desk_is_overload() -> None:
    assert len(overloaded(estimates(load=0.5, desk_load=1.2))[0]) == 1


def test_an_interval_wider_than_10_per_cent_is_told() -> None:
    table = estimates(response_time_mean=10.0)
    assert wide(table.assign(low=8.9, high=11.1)) == {0: "the interval of the response time is ± 11 %"}
    assert wide(table.assign(low=9.1, high=10.9)) == {}


def test_unresolved_shares_are_found_by_scenario() -> None:
    assert unresolved(estimates(unresolved=0.02)) == {0: 0.02}


def test_growth_makes_a_long_run_unstable() -> None:
    assert status_of("ok", "", LONG_RUN, Signs(growing=["grows"])) == ("unstable", ["grows"])


def test_growth_is_only_noted_in_a_terminating_study() -> None:
    assert status_of("ok", "", TERMINATING, Signs(growing=["grows"], biased=["drifts"])) == ("ok", ["grows"])


def test_bias_makes_a_long_run_short_and_bars_it_from_ranking() -> None:
    signs = Signs(biased=["drifts"])
    assert status_of("ok", "", LONG_RUN, signs) == ("short", ["drifts"])
    assert not may_be_ranked("short", signs, 0.0)


def test_a_wide_interval_makes_it_short_but_leaves_it_in_the_ranking() -> None:
    signs = Signs(wide=["wide"])
    assert status_of("ok", "", LONG_RUN, signs)[0] == "short"
    assert may_be_ranked("short", signs, 0.01)


def test_more_than_1_per_cent_unresolved_is_not_ranked() -> None:
    assert not may_be_ranked("ok", Signs(), 0.0101)


def test_what_ended_otherwise_keeps_its_ending_and_message() -> None:
    stopped = status_of("stopped: seconds", "after 600 s", LONG_RUN, Signs())
    assert stopped == ("stopped", ["seconds", "after 600 s"])
    assert status_of("failed", "boom", LONG_RUN, Signs(growing=["grows"])) == ("failed", ["boom"])
