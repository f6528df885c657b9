"""Names, the order of lists and what nobody uses do not matter: over generated companies."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.partition import partition
from sim.organisation import build_organisation
from sim.trajectory import Trajectory
from sim.world import build_customer_model
from tests.properties.models import generated, models
from tests.properties.one_change import company, every_company
from tests.properties.relations import RESULT, columns, in_time, run, same, same_service
from tests.scenarios import Plain, by_axes, changed, checked
from tests.strategies import scenario


def explicit(plain: Plain, names: dict[str, str] | None = None, backwards: bool = False) -> Plain:
    """The same departments listed one by one, under other names, in another order."""
    scenario = checked(plain)
    found = partition(scenario.structure, scenario.company)
    boxes = {
        (names or {}).get(name, name): [
            {"functions": [function], "products": [product], "segments": [segment]}
            for function, product, segment in cells
        ]
        for name, cells in found.departments.items()
    }
    if backwards:
        boxes = dict(reversed(boxes.items()))
    structure = {"name": "listed", "departments": boxes}
    return {**plain, "structure": {**structure, "coordinators": plain["structure"].get("coordinators")}}


def departments(plain: Plain) -> list[str]:
    scenario = checked(plain)
    return list(partition(scenario.structure, scenario.company).departments)


@generated
@given(models())
def test_listing_the_departments_changes_nothing(plain: Plain) -> None:
    assert same(run(plain), run(explicit(plain)))


@generated
@given(models())
def test_renaming_departments_changes_nothing_but_names(plain: Plain) -> None:
    names = {name: f"team {number}" for number, name in enumerate(reversed(departments(plain)))}
    one, other = run(plain), run(explicit(plain, names))
    assert same(one, other)
    assert other.names["department"] == [names[name] for name in one.names["department"]]


@generated
@given(models(ties=False))
def test_the_order_of_departments_changes_nothing_for_customers(plain: Plain) -> None:
    plain = settled_staff(changed(plain, ("people.speed_cv", 0.0)))
    assert same_service(run(explicit(plain)), run(explicit(plain, backwards=True)))


@generated
@given(models(), st.sampled_from([(), ("function",), ("segment",)]), st.integers(1, 3))
def test_a_department_nobody_is_routed_to_changes_nothing(
    plain: Plain, axes: tuple[str, ...], idle: int
) -> None:
    plain = changed(plain, ("people.speed_cv", 0.0), ("structure", by_axes(*axes)))
    plain["company"]["products"]["relic"] = plain["company"]["products"]["chair"]  # nobody asks for it
    listed = explicit(plain)
    boxes = {
        name: [box for box in own if box["products"] != ["relic"]]
        for name, own in listed["structure"]["departments"].items()
    }
    route = list(dict.fromkeys(plain["company"]["products"]["relic"]["route"]))
    museum = {**boxes, "museum": [{"functions": route, "products": ["relic"]}]}
    staff = settled_staff(plain)["staffing"]
    closed = changed(staff, ("workers.museum", idle))
    other = changed(listed, ("structure.departments", museum), ("staffing", closed))
    assert same_service(run({**listed, "staffing": staff}), run(other))


def settled_staff(plain: Plain) -> Plain:
    """The same people by number: where departments need them alike, the order decides who gets one more."""
    scenario = checked(plain)
    found = build_organisation(scenario, build_customer_model(scenario))
    workers = dict(zip(found.departments, np.diff(found.first_worker).tolist(), strict=True))
    return changed(plain, ("staffing.allocation", "explicit"), ("staffing.workers", workers))


@generated
@given(models())
def test_two_structures_with_the_same_partition_are_the_same(plain: Plain) -> None:
    plain["company"]["segments"].pop("south")
    pooled, by_segment = ({**plain, "structure": by_axes(*axes)} for axes in ((), ("segment",)))
    assert same(run(pooled), run(by_segment))


@generated
@given(models(ties=False))
def test_the_order_of_segments_changes_nothing_for_customers(plain: Plain) -> None:
    plain = settled_staff(changed(plain, ("people.speed_cv", 0.0)))
    backwards = changed(plain, ("company.segments", {}))
    backwards["company"]["segments"] = dict(reversed(plain["company"]["segments"].items()))

    def told(played: Trajectory) -> dict[tuple[str, int], list[bytes]]:
        names = played.names["customer"]
        return {
            (names[row["customer"]], int(row["number"])): columns(row.reshape(1), RESULT[2:])
            for row in in_time(played)
        }

    assert told(run(plain)) == told(run(backwards))


def renamed(tree: Any, names: dict[str, str]) -> Any:
    """Every one of these names replaced, as a key or as a value, wherever it stands."""
    if isinstance(tree, dict):
        return {names.get(key, key): renamed(value, names) for key, value in tree.items()}
    if isinstance(tree, list):
        return [renamed(value, names) for value in tree]
    return names.get(tree, tree) if isinstance(tree, str) else tree


def backwards(names: list[str], word: str) -> dict[str, str]:
    """New names whose alphabetical order is the other way round."""
    return {name: f"{word} {len(names) - number:03}" for number, name in enumerate(names)}


def the_same_under(plain: Plain, names: dict[str, str]) -> bool:
    """Whether the renamed company has the same history, told with the other names."""
    one, other = run(plain), run(renamed(plain, names))
    told = {group: renamed(list(one.names[group]), names) for group in ("function", "product", "segment")}
    return same(one, other) and {group: list(other.names[group]) for group in told} == told


@generated
@given(models(), st.sampled_from(["functions", "products"]))
def test_renaming_changes_nothing_but_names(plain: Plain, group: str) -> None:
    assert the_same_under(plain, backwards(list(plain["company"][group]), "renamed"))


@every_company
@pytest.mark.parametrize("group", ["functions", "products"])
@pytest.mark.parametrize("axes", [("function", "product"), ()])
def test_renaming_changes_nothing_but_names_in_lively_companies(
    seed: int, group: str, axes: tuple[str, ...]
) -> None:
    plain = changed(company(seed), ("structure", by_axes(*axes)))
    assert the_same_under(plain, backwards(list(plain["company"][group]), "renamed"))


ROSTERS = [seed for seed in range(60) if scenario(seed).staffing.roster][:15]


@pytest.mark.parametrize("seed", ROSTERS)
def test_renaming_people_changes_nothing_but_names(seed: int) -> None:
    plain: Plain = scenario(seed).model_dump(mode="json", exclude_none=True)
    names = backwards(list(plain["staffing"]["roster"]), "renamed")
    one, other = run(plain), run(renamed(plain, names))
    assert same(one, other)
    assert [names.get(name, name) for name in one.names["person"]] == other.names["person"]


@generated
@given(models(ties=False))
def test_the_order_of_functions_changes_nothing_for_customers(plain: Plain) -> None:
    plain = settled_staff(changed(plain, ("people.speed_cv", 0.0)))
    turned = changed(plain, ("company.functions", {}))
    turned["company"]["functions"] = dict(reversed(plain["company"]["functions"].items()))
    assert same_service(run(plain), run(turned))


@generated
@given(models(ties=False))
def test_the_order_of_products_changes_nothing_for_customers_who_want_one(plain: Plain) -> None:
    """Their order decides which product a number between 0 and 1 means: here each segment wants one only."""
    plain = settled_staff(changed(plain, ("people.speed_cv", 0.0)))
    for segment, product in zip(plain["company"]["segments"].values(), ("bed", "chair"), strict=True):
        segment["mix"] = {product: 1.0}
    turned = changed(plain, ("company.products", {}))
    turned["company"]["products"] = dict(reversed(plain["company"]["products"].items()))
    assert same_service(run(plain), run(turned))
