"""Whom the company takes a customer for: by shares, or by attributes whose overlap decides."""

from typing import Any

import numpy as np
import pytest

from sim import load_scenario, simulate
from sim.mechanisms.grouping import Grouping
from sim.model.scenario import Scenario
from sim.world import World, build_customer_model, build_world
from sim.world.recognition import EXCLUDED, attribute_groups
from tests.scenarios import Plain, changed, checked, segment, workshop

Change = tuple[str, Any]
MANY: list[Change] = [
    ("company.segments", {name: segment(4000, 0.1) for name in ("town", "village", "coast")})
]


def recognised(*changes: Change) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """True and recognised segment of every customer."""
    scenario = checked(workshop(*changes))
    found = build_world(scenario, build_customer_model(scenario), 0)
    return found.customer_segment, found.recognised


def test_without_shares_everybody_is_known() -> None:
    true, taken = recognised(*MANY)
    assert (true == taken).all()


def test_so_many_are_misgrouped() -> None:
    true, taken = recognised(*MANY, ("customers.misgrouped", 0.1))
    # 12,000 customers: four standard deviations are 0.011
    assert (true != taken).mean() == pytest.approx(0.1, abs=0.011)
    assert (taken != EXCLUDED).all()


def test_so_many_are_in_no_group() -> None:
    _, taken = recognised(*MANY, ("customers.excluded", 0.1))
    assert (taken == EXCLUDED).mean() == pytest.approx(0.1, abs=0.011)


def test_the_misgrouped_are_spread_evenly_over_the_wrong_groups() -> None:
    true, taken = recognised(*MANY, ("customers.misgrouped", 1.0))
    wrong = taken[true == 0]
    # 4,000 customers, half in each: four standard deviations are 0.032
    assert (wrong == 1).mean() == pytest.approx(0.5, abs=0.032)
    assert set(wrong.tolist()) == {1, 2}


def test_nobody_is_misgrouped_where_there_is_one_group() -> None:
    one = ("company.segments", {"town": segment(50, 1.0)})
    true, taken = recognised(one, ("customers.misgrouped", 1.0))
    assert (true == taken).all()


def test_misgrouped_and_excluded_are_different_people() -> None:
    _, taken = recognised(*MANY, ("customers.misgrouped", 0.5), ("customers.excluded", 0.5))
    true, only = recognised(*MANY, ("customers.misgrouped", 0.5))
    assert (taken[only != true] != EXCLUDED).all()
    assert (taken[only == true] == EXCLUDED).all()


def test_more_misgrouping_leaves_those_who_were_misgrouped_where_they_are() -> None:
    true, few = recognised(*MANY, ("customers.misgrouped", 0.1))
    _, many = recognised(*MANY, ("customers.misgrouped", 0.3))
    assert (few[few != true] == many[few != true]).all()


def test_a_further_segment_takes_some_of_the_wrong_and_moves_no_other() -> None:
    base, wrong = workshop(*MANY), ("customers.misgrouped", 1.0)
    four = {**base["company"]["segments"], "hills": segment(10, 1.0)}
    true, three = recognised(*MANY, wrong)
    more = recognised(("company.segments", four), wrong)[1][: len(true)]
    moved = more != three
    assert (more[moved] == 3).all()
    assert moved.mean() == pytest.approx(1 / 3, abs=0.018)


def grouped(attributes: dict[str, Plain], by: list[str], groups: int) -> list[Change]:
    """Three segments of 4,000 with these attributes, grouped by some of them."""
    changes: list[Change] = [(f"company.segments.{name}.attributes", own) for name, own in attributes.items()]
    return [*MANY, *changes, ("customers.grouping", {"by": by, "groups": groups})]


APART = {
    "town": {"size": {"small": 1.0}},
    "village": {"size": {"middle": 1.0}},
    "coast": {"size": {"large": 1.0}},
}


def test_attributes_that_tell_segments_apart_recognise_everybody() -> None:
    true, taken = recognised(*grouped(APART, ["size"], 3))
    assert (true == taken).all()


def test_who_shares_an_attribute_with_a_larger_group_is_taken_for_it() -> None:
    overlap = {
        "town": {"size": {"small": 1.0}},
        "village": {"size": {"small": 0.3, "middle": 0.7}},
        "coast": {"size": {"large": 1.0}},
    }
    true, taken = recognised(*grouped(overlap, ["size"], 3))
    village = taken[true == 1]
    # 4,000 customers: four standard deviations are 0.029
    assert (village == 0).mean() == pytest.approx(0.3, abs=0.029)
    assert (taken[true != 1] == true[true != 1]).all()


def test_one_group_takes_everybody_for_the_largest_segment() -> None:
    changes = [*grouped(APART, ["size"], 1), ("company.segments.village.customers", 5000)]
    assert set(recognised(*changes)[1].tolist()) == {1}


def test_with_too_few_groups_the_rarest_combinations_share_the_last() -> None:
    changes = [*grouped(APART, ["size"], 2), ("company.segments.village.customers", 5000)]
    true, taken = recognised(*changes)
    assert (taken[true == 1] == 1).all()
    assert set(taken[true != 1].tolist()) == {0}


def test_nobody_is_in_no_group_where_attributes_decide() -> None:
    changes = [*grouped(APART, ["size"], 2), ("customers.excluded", 0.5)]
    assert (recognised(*changes)[1] != EXCLUDED).all()


