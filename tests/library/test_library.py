"""The library's names: mistakes in words, changes on a copy, tables with names, a comparison in one call."""

import inspect
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
from sim import BadScenario, Scenario, Trajectory, compare_structures, load_scenario, measure, simulate

SMALL = ["experiment.horizon_weeks=8", "experiment.warm_up_weeks=1", "experiment.replications=3"]


def told(call: Any) -> list[str]:
    """The paths of the mistakes that a call raises."""
    with pytest.raises(BadScenario) as raised:
        call()
    return [mistake.where for mistake in raised.value.mistakes]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(["structure=product", *SMALL])


@pytest.fixture(scope="module")
def trajectory(scenario: Scenario) -> Trajectory:
    return simulate(scenario)


def test_mistakes_of_choice_and_of_value_are_told_together() -> None:
    wrong = ["structure=nope", "demand.scale=-1", "people.learning_rate=7"]
    assert told(lambda: load_scenario(wrong)) == ["structure", "demand.scale", "people.learning_rate"]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder of files with a mistake in the second line of one."""
    (tmp_path / "demand").mkdir()
    (tmp_path / "demand" / "mine.yaml").write_text("profile: true\nscale: -1\n", encoding="utf-8")
    return tmp_path


def test_mistakes_in_files_and_in_overrides_are_told_together(own: Path) -> None:
    found = told(lambda: load_scenario(["demand=mine", "staffing.headcount=0", "nonsense=1"], own))
    assert {where.rpartition(": ")[2] for where in found} == {
        "nonsense",
        "demand.scale",
        "staffing.headcount",
    }


def test_a_mistake_in_a_file_is_told_with_its_line(own: Path) -> None:
    (found,) = told(lambda: load_scenario(["demand=mine"], own))
    assert found == f"{own}/demand/mine.yaml:2: demand.scale"


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ("structure=customer", r'load_scenario\(\["structure=customer"\]\)'),
        (["structure=customer", 3], "3 is a int"),
        (None, "None"),
        ({"demand.scale": 1.2}, "demand.scale=1.2"),
        (7, "7 is a int"),
    ],
)
def test_overrides_of_another_type_are_refused_in_words(overrides: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        load_scenario(overrides)


def test_a_folder_of_another_type_is_refused() -> None:
    with pytest.raises(TypeError, match="config_dir"):
        load_scenario([], 7)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "problem", "words"),
    [
        ((0, "foo"), ValueError, 'unknown engine "foo". Known: compiled, simpy'),
        ((0, "simp"), ValueError, 'Did you mean "simpy"'),
        ((-1,), ValueError, "-1 is negative"),
        ((0.5,), TypeError, "whole number"),
        ((True,), TypeError, "whole number"),
        (("0",), TypeError, "whole number"),
        ((0, 3), TypeError, "engine"),
    ],
)
def test_a_wrong_argument_of_simulate_is_refused(
    arguments: tuple[Any, ...], problem: type[Exception], words: str, scenario: Scenario
) -> None:
    with pytest.raises(problem, match=words):
        simulate(scenario, *arguments)


@pytest.mark.parametrize(
    "call",
    [
        lambda: simulate(["structure=customer"]),  # type: ignore[arg-type]
        lambda: sim.compare("results/here"),  # type: ignore[arg-type]
        lambda: sim.load_results(7),  # type: ignore[arg-type]
        lambda: measure("trajectory"),  # type: ignore[arg-type]
        lambda: compare_structures("function"),
        lambda: compare_structures([7]),  # type: ignore[list-item]
    ],
)
def test_an_argument_of_another_type_is_refused(call: Any) -> None:
    with pytest.raises(TypeError, match="is a"):
        call()


def test_a_value_is_changed_on_a_copy(scenario: Scenario) -> None:
    changed = scenario.with_("demand.scale=1.2", "company.segments.private.customers=50")
    was = scenario.demand.scale, changed.demand.scale, changed.company.segments["private"].customers
    assert was == (1.0, 1.2, 50)


def test_a_changed_scenario_equals_the_one_loaded_so(scenario: Scenario) -> None:
    loaded = load_scenario(["structure=matrix", *SMALL, "coordination.handoff.mean=3"])
    assert scenario.with_("structure=matrix", "coordination.handoff.mean=3") == loaded


def test_what_a_company_of_its_own_names_can_be_changed() -> None:
    changed = load_scenario(["company=queue"]).with_("company.segments.a.customers=7")
    assert changed.company.segments["a"].customers == 7


def test_facts_that_are_written_out_already_cannot_be_changed() -> None:
    assert told(lambda: load_scenario(["company=laboratory"]).with_("company.facts.offered=0.5")) == [
        "company.facts.offered"
    ]


def test_all_mistakes_of_a_change_are_told(scenario: Scenario) -> None:
    wrong = ("structure=nope", "demand.scal=1", "demand.scale=-1", "demand.scale=1,2")
    found = told(lambda: scenario.with_(*wrong))
    assert found == ["structure", "demand.scal", "demand.scale", "demand.scale"]


def test_requests_are_a_frame_with_names(trajectory: Trajectory) -> None:
    frame = trajectory.frame("requests")
    first = trajectory.requests[0]
    assert frame[["segment", "product", "status"]].iloc[0].tolist() == [
        trajectory.names["segment"][first["segment"]],
        trajectory.names["product"][first["product"]],
        "done",
    ]


@pytest.mark.parametrize("table", ["requests", "visits", "duties", "people"])
def test_every_table_is_a_frame_of_as_many_rows(table: str, trajectory: Trajectory) -> None:
    assert len(trajectory.frame(table)) == len(getattr(trajectory, table))


def test_duties_are_called_by_their_own_names(trajectory: Trajectory) -> None:
    assert set(trajectory.frame("duties")["kind"]) <= {"meeting", "decision", "coordination"}


def test_what_has_no_name_is_left_empty(trajectory: Trajectory) -> None:
    outside = trajectory.visits["department"] < 0
    assert trajectory.frame("visits")["department"].isna().tolist() == outside.tolist()


def test_a_table_that_does_not_exist_is_told(trajectory: Trajectory) -> None:
    with pytest.raises(ValueError, match=r'unknown table "request"\. Known: requests'):
        trajectory.frame("request")


def test_the_parts_of_each_resolved_request_add_up_exactly(trajectory: Trajectory) -> None:
    parts = trajectory.parts()
    hours = parts.drop(columns=["customer", "number", "response_time"])
    assert len(parts) > 0
    assert hours.sum(axis=1).tolist() == parts["response_time"].tolist()


def test_a_trajectory_is_measured_as_in_a_study(scenario: Scenario, trajectory: Trajectory) -> None:
    from sim.study.run import compute_run

    measured = measure(trajectory)
    rows = compute_run(scenario.model_dump(mode="json"), 0).metrics
    pd.testing.assert_frame_equal(measured, pd.DataFrame(rows, columns=["metric", "scope", "value", "unit"]))


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> tuple[sim.Comparison, Path]:
    folder = tmp_path_factory.mktemp("compared") / "run"
    overrides = [*SMALL[:2], "experiment.backend=serial"]
    return compare_structures(["function", "customer"], overrides, replications=3, folder=folder), folder


def test_structures_are_compared_in_one_call(compared: tuple[sim.Comparison, Path]) -> None:
    assert compared[0].status["structure"].tolist() == ["function", "customer"]


def test_a_comparison_in_one_call_is_kept_where_asked(compared: tuple[sim.Comparison, Path]) -> None:
    again = sim.compare(sim.load_results(compared[1]))
    pd.testing.assert_frame_equal(again.estimates, compared[0].estimates)


def test_scenarios_are_compared_too(scenario: Scenario) -> None:
    pair = [
        scenario.with_(f"coordination.handoff.mean={hours}", "experiment.backend=serial") for hours in (1, 9)
    ]
    assert len(compare_structures(pair, replications=2).status) == 2


def test_mistakes_of_several_structures_are_told_together() -> None:
    wrong = ["demand.scale=-1"]
    assert told(lambda: compare_structures(["nope", "function", "matrx"], wrong)) == [
        "structure", "demand.scale", "structure"
    ]  # fmt: skip


def test_too_few_people_are_told_before_anything_runs(tmp_path: Path) -> None:
    assert told(lambda: compare_structures(["function"], ["staffing.headcount=2"], folder=tmp_path / "run"))
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("kind", ["scenario", "company", "trajectory", "comparison", "results"])
def test_what_a_notebook_shows_is_one_line(
    kind: str, scenario: Scenario, trajectory: Trajectory, compared: tuple[sim.Comparison, Path]
) -> None:
    shown = {
        "scenario": scenario,
        "company": scenario.company,
        "trajectory": trajectory,
        "comparison": compared[0],
        "results": sim.load_results(compared[1]),
    }
    assert len(repr(shown[kind])) < 110


@pytest.mark.parametrize(
    "name", ["load_scenario", "simulate", "measure", "compare", "compare_structures", "load_results"]
)
def test_help_tells_every_argument_and_what_comes_back(name: str) -> None:
    function = getattr(sim, name)
    told = inspect.getdoc(function) or ""
    wanted = [*inspect.signature(function).parameters, "Returns", "Raises", ">>>"]
    assert [word for word in wanted if word not in told] == []


def test_every_name_of_the_library_is_there() -> None:
    assert [name for name in sim.__all__ if not hasattr(sim, name)] == []
