"""Rehearsals: the best spread of people by trying, and the experience that choosy dispatch leads to."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.model.scenario import Scenario
from sim.numbers import numbers_of
from sim.organisation import Organisation, build_organisation
from sim.rehearsal import (
    PILOT_WEEKS,
    REHEARSAL,
    TRIES,
    needs_pilot,
    with_best_staff,
    with_pilot_experience,
)
from sim.replication import prepare
from sim.review import State, starting_state
from sim.trajectory import DONE, REQUESTS, Trajectory
from sim.world import build_customer_model, build_world
from tests.scenarios import QUICK, by_axes, checked, office, workshop

Change = tuple[str, Any]
NAMES = ("cut", "sew")


def started(*changes: Change) -> tuple[Scenario, Organisation]:
    scenario = checked(workshop(*changes))
    return scenario, build_organisation(scenario, build_customer_model(scenario))


class Stage:
    """In place of the simulator: a request takes the longer, the farther the spread is from a best one."""

    def __init__(self, best: tuple[int, ...], **columns: Any) -> None:
        self.best, self.columns = best, columns
        self.replications: list[int] = []
        self.tried: list[tuple[int, ...]] = []

    def __call__(self, scenario: Scenario, replication: int) -> Trajectory:
        sizes = tuple(scenario.staffing.workers[name] for name in NAMES)
        self.replications.append(replication)
        self.tried.append(sizes)
        requests = np.zeros(2, REQUESTS)
        requests["arrival"], requests["status"] = scenario.warm_up + 1.0, DONE
        requests["done"] = requests["arrival"] + 1.0 + abs(sizes[0] - self.best[0])
        for name, value in self.columns.items():
            requests[name] = value
        none = np.zeros(0)
        return Trajectory(
            requests, none, none, none, {}, scenario.horizon, scenario.warm_up, scenario.horizon
        )


def spread(found: Scenario) -> tuple[int, ...]:
    return tuple(found.staffing.workers[name] for name in NAMES)


@pytest.mark.parametrize("best", [(1, 5), (3, 3), (5, 1)])
def test_people_are_moved_while_that_helps(best: tuple[int, int]) -> None:
    found = with_best_staff(*started(), Stage(best))
    assert (spread(found), found.staffing.allocation) == (best, "explicit")


def test_a_best_spread_stays() -> None:
    stage = Stage((2, 4))
    assert spread(with_best_staff(*started(), stage)) == (2, 4)
    assert len(set(stage.tried)) == 3


def test_nobody_is_moved_where_that_changes_nothing() -> None:
    stage = Stage((2, 4), done=1e3)
    assert spread(with_best_staff(*started(), stage)) == (2, 4)


def test_every_spread_meets_the_same_customers() -> None:
    stage = Stage((3, 3))
    with_best_staff(*started(), stage)
    assert set(stage.replications) == set(range(REHEARSAL, REHEARSAL + TRIES))


def test_no_result_is_measured_with_the_luck_of_a_rehearsal() -> None:
    most = Scenario.model_fields["experiment"].annotation
    assert most is not None
    assert REHEARSAL > 100_000  # most replications that a scenario may have


def test_no_spread_exceeds_the_payroll() -> None:
    payroll = [
        ("staffing.basis", "payroll"), ("staffing.managers", True), ("staffing.share_manager_below", 0),
        ("staffing.span", 3), ("staffing.headcount", 8),
    ]  # fmt: skip
    stage = Stage((5, 1))
    scenario, organisation = started(*payroll)
    found = with_best_staff(scenario, organisation, stage)
    # (2, 4) with 1 + 2 managers would be nine: five cutters would need two managers as well
    managers = sum(-(-size // 3) for size in spread(found))
    assert sum(spread(found)) + managers <= 8


def test_coordinators_keep_their_places_on_the_payroll() -> None:
    matrix = {**by_axes("function"), "coordinators": {"group_by": ["segment"]}}
    payroll = [("staffing.basis", "payroll"), ("structure", matrix), ("staffing.headcount", 8)]
    found = with_best_staff(*started(*payroll), Stage((5, 1)))
    assert spread(found) == (5, 1)


def test_losing_customers_is_no_way_to_be_quick() -> None:
    class Losing(Stage):
        def __call__(self, scenario: Scenario, replication: int) -> Trajectory:
            played = super().__call__(scenario, replication)
            played.requests["done"] = played.requests["arrival"] + 5.0
            if spread(scenario)[0] == 3:  # here half of them leave at once
                played.requests["status"][0], played.requests["done"][0] = 2, played.requests["arrival"][0]
            return played

    assert spread(with_best_staff(*started(), Losing((2, 4)))) == (2, 4)


def test_who_comes_after_the_horizon_does_not_count() -> None:
    class Late(Stage):
        def __call__(self, scenario: Scenario, replication: int) -> Trajectory:
            played = super().__call__(scenario, replication)
            played.requests["arrival"][1] = scenario.horizon
            played.requests["done"][1] = scenario.horizon + 10.0 * abs(spread(scenario)[0] - 5)
            return played

    assert spread(with_best_staff(*started(), Late((3, 3)))) == (3, 3)


@pytest.mark.parametrize(
    ("start", "rule", "learning_rate", "needed"),
    [
        ("seasoned", "longest_idle", 0.8, False),
        ("seasoned", "same_worker", 0.8, True),
        ("seasoned", "most_proficient", 0.8, True),
        ("seasoned", "most_proficient", 1.0, False),
        ("novice", "most_proficient", 0.8, False),
    ],
)
def test_a_pilot_is_needed_where_the_rule_decides_who_learns(
    start: str, rule: str, learning_rate: float, needed: bool
) -> None:
    changes = [
        ("people.start", start), ("people.dispatch_worker", rule), ("experiment.kind", "terminating"),
        ("people.learning_rate", learning_rate),
    ]  # fmt: skip
    assert needs_pilot(checked(workshop(*changes))) == needed


def pilot_of(*changes: Change) -> tuple[Scenario, Organisation, Organisation]:
    """The scenario of the pilot, the organisation before, and after a pilot in which everybody learned 9."""
    scenario, organisation = started(("people.retention_per_month", 0.5), *changes)
    asked = []

    def play(longer: Scenario, replication: int) -> State:
        asked.append((longer, replication))
        model = build_customer_model(longer)
        state = starting_state(longer, model, build_world(longer, model, 1), organisation, numbers_of(longer))
        return replace(state, by_function=np.full_like(state.by_function, 9.0))

    found = with_pilot_experience(scenario, organisation, play)
    assert [replication for _, replication in asked] == [REHEARSAL]
    return asked[0][0], organisation, found


def test_a_pilot_runs_three_years() -> None:
    assert pilot_of()[0].experiment.horizon_weeks == PILOT_WEEKS == 156


def test_a_pilot_meets_demand_as_usual() -> None:
    changes = [
        ("experiment.kind", "terminating"), ("demand.trend_per_year", 0.5), ("demand.scale", 1.25),
        ("demand.surges", [{"from_week": 0, "to_week": 99, "factor": 3.0}]),
    ]  # fmt: skip
    demand = pilot_of(*changes)[0].demand
    assert (demand.trend_per_year, demand.surges, demand.scale) == (0.0, (), 1.25)


def test_people_start_after_the_review_that_ends_the_pilot() -> None:
    found = pilot_of()[2]
    assert set(found.experience[0].ravel().tolist()) == {9.0 * 0.5 ** (12 / 52)}


def test_a_pilot_changes_nothing_but_experience() -> None:
    _, before, after = pilot_of()
    assert (after.load == before.load).all()
    assert after.queues is before.queues


def concentration(rule: str) -> float:
    """Mean share of a worker's product experience that is on the best-known product."""
    changes = [
        ("people.dispatch_worker", rule), ("experiment.engine", QUICK), ("demand.scale", 0.7),
        ("people.learning_rate", 0.7), ("people.retention_per_month", 0.7),
        ("company.functions.intake.knowledge", {"product": 3.0}),
    ]  # fmt: skip
    organisation = prepare(checked(office("default", "pooled", *changes)))[1]
    known = organisation.experience[1][: organisation.workers]
    return float((known.max(axis=1) / known.sum(axis=1)).mean())


def test_work_for_the_most_proficient_makes_specialists() -> None:
    assert concentration("most_proficient") > 1.05 * concentration("longest_idle")
