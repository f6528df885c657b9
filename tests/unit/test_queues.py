"""Queues inside departments: one where everybody may do everything, else one for each kind of ability."""

from typing import Any

import numpy as np

from sim.organisation import Organisation, build_organisation
from sim.organisation.queues import UNABLE
from sim.world import build_customer_model
from tests.scenarios import by_axes, checked, office, workshop


def everyone(**people: list[Any]) -> Organisation:
    """The pooled workshop with these people and their skills."""
    roster = {name: {"department": "everyone", "skills": skills} for name, skills in people.items()}
    scenario = checked(workshop(("staffing.roster", roster), structure=by_axes()))
    return build_organisation(scenario, build_customer_model(scenario))


def skill(rank: int, **cells: list[str]) -> dict[str, Any]:
    return {"cells": cells, "rank": rank}


def test_without_skills_a_department_has_one_queue() -> None:
    scenario = checked(office("default", "front_back"))
    queues = build_organisation(scenario, build_customer_model(scenario)).queues
    assert np.diff(queues.first_queue).tolist() == [1] * 6
    assert queues.plain.all()


def test_everybody_takes_from_the_queue_of_the_own_department_only() -> None:
    workers = [("staffing.allocation", "explicit"), ("staffing.workers", {"cut": 1, "sew": 2})]
    scenario = checked(workshop(*workers))
    queues = build_organisation(scenario, build_customer_model(scenario)).queues
    assert queues.rank.tolist() == [[0, UNABLE], [UNABLE, 0], [UNABLE, 0]]


def test_cells_that_the_same_people_may_do_share_a_queue() -> None:
    queues = everyone(ann=[skill(0, products=["shirt"])], bea=[]).queues
    # shirts: ann and bea; coats: bea alone
    assert np.diff(queues.first_queue).tolist() == [2]
    assert queues.rank.tolist() == [[0, UNABLE], [0, 0]]


def test_cells_lie_in_the_queue_of_those_who_may_do_them() -> None:
    queues = everyone(ann=[skill(0, products=["shirt"])], bea=[]).queues
    assert (queues.queue_of[:, 0] == 0).all()
    assert (queues.queue_of[:, 1] == 1).all()


def test_preferences_make_queues_of_their_own() -> None:
    queues = everyone(ann=[skill(0, segments=["town"]), skill(1, segments=["village"])], bea=[]).queues
    assert queues.rank.tolist() == [[0, 1], [0, 0]]


def test_the_gladdest_of_several_skills_counts() -> None:
    queues = everyone(ann=[skill(3), skill(1, products=["coat"])]).queues
    assert queues.rank.tolist() == [[3, 1]]


def test_a_department_with_one_queue_that_nobody_takes_gladly_is_not_plain() -> None:
    queues = everyone(ann=[skill(2)]).queues
    assert (np.diff(queues.first_queue).tolist(), queues.plain.tolist()) == ([1], [False])


def test_work_of_nobody_has_no_queue() -> None:
    coat = {"route": ["sew"], "work": {"sew": {"law": "exponential", "mean": 1.0}}}
    scenario = checked(workshop(("company.products.coat", coat)))
    queue_of = build_organisation(scenario, build_customer_model(scenario)).queues.queue_of
    assert queue_of[0, 1].tolist() == [-1, -1]
