"""The command: what it writes, that it is the same every time, and what it says to bad input."""

import json
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
import yaml

from sim import load_scenario
from sim.cli import main as orgdes
from sim.fit.files import next_command
from sim.model.check import mistakes
from tests.fit import made_up


def main(words: list[str]) -> int:
    return orgdes(["fit", *words])


WRITTEN = ("company/desk.yaml", "structure/desk_today.yaml", "staffing/desk.yaml", "staffing/desk_today.yaml")


@dataclass(frozen=True)
class Finished:
    """The folder of a finished fit and what the command printed."""

    folder: Path
    printed: str


@pytest.fixture(scope="module")
def fit(log: Path, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A fit of the made-up log."""
    folder = tmp_path_factory.mktemp("out")
    with redirect_stdout(StringIO()) as printed:
        assert main([str(log), "--name", "desk", "--out", str(folder), "--source", "Made up."]) == 0
    return Finished(folder, printed.getvalue())


@pytest.fixture
def out(fit: Finished) -> Path:
    """Its folder."""
    return fit.folder


def test_all_files_are_written(out: Path) -> None:
    assert all((out / name).is_file() for name in (*WRITTEN, "fit_report.md", "fit_report.json"))


def test_what_is_written_is_a_valid_scenario(out: Path) -> None:
    company, today, _, staffing = (yaml.safe_load((out / name).read_text()) for name in WRITTEN)
    assert company.pop("defaults") == [{"override /staffing@_global_.staffing": "desk"}]
    assert mistakes({"company": company, "structure": today, "staffing": staffing}) == []


def test_the_source_stands_in_the_file(out: Path) -> None:
    assert yaml.safe_load((out / WRITTEN[0]).read_text())["source"].startswith(
        "Made up. Estimated by orgdes fit from desk.csv"
    )


def test_the_same_log_gives_the_same_bytes(out: Path, log: Path, tmp_path: Path) -> None:
    main([str(log), "--name", "desk", "--out", str(tmp_path), "--source", "Made up."])
    assert all((out / name).read_bytes() == (tmp_path / name).read_bytes() for name in WRITTEN)


def test_simulated_and_real_agree_on_what_was_fitted(out: Path) -> None:
    said = json.loads((out / "fit_report.json").read_text())
    errors = {row["measure"]: row["relative_error"] for row in said["checks"][0]["measures"]}
    assert abs(errors["arrivals_per_week"]) < 0.05
    assert abs(errors["resolved_per_week"]) < 0.05
    assert abs(errors["visits_per_person_week"]) < 0.05
    assert abs(errors["hours_per_person_week"]) < 0.05


def test_no_customer_and_no_ticket_of_the_log_is_copied(out: Path) -> None:
    text = "".join((out / name).read_text() for name in WRITTEN)
    assert not any(name in text for name in ("T17", "big 3", "little 7"))


def test_the_command_to_run_next_is_printed(fit: Finished) -> None:
    few = ["front_back"]
    assert fit.printed.splitlines()[-1] == next_command("desk", fit.folder, without=few)
    assert "Not compared (fewer people than such departments need): front_back." in fit.printed


def test_the_command_to_run_next_is_not_refused(out: Path) -> None:
    """The company brings its staffing, which another one replaces."""
    staffing = yaml.safe_load((out / WRITTEN[2]).read_text())
    chosen = load_scenario(["company=desk", "structure=desk_today"], config_dir=out)
    assert chosen.staffing.headcount == staffing["headcount"]
    assert load_scenario(["company=desk", "staffing=default"], config_dir=out).staffing.headcount == 24


def test_a_log_without_people_customers_and_products_is_fitted(log: Path, tmp_path: Path) -> None:
    lines = [",".join(line.split(",")[:3]) for line in log.read_text().splitlines()]
    bare = tmp_path / "bare.csv"
    bare.write_text("\n".join(lines) + "\n")
    assert main([str(bare), "--name", "desk", "--out", str(tmp_path / "out")]) == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--name", "../x"], '--name: "../x" is no name'),
        (["--name", "con"], "not a reserved name"),
        (["--customer", "custome"], 'Did you mean "customer"?'),
        (["--attribute", "contrat"], 'Did you mean "contract"?'),
        (["--outside", "ask custommer"], 'Did you mean "ask customer"?'),
        (["--session-hours", "0"], "--session-hours: 0.0 is not allowed"),
        (["--session-hours", "nan"], "--session-hours: nan is not allowed"),
        (["--fit-share", "7"], "--fit-share: 7.0 is not allowed"),
        (["--time-format", "%d"], "is not a time"),
        (["--set", "peple.learning_rate=0.8"], 'Did you mean "people"?'),
        (["--set", "people.start={law: x"], "Close brackets and quotation marks"),
        (["--set", "people.start=1", "--set", "people.start.x=1"], "goes below a value"),
        (["--set", "people.learning_rat=0.8"], 'Did you mean "learning_rate"?'),
        (["--time-zone", "Rome"], 'unknown time zone "Rome"'),
    ],
)
def test_bad_options_end_with_2_and_a_message(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    code = main([str(log), "--name", "desk", "--out", str(tmp_path / "new"), *words])
    told = capsys.readouterr().err
    assert (code, message in told, "nothing was written" in told) == (2, True, True)
    assert not (tmp_path / "new").exists()


def test_all_mistakes_of_the_options_are_told_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(
        [
            str(tmp_path / "none.csv"),
            "--name",
            ".",
            "--out",
            str(tmp_path),
            "--fit-share",
            "2",
            "--time-zone",
            "X",
        ]
    )
    told = capsys.readouterr().err
    assert [line.split(":")[0] for line in told.splitlines()[:-1]] == [
        "--name",
        "--fit-share",
        "LOG",
        "--time-zone",
    ]


def test_a_missing_option_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["log.csv"]) == 2
    assert "--name" in capsys.readouterr().err


def test_a_file_somebody_wrote_by_hand_is_not_overwritten(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "company").mkdir()
    (tmp_path / "company" / "desk.yaml").write_text("name: mine\n")
    assert main([str(log), "--name", "desk", "--out", str(tmp_path)]) == 2
    assert "was not written by orgdes fit" in capsys.readouterr().err


def test_a_short_log_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = made_up.write_csv(tmp_path / "short.csv", made_up.events(tickets=30, weeks=6))
    assert main([str(path), "--name", "desk", "--out", str(tmp_path / "out")]) == 2
    assert "has 30 tickets. At least 100" in capsys.readouterr().err


SHIPPED = Path(__file__).resolve().parents[2] / "configs"


@pytest.mark.slow
def test_the_shipped_help_desk_is_what_the_command_writes(helpdesk: Path, tmp_path: Path) -> None:
    main([str(helpdesk), "--name", "helpdesk", "--out", str(tmp_path)])
    names = [name.replace("desk", "helpdesk") for name in WRITTEN]
    assert all((SHIPPED / name).read_bytes() == (tmp_path / name).read_bytes() for name in names)


def test_a_folder_that_cannot_be_made_is_told_before_anything_is_read(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main([str(log), "--name", "desk", "--out", str(tmp_path / "file" / "out")]) == 2
    assert "--out: " in capsys.readouterr().err


def test_a_fit_that_misses_its_target_ends_with_1_and_the_figure(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.fit.files.write", lambda *_: ([], "today takes 2.0 h", []))
    assert main([str(log), "--name", "desk", "--out", str(tmp_path)]) == 1
    assert "Not fit for use: today takes 2.0 h." in capsys.readouterr().err
