"""The search finds what looking at every staff finds; told samples, it needs no engine."""

import itertools
from collections.abc import Iterator

import numpy as np
import pytest

import sim
from sim.rules.queue_length import queue_length
from sim.staffing.case import Case, Workers
from sim.staffing.sample import Sample
from sim.staffing.search import MOST, Ask, Found, Search, together
from sim.staffing.targets import Target

SHORT = ["experiment.horizon_weeks=8", "experiment.warm_up_weeks=1"]
MOST_PEOPLE = 40


def case(structure: str, *overrides: str) -> Case:
    scenario = sim.load_scenario([f"structure={structure}", *SHORT, *overrides])
    return Case(structure, scenario.model_dump(mode="json"), (Target("wait_mean", 1.0),), MOST_PEOPLE)


def waiting(own: Case, staff: Workers) -> float:
    """Requests that wait, all together, as a formula has it: the truth of these tests."""
    loads = own.loads(staff)
    if max(loads) >= 1.0:
        return float("inf")
    return sum(queue_length(load, size) for load, size in zip(loads, staff, strict=True))


def sample(own: Case, staff: Workers, count: int, limit: float, noise: float = 0.0) -> Sample:
    """Replications of a truth, the luck of each the same for all staffs."""
    luck = np.random.default_rng(1).normal(0.0, 1.0, MOST)[:count]
    slack = limit - waiting(own, staff) * (1.0 + noise * luck) if count else np.empty(0)
    return Sample(np.vstack([slack, np.full(count, 0.01)]), True)


def found_by_search(own: Case, limit: float, noise: float = 0.0) -> Found:
    def play(asked: list[list[Ask]]) -> list[list[Sample]]:
        return [[sample(own, *ask, limit, noise) for ask in asks] for asks in asked]

    return together([Search(own).run()], play)[0]


def every_staff(own: Case, people: int) -> Iterator[Workers]:
    """Every staff that fits so many people."""
    places = len(own.departments)
    for staff in itertools.product(range(1, people), repeat=places):
        if own.people(staff) <= people:
            yield staff


def fewest_of_all(own: Case, limit: float) -> int:
    """The fewest people of all staffs that meet the limit."""
    return min(own.people(staff) for staff in every_staff(own, MOST_PEOPLE) if waiting(own, staff) <= limit)


@pytest.mark.parametrize("structure", ["customer", "product"])
@pytest.mark.parametrize("limit", [0.2, 1.0, 3.0])
@pytest.mark.parametrize("scale", [0.5, 0.8])
def test_the_fewest_people_are_those_of_all_staffs(structure: str, limit: float, scale: float) -> None:
    own = case(structure, f"demand.scale={scale}")
    assert found_by_search(own, limit).fewest == fewest_of_all(own, limit)


def test_luck_that_all_staffs_share_does_not_mislead_it() -> None:
    own = case("customer", "demand.scale=0.5")
    assert found_by_search(own, 1.0, noise=0.05).fewest == fewest_of_all(own, 1.0)


def test_the_staff_found_meets_the_limit() -> None:
    own = case("product", "demand.scale=0.5")
    found = found_by_search(own, 1.0)
    assert found.fewest is not None
    assert waiting(own, found.best[found.fewest]) <= 1.0


def test_what_nobody_reaches_ends() -> None:
    assert found_by_search(case("product"), -1.0).fewest is None


def test_what_nobody_reaches_tells_the_staff_that_came_nearest() -> None:
    own = case("product", "demand.scale=0.5")
    (staff,) = found_by_search(own, -1.0).best.values()
    assert waiting(own, staff) < 0.01


def test_a_staff_that_cannot_keep_up_is_not_played() -> None:
    own, played = case("customer"), list[Workers]()

    def play(asked: list[list[Ask]]) -> list[list[Sample]]:
        played.extend(staff for asks in asked for staff, count in asks if count)
        return [[sample(own, *ask, 1.0) for ask in asks] for asks in asked]

    together([Search(own).run()], play)
    assert all(max(own.loads(staff)) < 1.0 for staff in played)


def test_searches_side_by_side_find_what_each_finds_alone() -> None:
    cases = [case("customer"), case("product")]

    def play(asked: list[list[Ask]]) -> list[list[Sample]]:
        return [[sample(own, *ask, 1.0) for ask in asks] for own, asks in zip(cases, asked, strict=True)]

    beside = [found.fewest for found in together([Search(own).run() for own in cases], play)]
    assert beside == [found_by_search(own, 1.0).fewest for own in cases]
