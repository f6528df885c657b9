"""The expected flow of work: how much of which cell comes to a department, and what came before it."""

from typing import Any

import numpy as np
import pytest

from sim.numbers import numbers_of
from sim.organisation.assignment import build_assignment, partners
from sim.organisation.desks import coordinator_work, coordinators_needed, desk_work
from sim.organisation.traffic import Traffic, department_traffic, request_rates
from sim.world import build_customer_model
from tests.scenarios import Plain, by_axes, checked, fixed, workshop

Change = tuple[str, Any]


def all_traffic(plain: Plain) -> list[Traffic]:
    scenario = checked(plain)
    market = build_customer_model(scenario)
    return department_traffic(
        scenario, market, build_assignment(scenario, market), numbers_of(scenario).record
    )


def test_requests_come_by_customers_rate_and_mix() -> None:
    scenario = checked(workshop(("company.segments.town.mix", {"shirt": 0.8, "coat": 0.2})))
    found = request_rates(build_customer_model(scenario))
    assert found == pytest.approx(np.array([[16.0, 4.0], [10.0, 10.0]]))


@pytest.mark.parametrize(
    ("batch", "factor"),
    [
        (fixed(3.0), 3.0),
        (fixed(2.5), 3.0),
        (fixed(0.0), 1.0),
        ({"law": "empirical", "values": [1.0, 2.0], "weights": [3.0, 1.0]}, 1.25),
        ({"law": "trace", "values": [1.0, 2.0, 6.0]}, 3.0),
        ({"law": "uniform", "low": 0.5, "high": 4.5}, 2.5),
    ],
)
def test_requests_that_come_together_are_counted_as_they_are_rounded(batch: Plain, factor: float) -> None:
    scenario = checked(workshop(("company.segments.town.batch", batch)))
    assert request_rates(build_customer_model(scenario))[0].sum() == pytest.approx(20.0 * factor, rel=1e-3)


def test_requests_at_given_intervals_come_once_an_interval() -> None:
    changes = [
        ("company.segments.town.interarrival", fixed(8.0)),
        ("company.segments.town.requests_per_year", None),
    ]
    scenario = checked(workshop(*changes))
    assert request_rates(build_customer_model(scenario))[0].sum() == pytest.approx(20 * 40.0 / 8.0)


def test_a_department_gets_the_steps_of_its_cells() -> None:
    sew = all_traffic(workshop())[1]
    assert sew.rate.tolist() == [10.0] * 4
    assert set(sew.function.tolist()) == {1}


def test_a_step_that_seldom_happens_comes_seldom() -> None:
    shared = ("company.products.coat.visit_share", {"cut": 0.25})
    cut = all_traffic(workshop(shared))[0]
    assert cut.rate[cut.product == 1].tolist() == [2.5, 2.5]


def test_a_request_has_at_least_one_step() -> None:
    shared = ("company.products.coat.visit_share", {"cut": 0.5, "sew": 0.5})
    cut, sew = all_traffic(workshop(shared))
    # a quarter of the requests would have no step: they are cut
    assert cut.rate[cut.product == 1].tolist() == [7.5, 7.5]
    assert sew.rate[sew.product == 1].tolist() == [5.0, 5.0]


def test_a_step_that_never_happens_is_left_out() -> None:
    never = ("company.products.coat.visit_share", {"cut": 0.0})
    cut, sew = all_traffic(workshop(never))
    assert 1 not in cut.product
    assert not sew.crossing[sew.product == 1].any()


def test_a_newcomer_reads_what_was_done_before() -> None:
    shared = ("company.products.coat.visit_share", {"cut": 0.25})
    sew = all_traffic(workshop(shared))[1]
    assert sew.prior[sew.product == 1].tolist() == [0.25, 0.25]


def test_complex_segments_bring_more_work() -> None:
    cut = all_traffic(workshop(("company.segments.town.complexity", 3.0)))[0]
    assert cut.work[cut.segment == 0].tolist() == [3.0, 3.0]


def test_a_border_is_crossed_where_the_department_changes() -> None:
    by_function, pooled = all_traffic(workshop()), all_traffic(workshop(structure=by_axes()))
    assert [traffic.crossing.any() for traffic in (*by_function, *pooled)] == [False, True, False]


def test_context_is_lost_between_departments_more_than_within() -> None:
    kept = [("coordination.context_between", 0.5), ("coordination.context_within", 0.75)]
    one, other = all_traffic(workshop(*kept)), all_traffic(workshop(*kept, structure=by_axes()))
    assert (one[1].kept.tolist(), set(other[0].kept.tolist())) == ([0.5] * 4, {0.75})


def test_coordinators_keep_the_context() -> None:
    matrix = {**by_axes("function"), "coordinators": {"group_by": ["segment"]}}
    changes = [("coordination.context_between", 0.5), ("coordination.context_coordinated", 0.9)]
    assert all_traffic(workshop(*changes, structure=matrix))[1].kept.tolist() == [0.9] * 4


def test_decisions_concern_everybody_once_a_border_was_crossed() -> None:
    route = [("company.products.coat.route", ["cut", "sew", "cut"])]
    cut = all_traffic(workshop(*route))[0]
    coats = cut.product == 1
    assert cut.toured[coats].tolist() == [False, True] * 2


