"""Intervals of shares and of their differences: inside 0 to 1, honest about clumps, as their tests say."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.analysis.estimates import (
    MEANS,
    ODDS,
    RARE,
    SHORTEST,
    WIDE_ODDS,
    WIDER,
    WIDER_ODDS,
    WIDEST,
    Matrix,
    estimates,
    with_status,
)
from sim.analysis.inference import holm, intervals
from sim.analysis.paired import Paired
from sim.analysis.shares import ShareDifferences, freedom, share_intervals

REPEATS = 3000
BAND = 4 * math.sqrt(0.05 * 0.95 / REPEATS)


def clumped(share: float, clump: float, n: int, seed: int, requests: int = 1000) -> np.ndarray:
    """Shares of replications whose misses come in clumps of a geometric size; shape (REPEATS, n)."""
    random = np.random.default_rng(seed)
    clumps = random.poisson(requests * (1 - share) / clump, (REPEATS, n))
    misses = clumps + np.where(clumps > 0, random.negative_binomial(np.maximum(clumps, 1), 1 / clump), 0)
    return 1.0 - np.minimum(misses, requests) / requests


def covered(low: np.ndarray, high: np.ndarray, truth: float) -> float:
    there = np.isfinite(low)
    return float(np.mean(((low <= truth) & (truth <= high))[there]))


@pytest.mark.parametrize(("share", "clump"), [(0.95, 5.0), (0.99, 5.0), (0.99, 20.0), (0.996, 5.0)])
def test_displayed_intervals_of_shares_near_1_cover_nineteen_in_twenty(share: float, clump: float) -> None:
    found = share_intervals(clumped(share, clump, 10, 1))
    assert 0.95 - BAND < covered(found.low, found.high, share) < 0.965 + BAND


def test_t_alone_would_cover_far_less() -> None:
    plain = intervals(clumped(0.99, 20.0, 10, 1))
    assert covered(plain.low, plain.high, 0.99) < 0.87


@pytest.mark.parametrize(("own", "other"), [(0.98, 0.996), (0.98, 1.0), (0.99, 0.999), (0.96, 0.98)])
def test_intervals_of_differences_of_shares_cover_nineteen_in_twenty(own: float, other: float) -> None:
    found = ShareDifferences(clumped(own, 5.0, 10, 2), clumped(other, 5.0, 10, 3)).intervals()
    assert covered(found.low, found.high, own - other) > 0.95 - BAND


def test_the_test_of_a_difference_is_its_interval_turned_round() -> None:
    paired = Paired(clumped(0.98, 5.0, 10, 2), clumped(0.99, 5.0, 10, 3), np.full(REPEATS, True))
    found, sure = paired.intervals(), paired.difference_p() < 0.05
    assert 0.1 < sure.mean() < 0.9
    assert np.array_equal(sure, (found.low > 0) | (found.high < 0))


def test_equivalence_of_shares_is_the_interval_of_90_per_cent_inside_the_margin() -> None:
    paired = Paired(clumped(0.98, 5.0, 10, 2), clumped(0.98, 5.0, 10, 3), np.full(REPEATS, True))
    found, alike = paired.intervals(0.90), paired.equivalence_p(np.full(REPEATS, 0.01)) < 0.05
    assert 0.05 < alike.mean() < 0.95
    assert np.array_equal(alike, (found.low > -0.01) & (found.high < 0.01))


@pytest.mark.parametrize("best", [1.0, 0.999, 0.96])
def test_shares_that_differ_by_twice_the_margin_are_rarely_called_alike(best: float) -> None:
    own, other = clumped(best - 0.02, 20.0, 10, 2), clumped(best, 20.0, 10, 3)
    claims = Paired(own, other, np.full(REPEATS, True)).equivalence_p(np.full(REPEATS, 0.01)) < 0.05
    assert claims.mean() < 0.05


def test_100_equal_scenarios_are_told_apart_in_fewer_than_one_in_twenty_trials() -> None:
    trials, scenarios = REPEATS // 100, 100
    own = clumped(0.996, 5.0, 10, 2)
    first = np.repeat(clumped(0.996, 5.0, 10, 3)[:trials], scenarios, axis=0)
    p = Paired(own, first, np.full(REPEATS, True)).difference_p()
    claims = (holm(p, np.repeat(np.arange(trials), scenarios)) < 0.05).reshape(trials, scenarios).any(axis=1)
    assert claims.sum() <= stats.binom.ppf(0.999, trials, 0.05)


def test_one_replication_with_a_miss_makes_no_difference_of_shares() -> None:
    own = np.array([[1.0] * 9 + [0.98]])
    assert Paired(own, np.ones((1, 10)), np.array([True])).difference_p()[0] > 0.3


def test_equal_shares_do_not_differ() -> None:
    same = Paired(np.full((1, 5), 0.9), np.full((1, 5), 0.9), np.array([True]))
    assert (same.difference_p()[0], same.intervals().low[0]) == (1.0, 0.0)


def test_a_share_far_from_the_ends_has_nearly_the_interval_of_t() -> None:
    values = np.random.default_rng(4).normal(0.5, 0.01, (1, 40))
    plain, own = intervals(values), share_intervals(values)
    assert own.low[0] == pytest.approx(plain.low[0], rel=1e-3)


def test_freedom_is_that_of_the_variance_of_a_normal_sample() -> None:
    values = np.random.default_rng(4).normal(size=(1, 4000))
    assert freedom(values, intervals(values))[0] == pytest.approx(3999, rel=0.2)


def displayed(times: float, n: int, kind: str = "long_run", share: float = 0.5) -> pd.DataFrame:
    """Estimates of a response time and a share, by metric; the run covers so many relaxation times."""
    load = 0.81  # 1 / (1 - sqrt(load))^2 = 100 services
    rows = {
        ("response_time_mean", "company", "h"): np.arange(n) + 10.0,
        ("within_promise", "company", "share"): share + 0.1 * min(share, 1 - share) * (np.arange(n) % 2),
        ("load", "department:a", "share"): np.full(n, load),
        ("utilisation", "department:a", "share"): np.full(n, load),
        ("visits_done", "department:a", "number"): np.full(n, times * 100.0 * load),
    }
    keys = pd.DataFrame(
        [(0, "a", *key) for key in rows], columns=["scenario", "structure", "metric", "scope", "unit"]
    )
    values = Matrix(keys, np.array(list(rows.values())))
    facts = {"setting": 0, "label": "", "status": "ok", "replications": n, "kind": kind}
    found = with_status(estimates(values), pd.DataFrame([{"scenario": 0, **facts}]), values)
    return found.set_index("metric")


@pytest.mark.parametrize(
    ("times", "n", "method"),
    [(100, 10, MEANS), (30, 10, WIDER), (50, 20, MEANS), (10, 20, WIDEST), (4, 20, SHORTEST)],
)
def test_few_relaxation_times_widen_or_withhold_an_interval_of_hours(times: int, n: int, method: str) -> None:
    assert displayed(times, n).loc["response_time_mean", "method"] == method


def test_the_wider_interval_is_t_at_99_per_cent() -> None:
    row = displayed(10, 20).loc["response_time_mean"]
    reach = stats.t.ppf(0.995, 19) * stats.sem(np.arange(20) + 10.0)
    assert row["high"] - row["mean"] == pytest.approx(reach)


def test_a_period_with_an_end_needs_no_relaxation() -> None:
    assert displayed(4, 20, "terminating").loc["response_time_mean", "method"] == MEANS


@pytest.mark.parametrize(
    ("times", "share", "method"),
    [(81, 0.1, ODDS), (79, 0.1, WIDE_ODDS), (50, 0.01, WIDER_ODDS), (50, 0.001, RARE)],
)
def test_few_relaxation_times_and_misses_widen_or_withhold_a_share(
    times: float, share: float, method: str
) -> None:
    assert displayed(times, 10, share=share).loc["within_promise", "method"] == method
