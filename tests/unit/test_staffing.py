"""People spread over departments: by load, by square root, as given; never more than the payroll holds."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model.check import BadScenario
from sim.model.levers import Staffing
from sim.organisation import Organisation, build_organisation
from sim.organisation.staffing import allowed, manager_desks, payroll_cost
from sim.rules.queue_length import queue_length
from sim.world import build_customer_model
from tests.scenarios import Plain, by_axes, checked, fixed, office, workshop

Change = tuple[str, Any]


def organisation(plain: Plain) -> Organisation:
    scenario = checked(plain)
    return build_organisation(scenario, build_customer_model(scenario))


def workers(plain: Plain) -> list[int]:
    sizes: list[int] = np.diff(organisation(plain).first_worker).tolist()
    return sizes


def offering(cut: float, sew: float, people: int, *changes: Change) -> Plain:
    """A workshop that keeps so many people busy in cutting and in sewing: 40 requests a week, 40 hours."""
    work = {"cut": fixed(cut), "sew": fixed(sew)}
    products = {name: {"route": ["cut", "sew"], "work": work} for name in ("shirt", "coat")}
    return workshop(("company.products", products), ("staffing.headcount", people), *changes)


def test_the_workshop_offers_what_the_tests_below_say() -> None:
    assert organisation(offering(2.0, 6.0, 8)).load.tolist() == [1.0, 1.0]


# (1,1): loads 2 6; (1,2): 2 3; (1,3): 2 2, the first; (2,3): 1 2; (2,4): 1 1.5; (2,5): 1 1.2; (2,6): 1 1
@pytest.mark.parametrize(
    ("people", "spread"), [(2, [1, 1]), (3, [1, 2]), (5, [2, 3]), (8, [2, 6]), (9, [3, 6]), (10, [3, 7])]
)
def test_by_load_one_person_at_a_time_goes_where_the_load_is_highest(people: int, spread: list[int]) -> None:
    assert workers(offering(2.0, 6.0, people)) == spread


# Offered loads R of 1 and 9: staff R + b sqrt(R) with b = 1 is 2 and 12.
def test_by_square_root_staff_beyond_the_load_is_in_proportion_to_its_root() -> None:
    assert workers(offering(1.0, 9.0, 14, ("staffing.allocation", "square_root"))) == [2, 12]


def test_a_small_department_gets_more_slack_by_square_root_than_by_load() -> None:
    by_root = workers(offering(0.8, 16.0, 20, ("staffing.allocation", "square_root")))
    assert (workers(offering(0.8, 16.0, 20)), by_root) == ([1, 19], [2, 18])


def test_explicit_numbers_are_taken_as_they_are() -> None:
    given_numbers = {"sew": 2, "cut": 7}
    changes = [("staffing.allocation", "explicit"), ("staffing.workers", given_numbers)]
    assert workers(workshop(*changes)) == [7, 2]


def test_a_roster_overrides_the_numbers() -> None:
    roster = {"ann": {"department": "sew"}, "bea": {"department": "cut"}, "cai": {"department": "sew"}}
    assert workers(workshop(("staffing.roster", roster))) == [1, 2]


@pytest.mark.parametrize(
    ("sizes", "managed", "managers"),
    [
        ([12, 3, 4], [[0], [1, 2]], [2, 1]),
        ([10], [[0]], [1]),
        ([11], [[0]], [2]),
        ([4, 4, 4], [[0, 1], [2]], [1, 1]),
        ([1, 1, 1, 1], [[0, 1, 2, 3]], [1]),
        ([3, 20, 3], [[1], [0, 2]], [2, 1]),
    ],
)
def test_managers_lead_ten_and_small_departments_share_one(
    sizes: list[int], managed: list[list[int]], managers: list[int]
) -> None:
    found = manager_desks(Staffing(), sizes)
    assert (found.of_departments, found.managers) == (managed, managers)


def test_without_managers_there_are_no_desks() -> None:
    assert manager_desks(Staffing(managers=False), [12, 3]).managers == []


def test_no_sharing_where_every_department_has_a_manager_of_its_own() -> None:
    assert manager_desks(Staffing(share_manager_below=0), [1, 2, 3]).managers == [1, 1, 1]


@given(st.lists(st.integers(1, 40), min_size=1, max_size=12), st.integers(1, 15), st.integers(0, 8))
def test_every_department_has_exactly_one_desk_with_enough_managers(
    sizes: list[int], span: int, below: int
) -> None:
    found = manager_desks(Staffing(span=span, share_manager_below=below), sizes)
    assert sorted(d for members in found.of_departments for d in members) == list(range(len(sizes)))
    for members, managers in zip(found.of_departments, found.managers, strict=True):
        led = sum(sizes[department] for department in members)
        assert managers == math.ceil(led / span)


def wages(axis: str, *changes: Change) -> list[float]:
    return organisation(workshop(*changes, structure=by_axes(axis))).wages


def test_a_premium_is_paid_for_each_further_function() -> None:
    premium = ("staffing.wages.premium_per_function", 0.1)
    assert wages("product", premium) == pytest.approx([55_000.0, 55_000.0])


def test_a_function_can_have_a_wage_of_its_own() -> None:
    assert wages("function", ("staffing.wages.functions", {"sew": 70_000.0})) == [50_000.0, 70_000.0]


def test_who_covers_several_functions_earns_what_the_dearest_does() -> None:
    assert wages("product", ("staffing.wages.functions", {"sew": 70_000.0})) == [70_000.0, 70_000.0]


def test_managers_and_coordinators_cost_their_own_wages() -> None:
    scenario = checked(workshop())
    assert payroll_cost(scenario, [1], [50_000.0], 2, 3) == 50_000.0 + 2 * 75_000.0 + 3 * 60_000.0


STRUCTURES = st.sampled_from(["function", "customer", "product", "front_back", "pooled", "matrix"])


@settings(max_examples=40, deadline=None)
@given(
    structure=STRUCTURES,
    basis=st.sampled_from(["payroll", "workers", "cost"]),
    allocation=st.sampled_from(["load", "square_root"]),
    people=st.integers(24, 60),
    span=st.integers(2, 12),
    below=st.integers(0, 6),
    premium=st.sampled_from([0.0, 0.1]),
)
def test_the_staff_fits_its_basis_and_nobody_more_would(
    structure: str, basis: str, allocation: str, people: int, span: int, below: int, premium: float
) -> None:
    settings_of = {
        "basis": basis, "headcount": people, "allocation": allocation, "span": span,
        "share_manager_below": below, "wages": {"premium_per_function": premium},
    }  # fmt: skip
    scenario = checked(office("default", structure, ("staffing", settings_of)))
    found = build_organisation(scenario, build_customer_model(scenario))
    sizes = np.diff(found.first_worker).tolist()
    limits = {"payroll": found.headcount, "workers": found.workers, "cost": found.cost / 50_000.0}
    coordinators = sum(found.planner.coordinators)
    wages = found.wages
    assert limits[basis] <= people + 1e-9
    assert min(sizes) >= 1
    for department in range(len(sizes)):
        grown = [size + (number == department) for number, size in enumerate(sizes)]
        assert not allowed(scenario, grown, coordinators, wages)


def test_a_place_that_would_need_a_second_manager_goes_to_the_next_department() -> None:
    managers = [("staffing.managers", True), ("staffing.share_manager_below", 0), ("staffing.span", 3)]
    payroll = [("staffing.basis", "payroll"), *managers]
    # One more sewer would be the fourth, and need a second manager: 8 + 1 does not hold both.
    assert workers(offering(1.0, 9.0, 7, *payroll)) == [2, 3]


@pytest.mark.parametrize("structure", ["function", "customer", "product", "front_back", "matrix"])
def test_one_more_person_never_makes_queues_longer(structure: str) -> None:
    queues = []
    for people in range(18, 34):
        found = organisation(office("default", structure, ("staffing.headcount", people)))
        sizes = np.diff(found.first_worker).tolist()
        waiting = [queue_length(load, size) for load, size in zip(found.load, sizes, strict=True) if load < 1]
        queues.append((max(1.0, *found.load), sum(waiting)))
    assert all(more <= less for less, more in pairwise(queues))


def test_a_cost_is_rounded_once() -> None:
    """A sum that rounds at every step, as on some versions of Python, is off in the last digits."""
    changes = [("staffing.headcount", 57), ("staffing.wages", {"premium_per_function": 0.13})]
    assert organisation(office("default", "customer", *changes)).cost == 3994500.0


def test_everybody_counts_who_is_on_the_payroll() -> None:
    found = organisation(office("default", "matrix"))
    kinds = np.bincount(found.role, minlength=4).tolist()
    assert kinds[0] + kinds[1] + kinds[2] == found.headcount == 24


def test_one_general_manager_stands_in_every_structure() -> None:
    roles = [organisation(office("default", name)).role for name in ("function", "customer", "pooled")]
    assert [int((role == 3).sum()) for role in roles] == [1, 1, 1]


def test_too_few_people_are_refused_with_what_they_would_have_to_be() -> None:
    changes = [("staffing.headcount", 5), ("staffing.managers", True), ("staffing.basis", "payroll")]
    plain = workshop(*changes, structure={**by_axes("function"), "coordinators": {"group_by": ["segment"]}})
    with pytest.raises(
        BadScenario, match=r"staffing.headcount: 4 people \(payroll\) for 2 departments.*2 coordinators"
    ):
        organisation({**plain, "staffing": {**plain["staffing"], "headcount": 4}})


# 40 requests a week, 0.4 hours each at two coordinators' desks: 8 hours a week each; 8 / 34 rounds up to 1.
@pytest.mark.parametrize(("hours", "each"), [(0.0, 1), (0.4, 1), (1.0, 2)])
def test_coordinators_are_as_many_as_their_work_takes(hours: float, each: int) -> None:
    plain = workshop(
        ("coordination.matrix.coordination_hours", hours), ("staffing.headcount", 20),
        structure={**by_axes("function"), "coordinators": {"group_by": ["segment"]}},
    )  # fmt: skip
    assert organisation(plain).planner.coordinators == [each, each]
