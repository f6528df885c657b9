"""Intervals, tests and corrections against SciPy, closed forms and repeated sampling."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.analysis.inference import (
    Interval,
    correlations,
    difference_p,
    equivalence_p,
    further_replications,
    holm,
    interval,
    intervals,
    paired,
    relative_changes,
)

random = np.random.default_rng(20)
SAMPLES = random.normal(3.0, 2.0, (40, 8))
OTHERS = SAMPLES + random.normal(0.5, 1.0, (40, 8))


def test_intervals_are_students() -> None:
    ends = stats.t.interval(0.95, 7, SAMPLES.mean(axis=1), stats.sem(SAMPLES, axis=1))
    found = intervals(SAMPLES)
    assert np.allclose(np.array([found.low, found.high]), np.array(ends), rtol=1e-12)


def test_p_of_a_paired_difference_is_scipys() -> None:
    expected = stats.ttest_rel(OTHERS, SAMPLES, axis=1).pvalue
    assert np.allclose(difference_p(intervals(OTHERS - SAMPLES)), expected, rtol=1e-9)


def test_missing_values_leave_only_their_own_row() -> None:
    holes = SAMPLES.copy()
    holes[0, 3:] = np.nan
    found = intervals(holes)
    assert found.n.tolist() == [3] + [8] * 39
    assert found.mean[0] == pytest.approx(SAMPLES[0, :3].mean())


def test_one_replication_has_no_interval() -> None:
    found = interval([4.0])
    assert (found.mean, found.n) == (4.0, 1)
    assert math.isnan(found.low)
    assert math.isnan(found.high)


def test_the_order_of_replications_does_not_matter() -> None:
    one, other = intervals(SAMPLES), intervals(SAMPLES[:, ::-1])
    assert [one.low.tolist(), one.high.tolist()] == [other.low.tolist(), other.high.tolist()]


def test_the_mean_of_equal_values_is_that_value() -> None:
    assert interval([0.8] * 12) == Interval(0.8, 0.8, 0.8, 12)


def test_a_sample_without_spread_is_known_exactly() -> None:
    assert (paired([1.0, 2.0], [3.0, 4.0]).low, paired([1.0, 2.0], [3.0, 4.0]).high) == (2.0, 2.0)


def test_equal_samples_are_no_evidence_of_a_difference() -> None:
    assert difference_p(intervals(np.zeros((1, 5)))).tolist() == [1.0]


def test_equal_samples_show_equivalence() -> None:
    assert equivalence_p(intervals(np.zeros((1, 5))), np.array([0.1])).tolist() == [0.0]


def test_equivalence_is_two_one_sided_tests() -> None:
    change = OTHERS - SAMPLES
    above = stats.ttest_1samp(change, 1.0, axis=1, alternative="less").pvalue
    below = stats.ttest_1samp(change, -1.0, axis=1, alternative="greater").pvalue
    found = equivalence_p(intervals(change), np.full(40, 1.0))
    assert np.allclose(found, np.maximum(above, below), rtol=1e-9)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=12))
def test_holm_rejects_what_the_step_down_procedure_rejects(p: list[float]) -> None:
    adjusted = holm(np.array(p), np.zeros(len(p), dtype=np.int64))
    rejected, order = set(), np.argsort(p, kind="stable")
    for step, place in enumerate(order):
        if p[place] * (len(p) - step) > 0.05:
            break
        rejected.add(int(place))
    assert set(np.flatnonzero(adjusted <= 0.05)) == rejected


def test_families_are_corrected_apart_and_gaps_take_no_part() -> None:
    p = np.array([0.02, math.nan, 0.03, 0.02])
    adjusted = holm(p, np.array([0, 0, 1, 0]))
    assert adjusted[[0, 2, 3]].tolist() == [0.04, 0.03, 0.04]
    assert math.isnan(adjusted[1])


def test_correlation_is_pearsons() -> None:
    expected = [np.corrcoef(a, b)[0, 1] for a, b in zip(SAMPLES, OTHERS, strict=True)]
    assert np.allclose(correlations(SAMPLES, OTHERS), expected, rtol=1e-9)


def test_fiellers_interval_excludes_0_exactly_when_the_paired_test_does() -> None:
    base, other = 20.0 + SAMPLES, 20.0 + OTHERS
    found = relative_changes(base, other)
    sure = difference_p(intervals(other - base)) < 0.05
    assert 0 < sure.sum() < 40
    assert np.array_equal((found.low > 0) | (found.high < 0), sure)


def test_fiellers_interval_with_a_fixed_reference_is_the_plain_one() -> None:
    found = relative_changes(np.full((1, 8), 4.0), SAMPLES[:1])
    plain = intervals(SAMPLES[:1])
    assert found.low[0] == pytest.approx(plain.low[0] / 4.0 - 1.0)
    assert found.high[0] == pytest.approx(plain.high[0] / 4.0 - 1.0)


def test_a_reference_near_0_has_no_relative_interval() -> None:
    assert math.isnan(relative_changes(np.array([[-1.0, 2.0, 0.0]]), np.ones((1, 3))).low[0])


def test_the_replications_asked_for_settle_it_nine_times_in_ten() -> None:
    effect, first = 0.5, random.normal(0.5, 1.0, (1, 20))
    first += effect - first.mean()
    first = effect + (first - effect) / first.std(ddof=1)
    wanted = 20 + int(further_replications(intervals(first), np.array([0.1]))[0])
    settled = difference_p(intervals(random.normal(effect, 1.0, (2000, wanted)))) < 0.05
    assert 0.87 < settled.mean() < 0.93


def test_nineteen_in_twenty_intervals_cover_the_mean() -> None:
    found = intervals(random.gamma(4.0, 1.0, (4000, 10)))
    covered = ((found.low < 4.0) & (found.high > 4.0)).mean()
    assert 0.935 < covered < 0.965


def test_holm_keeps_false_claims_over_100_equal_scenarios_below_5_in_100() -> None:
    trials, scenarios = 300, 100
    first = random.normal(size=(trials, 1, 20))
    change = intervals((random.normal(size=(trials, scenarios, 20)) - first).reshape(-1, 20))
    family = np.repeat(np.arange(trials), scenarios)
    claimed = (holm(difference_p(change), family) < 0.05).reshape(trials, scenarios).any(axis=1)
    assert claimed.mean() < 0.05 + 3 * math.sqrt(0.05 * 0.95 / trials)
