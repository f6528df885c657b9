"""The people that the same service takes, in words: who needs fewest, how surely, what one fewer breaks."""

import math
from typing import Any

import pandas as pd
import pytest

from sim import figures
from sim.report.same_service import (
    Staffing,
    findings,
    frontier_grid,
    goal,
    grid,
    lines,
    picture,
    summary,
)
from sim.report.summary import BETTER, CHANGE, COSTS, DO, SURE
from sim.report.wording import written_for

ROW: dict[str, Any] = {
    "scenario": 0, "structure": "function", "status": "met", "targets": '{"target.within_promise": 0.9}',
    "confidence": 0.95, "people": 24, "workers": 20, "managers": 4, "coordinators": 0,
    "spread": "a 12, b 8", "cost": 1.3e6, "tried": 20, "most": 200, "fewer_people": 23, "fewer_meets": "no",
    "where": "a", "where_busy": 0.84, "breaks": "target.within_promise", "limit": 0.9, "breaks_value": 0.887,
    "breaks_value_low": 0.876, "breaks_value_high": 0.898, "overloaded": 0, "of_replications": 20,
    "missed": "", "nearest": math.nan, "nearest_low": math.nan, "nearest_high": math.nan, "waiting": math.nan,
    "held_by": "", "reference": "function", "exact_people": math.nan, "exact_reference": math.nan,
    "difference": math.nan,
    "difference_low": math.nan, "difference_high": math.nan, "relative": math.nan, "relative_low": math.nan,
    "relative_high": math.nan, "cost_relative": math.nan, "cost_relative_low": math.nan,
    "cost_relative_high": math.nan, "p_adjusted": math.nan, "verdict": "",
}  # fmt: skip
OTHER: dict[str, Any] = ROW | {
    "structure": "customer", "people": 20, "exact_people": 19.6, "exact_reference": 23.4, "difference": -3.8,
    "difference_low": -4.2, "difference_high": -3.4, "relative": -0.162, "relative_low": -0.18,
    "relative_high": -0.145, "cost_relative": -0.15, "cost_relative_low": -0.17, "cost_relative_high": -0.13,
    "p_adjusted": 0.0, "verdict": "fewer",
}  # fmt: skip
POINT: dict[str, Any] = {
    "scenario": 0, "structure": "function", "people": 24, "workers": 20, "spread": "a 12, b 8",
    "replications": 20, "meets": "yes", "chosen": True, "steady": True, "cost": 1.3e6,
    "response_time_mean": 14.0, "response_time_mean_low": 13.8, "response_time_mean_high": 14.2,
    "satisfaction_mean": 61.0, "satisfaction_mean_low": 60.0, "satisfaction_mean_high": 62.0,
    "dominated_by": 1,
}  # fmt: skip


def staffing(*rows: dict[str, Any]) -> Staffing:
    points = [POINT, POINT | {"structure": "customer", "people": 20, "cost": 1.1e6, "dominated_by": -1}]
    return Staffing(pd.DataFrame(rows), pd.DataFrame(points))


def said(*rows: dict[str, Any]) -> str:
    return " ".join(finding.sentence for finding in findings(staffing(*rows)))


@pytest.mark.parametrize(
    ("key", "limit", "words"),
    [
        ("target.satisfaction_mean", 70.0, "a satisfaction of at least 70"),
        ("target.response_time_p90", 16.0, "9 of 10 requests within 16 h"),
        ("target.a.abandoned", 0.05, "at most 5 % abandoned of “a”"),
        ("target.first_time_right", 0.9, "at least 90 % right first time"),
    ],
)
def test_targets_in_words(key: str, limit: float, words: str) -> None:
    assert goal(key, limit) == words


def test_the_headline_names_who_needs_fewest_first() -> None:
    assert said(ROW, OTHER).startswith("“customer” needs 20 people, “function” 24, for 90 % within promise")


def test_the_difference_is_told_with_its_interval() -> None:
    text = "“customer” needs 16 % fewer people than “function” at exactly this service"
    assert f"{text} (19.6 against 23.4; 95 % CI 14.5 to 18.0 %)" in said(ROW, OTHER)


def test_needing_the_same_is_an_answer() -> None:
    assert "needs the same as “function”, within one person" in said(ROW, OTHER | {"verdict": "same"})


def test_a_difference_that_is_open_is_told_as_such() -> None:
    assert "not told apart" in said(ROW, OTHER | {"verdict": "open"})


def test_one_fewer_is_told_with_what_breaks_and_where() -> None:
    assert (
        "With 23, within promise is 88.7 % (87.6 to 89.8): most of the waiting is in “a”, busy 84 %"
        in said(ROW)
    )


