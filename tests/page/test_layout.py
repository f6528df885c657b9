"""From stored results to what is read: withheld means stay out, verdicts and answers follow the analysis.

Invariant: results are made up replication by replication, so what must be said of them is known.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.analysis.compare import compare
from sim.report.build import write_report
from sim.report.caveats import only
from sim.report.layout import lay_out
from sim.report.layout_records import Column, ComparisonGroup, Layout
from tests.page.example import Folder
from tests.page.test_console import printed

REPLICATIONS = 12
UNITS = {"response_time_mean": "h", "satisfaction_mean": "0 to 100", "satisfaction_outcome": "0 to 100",
         "within_promise": "share", "abandoned": "share",
         "cost": "money/year", "headcount": "people", "workers": "people"}  # fmt: skip

Value = Callable[[int], float]


def luck(replication: int) -> float:
    """The same in every structure, as common random numbers make it."""
    return (replication * 7 % 11) / 10


def noise(replication: int, seed: int) -> float:
    return (replication * 5 + seed * 3) % 7 / 10


def folder(
    speeds: dict[str, Value], *, load: float = 0.8, kind: str = "long_run", replications: int = REPLICATIONS,
    statuses: dict[str, str] | None = None, scales: tuple[float, ...] = (1.0,),
    costs: dict[str, float] | None = None, leaving: dict[str, float] | None = None,
    scores: dict[str, float] | None = None,
) -> Folder:  # fmt: skip
    rows: list[dict[str, Any]] = []
    scenarios: list[dict[str, Any]] = []
    for scale in scales:
        for structure, speed in speeds.items():
            number = len(scenarios)
            status = (statuses or {}).get(structure, "ok")
            scenarios.append(scenario(number, structure, status, scale, kind))
            if status == "ok":
                more = {"cost": (costs or {}).get(structure), "abandoned": (leaving or {}).get(structure)}
                for score, gap in (scores or {}).items():
                    more[f"satisfaction_from_{score}"] = 10.0 + gap * (structure == "customer")
                rows += results(number, structure, speed, load, replications, more)
    return Folder(pd.DataFrame(rows), pd.DataFrame(scenarios), {}, {"command": ["orgdes"], "versions": {}})


def scenario(number: int, structure: str, status: str, scale: float, kind: str) -> dict[str, Any]:
    run = {"kind": kind, "horizon_weeks": 52, "warm_up_weeks": 8 if kind == "long_run" else 0}
    config = {"experiment": run, "company": {"name": "small"}, "demand": {"scale": scale}}
    return {
        "scenario": number, "name": structure, "structure": structure, "status": status, "message": "",
        "overrides": f"structure={structure} demand.scale={scale}", "company.name": "small",
        "demand.scale": scale, "structure.name": structure, "config": json.dumps(config),
    }  # fmt: skip


def results(
    number: int, structure: str, speed: Value, load: float, replications: int, more: dict[str, float | None]
) -> list[dict[str, Any]]:
    rows = []
    for replication in range(replications):
        hours = speed(replication)
        liked = {"satisfaction_mean": 100 - hours, "satisfaction_outcome": 100 - hours}
        values = {
            "response_time_mean": hours,
            **liked,
            "within_promise": 0.9,
            "headcount": 24.0,
            "workers": 21.0,
            **{name: value for name, value in more.items() if value is not None},
        }
        facts = {"scenario": number, "structure": structure, "replication": replication}
        for metric, value in values.items():
            rows.append(facts | {"metric": metric, "scope": "company", "value": value,
                                 "unit": UNITS.get(metric, "0 to 100")})  # fmt: skip
        for segment, extra in (("private", 1.0), ("public", -1.0)):
            gain = extra if structure == "customer" else 0.0
            rows.append(facts | {"metric": "response_time_mean", "scope": f"segment:{segment}",
                                 "value": hours + gain, "unit": "h"})  # fmt: skip
        rows.append(facts | {"metric": "load", "scope": "department:a", "value": load, "unit": "share"})
    return rows


SLOW_AND_FAST: dict[str, Value] = {
    "function": lambda replication: 20 + luck(replication),
    "customer": lambda replication: 15 + luck(replication) + noise(replication, 1) / 4,
}
ALIKE: dict[str, Value] = {
    "function": lambda replication: 20 + luck(replication) + noise(replication, 1),
    "customer": lambda replication: 20 + luck(replication) + noise(replication, 4),
}


def layout_of(made: Folder) -> Layout:
    return lay_out(compare(made))


def said(layout: Layout) -> str:
    return " ".join(finding.sentence for finding in layout.groups[0].findings)


@pytest.fixture(scope="module")
def clear() -> Layout:
    return layout_of(folder(SLOW_AND_FAST))


def test_the_fastest_structure_is_named_first(clear: Layout) -> None:
    assert clear.groups[0].findings[0].text.startswith("“customer” serves fastest: mean response time 15.")


def test_a_lead_stands_with_its_interval(clear: Layout) -> None:
    assert "ahead of “function” (95 % CI 2" in clear.groups[0].findings[0].text


def test_alike_structures_have_no_fastest() -> None:
    assert said(layout_of(folder(ALIKE))).startswith("No structure serves fastest: “function” and “customer”")


def test_the_segment_that_gains_least_is_named(clear: Layout) -> None:
    assert "even “private”, which gains least" in said(clear)


def test_satisfaction_is_answered_with_and_without_familiarity(clear: Layout) -> None:
    assert "Counting speed and reliability alone, customers like “customer” best" in said(clear)


def test_a_settled_lead_of_five_per_cent_counts_as_a_win(clear: Layout) -> None:
    assert clear.groups[0].leads["response_time_mean"].wins


def test_a_lead_in_a_company_loaded_above_92_per_cent_is_no_win() -> None:
    layout = layout_of(folder(SLOW_AND_FAST, load=0.95))
    lead = layout.groups[0].leads["response_time_mean"]
    assert (lead.settled, lead.wins) == (True, False)


def test_means_of_an_overloaded_structure_reach_no_cell() -> None:
    line = layout_of(folder(SLOW_AND_FAST, load=1.04)).groups[0].line("response_time_mean")
    assert line is not None
    assert [cell.value for cell in line.cells] == [None, None]


def test_an_overloaded_structure_is_warned_of_with_its_department() -> None:
    warnings = layout_of(folder(SLOW_AND_FAST, load=1.04)).warnings
    assert "department a" in warnings[0]


def test_a_terminating_study_says_that_nothing_is_cut() -> None:
    layout = layout_of(folder(SLOW_AND_FAST, kind="terminating"))
    assert layout.method[0] == "Terminating, weeks 1 to 52; nothing is cut."


def test_a_long_run_study_says_which_weeks_are_cut(clear: Layout) -> None:
    assert clear.method[0] == "Long run, weeks 9 to 52; the weeks before are cut as warm-up."


def test_the_replication_is_named_as_the_unit(clear: Layout) -> None:
    assert "12 replications a scenario" in clear.method[1]


def test_a_failed_structure_keeps_its_column_without_figures() -> None:
    layout = layout_of(folder(SLOW_AND_FAST, statuses={"customer": "failed"}))
    line = layout.groups[0].line("response_time_mean")
    assert line is not None
    assert (layout.groups[0].columns[1].status, line.cells[1].value) == ("failed", None)


def test_one_replication_says_that_no_interval_is_possible() -> None:
    layout = layout_of(folder(SLOW_AND_FAST, replications=1))
    assert any("no interval is possible" in warning for warning in layout.warnings)


def test_settings_are_told_apart_by_the_swept_key() -> None:
    layout = layout_of(folder(SLOW_AND_FAST, scales=(0.8, 1.0)))
    assert [group.label for group in layout.groups] == ["demand.scale = 0.8", "demand.scale = 1.0"]


def test_verdicts_on_the_screen_are_those_of_the_analysis() -> None:
    shown = " ".join(printed(layout_of(folder(SLOW_AND_FAST | {"pooled": ALIKE["function"]}))).split())
    assert "ahead of “function” (95 % CI" in shown or "ahead of “pooled” (95 % CI" in shown
    assert "Compared with “function”, “pooled” no difference" in shown


def test_of_two_structures_a_settled_lead_is_told_once(clear: Layout) -> None:
    assert [each.label for each in clear.groups[0].findings].count("Response time") == 0


def test_the_report_is_the_only_file_left_behind(tmp_path: Path) -> None:
    made = folder(SLOW_AND_FAST)
    write_report(tmp_path, made)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_the_report_takes_a_comparison_that_is_there_already(tmp_path: Path) -> None:
    made = folder(SLOW_AND_FAST)
    first = write_report(tmp_path, made).read_text()
    assert write_report(tmp_path, made, compare(made)).read_text() == first


def remarked(*affected: tuple[str, str]) -> str:
    """What sets the affected of six scenarios apart: two structures at three sizes of demand."""
    groups = [
        ComparisonGroup(
            (("demand.scale", scale),), tuple(Column(f"{name}{scale}", name) for name in ("a", "b")), ()
        )
        for scale in ("0.8", "1.0", "1.2")
    ]
    columns = [column for each in groups for column in each.columns]
    return only(groups, [each for each in columns if each.scenario in {"".join(pair) for pair in affected}])


def test_a_remark_names_the_value_that_sets_its_scenarios_apart() -> None:
    assert remarked(("a", "1.2"), ("b", "1.2")) == "only with demand.scale 1.2"


def test_a_remark_names_the_structure_that_sets_its_scenarios_apart() -> None:
    assert remarked(("b", "0.8"), ("b", "1.0"), ("b", "1.2")) == "only under b"


def test_a_remark_names_both_factors_where_neither_alone_explains_it() -> None:
    assert remarked(("b", "1.0"), ("b", "1.2")) == "only under b and with demand.scale 1.0, 1.2"


def test_no_factor_is_blamed_where_none_sets_the_scenarios_apart() -> None:
    assert remarked(("a", "0.8"), ("b", "1.2")) == ""


def test_of_sampled_factors_one_is_blamed_whose_ends_are_affected() -> None:
    draws = (("0.91", "3.2"), ("1.33", "2.9"), ("1.12", "4.0"), ("1.41", "3.5"))
    groups = [
        ComparisonGroup((("demand.scale", one), ("coordination.handoff.mean", two)), (Column(one, "a"),), ())
        for one, two in draws
    ]
    assert only(groups, [groups[1].columns[0], groups[3].columns[0]]) == "only with demand.scale from 1.33"
