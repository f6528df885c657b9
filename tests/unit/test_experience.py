"""The experience people start with follows from the work they will get."""

from typing import Any

import numpy as np
import pytest

from sim.numbers import numbers_of
from sim.organisation import Organisation, build_organisation
from sim.replication import play, prepare
from sim.review import starting_state
from sim.world import build_customer_model, build_world
from tests.scenarios import QUICK, Plain, by_axes, checked, fixed, office, workshop

Change = tuple[str, Any]
LEARNING: list[Change] = [
    ("people.start", "seasoned"), ("people.retention_per_month", 0.5), ("people.learning_rate", 0.8),
    ("staffing.allocation", "explicit"), ("staffing.workers", {"cut": 4, "sew": 8}),
]  # fmt: skip


def organisation(plain: Plain) -> Organisation:
    scenario = checked(plain)
    return build_organisation(scenario, build_customer_model(scenario))


def settled(cases_a_week: float, weeks: int = 400) -> float:
    """Experience after many weeks of so many cases and half forgotten a month, just after a review."""
    experience = 0.0
    for _ in range(weeks):
        experience = (experience + cases_a_week) * 0.5 ** (12 / 52)
    return experience


# 40 requests a week, 20 of each product and segment: a cutter of four sees 10, 5 of each kind.
@pytest.mark.parametrize(("axis", "cases"), [(0, [10.0, 0.0]), (1, [5.0, 5.0]), (2, [5.0, 5.0])])
def test_a_cutter_has_what_weeks_of_cutting_settle_at(axis: int, cases: list[float]) -> None:
    found = organisation(workshop(*LEARNING)).experience[axis][0]
    assert found == pytest.approx([settled(a_week) for a_week in cases])


def test_people_of_a_segment_know_nothing_of_the_other() -> None:
    changes = [*LEARNING, ("staffing.workers", {"town": 6, "village": 6})]
    found = organisation(workshop(*changes, structure=by_axes("segment"))).experience[2]
    assert found[0] == pytest.approx([settled(20 * 2 / 6), 0.0])
    assert found[6] == pytest.approx([0.0, settled(20 * 2 / 6)])


def test_repeats_are_experience_too() -> None:
    rework = {"caught": 1.0, "complaint": 0.0, "share": 0.5, "rounds": 1}
    changes = [*LEARNING, ("coordination.defects.base", 0.1), ("coordination.rework", rework)]
    found = organisation(workshop(*changes)).experience[0][0, 0]
    assert found == pytest.approx(settled(10.0 * (1 + 0.19)), rel=1e-5)


def test_novices_know_nothing() -> None:
    changes = [("people.start", "novice"), ("experiment.kind", "terminating")]
    found = organisation(workshop(*LEARNING, *changes)).experience
    assert not any(axis.any() for axis in found)


def test_given_experience_is_the_same_everywhere() -> None:
    changes = [("people.start", "explicit"), ("people.start_cases", 33.0), ("experiment.kind", "terminating")]
    found = organisation(workshop(*LEARNING, *changes)).experience
    assert {value for axis in found for value in axis.ravel().tolist()} == {33.0}


def test_a_manager_has_learned_from_decisions() -> None:
    changes = [
        ("staffing.managers", True), ("staffing.share_manager_below", 0), ("staffing.basis", "workers"),
        ("coordination.exception_share", 0.5), ("coordination.empowered_share", 0.0),
    ]  # fmt: skip
    found = organisation(workshop(*LEARNING, *changes))
    manager = found.first_person[0]
    assert found.experience[0][manager] == pytest.approx([settled(20.0), 0.0])


def test_a_desk_is_as_loaded_as_its_decisions_take() -> None:
    changes = [
        ("staffing.managers", True), ("staffing.share_manager_below", 0), ("people.knowledge_scale", 0.0),
        ("coordination.exception_share", 0.5), ("coordination.empowered_share", 0.0),
        ("coordination.decision", fixed(0.2)),
    ]  # fmt: skip
    # each of two managers: 40 visits a week x 0.5 x 0.2 h = 4 of 40 hours; the general manager none
    assert organisation(workshop(*LEARNING, *changes)).desk_load == pytest.approx([0.1, 0.1, 0.0])


def test_decisions_take_longer_for_a_manager_who_knows_nothing() -> None:
    changes = [
        ("staffing.managers", True), ("staffing.share_manager_below", 0), ("people.start", "novice"),
        ("coordination.exception_share", 0.5), ("coordination.decision", fixed(0.2)),
        ("people.knowledge_scale", 1.0), ("experiment.kind", "terminating"),
    ]  # fmt: skip
    # weights of knowledge add up to 1: a beginner takes twice as long
    assert organisation(workshop(*LEARNING, *changes)).desk_load[0] == pytest.approx(0.2)


def test_there_is_experience_for_every_person_on_every_axis() -> None:
    found = organisation(office("default", "matrix"))
    people = len(found.role)
    assert [axis.shape for axis in found.experience] == [(people, 4), (people, 3), (people, 3)]


def test_a_run_leaves_the_organisation_as_it_was() -> None:
    scenario = checked(office("default", "customer"))
    model, found, numbers = prepare(scenario)
    before = [axis.copy() for axis in found.experience]
    state = starting_state(scenario, model, build_world(scenario, model, 0), found, numbers)
    state.by_function[...] += 1.0
    assert all((axis == old).all() for axis, old in zip(found.experience, before, strict=True))


@pytest.mark.parametrize("structure", ["function", "customer", "pooled"])
def test_seasoned_people_stay_as_experienced_as_they_start(structure: str) -> None:
    changes = [("experiment.horizon_weeks", 60), ("experiment.drain_weeks", 0), ("people.speed_cv", 0.0)]
    scenario = checked(office("default", structure, *changes))
    model, found, settings = prepare(scenario)
    means = []
    for replication in range(2):
        world = build_world(scenario, model, replication)
        state = starting_state(scenario, model, world, found, settings)
        play(model, world, found, settings, state, QUICK)
        means.append(state.by_function[: found.workers].sum() * numbers_of(scenario).plain.weekly_retention)
    assert np.mean(means) == pytest.approx(found.experience[0][: found.workers].sum(), rel=0.04)