def test_one_fewer_that_may_be_enough_is_not_settled() -> None:
    assert "Whether 23 are enough is not settled" in said(ROW | {"fewer_meets": "not settled"})


def test_more_work_than_hours_is_told_in_how_many_replications() -> None:
    row = ROW | {"breaks": "load", "breaks_value": 1.05, "overloaded": 3}
    assert "“a” has more work than hours in 3 of 20 replications (load up to 105 %)" in said(row)


def test_the_impossible_is_told_with_the_best_value_and_what_holds_it() -> None:
    row = ROW | {
        "status": "impossible", "missed": "target.within_promise", "nearest": 0.8, "nearest_low": 0.79,
        "nearest_high": 0.81, "waiting": 0.02, "held_by": "handoff, work",
    }  # fmt: skip
    text = said(row)
    assert "cannot give 90 % within promise" in text
    assert "most of it handing over and work itself, does not get shorter" in text


def test_nobody_who_can_is_told_first() -> None:
    row = ROW | {"status": "not settled"}
    assert said(row).startswith("No structure was shown to give 90 % within promise")


def test_every_structure_has_a_row_and_a_column() -> None:
    found = staffing(ROW, OTHER)
    assert len(grid(found).rows) == 2
    assert all(len(cells) == 2 for _, cells in lines(found))


def test_dominated_points_are_marked() -> None:
    assert [row[-1] for row in frontier_grid(staffing(ROW, OTHER)).rows] == ["fewest", "fewest"]
    points = pd.DataFrame([POINT | {"chosen": False}])
    assert frontier_grid(Staffing(pd.DataFrame([ROW]), points)).rows[0][-1] == "dominated"


def test_the_picture_says_what_it_shows() -> None:
    assert "1 of 2 points is dominated" in picture(staffing(ROW, OTHER)).reading


def test_what_cannot_keep_up_is_not_drawn() -> None:
    points = pd.DataFrame([POINT, POINT | {"people": 10, "cost": 5e5, "steady": False, "chosen": False}])
    figure = figures.frontier(points, ["function"])
    assert list(figure.axes[0].lines[0].get_xdata()) == [1300.0]  # type: ignore[arg-type]


def test_every_column_of_the_frontier_has_a_heading() -> None:
    assert all(frontier_grid(staffing(ROW, OTHER)).headings)


def test_the_picture_says_what_the_cost_is_told_in() -> None:
    with written_for("EUR"):
        assert picture(staffing(ROW, OTHER)).figure.axes[0].get_xlabel() == "cost a year, thousand EUR"


def test_labels_of_rings_beside_each_other_stand_on_both_sides() -> None:
    low = POINT | {"response_time_mean": 13.5, "structure": "customer"}
    far = POINT | {"response_time_mean": 30.0, "cost": 1e6, "chosen": False}
    figure = figures.frontier(pd.DataFrame([POINT, low, far]), ["function", "customer"])
    above, below = (text.get_position()[1] for text in figure.axes[0].texts)
    assert above > 0 > below


def minute(*rows: dict[str, Any]) -> dict[str, str]:
    """The summary, by lead word."""
    return {line.label: line.text for line in summary(staffing(*rows))}


def test_the_fewest_people_are_recommended_with_what_they_cost_and_how_sure() -> None:
    found = minute(ROW, OTHER)
    assert found[DO] == "Choose “customer”: 20 people give 90 % within promise."
    assert found[BETTER].startswith("16 % fewer people than “function”: 20 people under “customer”, 24 under")
    assert found[SURE].endswith("95 % confidence; 14.5 to 18.0 % fewer than “function” (95 % CI).")
    assert found[COSTS].endswith(" a year, 15 % less than “function” (95 % CI 13.0 to 17.0 %).")
    assert found[CHANGE].startswith("One person fewer falls short under “customer”")


def test_two_that_need_as_few_are_both_named() -> None:
    assert minute(OTHER, OTHER | {"structure": "product"})[DO].startswith(
        "Choose between “customer” and “product” by cost and service: 20 people each give"
    )


def test_one_that_alone_meets_the_targets_is_called_so() -> None:
    found = minute(ROW | {"status": "impossible"}, OTHER | {"verdict": ""})
    assert found[BETTER] == "20 people under “customer”; no other structure was shown to meet the targets."


def test_where_nobody_meets_the_targets_nobody_is_recommended() -> None:
    assert list(minute(ROW | {"status": "impossible"})) == [DO]
