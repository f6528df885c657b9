"""Keys name content: what changes results changes them, and nothing else does."""

import pytest

from sim.study import design as subject
from sim.study.design import Design, Row, balanced_order, scenario_digest
from tests.study.designs import WORK, row, rows


def keys(design: list[Row]) -> set[str]:
    return {run.key for run in Design.of(design, WORK).runs}


def test_more_replications_keep_the_keys_of_the_first_ones() -> None:
    assert keys(rows(3, replications=2)) < keys(rows(3, replications=5))


def test_more_replications_are_the_same_sweep() -> None:
    assert Design.of(rows(3, 2), WORK).identity == Design.of(rows(3, 5), WORK).identity


def test_another_scenario_more_leaves_all_other_keys() -> None:
    assert keys(rows(3)) < keys(rows(4))


@pytest.mark.parametrize("setting", sorted(subject.RUN_SETTINGS))
def test_a_run_setting_changes_no_digest(setting: str) -> None:
    plain = row(1).scenario
    other = {**plain, "experiment": {**plain["experiment"], setting: "anything"}}
    assert scenario_digest(plain) == scenario_digest(other)


def test_keeping_more_of_a_run_is_the_same_sweep_and_another_run() -> None:
    plain = row(1).scenario
    kept = [
        Row({**plain, "experiment": {**plain["experiment"], "keep": keep}}) for keep in ("all", "summary")
    ]
    assert Design.of(kept[:1], WORK).identity == Design.of(kept[1:], WORK).identity
    assert keys(kept[:1]).isdisjoint(keys(kept[1:]))


@pytest.mark.parametrize("setting", ["seed", "horizon_weeks", "warm_up_weeks", "something_new"])
def test_any_other_setting_changes_the_digest(setting: str) -> None:
    plain = row(1).scenario
    other = {**plain, "experiment": {**plain["experiment"], setting: 99}}
    assert scenario_digest(plain) != scenario_digest(other)


def test_other_code_of_the_model_gives_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    before = keys(rows(2))
    monkeypatch.setattr(subject, "model_fingerprint", lambda: "edited")
    assert keys(rows(2)).isdisjoint(before)


def test_another_work_function_gives_other_keys() -> None:
    one, other = (Design.of(rows(2), work).runs for work in ("a:b", "a:c"))
    assert {run.key for run in one}.isdisjoint(run.key for run in other)


def test_keys_are_all_different() -> None:
    assert len(keys(rows(40, replications=25))) == 1000


def test_the_schedule_holds_every_run_once() -> None:
    design = Design.of([row(0, 3), row(1, 1), row(2, 2)], WORK)
    assert sorted(run.key for run in design.schedule()) == sorted(run.key for run in design.runs)


def test_the_schedule_finishes_a_replication_of_all_scenarios_before_the_next() -> None:
    order = [run.replication for run in Design.of(rows(7, replications=3), WORK).schedule()]
    assert order == sorted(order)


@pytest.mark.parametrize("count", [3, 10, 64, 97, 1000])
def test_any_tenth_of_the_order_is_spread_over_all_scenarios(count: int) -> None:
    tenth = sorted(balanced_order(count)[: max(3, count // 10)])
    gaps = [right - left for left, right in zip([-1, *tenth], [*tenth, count], strict=True)]
    assert max(gaps) <= 3 * count / len(tenth)


@pytest.mark.parametrize("values", [2, 3, 4, 7])
def test_any_tenth_of_a_grid_holds_all_values_of_its_fastest_axis_about_as_often(values: int) -> None:
    tenth = [number % values for number in balanced_order(100 * values)[: 10 * values]]
    assert all(5 <= tenth.count(value) <= 15 for value in range(values))


def test_an_infeasible_row_has_no_runs() -> None:
    assert Design.of([Row(row(1).scenario, infeasible="2 people, 3 departments")], WORK).runs == ()


def test_the_order_of_segments_is_content() -> None:
    assert scenario_digest({"segments": {"a": 1, "b": 2}}) != scenario_digest({"segments": {"b": 2, "a": 1}})


def test_not_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        scenario_digest({"x": float("nan")})
