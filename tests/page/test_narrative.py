"""The answer is sentences that follow from the numbers: what decides, what it hangs on, where it turns."""

from dataclasses import replace

import pytest

from sim.report.build import page_of
from sim.report.explanation import Pair, find_out, hangs_on, liked_for, why
from sim.report.layout_records import Cell, Estimate, Finding, Layout, Lead
from sim.report.narrative_of_many import narrative_of_many
from sim.report.summary import CHANGE
from tests.page import example
from tests.page.test_console import printed
from tests.page.test_layout import ALIKE, SLOW_AND_FAST, Value, folder, layout_of, luck, noise, said

FASTER = Pair("customer", "function", {"handoff": -6.0, "queue": -1.5, "by_function": 0.9, "work": 0.0})
THREE: dict[str, Value] = {
    "function": lambda replication: 20 + luck(replication),
    "customer": lambda replication: 15 + luck(replication) + noise(replication, 1),
    "product": lambda replication: 15 + luck(replication) + noise(replication, 4),
}


ONE_OPEN: dict[str, Value] = {
    "function": lambda replication: 20 + luck(replication),
    "customer": lambda replication: 10 + luck(replication),
    "product": lambda replication: 13 + luck(replication) + noise(replication, 1),
    "pooled": lambda replication: 9 + luck(replication) + (40 if replication == 3 else replication % 2 * 2),
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
    assert "would still be 0.60 h faster than “function”" in text([*hangs_on(FASTER)])


def test_a_lead_that_turns_without_its_largest_part_is_called_so() -> None:
    pair = Pair("customer", "function", {"handoff": -6.0, "queue": 2.0})
    assert (
        "On handing over: without those 6.0 h, all else unchanged, “customer” would be 2.0 h slower"
        in text([*hangs_on(pair)])
    )


def test_what_was_swept_already_is_not_to_be_found_out() -> None:
    assert find_out(FASTER, ()) == (
        " Find out first how long handing over takes and how many people there will be: "
        "the difference rests on them."
    )
    assert "handing over" not in find_out(FASTER, ("coordination.handoff.mean",))


def test_two_structures_too_close_to_call_are_named_together_when_both_beat_the_reference() -> None:
    told = said(layout_of(folder(THREE)))
    assert "“customer” and “product” both serve faster than “function”." in told


def test_not_settled_names_the_open_rival_and_what_would_settle_it() -> None:
    told = said(layout_of(folder(ONE_OPEN)))
    assert "but that is not sure:" in told
    assert "ahead of “pooled” (95 % CI -" in told
    assert "more replications would settle it. “customer” is 2" in told
    assert "ahead of “product”" in told


def test_slower_in_every_pair_is_settled_however_heavy_the_tail() -> None:
    wild = {
        "customer": lambda replication: 10 + luck(replication),
        "pooled": lambda replication: 11 + luck(replication) + (80 if replication == 3 else 0),
    }
    assert "ahead of “pooled” in 12 of 12 replications" in said(layout_of(folder(wild)))


def test_structures_without_any_difference_are_the_same() -> None:
    told = said(layout_of(folder(dict.fromkeys(("pooled", "function"), ALIKE["function"]))))
    assert told.startswith("“pooled” and “function” are the same here: mean response time 20.")
    assert "0.0 %" not in told
    assert "It makes no difference here which you choose" in told


def test_of_the_tied_the_cheaper_one_is_recommended() -> None:
    told = said(layout_of(folder(ALIKE, costs={"function": 100.0, "customer": 80.0})))
    assert "Choose “customer”: nothing shows that it serves worse than “function”, and it is cheaper." in told
    assert "“customer” costs 80 a year, 20 % less than “function”." in told


def test_a_cheaper_structure_that_may_serve_far_worse_is_not_recommended() -> None:
    speeds: dict[str, Value] = {
        "function": lambda replication: 20 + luck(replication),
        "customer": lambda replication: 21 + luck(replication) + (replication % 3 - 1) * 15,
    }
    told = said(layout_of(folder(speeds, costs={"function": 100.0, "customer": 80.0})))
    assert "Do not choose between “function” and “customer” yet: about " in told


def test_where_not_as_many_leave_the_promise_decides_and_leavers_are_counted() -> None:
    layout = layout_of(folder(SLOW_AND_FAST, leaving={"function": 0.03, "customer": 0.12}))
    first = layout.groups[0].findings[0].text
    assert "serves fastest" not in said(layout)
    assert "not as many leave: 3.0 % under “function”, 12 % under “customer”." in first
    assert "“customer”: 12" in said(layout)


def test_the_reason_stands_where_a_difference_is_withheld() -> None:
    layout = layout_of(folder(SLOW_AND_FAST, leaving={"function": 0.03, "customer": 0.12}))
    assert "not as many" in printed(layout)


def test_no_key_of_the_configuration_stands_in_a_recommendation() -> None:
    for made in (SLOW_AND_FAST, ALIKE, ONE_OPEN):
        (line,) = [
            each.text for each in layout_of(folder(made)).groups[0].findings if each.label == "Recommendation"
        ]
        assert "experiment." not in line
        assert "staffing." not in line


def test_what_tells_two_scenarios_apart_is_said_in_words_in_a_recommendation() -> None:
    speeds: dict[str, Value] = {
        "function (handoff.mean 2)": lambda replication: 20 + luck(replication),
        "function (handoff.mean 20)": lambda replication: 30 + luck(replication),
    }
    told = layout_of(folder(speeds))
    (line,) = [each.text for each in told.groups[0].findings if each.label == "Recommendation"]
    assert line.startswith("Choose “function (hours for a handoff 2)”")


def test_who_serves_fewer_is_not_chosen_for_being_cheaper() -> None:
    """Both keep their promises as often, as far as is known; one sends a third of its customers away."""
    costs, wavering = (
        {"function": 100.0, "customer": 60.0},
        {
            "function": lambda replication: 20 + luck(replication),
            "customer": lambda replication: 20 + luck(replication) + (replication % 3 - 1) * 15,
        },
    )
    fewer = said(layout_of(folder(wavering, costs=costs, leaving={"function": 0.0, "customer": 0.33})))
    assert "Choose “customer”" not in fewer
    assert "and it is cheaper" not in fewer


def test_leads_in_points_are_told_in_points_over_settings() -> None:
    groups = []
    for scale, points in (("1.0", 2.5), ("1.2", 4.0)):
        (group,) = setting_led_by("customer", scale).groups
        group.leads["satisfaction_mean"] = Lead("customer", 0.1, settled=True, points=points)  # type: ignore[index]
        groups.append(group)
    liked = [
        each.text for each in narrative_of_many(example.layout(tuple(groups))) if each.label == "Satisfaction"
    ]
    assert liked[0].startswith(
        "“customer” satisfies customers most in every setting, 2.5 to 4.0 points ahead"
    )


def test_a_lead_that_hardly_matters_is_no_open_one_over_settings() -> None:
    (little,) = setting_led_by("product", "1.2", settled=False).groups
    little.leads["response_time_mean"] = Lead("product", 0.025, by_little=True)  # type: ignore[index]
    layout = example.layout((*setting_led_by("product", "1.0").groups, little))
    assert "in 1 product leads, hardly by as much as matters" in narrative_of_many(layout)[0].text


def setting_led_by(name: str, scale: str, settled: bool = True) -> Layout:
    made = example.group((("demand.scale", scale),))
    leads = {"response_time_mean": Lead(name, 0.1, settled=settled, wins=settled)}
    return example.layout((type(made)(made.keys, made.columns, made.lines, made.findings, leads),))


def swept(*leaders: str) -> Layout:
    groups = tuple(setting_led_by(name, f"{scale}").groups[0] for scale, name in enumerate(leaders))
    return example.layout(groups)


def test_a_leader_of_every_setting_is_the_headline() -> None:
    assert narrative_of_many(swept("customer", "customer"))[0].text.startswith(
        "“customer” serves fastest in every setting"
    )


def test_leaders_that_change_make_the_headline_depend_on_the_setting() -> None:
    assert "depends on the setting" in narrative_of_many(swept("customer", "function"))[0].text


def test_leads_that_are_not_settled_make_nothing_depend_on_the_setting() -> None:
    unsettled = [setting_led_by(name, scale, False).groups[0] for name, scale in (("a", "1"), ("b", "2"))]
    said = narrative_of_many(example.layout(tuple(unsettled)))
    assert said[0].text.startswith("Which structure serves fastest is settled in no setting: of 2 settings")
    assert not [finding for finding in said if finding.label == CHANGE]


def test_a_leader_of_some_settings_is_counted_over_all_of_them() -> None:
    groups = [setting_led_by("customer", f"{scale}", scale > 0).groups[0] for scale in range(3)]
    text = narrative_of_many(example.layout(tuple(groups)))[0].text
    assert text == (
        "“customer” serves fastest in 2 of 3 settings, 10 % ahead of the next; in 1 it is not settled."
    )


def test_values_at_which_the_leader_changes_are_sorted_and_rounded() -> None:
    pairs = (("customer", "1.0123456789"), ("function", "0.8123456789"))
    groups = [setting_led_by(name, scale).groups[0] for name, scale in pairs]
    (turns,) = [each for each in narrative_of_many(example.layout(tuple(groups))) if each.label == CHANGE]
    assert turns.text == "demand.scale: 0.8123 function, 1.012 customer."


def test_the_values_at_which_the_leader_changes_are_named() -> None:
    turns = [
        finding.text
        for finding in narrative_of_many(swept("customer", "function"))
        if finding.label == CHANGE
    ]
    assert turns == ["demand.scale: 0 customer, 1 function."]


def test_a_leader_that_never_changes_is_said_with_the_values_tried() -> None:
    turns = [
        finding.text
        for finding in narrative_of_many(swept("customer", "customer"))
        if finding.label == CHANGE
    ]
    assert turns[0].startswith(
        "Nothing in the values tried: demand.scale 0, 1. The lead is smallest, 10 %, at"
    )


@pytest.mark.parametrize(("matters", "tone"), [(True, "better"), (False, "")])
def test_a_change_too_small_to_matter_is_not_coloured(matters: bool, tone: str) -> None:
    cell = Cell(Estimate(1.0), outcome="better", matters=matters)
    assert cell.tone == tone


def test_the_page_lists_what_is_compared() -> None:
    stored = example.stored()
    page = page_of(example.layout(), example.tables(stored), stored)
    assert [row[0] for row in page.structures.rows] == list(example.STRUCTURES)


def test_where_no_single_value_decides_the_halves_of_a_key_are_compared() -> None:
    turns = [
        finding.text for finding in narrative_of_many(swept(*"aaaaaaabbbbbbb")) if finding.label == CHANGE
    ]
    assert turns[0].startswith("“a” leads in 7 of 7 settings with demand.scale up to 6.5, in 0 of 7 above")


def test_a_contrast_that_may_be_chance_is_not_told() -> None:
    assert not [finding for finding in narrative_of_many(swept(*"aabaabbabbab")) if finding.label == CHANGE]


POINTS = {"responsiveness": -0.5, "reliability": -0.5, "assurance": -1.9, "empathy": -1.1, "ease": -1.0}


def test_the_gap_in_satisfaction_is_split_into_its_scores() -> None:
    told = said(layout_of(folder(SLOW_AND_FAST, scores=POINTS)))
    assert (
        "Why liked: “customer” -5.0 points against “function”: less familiar with the work: -1.9; "
        "customers less well known: -1.1; more effort for the customer: -1.0;"
    ) in told


def test_fewer_cases_a_head_are_named_where_only_the_structure_differs() -> None:
    hours = {"by_function": 0.4, "by_segment": -0.1}
    told = [liked_for(POINTS, hours, 0.0, alike) for alike in (True, False)]
    assert [text.partition(";")[0] for text in told] == [
        "fewer cases a head, so less familiar: -1.9",
        "less familiar with the work: -1.9",
    ]


def test_no_split_is_told_of_a_gap_that_is_not_settled() -> None:
    assert "Why liked" not in said(layout_of(folder(ALIKE, scores=POINTS)))


BY_LITTLE: dict[str, Value] = {
    "function": lambda replication: 20 + luck(replication),
    "customer": lambda replication: 15 + luck(replication),
    "product": lambda replication: 15.3 + luck(replication) + 0.5 * noise(replication, 4),
}
"""Product is surely slower than customer, by about the 3 % that matter."""


def test_a_sure_lead_of_about_the_margin_is_no_open_question() -> None:
    told = said(layout_of(folder(BY_LITTLE)))
    assert "“customer” serves fastest, though hardly by as much as matters (3 %)" in told


def test_who_leads_by_little_is_not_called_unsettled() -> None:
    assert "not settled" not in said(layout_of(folder(BY_LITTLE))).split("Compared with")[0]


def test_smaller_parts_are_told_together_so_that_the_sum_is_right() -> None:
    parts = {"handoff": -6.0, "work": 0.1, "queue": 0.1, "switching": 0.1, "decision": 0.1}
    told = text([*why(Pair("customer", "function", parts))])
    assert "saves 5.6 h a request: 6.0 h of handing over; smaller parts take 0.40 h back." in told


def test_settings_without_any_difference_are_the_same_there_too() -> None:
    nothing = Estimate(0.0, 0.0, 0.0)
    same = Cell(Estimate(20.0, 19.0, 21.0), nothing, nothing, "alike", "the same")
    settings = []
    for scale in ("0.8", "1.0"):
        own = example.group((("demand.scale", scale),))
        lines = tuple(replace(each, cells=(each.cells[0], same, each.cells[2])) for each in own.lines)
        settings.append(replace(own, lines=lines))
    told = {each.label: each.text for each in narrative_of_many(example.layout(tuple(settings)))}
    assert "“customer” is the same in 2" in told["Response time"]
    assert "alike" not in told["Response time"]
