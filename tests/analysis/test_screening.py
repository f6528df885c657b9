"""Screening on tables made by hand: who goes, who stays, when it is settled, what the first look fixes."""

import numpy as np
import pytest
from scipy.stats import t

from sim.analysis.best_of_many import BEST, LEFT, OUT, Field
from sim.analysis.screening import looks, screen
from sim.choosing.contests import Contest, Rule

ASKED = Rule("response_time_mean", 0.1, 10, 20)
WORLD = np.array([9.0, 10.0, 11.0, 10.0, 9.5, 10.5, 9.8, 10.2, 10.1, 9.9])


def table(*gaps: float) -> np.ndarray:
    """Systems that are worse than the first by so much in every replication, give or take a little."""
    wobble = np.array([0.1, -0.1] * 5)
    return np.array([WORLD + gap + place * wobble for place, gap in enumerate(gaps)])


def test_a_reach_is_that_of_a_one_sided_paired_t_test_at_the_shared_level() -> None:
    found = screen(table(0.0, 0.05), 5, 3)
    error = np.std([0.1, -0.1] * 5, ddof=1) / np.sqrt(10)
    assert found.above[1] == pytest.approx(t.ppf(1 - 0.05 / (3 * 4), 9) * error - 0.05)


def test_who_is_surely_worse_than_another_goes_though_the_world_varies_more_than_they_differ() -> None:
    assert screen(table(0.0, 0.01, 0.3), 3, 1).left.tolist() == [True, True, False]


def test_one_that_the_best_leaves_open_goes_by_a_third_that_met_the_same_luck() -> None:
    luck = np.array([1.0, -1.0] * 5)
    values = np.array([WORLD, WORLD + luck + 0.2, WORLD + luck + 0.1])
    assert screen(values, 3, 1).left.tolist() == [True, False, True]


def test_systems_that_are_the_same_stay_and_it_is_settled() -> None:
    found = screen(np.array([WORLD, WORLD]), 2, 1)
    assert found.left.all()
    assert found.settled(0.0)


def test_one_replication_tells_nothing() -> None:
    found = screen(np.array([[1.0], [9.0]]), 2, 1)
    assert found.left.all()
    assert not found.settled(1e9)


def test_missing_values_leave_out_a_pair_alone() -> None:
    values = table(0.0, 0.3)
    values[1, 0] = np.nan
    assert screen(values, 2, 1).left.tolist() == [True, False]


def test_the_best_stays_at_all_looks_in_ninety_five_of_a_hundred_contests() -> None:
    generator = np.random.default_rng(5)
    plan, lost = looks(10, 30), 0
    for _ in range(400):
        values = generator.standard_normal((8, 30))
        lost += any(not screen(values[:, :count], 8, len(plan)).left[0] for count in plan)
    assert lost <= 33  # 99.9 % of a binomial with 5 %


def test_a_contest_is_over_once_nobody_left_can_be_better_by_what_matters() -> None:
    held = Contest((0, 1, 2), [0, 1, 2])
    held.take(Field((0, 1, 2), table(0.0, 0.01, 5.0), "h"), 10, ASKED)
    assert held.done
    assert [held.state(place) for place in (0, 1, 2)] == [BEST, LEFT, OUT]
    assert held.margin is not None
    assert held.margin.value == pytest.approx(1.0)


def test_where_none_can_be_ranked_nobody_is_best() -> None:
    held = Contest((0, 1), [0, 1])
    held.take(None, 10, ASKED)
    assert held.done
    assert held.ranking == []
