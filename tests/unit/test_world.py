"""The world is sampled once: whatever the company does, the same customers bring the same requests."""

from typing import Any

import numpy as np
import pytest

from sim.draws import PURPOSE_WORK, uniform
from sim.rules.quantiles import exponential_quantile
from sim.world import World, build_customer_model, build_world
from tests.scenarios import Plain, by_axes, changed, checked, exponential, fixed, segment, workshop

Change = tuple[str, Any]
FIELDS = ("arrival", "product", "state", "promise", "patience", "number")


def world(plain: Plain, replication: int = 0) -> World:
    scenario = checked(plain)
    return build_world(scenario, build_customer_model(scenario), replication)


def story(
    found: World, names: list[str], until: float = np.inf
) -> dict[tuple[str, int, int], tuple[Any, ...]]:
    """Everything about each request, by segment, customer of the segment, and number."""
    told = {}
    for request in np.flatnonzero(found.arrival < until).tolist():
        customer = int(found.customer[request])
        key = (
            names[found.segment[request]],
            int(found.customer_index[customer]),
            int(found.number[request]),
        )
        steps = slice(found.first_step[request], found.first_step[request + 1])
        told[key] = (
            *(getattr(found, name)[request].item() for name in FIELDS),
            tuple(found.step_position[steps].tolist()),
            tuple(found.step_work[steps].tolist()),
        )
    return told


LIVELY: list[Change] = [
    ("customers.patience", True),
    ("company.segments.town.patience", exponential(9.0)),
    ("company.products.coat.visit_share", {"cut": 0.5}),
    ("customers.misgrouped", 0.2),
    ("customers.excluded", 0.1),
]
PLAIN = workshop(*LIVELY)
TOWN, VILLAGE = ["town", "village"], ["town", "suburb", "village"]
STORY = story(world(PLAIN), TOWN)


SAME: dict[str, list[Change]] = {
    "structure": [("structure", by_axes("product", "segment"))],
    "staff": [("staffing.headcount", 40)],
    "people": [("people.learning_rate", 0.7), ("people.ownership", "owner")],
    "coordination": [("coordination.handoff", exponential(5.0)), ("coordination.defects.base", 0.3)],
    "replications": [("experiment.replications", 77)],
    "engine": [("experiment.engine", "compiled")],
    "waiting room": [("staffing.waiting_room", 3)],
}


@pytest.mark.parametrize("name", SAME)
def test_what_the_company_does_leaves_the_world_as_it_is(name: str) -> None:
    assert story(world(changed(PLAIN, *SAME[name])), TOWN) == STORY


def test_a_further_segment_leaves_the_others_as_they_are() -> None:
    segments = PLAIN["company"]["segments"]
    three = {"town": segments["town"], "suburb": segment(10, 52.0), "village": segments["village"]}
    found = story(world(changed(PLAIN, ("company.segments", three))), VILLAGE)
    assert {key: value for key, value in found.items() if key[0] != "suburb"} == STORY


def test_a_longer_horizon_only_adds_requests_at_the_end() -> None:
    longer = world(changed(PLAIN, ("experiment.horizon_weeks", 40)))
    assert story(longer, TOWN, until=24 * 40.0) == STORY


def test_further_customers_leave_the_others_as_they_are() -> None:
    found = story(world(changed(PLAIN, ("company.segments.town.customers", 30))), TOWN)
    assert {key: value for key, value in found.items() if key[0] != "town" or key[1] < 20} == STORY


def test_other_work_leaves_arrivals_and_products_as_they_are() -> None:
    other = world(changed(PLAIN, ("company.products.coat.work.sew", fixed(1.0))))
    assert (other.arrival == world(PLAIN).arrival).all()
    assert (other.product == world(PLAIN).product).all()


def test_other_arrivals_leave_the_work_of_a_request_as_it_is() -> None:
    faster = story(world(changed(PLAIN, ("demand.scale", 1.5))), TOWN)
    assert {key: faster[key][-1] for key in STORY} == {key: value[-1] for key, value in STORY.items()}


def test_another_replication_is_another_world() -> None:
    assert not STORY.items() & story(world(PLAIN, 1), TOWN).items()


def test_another_seed_is_another_world() -> None:
    assert not STORY.items() & story(world(changed(PLAIN, ("experiment.seed", 2))), TOWN).items()


def test_a_replication_is_always_the_same() -> None:
    one, other = world(PLAIN, 3), world(PLAIN, 3)
    assert all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in FIELDS)


