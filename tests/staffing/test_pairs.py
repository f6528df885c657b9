"""People and cost at exactly the same service: crossings by hand, and intervals that cover as they say."""

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from sim.staffing.answer import Answer
from sim.staffing.pairs import differences
from sim.staffing.sample import Floats, Sample

REPEATS = 400
COUNT = 30


def answer(slack: dict[int, Floats]) -> Answer:
    """An answer of which only slack and cost (1,000 a head) are known."""
    samples = {size: Sample(own[None, :], True) for size, own in slack.items()}
    made = SimpleNamespace(staffs=dict.fromkeys(sorted(slack), ()))
    fewest = min((size for size, own in samples.items() if own.met), default=None)

    def values(people: int, metric: str) -> Floats:
        return np.full(len(slack[people]), 1000.0 * people)

    return cast(Answer, SimpleNamespace(samples=samples, made=made, fewest=fewest, values=values))


def at(*means: float, luck: Any = 0.0) -> dict[int, Floats]:
    """Slack of 10, 11 ... people, with the same luck for all."""
    return {10 + place: mean + np.zeros(COUNT) + luck for place, mean in enumerate(means)}


def test_the_crossing_lies_on_the_line_between_two_numbers_of_people() -> None:
    found = differences([answer(at(-1.0, 1.0)), answer(at(-1.0, 3.0))])[1]
    assert found is not None
    assert (found.people, found.own) == (10.5, 10.25)


def test_the_difference_in_cost_goes_with_the_people() -> None:
    found = differences([answer(at(-1.0, 1.0)), answer(at(-1.0, 3.0))])[1]
    assert found is not None
    assert found.cost[0] == pytest.approx(10.25 / 10.5 - 1.0)


def test_a_structure_without_an_answer_is_not_compared() -> None:
    assert differences([answer(at(-1.0, 1.0)), answer(at(-2.0, -1.0))]) == [None, None]


def test_the_same_need_is_told_as_the_same() -> None:
    luck = np.random.default_rng(1).normal(0.0, 0.5, COUNT)
    found = differences([answer(at(-1.0, 1.0, luck=luck)), answer(at(-1.0, 1.0, luck=-luck))])[1]
    assert found is not None
    assert found.verdict == "same"


def test_a_difference_that_luck_could_explain_is_left_open() -> None:
    luck = np.random.default_rng(2).normal(0.0, 6.0, COUNT)
    luck -= luck.mean()
    found = differences([answer(at(-1.0, 1.0, luck=luck)), answer(at(-0.4, 1.6, luck=-luck))])[1]
    assert found is not None
    assert found.verdict == "open"


def test_intervals_cover_the_true_difference() -> None:
    """True crossings 10.5 and 10.25: the interval holds -0.25 in 95 % (give 3.5 standard errors)."""
    random, covered = np.random.default_rng(3), 0
    for _ in range(REPEATS):
        shared = random.normal(0.0, 0.5, COUNT)
        first, own = (shared + random.normal(0.0, 0.5, COUNT) for _ in range(2))
        found = differences([answer(at(-1.0, 1.0, luck=first)), answer(at(-1.0, 3.0, luck=own))])[1]
        covered += found is not None and found.difference[1] <= -0.25 <= found.difference[2]
    assert 0.912 <= covered / REPEATS <= 0.988


def test_two_structures_of_the_same_need_are_seldom_told_apart() -> None:
    random, wrong = np.random.default_rng(4), 0
    for _ in range(REPEATS):
        answers = [answer(at(-1.0, 1.0, luck=random.normal(0.0, 0.5, COUNT))) for _ in range(3)]
        wrong += any(pair is not None and pair.verdict in ("fewer", "more") for pair in differences(answers))
    assert wrong / REPEATS < 0.09
