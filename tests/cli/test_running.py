"""From a command line to the study: which scenarios, which folder, which exit code."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas
import pytest

from sim.cli import main
from sim.cli.commands import COMMANDS
from sim.config import override_forms
from tests.cli.conftest import Command

Own = Callable[[str, str | bytes], Path]
Ran = list[dict[str, Any]]


GLOBAL = "# @package _global_\n"
SWEEPS = "hydra: {sweeper: {params: {structure: 'matrix,pooled', demand.scale: [1.3]}}}\n"


def structures(ran: Ran) -> list[str]:
    return [row.structure for row in ran[0]["rows"]]


def test_orgdes_alone_compares_by_function_customer_and_product(command: Command, ran: Ran) -> None:
    code, text = command()
    assert code == 0, text
    assert structures(ran) == ["function", "customer", "product"]


def test_a_company_is_compared_with_its_structure_of_today(command: Command, ran: Ran) -> None:
    command("company=helpdesk")
    assert structures(ran)[0] == "helpdesk_today"
    assert len(structures(ran)) >= 4


def test_the_default_study_has_at_least_ten_replications(command: Command, ran: Ran) -> None:
    command()
    assert all(row.replications >= 10 for row in ran[0]["rows"])


def test_the_last_line_names_the_folder(command: Command, capfd: pytest.CaptureFixture[str]) -> None:
    main(["structure=function"])
    last = capfd.readouterr().out.splitlines()[-1]
    assert last.startswith("results: results/comparison-")


@pytest.mark.parametrize("flags", [["-m"], ["--multirun"], []])
def test_a_sweep_runs_with_and_without_the_flag(flags: list[str], command: Command, ran: Ran) -> None:
    code, text = command(*flags, "structure=function,customer", "demand.scale=0.8,1.0,1.2")
    assert code == 0, text
    assert [(row.structure, row.scenario["demand"]["scale"]) for row in ran[0]["rows"]] == [
        (structure, scale) for structure in ("function", "customer") for scale in (0.8, 1.0, 1.2)
    ]


def test_flags_may_stand_anywhere(command: Command, ran: Ran) -> None:
    code, text = command("structure=function", "-m", "demand.scale=0.9,1.1", "--config-name", "config")
    assert code == 0, text
    assert len(ran[0]["rows"]) == 2


def test_one_structure_without_a_flag_runs_that_one(command: Command, ran: Ran) -> None:
    command("structure=customer")
    assert structures(ran) == ["customer"]


def test_a_row_is_named_by_what_varies(command: Command, ran: Ran) -> None:
    command("structure=function,customer", "people.learning_rate=0.8")
    assert [row.overrides for row in ran[0]["rows"]] == [("structure=function",), ("structure=customer",)]


def test_glob_and_range_are_expanded(command: Command, ran: Ran) -> None:
    command("structure=glob(pro*)", "staffing.headcount=range(30,33)")
    assert set(structures(ran)) == {"product", "product_customer"}
    assert {row.scenario["staffing"]["headcount"] for row in ran[0]["rows"]} == {30, 31, 32}


@pytest.mark.parametrize("sampler", ["lhs", "sobol"])
def test_intervals_are_sampled_for_every_structure_alike(sampler: str, command: Command, ran: Ran) -> None:
    code, text = command(
        "structure=function,customer",
        "demand.scale=interval(0.8,1.2)",
        "staffing.headcount=interval(24,27)",
        "sweep.samples=8",
        f"sweep.sampler={sampler}",
    )
    assert code == 0, text
    points = {
        name: [
            (row.scenario["demand"]["scale"], row.scenario["staffing"]["headcount"])
            for row in ran[0]["rows"]
            if row.structure == name
        ]
        for name in ("function", "customer")
    }
    assert points["function"] == points["customer"]
    assert len(set(points["function"])) == 8
    assert all(0.8 <= scale <= 1.2 for scale, _ in points["function"])
    assert {people for _, people in points["function"]} == {24, 25, 26, 27}


def test_latin_hypercube_fills_every_stratum(command: Command, ran: Ran) -> None:
    command("structure=function", "demand.scale=interval(0,1)", "sweep.samples=10")
    assert sorted(int(row.scenario["demand"]["scale"] * 10) for row in ran[0]["rows"]) == list(range(10))


def test_the_same_command_samples_the_same_points(command: Command, ran: Ran) -> None:
    for _ in range(2):
        command("structure=function", "demand.scale=interval(0.8,1.2)", "sweep.samples=4")
    assert ran[0]["rows"] == ran[1]["rows"]
    assert ran[0]["folder"] == ran[1]["folder"]


def test_logarithmic_intervals_spread_over_magnitudes(command: Command, ran: Ran) -> None:
    command("structure=function", "people.beginner_cases=tag(log,interval(1,10000))", "sweep.samples=8")
    values = sorted(row.scenario["people"]["beginner_cases"] for row in ran[0]["rows"])
    assert [sum(10**k <= value < 10 ** (k + 1) for value in values) for k in range(4)] == [2, 2, 2, 2]


def test_a_design_table_gives_a_scenario_a_row(here: Path, command: Command, ran: Ran) -> None:
    Path("design.csv").write_text("structure,demand.scale,staffing.headcount\nfunction,0.8,\nmatrix,1.2,30\n")
    code, text = command("sweep.design=design.csv")
    assert code == 0, text
    assert [(row.structure, row.scenario["demand"]["scale"]) for row in ran[0]["rows"]] == [
        ("function", 0.8),
        ("matrix", 1.2),
    ]
    assert ran[0]["rows"][1].scenario["staffing"]["headcount"] == 30


def test_a_parquet_design_equals_the_same_csv(here: Path, command: Command, ran: Ran) -> None:

    table = pandas.DataFrame(
        {"structure": ["function", "customer"], "demand.scale": [0.8, 1.2], "staffing.headcount": [24, 25]}
    )
    table.to_csv("design.csv", index=False)
    table.to_parquet("design.parquet")
    for name in ("csv", "parquet"):
        code, text = command(f"sweep.design=design.{name}")
        assert code == 0, text
    assert [row.scenario for row in ran[0]["rows"]] == [row.scenario for row in ran[1]["rows"]]


def test_a_design_crosses_with_what_it_leaves_open(here: Path, command: Command, ran: Ran) -> None:
    Path("design.csv").write_text("demand.scale\n0.8\n1.2\n")
    command("sweep.design=design.csv")
    assert structures(ran) == ["function", "customer", "product"] * 2


def test_every_mistake_of_a_design_table_has_its_line(here: Path, command: Command) -> None:
    Path("design.csv").write_text(
        "structure,demand.scale,staffing.headcont\nfunction,0.8,3\nmatrx,1.2,\ncustomer,-1,\n"
    )
    code, text = command("sweep.design=design.csv")
    assert code == 2
    assert 'design.csv:2: staffing.headcont: unknown key "headcont"' in text
    assert 'design.csv:3: structure: unknown structure "matrx"' in text
    assert "design.csv:4: demand.scale: -1 is negative" in text
    assert "3 errors in 1 file; nothing was run." in text


@pytest.mark.parametrize(
    ("content", "fragment"),
    [
        ("demand.scale\n", "no rows"),
        ("demand.scale\n1,2\n", "has 2 fields"),
        ("demand.scale\n'1,2'\n", "design.csv"),
        ('demand.scale\n"1,2"\n', '"1,2" uses a comma. Write 1.2.'),
        ("demand.scale,demand.scale\n0.8,0.9\n", 'two columns "demand.scale". Each name once'),
        ("people.ownership\nowner,relay\n", "has 2 fields"),
        ('people.ownership\n"owner,relay"\n', "is several values"),
        ("demand.scale;structure\n80 %;pooled\n", '"80 %" is in percent. A plain number. Write 0.8.'),
        ("demand.scale;staffing.headcount\n0,8;1.024\n", "Write 1024 or 1,024"),
        ("demand.scale;structure\n1 200;pooled\n", "1 200"),
    ],
)
def test_a_broken_design_table_is_refused(content: str, fragment: str, here: Path, command: Command) -> None:
    Path("design.csv").write_text(content)
    code, text = command("sweep.design=design.csv")
    assert code == 2
    assert fragment in text


def test_a_folder_may_be_called_by_a_number(here: Path, command: Command, ran: Ran) -> None:
    code, text = command("structure=pooled", "sweep.folder=2024")
    assert (code, ran[0]["folder"]) == (0, Path("2024")), text


SPREADSHEET = "demand.scale;staffing.headcount;structure;\r\n0,8;20,0;pooled;\r\n;;;\r\n1,25;24;pooled;\r\n"


@pytest.mark.parametrize(
    "content",
    [
        SPREADSHEET.encode(),
        SPREADSHEET.encode("utf-8-sig"),
        SPREADSHEET.encode("utf-16"),
        SPREADSHEET.replace(";", "\t").encode(),
        b"demand.scale,staffing.headcount,structure\n0.8,20.0,pooled\n\n1.25,24.00,pooled\n",
    ],
    ids=["semicolons", "byte order mark", "UTF-16", "tabs", "whole numbers as floats"],
)
def test_a_design_is_read_as_spreadsheets_write_it(
    content: bytes, here: Path, command: Command, ran: Ran
) -> None:
    Path("design.csv").write_bytes(content)
    code, text = command("sweep.design=design.csv")
    assert code == 0, text
    rows = [row.scenario for row in ran[0]["rows"]]
    said = [(row["demand"]["scale"], row["staffing"]["headcount"]) for row in rows]
    assert said == [(0.8, 20), (1.25, 24)]


def test_a_design_of_millions_of_rows_is_refused_before_it_is_read(here: Path, command: Command) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    rows = pa.chunked_array([pa.array([1.0] * 1000)] * 2000)
    parquet.write_table(pa.table({"demand.scale": rows}), "design.parquet")
    code, text = command("sweep.design=design.parquet")
    assert (code, "has 2,000,000 rows. At most 1,000,000" in text) == (2, True), text


def test_a_column_of_lists_sets_what_is_a_list(here: Path, command: Command, ran: Ran) -> None:
    factors = [1.0, 1.0, 1.0, 1.0, 2.0]
    pandas.DataFrame({"structure": ["pooled"], "company.profile.day_of_week": [factors]}).to_parquet(
        "d.parquet"
    )
    code, text = command("sweep.design=d.parquet")
    assert code == 0, text
    assert ran[0]["rows"][0].scenario["company"]["profile"]["day_of_week"] == factors


def test_a_column_of_lists_for_one_number_is_told(here: Path, command: Command) -> None:
    pandas.DataFrame({"demand.scale": [[1.0, 2.0]]}).to_parquet("d.parquet")
    code, text = command("sweep.design=d.parquet")
    assert (code, "d.parquet:1: demand.scale: got [1, 2]" in text) == (2, True), text


def test_a_study_wins_over_the_primary_config(own: Own, command: Command, ran: Ran) -> None:
    study = f"{GLOBAL}experiment: {{seed: 77}}\ndemand: {{scale: 1.3}}\n{SWEEPS}"
    own("study/mine.yaml", study)
    code, text = command("--config-dir", "mine", "study=mine")
    assert code == 0, text
    assert structures(ran) == ["matrix", "pooled"]
    assert {row.scenario["experiment"]["seed"] for row in ran[0]["rows"]} == {77}
    assert ran[0]["folder"].name.startswith("mine-")


def test_the_command_line_wins_over_a_study(own: Own, command: Command, ran: Ran) -> None:
    own(
        "study/mine.yaml",
        GLOBAL + SWEEPS,
    )
    command("--config-dir", "mine", "study=mine", "structure=customer", "demand.scale=1.1")
    assert [(row.structure, row.scenario["demand"]["scale"]) for row in ran[0]["rows"]] == [("customer", 1.1)]


def test_a_law_named_by_a_study_leaves_nothing_of_the_old_one(own: Own, command: Command, ran: Ran) -> None:
    own("study/first.yaml", GLOBAL + "coordination: {handoff: {law: gamma, mean: 2.0, cv: 0.5}}\n")
    own(
        "study/second.yaml",
        GLOBAL + "defaults: [first, _self_]\ncoordination: {handoff: {law: deterministic, mean: 3.0}}\n",
    )
    for study in ("first", "second"):
        code, text = command("--config-dir", "mine", f"study={study}", "structure=function")
        assert code == 0, text
    laws = [call["rows"][0].scenario["coordination"]["handoff"] for call in ran]
    assert laws == [{"law": "gamma", "mean": 2.0, "cv": 0.5}, {"law": "deterministic", "mean": 3.0}]


def test_a_part_of_a_law_keeps_the_rest(own: Own, command: Command, ran: Ran) -> None:
    own("study/mine.yaml", "# @package _global_\ncoordination: {handoff: {mean: 9.0}}\n")
    command("--config-dir", "mine", "study=mine", "structure=function")
    assert ran[0]["rows"][0].scenario["coordination"]["handoff"] == {"law": "exponential", "mean": 9.0}


def test_a_law_on_the_command_line_replaces_the_old_one(command: Command, ran: Ran) -> None:
    code, text = command("structure=function", "coordination.handoff={law: gamma, mean: 1, cv: 2}")
    assert code == 0, text
    assert ran[0]["rows"][0].scenario["coordination"]["handoff"] == {"law": "gamma", "mean": 1, "cv": 2}


def test_a_new_name_in_an_open_table_needs_no_plus(command: Command, ran: Ran) -> None:
    code, text = command(
        "structure=pooled", "staffing.workers={everything: 20}", "staffing.allocation=explicit"
    )
    assert "unknown key" not in text
    assert code in (0, 2)


def test_users_files_work_from_a_folder(own: Own, command: Command, ran: Ran, company_text: str) -> None:
    own("company/mine.yaml", company_text)
    code, text = command("--config-dir", "mine", "company=mine", "structure=function")
    assert code == 0, text
    assert ran[0]["rows"][0].scenario["company"]["name"] == "mine"


def test_results_keep_the_command_and_the_users_files(
    own: Own, command: Command, ran: Ran, company_text: str
) -> None:
    own("company/mine.yaml", company_text)
    command("--config-dir", "mine", "company=mine", "structure=function")
    kept = ran[0]["options"].provenance
    assert kept["command"] == ["orgdes", "--config-dir", "mine", "company=mine", "structure=function"]
    assert kept["user_files"] == {"company/mine.yaml": company_text}


def test_a_folder_of_ones_own_is_used(command: Command, ran: Ran) -> None:
    command("structure=function", "sweep.folder=out/here")
    command("structure=function", "hydra.sweep.dir=out/there")
    assert [str(call["folder"]) for call in ran] == ["out/here", "out/there"]


def test_a_link_and_a_place_below_a_file_are_refused(here: Path, command: Command, ran: Ran) -> None:
    Path("target").mkdir()
    Path("link").symlink_to("target")
    Path("file").write_text("x")
    for folder, reason in (("link", "is a symbolic link"), ("file/out", "lies below a file")):
        code, text = command("structure=function", f"sweep.folder={folder}")
        assert code == 2
        assert reason in text
    assert ran == []


def test_impossible_combinations_are_refused_with_their_reason(command: Command, ran: Ran) -> None:
    code, text = command("structure=function", "staffing.headcount=0,24")
    assert code == 2
    assert "in 1 of 2 scenarios" in text
    assert ran == []


def test_impossible_combinations_are_kept_when_asked(command: Command, ran: Ran) -> None:
    code, text = command("structure=function", "staffing.headcount=0,24", "experiment.skip_infeasible=true")
    assert code == 0, text
    assert [bool(row.infeasible) for row in ran[0]["rows"]] == [True, False]
    assert "1 impossible combination kept" in text


def test_nothing_is_run_when_no_combination_is_possible(command: Command, ran: Ran) -> None:
    code, text = command("structure=function", "staffing.headcount=0,-1", "experiment.skip_infeasible=true")
    assert code == 2
    assert "0 of 2 combinations are valid" in text
    assert ran == []


def test_yes_allows_a_larger_sweep(command: Command, ran: Ran) -> None:
    few = ["structure=function", "demand.scale=0.8,0.9,1.0", "sweep.limit=2"]
    assert command(*few)[0] == 2
    assert command("--yes", *few)[0] == 0
    assert len(ran) == 1


def test_the_opening_says_what_will_be_run(command: Command) -> None:
    weeks = ("experiment.horizon_weeks=52", "experiment.warm_up_weeks=8")
    _, text = command("structure=function,customer", "experiment.replications=12", *weeks)
    assert "2 scenarios x 12 replications = 24 runs" in text
    assert "long-run study of 52 weeks, the first 8 cut off as warm-up" in text


def test_the_opening_of_a_terminating_study_cuts_nothing(command: Command) -> None:
    _, text = command("structure=function", "experiment.kind=terminating", "experiment.horizon_weeks=52")
    assert "terminating study of 52 weeks, nothing cut off" in text


def test_one_run_mode_runs_one_scenario(command: Command, ran: Ran) -> None:
    code, text = command("hydra.mode=RUN", "structure=customer")
    assert code == 0, text
    assert structures(ran) == ["customer"]


def test_hydras_basic_launcher_runs_each_scenario_by_itself(command: Command, ran: Ran) -> None:
    code, text = command("hydra/launcher=basic", "structure=function,customer")
    assert code == 0, text
    assert [call["rows"][0].structure for call in ran] == ["function", "customer"]


def test_hydras_basic_sweeper_hands_over_all_scenarios(command: Command, ran: Ran) -> None:
    code, text = command("hydra/sweeper=basic", "structure=function,customer")
    assert code == 0, text
    assert structures(ran) == ["function", "customer"]


def test_cfg_job_shows_the_composed_scenario(command: Command, ran: Ran) -> None:
    code, text = command("--cfg", "job", "structure=matrix")
    assert code == 0
    assert "name: matrix" in text
    assert ran == []


def test_info_shows_the_search_path(command: Command, own: Own, ran: Ran) -> None:
    own("company/unused.yaml", "name: a\n")
    code, text = command("--config-dir", "mine", "--info", "searchpath")
    assert code == 0
    assert "mine" in text
    assert ran == []


def test_completion_script_is_printed(command: Command) -> None:
    code, text = command("-sc", "install=bash")
    assert code == 0
    assert "hydra_bash_completion" in text


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, command: Command) -> None:
    code, text = command(name, "--help")
    assert (code, "usage: orgdes" in text) == (0, True)


def test_the_words_that_are_no_override_are_the_commands() -> None:
    assert tuple(COMMANDS) == override_forms.COMMANDS


def test_help_names_commands_choices_and_exit_codes(command: Command) -> None:
    code, text = command("--help")
    assert code == 0
    for word in (*COMMANDS, "front_back", "--config-dir", "130 interrupted"):
        assert word in text


def test_help_shows_the_users_own_choices(command: Command, own: Own) -> None:
    own("company/acme.yaml", "name: acme\n")
    assert "acme" in command("--help", "--config-dir", "mine")[1]


def test_scenarios_are_plain_data(command: Command, ran: Ran) -> None:
    command()
    for row in ran[0]["rows"]:
        assert json.loads(json.dumps(row.scenario)) == row.scenario
        assert not {"hydra", "sweep", "study"} & row.scenario.keys()