def test_work_is_the_law_at_the_requests_own_luck() -> None:
    found = world(workshop())
    request = 5
    place = found.first_step[request] + 1
    u = uniform(found.state[request].item(), PURPOSE_WORK, 1, 0)
    assert found.step_work[place] == pytest.approx(exponential_quantile(2.0, u), abs=2.0**-36)


def test_work_is_longer_for_a_complex_segment_by_its_factor() -> None:
    plain = workshop(*((f"company.products.{name}.work.cut", fixed(1.0)) for name in ("shirt", "coat")))
    found = world(changed(plain, ("company.segments.town.complexity", 1.5)))
    first = found.first_step[:-1]
    assert set(found.step_work[first[found.segment == 0]].tolist()) == {1.5}
    assert set(found.step_work[first[found.segment == 1]].tolist()) == {1.0}


def test_a_delay_is_not_longer_for_a_complex_segment() -> None:
    plain = changed(
        PLAIN,
        ("company.functions.cut.kind", "delay"),
        ("company.products.shirt.work.cut", fixed(8.0)),
        ("company.segments.town.complexity", 1.5),
    )
    found = world(plain)
    delays = (found.step_function == 0) & (np.repeat(found.product, np.diff(found.first_step)) == 0)
    assert set(found.step_work[delays].tolist()) == {8.0}


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_step_happens_never_or_always(share: float) -> None:
    found = world(workshop(("company.products.coat.visit_share", {"sew": share})))
    coats = found.product == 1
    assert set(np.diff(found.first_step)[coats].tolist()) == {1 + share}


def test_a_step_happens_as_often_as_its_share() -> None:
    found = world(workshop(("company.products.coat.visit_share", {"sew": 0.3})))
    both = np.diff(found.first_step)[found.product == 1] == 2
    # about 480 coats: four standard deviations are 0.084
    assert both.mean() == pytest.approx(0.3, abs=0.085)


def test_a_request_whose_steps_are_all_left_out_keeps_its_first_work() -> None:
    shares = {"cut": 0.0, "sew": 0.0}
    found = world(workshop(("company.products.coat.visit_share", shares)))
    coats = found.first_step[:-1][found.product == 1]
    assert set(found.step_function[coats].tolist()) == {0}
    assert set(np.diff(found.first_step)[found.product == 1].tolist()) == {1}


def test_products_are_asked_for_by_their_shares() -> None:
    found = world(workshop(("company.segments.town.mix", {"shirt": 0.9, "coat": 0.1})))
    town = found.product[found.segment == 0]
    # about 480 requests: four standard deviations are 0.055
    assert (town == 0).mean() == pytest.approx(0.9, abs=0.055)


def test_patience_is_endless_unless_it_is_switched_on() -> None:
    assert np.isinf(world(workshop(("company.segments.town.patience", exponential(9.0)))).patience).all()


def test_patience_follows_the_law_of_the_segment() -> None:
    changes = [("customers.patience", True), ("company.segments.town.patience", fixed(9.0))]
    found = world(workshop(*changes))
    assert set(found.patience[found.segment == 0].tolist()) == {9.0}
    assert np.isinf(found.patience[found.segment == 1]).all()


def test_a_trace_of_patience_starts_again_when_it_is_used_up() -> None:
    trace = {"law": "trace", "values": [5.0, 7.0]}
    found = world(workshop(("customers.patience", True), ("company.segments.town.patience", trace)))
    town = found.segment == 0
    assert found.patience[town].tolist() == [5.0 + 2.0 * (n % 2) for n in found.number[town].tolist()]


def test_a_promise_is_that_of_the_segment() -> None:
    found = world(workshop(("company.segments.town.promise_hours", 12.0)))
    assert (found.promise == np.where(found.segment == 0, 12.0, 40.0)).all()


def test_a_trace_of_work_starts_again_when_it_is_used_up() -> None:
    trace = {"law": "trace", "values": [1.0, 2.0, 3.0]}
    found = world(workshop(("company.products.shirt.work.cut", trace)))
    shirts = found.product == 0
    work = found.step_work[found.first_step[:-1][shirts]]
    assert work.tolist() == [1.0 + number % 3 for number in found.number[shirts].tolist()]


def test_order_finds_requests_by_customer_and_number() -> None:
    found = world(PLAIN)
    customer, number = found.customer[found.order], found.number[found.order]
    assert (np.lexsort((number, customer)) == np.arange(len(customer))).all()
