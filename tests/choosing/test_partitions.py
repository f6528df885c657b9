"""Partitions as sets: blocks and axes, merges and splits, what stays, how each is written and read back."""

import json

import pytest

from sim import load_scenario
from sim.choosing.limits import Asked, read_asked, staying
from sim.choosing.partitions import Partition, by_blocks, neighbours, with_staying, written
from sim.model.levers import Structure
from sim.model.partition import occurring_cells, partition

COMPANY = load_scenario(["company=default"]).company
CELLS = frozenset(occurring_cells(COMPANY))
STARTS = list(dict.fromkeys(by_blocks(COMPANY)))


def by_rules(name: str) -> dict[str, frozenset[tuple[str, str, str]]]:
    made = partition(load_scenario([f"structure={name}"]).structure, COMPANY).departments
    return {key: frozenset(cells) for key, cells in made.items()}


def whole(found: Partition) -> bool:
    """Does every cell lie in exactly one department, and is none empty?"""
    return sum(map(len, found)) == len(CELLS) == len(frozenset().union(*found)) and all(found)


@pytest.mark.parametrize(
    "name", ["function", "customer", "product", "front_back", "pooled", "product_customer"]
)
def test_the_textbook_structures_are_among_blocks_and_axes(name: str) -> None:
    assert frozenset(by_rules(name).values()) in STARTS


def test_every_partition_and_every_neighbour_is_whole() -> None:
    assert all(map(whole, STARTS))
    assert all(whole(new) for new in neighbours(STARTS[5], frozenset()))


def test_a_merge_undone_is_a_neighbour_of_the_merged_one() -> None:
    start = frozenset(by_rules("function").values())
    merged = [new for new in neighbours(start, frozenset()) if len(new) < len(start)]
    assert len(merged) == 6
    assert all(start in set(neighbours(new, frozenset())) for new in merged)


@pytest.mark.parametrize("place", range(0, len(STARTS), 7))
def test_what_is_written_makes_the_same_partition(place: int) -> None:
    plain: dict[str, object] = {
        "name": "found", "description": "", "source": "", "blocks": [], "coordinators": None,
        "departments": written(STARTS[place], COMPANY, {}),
    }  # fmt: skip
    made = partition(Structure.model_validate_json(json.dumps(plain)), COMPANY)
    assert made.sound
    assert frozenset(map(frozenset, made.departments.values())) == STARTS[place]


def test_what_stays_stays_as_it_is_and_the_rest_is_whole() -> None:
    today = by_rules("key_accounts")
    kept, wrong = staying(Asked(stay=("key accounts",)), today, CELLS)
    assert not wrong
    assert kept == {today["key accounts"]}
    found = [with_staying(own, kept) for own in STARTS]
    assert all(whole(own) and kept <= own for own in found)
    assert all(kept <= new for new in neighbours(found[0], kept))
    assert "key accounts" in written(found[0], COMPANY, {"key accounts": today["key accounts"]})


def test_a_segment_keeps_every_department_that_serves_it() -> None:
    today = by_rules("key_accounts")
    kept, _ = staying(Asked(stay=("private",)), today, CELLS)
    assert kept == {today["front desk"], today["back office"]}


def test_limits_are_read_and_their_mistakes_told_together() -> None:
    asked, wrong = read_asked({"search.smallest": "3", "search.stay": "a, b"})
    assert (asked.smallest, asked.stay, wrong) == (3, ("a", "b"), [])
    _, wrong = read_asked({"search.smalest": "3", "search.largest": "x", "search.managers": "-1"})
    assert len(wrong) == 3
    assert wrong[0].suggestion == "search.smallest"


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (Asked(smallest=3), False),
        (Asked(largest=4), False),
        (Asked(managers=1), False),
        (Asked(departments=1), False),
        (Asked(smallest=2, largest=5, managers=2, departments=2), True),
    ],
)
def test_sizes_and_managers_keep_the_limits(asked: Asked, kept: bool) -> None:
    assert asked.keeps((2, 5), 2) is kept
