"""Growing queues, drift and load: what is flagged, how surely, and what becomes of it."""

import numpy as np
import pandas as pd
import pytest

from sim.analysis.comparison_groups import Facts
from sim.analysis.estimates import Matrix
from sim.analysis.exact import Floats
from sim.analysis.relaxation import coverage
from sim.analysis.stationarity import (
    Signs,
    brief,
    drift,
    drifting,
    first_steady,
    growing,
    may_be_ranked,
    overloaded,
    runaway,
    start_up,
    status_of,
    unresolved,
    wide,
)
from sim.analysis.suppression import Caveat

GROWS, DRIFTS = Caveat("grows"), Caveat("drifts")
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


def alike(series: Floats) -> Floats:
    """The same weeks in 5 replications, but for noise of 0.1 %; shape (weeks, 5)."""
    return series[:, None] * np.random.default_rng(4).normal(1.0, 0.001, (len(series), 5))


def test_a_start_up_longer_than_the_warm_up_is_told_with_what_it_moves() -> None:
    weekly = alike(np.concatenate([np.linspace(30.0, 10.0, 16), np.full(36, 10.0)]))
    refused, noted = start_up(weekly, 8)
    what, _, size = str(refused).partition(": ")
    assert what == "the start-up outlasts the warm-up of 8 weeks"
    assert size.startswith("a cut after 16 of 52 weeks moves the response time by -7.")
    assert noted is None
    assert start_up(weekly, 16) == (None, None)


def test_a_start_up_beyond_half_the_run_is_no_steady_state() -> None:
    weekly = alike(np.concatenate([np.linspace(50.0, 10.0, 40), np.full(12, 10.0)]))
    refused, _ = start_up(weekly, 8)
    assert str(refused).startswith("no steady state found: a cut after ")


def test_a_late_cut_that_moves_little_is_only_noted() -> None:
    weekly = alike(np.concatenate([np.full(40, 10.0), np.full(12, 9.85)]))
    refused, noted = start_up(weekly, 8)
    assert refused is None
    assert str(noted).startswith("the MSER rule would cut much later, to little effect: a cut after 4")


def test_a_late_cut_within_the_noise_is_not_shown_rather_than_refused() -> None:
    weekly = np.concatenate([np.full(40, 10.5), np.full(12, 10.0)])[:, None] + np.zeros(4)
    weekly[40:] += [-2.0, 2.0, -1.5, 1.5]  # each replication ends elsewhere, on average a little lower
    refused, noted = start_up(weekly, 8)
    assert refused is None
    assert str(noted).startswith(
        "whether the start-up ends with the warm-up is not shown: a cut after 40 of 52"
    )


def test_one_replication_shows_no_start_up() -> None:
    assert start_up(np.linspace(50.0, 10.0, 52)[:, None], 8) == (None, None)


WEEKS, WARM_UP, REPLICATIONS = 104, 26, 20
AGE = np.arange(WEEKS) / WEEKS
STEADY = np.ones(WEEKS)
NOT_STEADY = {
    "doubles over the run": 1 + AGE,
    "starts at a fifth, half way after 30 weeks": 1 - 0.8 * 0.5 ** (WEEKS * AGE / 30),
    "starts threefold, half way after 15 weeks": 1 + 2.0 * 0.5 ** (WEEKS * AGE / 15),
    "rises by a half in week 70": np.where(AGE * WEEKS < 70, 1.0, 1.5),
}


def weekly_series(course: Floats, memory: float, random: np.random.Generator) -> Floats:
    """Skewed weekly means around a course, shape (weeks, replications): lognormal, cv 0.3, autocorrelated.

    memory: correlation of a week's logarithm with the next one's.
    """
    shocks = random.standard_normal((WEEKS, REPLICATIONS))
    level = shocks[0]
    rows = [level]
    for shock in shocks[1:]:
        level = memory * level + np.sqrt(1 - memory**2) * shock
        rows.append(level)
    spread = np.sqrt(np.log1p(0.3**2))
    noise: Floats = np.exp(spread * np.stack(rows) - spread**2 / 2)
    return course[:, None] * noise


def refused_by(course: Floats, memory: float, trials: int) -> tuple[float, float, float]:
    """Share of trials with an MSER cut in the second half, refused for start-up, refused for it or drift."""
    random = np.random.default_rng(7)
    runs = [weekly_series(course, memory, random) for _ in range(trials)]
    late = np.array([first_steady(run.mean(axis=1)) > WEEKS / 2 for run in runs])
    outlasting = np.array([start_up(run, WARM_UP)[0] is not None for run in runs])
    middle = (WARM_UP + WEEKS) // 2
    tables = [
        steadiness(run[WARM_UP:middle].mean(axis=0), run[middle:].mean(axis=0), "response", trial)
        for trial, run in enumerate(runs)
    ]
    found = drift(pd.concat(tables, ignore_index=True), "response")
    drifts = np.array(found.settled) == "drifting"
    return float(late.mean()), float(outlasting.mean()), float((outlasting | drifts).mean())


@pytest.mark.parametrize("memory", [0.0, 0.5, 0.8, 0.9])
def test_steady_series_are_refused_in_at_most_5_per_cent(memory: float) -> None:
    late, outlasting, either = refused_by(STEADY, memory, 300)
    assert outlasting <= 0.03
    assert either <= 0.05
    assert memory < 0.9 or late > 0.25  # a late cut alone says little