def test_a_second_attribute_recognises_more() -> None:
    two = {
        "town": {"size": {"small": 0.5, "large": 0.5}, "place": {"in": 1.0}},
        "village": {"size": {"small": 0.5, "large": 0.5}, "place": {"out": 1.0}},
        "coast": {"size": {"large": 1.0}, "place": {"out": 1.0}},
    }
    rights = [np.mean(np.equal(*recognised(*grouped(two, by, 9)))) for by in (["size"], ["size", "place"])]
    assert rights[0] < rights[1]


def two_by_two() -> Scenario:
    attributes = {"size": {"small": 0.75, "large": 0.25}, "place": {"in": 0.5, "out": 0.5}}
    plain = workshop(("company.segments.town.attributes", attributes))
    return checked(changed(plain, ("company.segments.village.attributes", attributes)))


def test_groups_are_the_commonest_combinations() -> None:
    found = attribute_groups(two_by_two(), Grouping(by=("size", "place"), groups=3))
    assert set(found) == {(size, place) for size in ("small", "large") for place in ("in", "out")}
    # twice as many customers live in the village, with the same attributes
    assert set(found.values()) == {1}


def test_attributes_have_luck_of_their_own() -> None:
    half = {"size": {"small": 0.5, "large": 0.5}, "place": {"in": 0.5, "out": 0.5}}
    sure = {"size": {"small": 1.0}, "place": {"in": 1.0}}
    other = {"town": half, "village": sure, "coast": sure}
    only_size = recognised(*grouped(other, ["size"], 9))
    both = recognised(*grouped(other, ["size", "place"], 9))
    large = only_size[1][only_size[0] == 0] == 0
    # half of town is large, and half of the small live out of town
    assert large.mean() == pytest.approx(0.5, abs=0.032)
    assert (both[1][both[0] == 0][large] == 0).all()
    assert (both[1][both[0] == 0] == 0).mean() == pytest.approx(0.75, abs=0.028)


def on_record(
    changes_a_year: float, corrected: float = 0.0, weeks: int = 104
) -> tuple[World, np.ndarray[Any, Any]]:
    """The world of customers half of whom are misgrouped, and the requests that meet a wrong record."""
    several = [("company.segments", {name: segment(400, 6.0) for name in ("town", "village")})]
    shares = [("customers.misgrouped", 0.5), ("customers.changes_per_year", changes_a_year)]
    heal = ("customers.corrected", corrected)
    scenario = checked(workshop(*several, *shares, heal, ("experiment.horizon_weeks", weeks)))
    found = build_world(scenario, build_customer_model(scenario), 0)
    return found, found.recorded != found.segment


def kept(changes_a_year: float, corrected: float) -> tuple[float, float]:
    """Share of requests that meet the record of the customer's request before, and mean years between."""
    found, _ = on_record(changes_a_year, corrected)
    customer, recorded, arrival = (
        column[found.order] for column in (found.customer, found.recorded, found.arrival)
    )
    again = np.diff(customer) == 0
    return float((np.diff(recorded) == 0)[again].mean()), float(np.diff(arrival)[again].mean()) / 2080.0


def test_no_record_changes_where_nobody_changes_and_nothing_is_put_right() -> None:
    found, _ = on_record(0.0)
    assert (found.recorded == found.recognised[found.customer]).all()


def test_a_wrong_record_is_right_at_the_next_request_as_often_as_is_said() -> None:
    # Drawn anew in half the cases, and then right in half: of 9,600 pairs; four standard errors are 0.018
    assert kept(0.0, 0.5)[0] == pytest.approx(0.75, abs=0.02)


def test_customers_change_as_often_as_said() -> None:
    share, years = kept(2.0, 0.0)
    # Requests come at exponential intervals, so a change lies between two with probability 2 t / (1 + 2 t).
    assert share == pytest.approx(1.0 - 0.5 * 2.0 * years / (1.0 + 2.0 * years), abs=0.02)


@pytest.mark.parametrize("corrected", [0.0, 0.5, 1.0])
def test_the_misgrouped_are_a_standing_share(corrected: float) -> None:
    _, wrong = on_record(0.2, corrected)
    quarters = [part.mean() for part in np.array_split(wrong, 4)]
    assert quarters == pytest.approx([0.5] * 4, abs=0.06)


def test_a_longer_horizon_changes_no_record() -> None:
    short, long = (
        {(int(who), int(which)): int(taken) for who, which, taken in zip(*about, strict=True)}
        for found, _ in (on_record(2.0, 0.5, 52), on_record(2.0, 0.5, 104))
        for about in [(found.customer, found.number, found.recorded)]
    )
    assert short.items() <= long.items()


def test_half_of_all_customers_misgrouped_is_felt() -> None:
    hours = []
    for misgrouped in (0.0, 0.5):
        played = load_scenario(["structure=customer", f"customers.misgrouped={misgrouped}"])
        requests = simulate(played, 0).requests
        resolved = requests[requests["arrival"] > 26 * 40.0]
        hours.append(np.nanmean(resolved["done"] - resolved["arrival"]))
    # 7 h; half of the requests are triaged (0.3 of a step) and handed over (1 h), and wait in line twice
    assert 0.8 < hours[1] - hours[0] < 2.0
