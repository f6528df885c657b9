"""What was chosen is what runs: in files, by flags, by settings of Hydra's, under names with a space."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.conftest import Command

Own = Callable[[str, str | bytes], Path]
Ran = list[dict[str, Any]]
GLOBAL = "# @package _global_\n"
CHOICE = "defaults: [override /structure: matrix, _self_]\n"
AXIS = "hydra: {sweeper: {params: {structure: 'pooled,product'}}}\n"
NAME = "small business"
SPACE = f"company.segments.{NAME}.customers"


def structures(ran: Ran) -> list[str]:
    return [row.structure for row in ran[0]["rows"]]


FILES: dict[str, tuple[dict[str, str], list[str], list[str]]] = {
    "a study": ({"study/mine.yaml": GLOBAL + CHOICE}, ["study=mine"], ["matrix"]),
    "the study it builds on": (
        {"study/mine.yaml": GLOBAL + "defaults: [base, _self_]\n", "study/base.yaml": GLOBAL + CHOICE},
        ["study=mine"],
        ["matrix"],
    ),
    "the default, chosen in words": (
        {"study/mine.yaml": GLOBAL + CHOICE.replace("matrix", "function")},
        ["study=mine"],
        ["function"],
    ),
    "a primary config over ours": (
        {"mine.yaml": "defaults: [config, override structure: matrix, _self_]\n"},
        ["--config-name=mine"],
        ["matrix"],
    ),
    "a primary config of its own": (
        {
            "mine.yaml": (Path(__file__).parents[2] / "configs/config.yaml")
            .read_text()
            .replace("structure: function\n", "structure: matrix\n")
            .partition("hydra:\n")[0]
        },
        ["--config-name=mine"],
        ["matrix"],
    ),
    "a choice beside its own axis": (
        {"study/mine.yaml": GLOBAL + CHOICE + AXIS},
        ["study=mine"],
        ["pooled", "product"],
    ),
    "a study over a primary config's axis": (
        {"mine.yaml": "defaults: [config, _self_]\n" + AXIS, "study/mine.yaml": GLOBAL + CHOICE},
        ["--config-name=mine", "study=mine"],
        ["matrix"],
    ),
    "a choice of another group": (
        {"study/mine.yaml": GLOBAL + "defaults: [override /people: steep_learning, _self_]\n"},
        ["study=mine"],
        ["function", "customer", "product"],
    ),
    "the command line over a study": (
        {"study/mine.yaml": GLOBAL + CHOICE},
        ["study=mine", "structure=pooled,customer"],
        ["pooled", "customer"],
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_structure_chosen_in_a_file_counts(name: str, own: Own, command: Command, ran: Ran) -> None:
    files, argv, expected = FILES[name]
    for path, content in files.items():
        own(path, content)
    code, text = command("--config-dir=mine", *argv)
    assert code == 0, text
    assert structures(ran) == expected


def test_a_company_that_chooses_a_structure_is_told_who_may(own: Own, command: Command, ran: Ran) -> None:
    own("company/mine.yaml", "defaults: [{override /structure: pooled}, _self_]\nname: mine\n")
    code, text = command("--config-dir=mine", "company=mine")
    assert (code, ran) == (2, [])
    assert 'mine.yaml:1: defaults: "override /structure: pooled" cannot be chosen in this file' in text


def test_a_value_of_a_study_is_stronger_than_a_primary_configs_axis(
    own: Own, command: Command, ran: Ran
) -> None:
    own("mine.yaml", "defaults: [config, _self_]\nhydra: {sweeper: {params: {demand.scale: '0.8,0.9'}}}\n")
    own("study/mine.yaml", GLOBAL + CHOICE + "demand: {scale: 1.1}\n")
    command("--config-dir=mine", "--config-name=mine", "study=mine")
    assert [row.scenario["demand"]["scale"] for row in ran[0]["rows"]] == [1.1]


def test_a_primary_configs_axis_is_stronger_than_a_groups_value(own: Own, command: Command, ran: Ran) -> None:
    own("mine.yaml", "defaults: [config, _self_]\nhydra: {sweeper: {params: {demand.scale: '0.8,0.9'}}}\n")
    command("--config-dir=mine", "--config-name=mine", "structure=pooled")
    assert [row.scenario["demand"]["scale"] for row in ran[0]["rows"]] == [0.8, 0.9]


def test_cfg_job_shows_the_scenario_that_runs(own: Own, command: Command, ran: Ran) -> None:
    law = "coordination: {handoff: {law: deterministic, mean: 3.0}}\n"
    own("study/mine.yaml", GLOBAL + CHOICE + law)
    _, shown = command("--config-dir=mine", "study=mine", "--cfg=job")
    command("--config-dir=mine", "study=mine")
    scenario = yaml.safe_load(shown)
    assert {key: value for key, value in scenario.items() if key != "sweep"} == ran[0]["rows"][0].scenario


def test_cfg_job_says_what_the_other_scenarios_have(command: Command) -> None:
    _, text = command("--cfg=job", "demand.scale=0.8,1.2", "people.learning_rate=interval(0.7,0.9)")
    assert text.splitlines()[:4] == [
        "# The first of 384 scenarios, which differ in",
        "# structure: function, customer, product",
        "# demand.scale: 0.8, 1.2",
        "# people.learning_rate: 64 points from 0.7 to 0.9",
    ]


def test_cfg_job_shows_a_part(command: Command) -> None:
    assert command("--cfg=job", "--package=demand.scale", "structure=pooled") == (0, "1.0\n")


@pytest.mark.parametrize(
    ("setting", "todo"),
    [
        ("hydra.job.name=x", "sweep.folder=DIR"),
        ("hydra.sweep.subdir=x", "sweep.folder=DIR"),
        ("hydra.run.dir=x", "sweep.folder=DIR"),
        ("hydra.output_subdir=x", "Leave it out"),
        ("hydra.verbose=true", "Leave it out"),
        ("hydra.job.chdir=true", "Leave it out"),
        ("hydra/job_logging=disabled", "Leave it out"),
        ("hydra.sweeper.params.structure=matrix", "Give the axis itself"),
        ("~hydra/launcher", "Leave it out"),
    ],
)
def test_a_setting_of_hydras_without_effect_is_refused(
    setting: str, todo: str, command: Command, ran: Ran
) -> None:
    code, text = command("structure=pooled", setting)
    assert (code, ran) == (2, [])
    assert "has no effect here" in text
    assert todo in text


@pytest.mark.parametrize(
    "flags",
    [
        ["--run", "--multirun"],
        ["-m", "--cfg=job"],
        ["--cfg=job", "--info=plugins"],
        ["--run", "--info"],
        ["--hydra-help", "--cfg=hydra"],
        ["-sc", "install=bash", "--cfg=job"],
        ["--resolve"],
        ["--package=demand"],
        ["--run", "hydra.mode=MULTIRUN"],
        ["-m", "hydra.mode=RUN"],
        ["--cfg=job", "--package=nothing.there"],
        ["--cfg=hydra", "--package=nothing.there"],
        ["-sc", "nonsense=bash"],
        ["-sc", "query=bash"],
        ["-sc"],
    ],
    ids=" ".join,
)
def test_flags_that_do_not_fit_are_refused_in_words(flags: list[str], command: Command, ran: Ran) -> None:
    code, text = command(*flags)
    assert (code, ran) == (2, []), text
    assert "nothing was run." in text
    assert "Traceback" not in text


@pytest.mark.parametrize("mode", ["--run", "-r", "hydra.mode=RUN"])
def test_run_runs_one_scenario(mode: str, command: Command, ran: Ran) -> None:
    command(mode)
    assert structures(ran) == ["function"]


@pytest.mark.parametrize("mode", ["--run", "hydra.mode=RUN"])
def test_run_refuses_several(mode: str, command: Command, ran: Ran) -> None:
    code, text = command(mode, "structure=function,customer")
    assert (code, ran) == (2, [])
    assert "--run: runs one scenario, and these are 2. Leave it out." in text


def test_the_basic_launcher_keeps_the_folder(command: Command, ran: Ran, here: Path) -> None:
    command("hydra/launcher=basic", "structure=pooled", "sweep.folder=out/here")
    assert [str(call["folder"]) for call in ran] == ["out/here"]


def test_the_basic_launcher_keeps_settings_of_the_sweep(command: Command, ran: Ran) -> None:
    command("hydra/launcher=basic", "structure=pooled", "sweep.figures=false")
    assert ran[0]["options"].products.endswith("without figures")


def test_the_basic_launcher_puts_no_two_scenarios_into_one_folder(command: Command, ran: Ran) -> None:
    code, text = command("hydra/launcher=basic", "structure=pooled,function", "sweep.folder=out")
    assert (code, ran) == (2, [])
    assert "one folder cannot hold scenarios that are run each by itself" in text


def test_the_basic_sweeper_refuses_what_it_does_not_know(command: Command, ran: Ran) -> None:
    code, text = command("hydra/sweeper=basic", "structure=pooled", "demand.scale=interval(0.8,1.2)")
    assert (code, ran) == (2, [])
    assert "knows no intervals and no tables" in text


def test_the_basic_sweeper_runs_what_a_study_chose(own: Own, command: Command, ran: Ran) -> None:
    own("study/mine.yaml", GLOBAL + CHOICE)
    code, text = command("--config-dir=mine", "hydra/sweeper=basic", "study=mine")
    assert code == 0, text
    assert structures(ran) == ["matrix"]


@pytest.mark.parametrize(
    ("axis", "values"),
    [("1,1,1.0", [1]), ("1.0,1,2", [1.0, 2]), ("range(1,3)", [1, 2]), ("choice(0.5,0.5,5e-1)", [0.5])],
)
def test_equal_values_of_an_axis_run_once(axis: str, values: list[float], command: Command, ran: Ran) -> None:
    code, text = command("structure=pooled", f"demand.scale={axis}")
    assert code == 0, text
    assert [row.scenario["demand"]["scale"] for row in ran[0]["rows"]] == values


def test_equal_choices_run_once(command: Command, ran: Ran) -> None:
    command("structure=pooled,function,pooled")
    assert structures(ran) == ["pooled", "function"]


def customers(ran: Ran) -> list[int]:
    return [row.scenario["company"]["segments"][NAME]["customers"] for row in ran[0]["rows"]]


@pytest.fixture
def spaced(own: Own, company_text: str) -> tuple[str, ...]:
    """The words that choose a company with a space in a name."""
    own("company/mine.yaml", company_text)
    return "--config-dir=mine", "company=mine", "structure=pooled"


@pytest.mark.parametrize(("value", "expected"), [("300", [300]), ("300,400", [300, 400])])
def test_a_name_with_a_space_is_set(
    value: str, expected: list[int], spaced: tuple[str, ...], command: Command, ran: Ran
) -> None:
    code, text = command(*spaced, f"{SPACE}={value}")
    assert code == 0, text
    assert customers(ran) == expected


def test_a_name_with_a_space_heads_a_column(
    spaced: tuple[str, ...], command: Command, ran: Ran, here: Path
) -> None:
    (here / "design.csv").write_text(f"{SPACE},structure\n300,pooled\n400,pooled\n")
    code, text = command(*spaced, "sweep.design=design.csv")
    assert code == 0, text
    assert customers(ran) == [300, 400]


def test_a_name_with_a_space_is_an_axis_of_a_study(
    spaced: tuple[str, ...], own: Own, command: Command, ran: Ran
) -> None:
    own("study/mine.yaml", GLOBAL + f"hydra: {{sweeper: {{params: {{{SPACE}: '300,400'}}}}}}\n" + CHOICE)
    code, text = command(*spaced, "study=mine", f"{SPACE.replace('customers', 'priority')}=2")
    assert code == 0, text
    assert customers(ran) == [300, 400]


def test_a_misspelt_name_with_a_space_has_its_nearest(spaced: tuple[str, ...], command: Command) -> None:
    code, text = command(*spaced, f"{SPACE.replace('small', 'smal')}=300")
    assert code == 2
    assert f'"company.segments.{NAME}"?' in text


def test_a_space_stands_for_an_underscore(command: Command, ran: Ran) -> None:
    code, text = command("structure=pooled", f"{SPACE}=300,400")
    assert code == 0, text
    values = [row.scenario["company"]["segments"]["small_business"]["customers"] for row in ran[0]["rows"]]
    assert values == [300, 400]


def test_a_space_stands_for_an_underscore_in_a_table(command: Command, ran: Ran, here: Path) -> None:
    (here / "design.csv").write_text(f"{SPACE},structure\n300,pooled\n400,pooled\n")
    code, text = command("sweep.design=design.csv")
    values = [row.scenario["company"]["segments"]["small_business"]["customers"] for row in ran[0]["rows"]]
    assert (code, values) == (0, [300, 400]), text


@pytest.mark.parametrize("name", ["small business", "small_business"])
def test_a_space_stands_for_an_underscore_within_a_value(name: str, command: Command, ran: Ran) -> None:
    workers = (
        f"staffing.workers={{private: 7, {name}: 6, corporate: 8}},{{corporate: 7, {name}: 6, private: 8}}"
    )
    code, text = command("structure=customer", "staffing.allocation=explicit", workers)
    assert code == 0, text
    assert [row.scenario["staffing"]["workers"]["small_business"] for row in ran[0]["rows"]] == [6, 6]


def test_a_text_keeps_its_spaces(command: Command, ran: Ran) -> None:
    text = "a small business: and one"
    code, told = command(
        "structure=pooled", "company.segments.private={kind: individual}", f"company.description='{text}'"
    )
    assert (code, ran[0]["rows"][0].scenario["company"]["description"]) == (0, text), told


def test_one_command_composes_each_choice_of_files_once(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.config.hydra_loader import CheckedLoader

    composed: list[tuple[str, ...]] = []
    compose = CheckedLoader.load_configuration

    def counted(self: CheckedLoader, name: Any, overrides: list[str], *more: Any) -> Any:
        composed.append(tuple(overrides))
        return compose(self, name, overrides, *more)

    monkeypatch.setattr(CheckedLoader, "load_configuration", counted)
    monkeypatch.setattr("sim.config.compose._composers", {})
    command("structure=function,customer")
    assert sorted(composed) == [("structure=customer",), ("structure=function",)]
