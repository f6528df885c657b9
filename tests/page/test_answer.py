"""The answer is sentences that follow from the numbers: what decides, what it hangs on, where it turns."""

import pytest

from sim.report.across import summary
from sim.report.build import page_of
from sim.report.reasons import Pair, hangs_on, why
from sim.report.view import Cell, Estimate, Finding, Lead, View
from tests.page import example
from tests.page.test_arrange import Value, folder, luck, noise, said, view_of

FASTER = Pair("customer", "function", {"handoff": -6.0, "queue": -1.5, "by_function": 0.9, "work": 0.0})
THREE: dict[str, Value] = {
    "function": lambda replication: 20 + luck(replication),
    "customer": lambda replication: 15 + luck(replication) + noise(replication, 1),
    "product": lambda replication: 15 + luck(replication) + noise(replication, 4),
}


def text(found: list[Finding]) -> str:
    return " ".join(finding.text for finding in found)


def test_the_parts_that_make_the_difference_are_named_largest_first() -> None:
    assert "saves 6.6 h a request: 6.0 h of handing over and 1.5 h of waiting in a queue" in text(
        [*why(FASTER)]
    )


def test_what_works_against_the_difference_is_named_too() -> None:
    assert text([*why(FASTER)]).endswith("; it adds 0.90 h of unfamiliarity with the function.")


def test_a_lead_that_survives_without_its_largest_part_is_called_so() -> None:
    assert "would still be 0.60 h faster than “function”" in text([*hangs_on(FASTER, (), ())])


def test_a_lead_that_turns_without_its_largest_part_is_called_so() -> None:
    pair = Pair("customer", "function", {"handoff": -6.0, "queue": 2.0})
    assert (
        "On handing over: without those 6.0 h, all else unchanged, “customer” would be 2.0 h slower"
        in text([*hangs_on(pair, (), ())])
    )


def test_keys_that_were_swept_already_are_not_suggested() -> None:
    told = text([*hangs_on(FASTER, (), ("coordination.handoff.mean",))])
    assert "staffing.headcount and demand.scale" in told


def test_the_demand_at_which_a_department_is_full_is_told_for_both() -> None:
    told = text([*hangs_on(FASTER, (("function", 1.333), ("customer", 1.46)), ())])
    assert "limit at demand.scale 1.33 for “function” and 1.46 for “customer”" in told


def test_two_structures_too_close_to_call_are_named_together_when_both_beat_the_reference() -> None:
    told = said(view_of(folder(THREE)))
    assert "both serve faster than “function”; which is fastest is not settled" in told


def setting_led_by(name: str, scale: str, settled: bool = True) -> View:
    made = example.setting((("demand.scale", scale),))
    leads = {"response_time_mean": Lead(name, 0.1, settled=settled, wins=settled)}
    return example.view((type(made)(made.keys, made.columns, made.lines, made.findings, leads),))


def swept(*leaders: str) -> View:
    settings = tuple(setting_led_by(name, f"{scale}").settings[0] for scale, name in enumerate(leaders))
    return example.view(settings)


def test_a_leader_of_every_setting_is_the_headline() -> None:
    assert summary(swept("customer", "customer"))[0].text.startswith(
        "“customer” serves fastest in every setting"
    )


def test_leaders_that_change_make_the_headline_depend_on_the_setting() -> None:
    assert "depends on the setting" in summary(swept("customer", "function"))[0].text


def test_the_values_at_which_the_leader_changes_are_named() -> None:
    turns = [
        finding.text
        for finding in summary(swept("customer", "function"))
        if finding.label == "Where it turns"
    ]
    assert turns == ["demand.scale: 0 customer, 1 function."]


def test_a_leader_that_never_changes_is_said_with_the_values_tried() -> None:
    turns = [
        finding.text
        for finding in summary(swept("customer", "customer"))
        if finding.label == "Where it turns"
    ]
    assert turns[0].startswith(
        "Nowhere in the values tried: demand.scale 0, 1. The lead is smallest, 10 %, at"
    )


@pytest.mark.parametrize(("change", "tone"), [(-0.2, "better"), (-0.001, "")])
def test_a_change_too_small_to_matter_is_not_coloured(change: float, tone: str) -> None:
    cell = Cell(Estimate(1.0), relative=Estimate(change), outcome="better")
    assert cell.tone == tone


def test_the_page_lists_what_is_compared() -> None:
    stored = example.stored()
    page = page_of(example.view(), example.tables(stored), stored)
    assert [row[0] for row in page.structures.rows] == list(example.STRUCTURES)


def test_where_no_single_value_decides_the_halves_of_a_key_are_compared() -> None:
    turns = [
        finding.text for finding in summary(swept(*"aaaaaaabbbbbbb")) if finding.label == "Where it turns"
    ]
    assert turns[0].startswith("“a” leads in 7 of 7 settings with demand.scale up to 6.5, in 0 of 7 above")


def test_a_contrast_that_may_be_chance_is_not_told() -> None:
    assert not [finding for finding in summary(swept(*"aabaabbabbab")) if finding.label == "Where it turns"]