@pytest.mark.parametrize("memory", [0.0, 0.5, 0.8])
@pytest.mark.parametrize("course", NOT_STEADY.values(), ids=NOT_STEADY)
def test_what_is_not_steady_is_refused_in_at_least_95_per_cent(course: Floats, memory: float) -> None:
    assert refused_by(course, memory, 100)[2] >= 0.95


def loads(*values: float, metric: str = "load", scope: str = "department:intake") -> Matrix:
    keys = pd.DataFrame([{"scenario": 0, "metric": metric, "scope": scope}])
    return Matrix(keys, np.array([values]))


def estimates(**values: float) -> pd.DataFrame:
    facts = {"scenario": 0, "scope": "company"}
    return pd.DataFrame([{**facts, "metric": name, "mean": value} for name, value in values.items()])


def test_a_load_of_1_is_overload() -> None:
    assert overloaded(loads(1.0, 1.0)) == {0: ["department intake has more work than hours: load 1.00"]}


def test_a_load_below_1_is_none() -> None:
    assert overloaded(loads(0.99, 0.5)) == {}


def test_an_overloaded_desk_is_overload() -> None:
    assert len(overloaded(loads(1.2, metric="desk_load", scope="company"))[0]) == 1


def test_one_replication_with_too_slow_people_leaves_the_mean_without_a_limit() -> None:
    told = "department intake has more work than hours in 1 of 3 replications: load up to 1.04"
    assert overloaded(loads(0.8, 1.04, 0.9)) == {0: [told]}


def with_leavers(lasting: float) -> Matrix:
    both = [loads(1.3), loads(lasting, metric="lasting_load")]
    return Matrix(pd.concat([each.keys for each in both]), np.concatenate([each.values for each in both]))


def test_a_load_above_1_is_no_overload_where_customers_can_leave() -> None:
    assert overloaded(with_leavers(0.0)) == {}


def test_a_department_behind_the_one_that_they_leave_is_overloaded_all_the_same() -> None:
    assert overloaded(with_leavers(1.1)) == {0: ["department intake has more work than hours: load 1.10"]}


def quarter_loaded(visits: float) -> pd.DataFrame:
    facts = {"scenario": 0, "scope": "department:intake"}
    values = {"load": 0.81, "utilisation": 0.8, "visits_done": visits}
    return pd.DataFrame([{**facts, "metric": name, "mean": value} for name, value in values.items()])


def test_a_run_is_measured_in_relaxation_times_of_its_busiest_queue() -> None:
    assert coverage(quarter_loaded(8000.0))[0] == pytest.approx(100.0)


def test_a_run_of_few_relaxation_times_is_short() -> None:
    assert list(brief(quarter_loaded(800.0))) == [0]
    assert brief(quarter_loaded(8000.0)) == {}


def test_an_interval_wider_than_10_per_cent_is_told() -> None:
    table = estimates(response_time_mean=10.0)
    assert wide(table.assign(low=8.9, high=11.1)) == {0: "the interval of the response time is ± 11 %"}
    assert wide(table.assign(low=9.1, high=10.9)) == {}


def test_a_loop_that_dies_or_explodes_is_named() -> None:
    said = {49.0: "dies out: 100, later 49", 200.0: "explodes: 100, later 200"}
    for end in (49.0, 60.0, 199.0, 200.0):
        found = runaway(estimates(customers_start=100.0, customers_end=end))
        assert found == ({0: f"the number of customers {said[end]}"} if end in said else {})
    assert runaway(estimates(response_time_mean=1.0)) == {}


def test_unresolved_shares_are_found_by_scenario() -> None:
    assert unresolved(estimates(unresolved=0.02)) == {0: 0.02}


def test_growth_makes_a_long_run_unstable() -> None:
    assert status_of("ok", "", LONG_RUN, Signs(endless=[GROWS])) == ("unstable", ["grows"])


def test_growth_is_only_noted_in_a_terminating_study() -> None:
    signs = Signs(endless=[GROWS], biased=[DRIFTS])
    assert status_of("ok", "", TERMINATING, signs) == ("ok", ["grows"])


def test_bias_makes_a_long_run_short_and_bars_it_from_ranking() -> None:
    signs = Signs(biased=[DRIFTS])
    assert status_of("ok", "", LONG_RUN, signs) == ("short", ["drifts"])
    assert not may_be_ranked("short", signs, 0.0)


def test_a_short_run_is_called_short_but_stays_in_the_ranking() -> None:
    signs = Signs(brief=[Caveat("short")])
    assert status_of("ok", "", LONG_RUN, signs)[0] == "short"
    assert may_be_ranked("short", signs, 0.01)


def test_a_wide_interval_makes_no_status_because_lucky_runs_have_narrow_ones() -> None:
    assert status_of("ok", "", LONG_RUN, Signs(notes=[Caveat("wide")])) == ("ok", ["wide"])


def test_unresolved_requests_are_the_first_reason_where_they_bar_from_ranking() -> None:
    _, reasons = status_of("ok", "", LONG_RUN, Signs(notes=[Caveat("only 5 replications")]), 0.02)
    assert reasons[0] == "2.0 % of requests unresolved: no mean is ranked"


def test_more_than_1_per_cent_unresolved_is_not_ranked() -> None:
    assert not may_be_ranked("ok", Signs(), 0.0101)


def test_what_ended_otherwise_keeps_its_ending_and_message() -> None:
    stopped = status_of("stopped: seconds", "after 600 s", LONG_RUN, Signs())
    assert stopped == ("stopped", ["seconds", "after 600 s"])
    assert status_of("failed", "boom", LONG_RUN, Signs(endless=[GROWS])) == ("failed", ["boom"])
