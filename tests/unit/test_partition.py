"""A structure as a partition: every cell that occurs gets exactly one department."""

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model.company import Company
from sim.model.levers import Structure
from sim.model.partition import Partition, occurring_cells, partition
from tests.scenarios import by_axes, checked, exponential, office, shipped, workshop

COMPANIES = ("default", "helpdesk", "in_short", "queue", "queue_classes", "queue_line")
RULES = ("function", "customer", "product", "front_back", "pooled", "matrix", "product_customer")


def company_of(*changes: tuple[str, Any]) -> Company:
    return checked(workshop(*changes)).company


def divided(structure: dict[str, Any], *changes: tuple[str, Any]) -> Partition:
    return partition(Structure.model_validate(tuples({"name": "x", **structure})), company_of(*changes))


def tuples(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: tuples(value) for key, value in node.items()}
    return tuple(map(tuples, node)) if isinstance(node, list) else node


@pytest.mark.parametrize("structure", RULES)
@pytest.mark.parametrize("company", COMPANIES)
def test_every_shipped_structure_divides_every_shipped_company(structure: str, company: str) -> None:
    scenario = checked(office(company, structure, ("staffing.headcount", 2000)))
    assert partition(scenario.structure, scenario.company).sound


@pytest.mark.parametrize(
    ("structure", "departments"),
    [
        ("function", ["intake", "advice", "assessment", "fulfilment"]),
        ("customer", ["private", "small_business", "corporate"]),
        ("product", ["loan", "insurance", "account"]),
        ("pooled", ["everyone"]),
        (
            "front_back",
            [
                "front private",
                "front small_business",
                "front corporate",
                "back loan",
                "back insurance",
                "back account",
            ],
        ),
        ("key_accounts", ["key accounts", "front desk", "back office"]),
    ],
)
def test_departments_are_named_after_what_they_do(structure: str, departments: list[str]) -> None:
    scenario = checked(office("default", structure))
    assert list(partition(scenario.structure, scenario.company).departments) == departments


def test_a_department_per_pair_is_named_after_both() -> None:
    found = divided(by_axes("product", "segment"))
    assert list(found.departments) == [
        "shirt / town", "shirt / village", "coat / town", "coat / village"
    ]  # fmt: skip


def test_cells_occur_where_the_route_has_the_function() -> None:
    company = company_of(
        ("company.products.coat", {"route": ["sew"], "work": {"sew": {"law": "exponential", "mean": 1.0}}})
    )
    assert occurring_cells(company) == [
        ("cut", "shirt", "town"), ("cut", "shirt", "village"),
        ("sew", "shirt", "town"), ("sew", "shirt", "village"),
        ("sew", "coat", "town"), ("sew", "coat", "village"),
    ]  # fmt: skip


def test_a_delay_is_nobodys_cell() -> None:
    company = company_of(("company.functions.cut.kind", "delay"))
    assert {function for function, _, _ in occurring_cells(company)} == {"sew"}


def test_every_uncovered_cell_is_listed() -> None:
    found = divided({"blocks": [{"functions": ["cut"]}]})
    assert found.uncovered == list(itertools.product(["sew"], ["shirt", "coat"], ["town", "village"]))


def test_every_doubled_cell_is_listed_with_its_departments() -> None:
    found = divided({"blocks": [{"functions": "all"}, {"functions": ["sew"], "group_by": ["product"]}]})
    assert found.doubled == {
        ("sew", product, segment): ["all", f"block 2 {product}"]
        for product, segment in itertools.product(["shirt", "coat"], ["town", "village"])
    }


def test_a_sound_part_is_not_listed() -> None:
    found = divided({"blocks": [{"functions": "all"}, {"functions": ["sew"], "group_by": ["product"]}]})
    assert all(function == "sew" for function, _, _ in found.doubled)


@pytest.mark.parametrize(("side", "functions"), [("front", {"cut"}), ("back", {"sew"})])
def test_a_side_is_the_functions_of_that_side(side: str, functions: set[str]) -> None:
    cells = divided({"blocks": [{"functions": side}]}).departments["everyone"]
    assert {function for function, _, _ in cells} == functions


