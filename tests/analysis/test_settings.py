"""Scenarios that differ only in structure stand together."""

import json
from typing import Any

import pytest

from sim.analysis.settings import facts, settings
from tests.analysis.stored import Stored
from tests.analysis.synthetic import plain_scenario


def grouped(*scenarios: tuple[str, dict[str, Any]]) -> Stored:
    stored = Stored()
    for structure, keys in scenarios:
        stored.add(structure, {}, keys=keys)
    return stored


def test_a_plain_comparison_is_one_setting_with_the_first_as_reference() -> None:
    found = settings(grouped(("function", {}), ("customer", {}), ("product", {})).scenarios)
    assert found.scenarios["reference"].tolist() == [0, 0, 0]
    assert found.keys.empty


def test_each_demand_scale_is_a_setting_of_its_own() -> None:
    cases = [(name, {"demand.scale": scale}) for scale in (0.8, 1.0) for name in ("function", "customer")]
    found = settings(grouped(*cases).scenarios)
    assert found.scenarios["reference"].tolist() == [0, 0, 2, 2]
    assert found.keys["value"].tolist() == ["0.8", "1.0"]


def test_settings_are_told_apart_whatever_the_order_of_the_sweep() -> None:
    cases = [(name, {"demand.scale": scale}) for name in ("function", "customer") for scale in (0.8, 1.0)]
    assert settings(grouped(*cases).scenarios).scenarios["reference"].tolist() == [0, 1, 0, 1]


def test_keys_of_the_structure_do_not_separate() -> None:
    first = ("function", {"structure.blocks": "[1]", "staffing.workers.intake": 3})
    second = ("customer", {"structure.blocks": "[2]", "staffing.workers.private": 3})
    assert settings(grouped(first, second).scenarios).scenarios["setting"].tolist() == [0, 0]


def test_only_keys_it_takes_to_tell_settings_apart_are_listed() -> None:
    cases = [
        ("function", {"company.clock.hours_per_day": hours, "company.name": name})
        for hours, name in ((8.0, "default"), (7.0, "helpdesk"))
    ]
    stored = grouped(*cases)
    stored.scenarios["overrides"] = ["company=default", "company=helpdesk"]
    found = settings(stored.scenarios)
    assert found.keys[["key", "value"]].to_numpy().tolist() == [
        ["company.name", "default"],
        ["company.name", "helpdesk"],
    ]


@pytest.mark.parametrize(
    ("demand", "varying"),
    [({}, False), ({"trend_per_year": 0.1}, True), ({"surges": [{"factor": 2}]}, True)],
)
def test_demand_that_varies_over_the_year_is_known(demand: dict[str, object], varying: bool) -> None:
    plain = plain_scenario(kind="long_run") | {"demand": demand}
    assert facts(json.dumps(plain)).varying is varying


def test_a_yearly_pattern_counts_only_when_it_is_used() -> None:
    plain = plain_scenario(kind="long_run")
    plain["company"]["profile"] = {"month_of_year": [1.0] * 11 + [2.0]}
    used, unused = plain, plain | {"demand": {"profile": False}}
    assert [facts(json.dumps(told)).varying for told in (used, unused)] == [True, False]
