"""Scenarios that differ only in structure stand together."""

import json
from typing import Any

import pytest

from sim.analysis.comparison_groups import comparison_groups, facts
from tests.analysis.stored import Stored
from tests.analysis.synthetic import plain_scenario


def grouped(*scenarios: tuple[str, dict[str, Any]]) -> Stored:
    stored = Stored()
    for structure, keys in scenarios:
        stored.add(structure, {}, keys=keys)
    return stored


def test_a_terminating_study_covers_all_its_weeks() -> None:
    plain = plain_scenario(kind="terminating", horizon_weeks=52, warm_up_weeks=26)
    assert facts(json.dumps(plain)).label == "terminating, weeks 1 to 52"


def test_a_plain_comparison_is_one_setting_with_the_first_as_reference() -> None:
    found = comparison_groups(grouped(("function", {}), ("customer", {}), ("product", {})).scenarios)
    assert found.scenarios["reference"].tolist() == [0, 0, 0]
    assert found.keys.empty


def test_each_demand_scale_is_a_setting_of_its_own() -> None:
    cases = [(name, {"demand.scale": scale}) for scale in (0.8, 1.0) for name in ("function", "customer")]
    found = comparison_groups(grouped(*cases).scenarios)
    assert found.scenarios["reference"].tolist() == [0, 0, 2, 2]
    assert found.keys["value"].tolist() == ["0.8", "1.0"]


def test_settings_are_told_apart_whatever_the_order_of_the_sweep() -> None:
    cases = [(name, {"demand.scale": scale}) for name in ("function", "customer") for scale in (0.8, 1.0)]
    assert comparison_groups(grouped(*cases).scenarios).scenarios["reference"].tolist() == [0, 1, 0, 1]


def test_keys_of_the_structure_do_not_separate() -> None:
    first = ("function", {"structure.blocks": "[1]", "staffing.workers.intake": 3})
    second = ("customer", {"structure.blocks": "[2]", "staffing.workers.private": 3})
    assert comparison_groups(grouped(first, second).scenarios).scenarios["setting"].tolist() == [0, 0]


def test_a_group_that_was_swept_stands_for_what_it_changes() -> None:
    cases = [
        (structure, {"company.clock.hours_per_day": hours, "company.name": name})
        for hours, name in ((8.0, "default"), (7.0, "helpdesk"))
        for structure in ("function", "customer")
    ]
    stored = grouped(*cases)
    stored.scenarios["swept"] = ['{"company": "default"}'] * 2 + ['{"company": "helpdesk"}'] * 2
    assert comparison_groups(stored.scenarios).keys[["key", "value"]].to_numpy().tolist() == [
        ["company.name", "default"],
        ["company.name", "helpdesk"],
    ]


def test_all_swept_factors_are_listed_even_where_one_of_them_tells_all_apart() -> None:
    points = ((0.81, 0.3), (0.97, 0.7))
    cases = [
        (structure, {"demand.scale": demand, "coordination.handoff.mean": hours})
        for demand, hours in points
        for structure in ("function", "customer")
    ]
    keys = comparison_groups(grouped(*cases).scenarios).keys
    assert keys["key"].tolist() == ["demand.scale", "coordination.handoff.mean"] * 2


def called(*scenarios: tuple[str, dict[str, Any]]) -> list[str]:
    return list(comparison_groups(grouped(*scenarios).scenarios).names.values())


def test_two_staffings_of_one_structure_are_called_by_what_differs() -> None:
    first = {"staffing.workers.private": 7, "staffing.workers.small": 6, "staffing.workers.corporate": 8}
    second = first | {"staffing.workers.private": 8, "staffing.workers.corporate": 7}
    assert called(("customer", first), ("customer", second)) == [
        "customer (private 7, corporate 8)",
        "customer (private 8, corporate 7)",
    ]


def test_another_structure_beside_two_staffings_keeps_its_name() -> None:
    cases = [("customer", {"staffing.workers.private": count}) for count in (7, 8)]
    assert called(("function", {}), *cases)[0] == "function"


def test_two_companies_under_one_structure_are_called_by_their_company() -> None:
    cases = [("function", {"company.name": name}) for name in ("default", "helpdesk")]
    assert called(*cases) == ["function (default)", "function (helpdesk)"]


AS_IS = ("function", {"staffing.headcount": 24, "coordination.handoff.mean": 0.5})
TO_BE = ("customer", {"staffing.headcount": 22, "coordination.handoff.mean": 0.25})


def test_rows_of_a_design_that_differ_in_more_than_the_structure_are_a_pair() -> None:
    assert comparison_groups(grouped(AS_IS, TO_BE).scenarios).scenarios["reference"].tolist() == [0, 0]


def test_the_names_of_a_pair_say_all_that_differs() -> None:
    assert called(AS_IS, TO_BE) == [
        "function (headcount 24, handoff.mean 0.5)",
        "customer (headcount 22, handoff.mean 0.25)",
    ]


def test_no_two_scenarios_of_a_setting_are_called_alike() -> None:
    assert called(("function", {}), ("function", {})) == ["function", "function #2"]


def test_a_number_over_one_structure_stays_a_curve() -> None:
    cases = [("function", {"demand.scale": scale}) for scale in (0.7, 0.8, 0.9, 1.0)]
    assert comparison_groups(grouped(*cases).scenarios).scenarios["setting"].tolist() == [0, 1, 2, 3]


def test_a_structure_can_be_chosen_as_baseline_of_each_setting() -> None:
    cases = [(name, {"demand.scale": scale}) for scale in (0.8, 1.0) for name in ("function", "customer")]
    found = comparison_groups(grouped(*cases).scenarios, "customer").scenarios
    assert found[["scenario", "reference"]].to_numpy().tolist() == [[1, 1], [0, 1], [3, 3], [2, 3]]


def test_a_scenario_can_be_chosen_as_baseline_of_all() -> None:
    cases = [(name, {"demand.scale": scale}) for scale in (0.8, 1.0) for name in ("function", "customer")]
    assert comparison_groups(grouped(*cases).scenarios, "2").scenarios["reference"].tolist() == [2] * 4


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


KEYS = ("staffing.headcount", "coordination.handoff.mean", "demand.scale", "people.own_queue")
MANY: dict[str, Any] = dict(zip(KEYS, (24, 0.5, 1.0, 1), strict=True))
OTHER: dict[str, Any] = dict(zip(KEYS, (13, 2.0, 1.2, 2), strict=True))


def test_what_differs_in_much_is_told_once_and_called_by_a_letter() -> None:
    first = [(name, MANY) for name in ("function", "customer")]
    found = comparison_groups(grouped(*first, ("customer", OTHER)).scenarios, lettered=True)
    assert list(found.names.values()) == ["A: function", "A: customer", "B: customer"]
    assert found.legend == (
        "A: headcount 24, handoff.mean 0.5, demand.scale 1, people.own_queue 1",
        "B: headcount 13, handoff.mean 2, demand.scale 1.2, people.own_queue 2",
    )


def test_what_one_of_two_studies_has_not_belongs_to_its_setting_all_the_same() -> None:
    cases = [
        (name, {"company.name": company, "staffing.spread": spread})
        for company, spread in (("default", "once"), ("helpdesk", None))
        for name in ("function", "customer")
    ]
    found = comparison_groups(grouped(*cases).scenarios)
    assert found.scenarios["setting"].tolist() == [0, 0, 1, 1]