@pytest.mark.parametrize(
    "departments",
    [
        {"a": [{"functions": ["cut"]}]},
        {"a": [{}], "b": [{"functions": ["cut"]}]},
        {"a": [{}], "b": [{"functions": ["knit"]}]},
    ],
)
def test_a_partition_with_one_kind_of_mistake_is_not_sound(departments: dict[str, Any]) -> None:
    assert not divided({"departments": departments}).sound


def test_rest_is_what_no_other_block_names() -> None:
    found = divided({"blocks": [{"functions": "rest"}, {"functions": ["sew"]}]})
    assert {cell[0] for cell in found.departments["rest"]} == {"cut"}


def test_a_block_without_functions_makes_no_department() -> None:
    found = divided({"blocks": [{"functions": "all"}, {"functions": "rest"}]})
    assert (list(found.departments), found.sound) == (["all"], True)


def test_an_unknown_name_is_told_with_the_names_that_exist() -> None:
    found = divided({"departments": {"a": [{"segments": ["city"]}]}})
    assert found.unknown == [("structure.departments.a.0.segments", "city", ("town", "village"))]


def test_a_listed_delay_is_no_mistake() -> None:
    departments = {"a": [{"functions": ["cut", "sew"]}]}
    assert divided({"departments": departments}, ("company.functions.cut.kind", "delay")).sound


def test_departments_that_would_share_a_name_stay_apart() -> None:
    work = {"cut": exponential(1.0), "sew": exponential(1.0)}
    products = {name: {"route": ["cut", "sew"], "work": work} for name in ("a", "a / b")}
    segments = {
        name: {"customers": 1, "requests_per_year": 1.0, "mix": {"a": 0.5, "a / b": 0.5}}
        for name in ("c", "b / c")
    }
    found = divided(
        by_axes("product", "segment"), ("company.products", products), ("company.segments", segments)
    )
    assert list(found.departments) == ["a / c", "a / b / c", "a / b / c (2)", "a / b / b / c"]


names = st.sampled_from(["function", "product", "segment"])
axes = st.lists(names, max_size=3, unique=True)


@settings(max_examples=60, deadline=None)
@given(
    front=axes,
    rest=axes,
    sides=st.lists(st.sampled_from(["front", "back"]), min_size=3, max_size=3),
    routes=st.lists(st.lists(st.sampled_from("fgh"), min_size=1, max_size=4), min_size=1, max_size=3),
    segments=st.integers(1, 3),
)
def test_two_blocks_divide_any_company(
    front: list[str], rest: list[str], sides: list[str], routes: list[list[str]], segments: int
) -> None:
    company = Company.model_validate(tuples(made_up(sides, routes, segments)))
    blocks = [{"functions": "front", "group_by": front}, {"functions": "rest", "group_by": rest}]
    found = partition(Structure.model_validate(tuples({"name": "x", "blocks": blocks})), company)
    done = [cell for cells in found.departments.values() for cell in cells]
    assert found.sound
    assert sorted(done) == sorted(occurring_cells(company))


def made_up(sides: list[str], routes: list[list[str]], segments: int) -> dict[str, Any]:
    work = {"law": "deterministic", "mean": 1.0}
    products = {
        f"p{number}": {"route": route, "work": dict.fromkeys(route, work)}
        for number, route in enumerate(routes)
    }
    mix = dict.fromkeys(products, 1.0 / len(products))
    customers = {"customers": 1, "requests_per_year": 1.0, "mix": mix}
    return {
        "name": "x", "description": "", "source": "",
        "functions": {name: {"side": side} for name, side in zip("fgh", sides, strict=True)},
        "products": products,
        "segments": {f"s{number}": customers for number in range(segments)},
    }  # fmt: skip


def test_a_shipped_file_is_read_afresh_each_time() -> None:
    shipped("structure", "function")["blocks"].clear()
    assert shipped("structure", "function")["blocks"]
