"""Minimally different worlds: what one change does not concern stays as it is, bit for bit.

Random companies with profiles, surges, trends, batches and every mechanism; each test changes one thing and
compares whatever was drawn. What comes of it: test_minimal_histories.py.
"""

from typing import Any

import pytest

from sim.world import World, build_customer_model, build_world
from tests.properties.models import NEUTRAL
from tests.properties.one_change import (
    another_function,
    another_product,
    another_segment,
    company,
    every_company,
)
from tests.scenarios import Plain, by_axes, changed, checked

Change = tuple[str, Any]
Told = dict[tuple[str, int], tuple[Any, ...]]
OF_REQUESTS = ("arrival", "state", "promise", "patience")


def world(plain: Plain) -> tuple[World, list[str], list[str]]:
    """The first replication's world and the names of segments and products."""
    ready = checked(plain)
    model = build_customer_model(ready)
    return build_world(ready, model, 0), model.segments, model.products


def drawn(plain: Plain) -> Told:
    """Everything drawn for each request, by customer and number."""
    found, segments, products = world(plain)
    told: Told = {}
    for request, customer in enumerate(found.customer.tolist()):
        name = f"{segments[found.segment[request]]} {found.customer_index[customer]}"
        steps = slice(found.first_step[request], found.first_step[request + 1])
        told[name, int(found.number[request])] = (
            products[found.product[request]],
            *(getattr(found, field)[request].item() for field in OF_REQUESTS),
            tuple(found.step_position[steps].tolist()),
            tuple(found.step_work[steps].tolist()),
        )
    return told


def recognised(plain: Plain) -> dict[str, str | None]:
    """Whom the company takes each customer for."""
    found, segments, _ = world(plain)
    customers = zip(found.customer_segment, found.customer_index, found.recognised, strict=True)
    return {
        f"{segments[own]} {index}": None if taken_for < 0 else segments[taken_for]
        for own, index, taken_for in customers
    }


ELSEWHERE: dict[str, list[Change]] = {
    "structure": [("structure", by_axes("product", "segment"))],
    "coordinators": [("structure", {**by_axes("function"), "coordinators": {"group_by": ["product"]}})],
    "people": [("staffing.headcount", 45)],
    "replications": [("experiment.replications", 77)],
    "engine": [("experiment.engine", "simpy")],
    "policies": [("people", NEUTRAL["people"]), ("coordination", NEUTRAL["coordination"])],
    "budget": [("experiment.budgets", {"events": 9_000_000})],
}


@every_company
@pytest.mark.parametrize("what", ELSEWHERE)
def test_what_the_company_decides_leaves_the_world(seed: int, what: str) -> None:
    plain = company(seed)
    other = changed(plain, *ELSEWHERE[what])
    assert drawn(other) == drawn(plain)
    assert recognised(other) == recognised(plain)


@every_company
def test_a_longer_horizon_only_adds_requests(seed: int) -> None:
    plain = company(seed)
    weeks = plain["experiment"]["horizon_weeks"]
    longer = changed(plain, ("experiment.horizon_weeks", 2 * weeks))
    end = (weeks + plain["experiment"]["drain_weeks"]) * checked(plain).week
    arrival = 1
    assert {key: told for key, told in drawn(longer).items() if told[arrival] < end} == drawn(plain)


@every_company
@pytest.mark.parametrize("place", [0, 1, 9])
def test_a_further_segment_leaves_the_requests_of_the_others(seed: int, place: int) -> None:
    plain = company(seed)
    found = drawn(another_segment(plain, place))
    assert {key: told for key, told in found.items() if not key[0].startswith("newcomers ")} == drawn(plain)


@every_company
@pytest.mark.parametrize("place", [0, 9])
def test_a_further_segment_changes_only_who_is_taken_for_it(seed: int, place: int) -> None:
    plain = changed(company(seed), ("customers.grouping", None), ("customers.misgrouped", 0.5))
    if len(plain["company"]["segments"]) == 1:
        plain = another_segment(plain, 0)
        plain["company"]["segments"] = {
            {"newcomers": "second"}.get(name, name): own for name, own in plain["company"]["segments"].items()
        }
    before, after = recognised(plain), recognised(another_segment(plain, place))
    assert {name: after[name] for name in before if after[name] != "newcomers"} == {
        name: taken_for for name, taken_for in before.items() if after[name] != "newcomers"
    }


@every_company
def test_a_further_product_leaves_the_requests_for_the_others(seed: int) -> None:
    plain = company(seed)
    before, after = drawn(plain), drawn(another_product(plain, 0.5))
    assert before.keys() == after.keys()
    product = 0
    assert {key: told for key, told in after.items() if told[product] != "novelty"} == {
        key: before[key] for key, told in after.items() if told[product] != "novelty"
    }


@every_company
def test_a_further_product_leaves_when_its_own_customers_come(seed: int) -> None:
    plain = company(seed)
    asked = slice(1, 1 + len(OF_REQUESTS))
    before, after = drawn(plain), drawn(another_product(plain, 0.5))
    assert {key: told[asked] for key, told in after.items()} == {
        key: told[asked] for key, told in before.items()
    }


@every_company
def test_a_function_nobody_needs_leaves_the_world(seed: int) -> None:
    plain = company(seed)
    assert drawn(another_function(plain)) == drawn(plain)


@every_company
def test_a_surge_of_one_segment_leaves_the_others(seed: int) -> None:
    plain = another_segment(company(seed), 1)
    surge = {"from_week": 0, "to_week": 2, "factor": 3.0, "segment": "newcomers"}
    others = [*plain["demand"]["surges"], surge]
    before, after = drawn(plain), drawn(changed(plain, ("demand.surges", others)))
    kept = {key: told for key, told in before.items() if not key[0].startswith("newcomers ")}
    assert {key: told for key, told in after.items() if not key[0].startswith("newcomers ")} == kept
