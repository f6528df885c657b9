"""A company in short is written out into a company whose parts are alike but for its facts."""

from typing import Any

import pytest

from sim.model.check import mistakes, scenario
from sim.model.facts import CUSTOMERS, expanded
from sim.organisation.traffic import request_rates
from sim.world import build_customer_model
from tests.scenarios import Plain, changed, checked, office


def in_short(*changes: tuple[str, Any]) -> Plain:
    return office("in_short", "function", *changes)


def test_there_are_as_many_parts_as_the_facts_say() -> None:
    facts = {"functions": 3, "products": 5, "segments": 2}
    company = checked(in_short(*((f"company.facts.{name}", n) for name, n in facts.items()))).company
    assert (len(company.functions), len(company.products), len(company.segments)) == (3, 5, 2)


@pytest.mark.parametrize(("functions", "facing"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3)])
def test_the_first_half_of_the_functions_faces_the_customer(functions: int, facing: int) -> None:
    company = checked(in_short(("company.facts.functions", functions))).company
    sides = [function.side for function in company.functions.values()]
    assert sides == ["front"] * facing + ["back"] * (functions - facing)


def offered_hours(*changes: tuple[str, Any]) -> float:
    """Work content that comes in a week, of people who know everything."""
    found = checked(in_short(("company.facts.offered", 0.5), *changes))
    model = build_customer_model(found)
    return float((request_rates(model) * model.mean_work.sum(axis=1)).sum())


@pytest.mark.parametrize("headcount", [20, 60])
def test_the_work_that_comes_in_is_the_offered_share_of_the_payroll(headcount: int) -> None:
    hours = offered_hours(("company.facts.knowledge", 0.0), ("staffing.headcount", headcount))
    assert hours == pytest.approx(0.5 * headcount * 40.0)


def test_offered_work_counts_what_is_typically_not_known() -> None:
    assert offered_hours(("company.facts.knowledge", 2.0)) * (1.0 + 0.6 * 2.0) == pytest.approx(0.5 * 24 * 40)


def test_offered_work_follows_the_length_of_the_week() -> None:
    half = offered_hours(("company.clock.hours_per_day", 4.0))
    assert half == pytest.approx(0.5 * offered_hours())


def test_longer_steps_come_with_fewer_requests() -> None:
    short, long = (
        checked(in_short(("company.facts.step_hours", hours))).company.segments["segment 1"].requests_per_year
        for hours in (1.0, 2.0)
    )
    assert short == pytest.approx(2.0 * (long or 0.0))


def test_knowledge_weights_add_up_to_their_sum_in_the_given_proportions() -> None:
    changes = (
        ("company.facts.knowledge", 3.0),
        ("company.facts.front", {"function": 1.0, "product": 1.0, "segment": 2.0}),
    )
    weights = checked(in_short(*changes)).company.functions["function 1"].knowledge
    assert (weights.function, weights.product, weights.segment) == pytest.approx((0.75, 0.75, 1.5))


def test_proportions_of_zero_mean_that_no_knowledge_matters() -> None:
    none = {"function": 0.0, "product": 0.0, "segment": 0.0}
    weights = checked(in_short(("company.facts.back", none))).company.functions["function 4"].knowledge
    assert (weights.function, weights.product, weights.segment) == (0.0, 0.0, 0.0)


def test_products_are_asked_for_equally_often() -> None:
    company = checked(in_short(("company.facts.products", 3))).company
    assert set(company.segments["segment 1"].mix.values()) == {1.0 / 3.0}


def test_customers_are_the_same_in_number_in_every_segment() -> None:
    company = checked(in_short()).company
    assert {about.customers for about in company.segments.values()} == {CUSTOMERS}


def test_a_company_without_facts_is_left_alone() -> None:
    plain = office("default", "function")
    assert expanded(plain) is plain


def test_what_is_not_given_has_its_default() -> None:
    plain = in_short()
    del plain["company"]["clock"], plain["staffing"]
    assert len(scenario(plain).company.functions) == 4


def test_a_wrong_fact_is_told_alone() -> None:
    found = mistakes(in_short(("company.facts.offered", 1.5)))
    assert [mistake.where for mistake in found] == ["company.facts.offered"]


def test_a_wrong_headcount_is_told_alone() -> None:
    found = mistakes(in_short(("staffing.headcount", "many")))
    assert [mistake.where for mistake in found] == ["staffing.headcount"]


def test_facts_beside_functions_are_refused() -> None:
    plain = changed(office("default", "function"), ("company.facts", in_short()["company"]["facts"]))
    assert [mistake.where for mistake in mistakes(plain)] == ["company.facts"]
