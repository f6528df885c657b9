"""The market as arrays: the company's lists, routes and laws, whatever the structure."""

from typing import Any

import numpy as np
import pytest

from sim.model.check import mistakes
from sim.organisation import build_organisation
from sim.rules.laws import LAW_DETERMINISTIC, LAW_EXPONENTIAL
from sim.world import CustomerModel, build_customer_model
from tests.scenarios import by_axes, checked, fixed, office, workshop

Change = tuple[str, Any]
THREE_STEPS = {"route": ["cut", "sew", "cut"], "work": {"cut": fixed(0.5), "sew": fixed(3.0)}}


def market(*changes: Change) -> CustomerModel:
    return build_customer_model(checked(workshop(*changes)))


def test_ids_follow_the_companys_own_order() -> None:
    found = build_customer_model(checked(office("default", "function")))
    assert found.functions == ["intake", "advice", "assessment", "fulfilment"]
    assert found.products == ["loan", "insurance", "account"]
    assert found.segments == ["private", "small_business", "corporate"]


def test_routes_lie_one_below_the_other() -> None:
    found = market(("company.products.shirt", THREE_STEPS))
    assert found.route_start.tolist() == [0, 3]
    assert found.route_length.tolist() == [3, 2]
    assert found.route_function.tolist() == [0, 1, 0, 0, 1]


def test_a_function_that_comes_twice_has_the_same_law_twice() -> None:
    found = market(("company.products.shirt", THREE_STEPS))
    assert found.work.firsts[:3].tolist() == [0.5, 3.0, 0.5]


def test_mean_work_is_zero_where_the_route_has_no_such_step() -> None:
    found = market(("company.products.coat", {"route": ["sew"], "work": {"sew": fixed(4.0)}}))
    assert found.mean_work.tolist() == [[1.0, 2.0], [0.0, 4.0]]


def test_a_step_happens_for_sure_unless_said_otherwise() -> None:
    found = market(("company.products.coat.visit_share", {"sew": 0.25}))
    assert found.step_share.tolist() == [1.0, 1.0, 1.0, 0.25]


def test_adapted_service_takes_more_work() -> None:
    changes = [
        ("company.segments.town.complexity", 2.0), ("company.segments.town.customisation", 0.5),
        ("customers.customisation_work", 0.4),
    ]  # fmt: skip
    assert market(*changes).content_factor.tolist() == pytest.approx([2.4, 1.0])


def test_knowledge_is_scaled() -> None:
    weights = {"function": 0.5, "product": 0.25, "segment": 1.0}
    changes = [("company.functions.cut.knowledge", weights), ("people.knowledge_scale", 2.0)]
    assert market(*changes).knowledge[0].tolist() == [1.0, 0.5, 2.0]


def test_a_function_without_its_own_share_of_exceptions_has_the_common_one() -> None:
    changes = [("coordination.exception_share", 0.2), ("company.functions.sew.exception_share", 0.0)]
    assert market(*changes).exceptions.tolist() == [0.2, 0.0]


def test_requests_a_year_make_an_exponential_interval_in_open_hours() -> None:
    found = market(("company.segments.town.requests_per_year", 4.0))
    assert found.interarrival.kinds[0] == LAW_EXPONENTIAL
    assert found.interarrival.firsts[0] == 52 * 40.0 / 4.0


def test_a_given_interval_is_taken_as_it_is() -> None:
    changes = [
        ("company.segments.town.interarrival", fixed(7.0)),
        ("company.segments.town.requests_per_year", None),
    ]
    found = market(*changes)
    assert (found.interarrival.kinds[0], found.interarrival.firsts[0]) == (LAW_DETERMINISTIC, 7.0)


@pytest.mark.parametrize("axes", [(), ("function",), ("product", "segment")])
def test_nothing_depends_on_the_structure(axes: tuple[str, ...]) -> None:
    one = build_customer_model(checked(workshop()))
    other = build_customer_model(checked(workshop(structure=by_axes(*axes))))
    for name in ("route_function", "mean_work", "knowledge", "mix", "promise", "priority", "step_share"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


EDGES: list[dict[str, Any]] = [
    {"law": "gamma", "mean": 1.0, "cv": 0.01},
    {"law": "gamma", "mean": 1e-12, "cv": 4.0},
    {"law": "lognormal", "mean": 1.0, "cv": 1e-12},
    {"law": "hyperexponential", "mean": 0.0, "cv": 20.0},
    {"law": "hyperexponential", "mean": 1.0, "cv": 1.0000000000000002},
    {"law": "empirical", "values": [1.0, 0.0], "weights": [1e6, 1e-300]},
]


@pytest.mark.parametrize("law", EDGES, ids=str)
def test_a_law_at_the_edge_of_its_range_gives_a_load(law: dict[str, Any]) -> None:
    scenario = checked(workshop(("company.segments.town.batch", law)))
    assert np.isfinite(build_organisation(scenario, build_customer_model(scenario)).load).all()


@pytest.mark.parametrize("rate", [0.002, 1e-6, 5e-324])
def test_requests_may_be_as_rare_as_claims(rate: float) -> None:
    scenario = checked(workshop(("company.segments.town.requests_per_year", rate)))
    assert np.isfinite(build_organisation(scenario, build_customer_model(scenario)).load).all()


def test_a_gamma_law_too_narrow_for_its_formula_is_refused() -> None:
    narrow = ("company.segments.town.batch", {"law": "gamma", "mean": 1.0, "cv": 1e-12})
    assert "1e-12 is not allowed. Must be at least 0.01" in str(mistakes(workshop(narrow))[0])