def test_misgrouped_customers_are_found_out_in_the_first_department_by_segment() -> None:
    changes = [("customers.misgrouped", 0.1), ("customers.triage_share", 0.5)]
    found = all_traffic(workshop(*changes, structure=by_axes("segment")))[0]
    assert found.triage[found.entry].tolist() == [0.05, 0.05]
    assert not found.triage[~found.entry].any()


def test_no_triage_where_departments_do_not_depend_on_the_segment() -> None:
    changes = [("customers.misgrouped", 0.1), ("customers.triage_share", 0.5)]
    assert not any(traffic.triage.any() for traffic in all_traffic(workshop(*changes)))


def test_a_request_that_stays_for_one_step_only_is_alone() -> None:
    assert [traffic.alone.all() for traffic in all_traffic(workshop())] == [True, True]
    assert not all_traffic(workshop(structure=by_axes()))[0].alone.any()


def test_partners_are_the_departments_that_follow_one_another() -> None:
    blocks = {
        "name": "x",
        "blocks": [{"functions": "front"}, {"functions": "rest", "group_by": ["segment"]}],
    }
    scenario = checked(workshop(structure=blocks))
    market = build_customer_model(scenario)
    assert partners(build_assignment(scenario, market), market) == [{1, 2}, {0}, {0}]


def test_a_delay_between_departments_leaves_them_partners() -> None:
    functions = {"cut": {"side": "front"}, "dry": {"side": "back", "kind": "delay"}, "sew": {"side": "back"}}
    work = {"cut": fixed(1.0), "dry": fixed(8.0), "sew": fixed(1.0)}
    products = {name: {"route": ["cut", "dry", "sew"], "work": work} for name in ("shirt", "coat")}
    scenario = checked(workshop(("company.functions", functions), ("company.products", products)))
    market = build_customer_model(scenario)
    assert partners(build_assignment(scenario, market), market) == [{1}, {0}]


DECIDING = [
    ("coordination.decision", fixed(0.5)),
    ("coordination.exception_share", 0.2),
    ("coordination.empowered_share", 0.25),
    ("coordination.share_cross", 0.1),
]


def hours_of(plain: Plain, managed: list[list[int]]) -> list[float]:
    """Hours a week that each desk is asked for, without repeats."""
    scenario = checked(plain)
    market = build_customer_model(scenario)
    own = department_traffic(
        scenario, market, build_assignment(scenario, market), numbers_of(scenario).record
    )
    desks = desk_work(scenario, market, own, managed, 0.0)
    return [float((desk.rate * desk.hours).sum()) for desk in desks]


# 40 visits a week in each department x 0.2 exceptions x 0.75 not decided by workers x 0.5 h = 3 h;
# of the second department's, a tenth goes to the general manager.
def test_managers_decide_the_exceptions_of_their_departments() -> None:
    assert hours_of(workshop(*DECIDING), [[0], [1]]) == pytest.approx([3.0, 2.7, 0.3])


def test_the_general_manager_has_nothing_to_decide_where_no_border_is_crossed() -> None:
    assert hours_of(workshop(*DECIDING, structure=by_axes("segment")), [[0, 1]]) == pytest.approx([6.0, 0.0])


def test_two_bosses_decide_conflicts() -> None:
    matrix = {**by_axes("function"), "coordinators": {"group_by": ["segment"]}}
    changes = [("coordination.decision", fixed(0.5)), ("coordination.matrix.conflict", 0.1)]
    # 80 visits a week x 0.1 x 0.5 h = 4 h for the managers together, and again for the coordinators.
    assert hours_of(workshop(*changes, structure=matrix), [[0], [1]]) == pytest.approx(
        [2.0, 2.0, 2.0, 2.0, 0.0]
    )


def test_conflicts_leave_fewer_exceptions() -> None:
    matrix = {**by_axes("function"), "coordinators": {"group_by": ["segment"]}}
    changes = [*DECIDING, ("coordination.matrix.conflict", 1.0)]
    assert hours_of(workshop(*changes, structure=matrix), [[0], [1]])[-1] == 0.0


def test_a_coordinator_sees_arrivals_and_handoffs_of_the_own_product() -> None:
    matrix = {**by_axes("function"), "coordinators": {"group_by": ["product"]}}
    scenario = checked(workshop(("coordination.matrix.coordination_hours", 0.25), structure=matrix))
    market = build_customer_model(scenario)
    own = department_traffic(
        scenario, market, build_assignment(scenario, market), numbers_of(scenario).record
    )
    work = coordinator_work(scenario, market, own, 1, 0.0)
    # 20 coats a week, each at arrival and at one handoff
    assert float((work.rate * work.hours).sum()) == pytest.approx(20 * 2 * 0.25)
    assert set(work.product[work.rate > 0].tolist()) == {1}
    assert coordinators_needed(scenario, own, ["coat", "hat"]) == [1, 1]


def test_a_coordinator_learns_a_case_from_a_request_however_often_it_is_handed_on() -> None:
    matrix = {**by_axes("function"), "coordinators": {"group_by": ["product"]}}
    scenario = checked(workshop(structure=matrix))
    market = build_customer_model(scenario)
    own = department_traffic(
        scenario, market, build_assignment(scenario, market), numbers_of(scenario).record
    )
    assert coordinator_work(scenario, market, own, 0, 0.0).cases.sum() == pytest.approx(20.0)
