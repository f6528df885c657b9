"""`orgdes staff` from end to end: bad input at once, the same answer by any number of workers, resumed."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
from sim.cli import main
from sim.study.reproduce import reproduce
from tests.staffing.conftest import queue_settings

QUESTION = ["target.wait=0.03", "structure=function", "staff.around=1", "staff.most=30"]


def refused(capfd: pytest.CaptureFixture[str], *words: str) -> str:
    """What a refused command prints."""
    assert main(["staff", *words]) == 2
    return capfd.readouterr().err


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_mistakes_in_targets_settings_and_overrides_are_told_together(
    capfd: pytest.CaptureFixture[str],
) -> None:
    told = refused(
        capfd, "target.within_promis=0.9", "staff.most=none", "demand.scale=-1", "structure=functoin"
    )
    assert all(name in told for name in ("within_promise", "staff.most", "demand.scale", '"function"'))
    assert "nothing was run" in told


def test_a_segment_of_another_company_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    assert 'Did you mean "private"' in refused(capfd, "target.privat.within_promise=0.9")


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("staffing.headcount=20", "is what is looked for"),
        ("staffing.workers={a: 1}", "spread by the search"),
        ("demand.scale=1,2", "only structures"),
    ],
)
def test_what_makes_no_sense_here_is_refused(capfd: pytest.CaptureFixture[str], word: str, told: str) -> None:
    assert told in refused(capfd, "target.within_promise=0.9", word)


def test_a_share_that_gives_up_is_no_target_where_nobody_does(capfd: pytest.CaptureFixture[str]) -> None:
    assert "lose patience" in refused(capfd, "target.abandoned=0.05")


def test_too_few_people_for_the_departments_are_a_mistake_in_the_most(
    capfd: pytest.CaptureFixture[str],
) -> None:
    told = refused(capfd, "target.within_promise=0.9", "staff.most=3")
    assert "staff.most: 3 people" in told
    assert "Raise staff.most" in told


def test_too_few_replications_to_show_anything_are_refused(capfd: pytest.CaptureFixture[str]) -> None:
    assert "5 or more" in refused(capfd, "target.within_promise=0.9", "experiment.replications=2")


def test_the_help_names_settings_and_metrics(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["staff", "--help"]) == 0
    shown = capfd.readouterr().out
    assert "staff.confidence" in shown
    assert "response_time_p90" in shown


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small question."""
    place = tmp_path_factory.mktemp("staff") / "one"
    code = main(["staff", *queue_settings(4.0), *QUESTION, f"sweep.folder={place}", "sweep.figures=false"])
    assert code == 0
    return place


def test_the_folder_keeps_the_contract(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    tables = {"results.parquet", "scenarios.parquet", "staffing.parquet", "frontier.parquet"}
    assert tables | {"manifest.json", "summary.csv", "staffing.csv", "frontier.csv", "report.html"} <= names
    assert sim.load_results(folder).complete


def test_the_spreadsheet_says_what_the_table_says(folder: Path) -> None:
    table, sheet = pd.read_parquet(folder / "frontier.parquet"), pd.read_csv(folder / "frontier.csv")
    assert sheet["people"].tolist() == table["people"].tolist()


def test_the_page_tells_people_and_cost(folder: Path) -> None:
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Same service: people and cost" in page
    assert "What more people buy" in page


def test_what_is_told_was_not_seen_by_the_search(folder: Path) -> None:
    assert sim.load_results(folder).results["replication"].max() < 2**40


def test_the_same_command_again_computes_nothing(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = (folder / "manifest.json").read_bytes()
    assert (
        main(["staff", *queue_settings(4.0), *QUESTION, f"sweep.folder={folder}", "sweep.figures=false"]) == 0
    )
    assert (folder / "manifest.json").read_bytes() == before


def test_a_report_is_written_again_from_the_folder(folder: Path) -> None:
    shown = (folder / "staffing.csv").read_bytes()
    assert main(["report", str(folder)]) == 0
    assert (folder / "staffing.csv").read_bytes() == shown


def tables(folder: Path) -> list[Any]:
    return [
        pd.read_parquet(folder / f"{name}.parquet").to_json() for name in ("staffing", "frontier", "results")
    ]


def answered(place: Path, *words: str) -> list[Any]:
    settings = [word for word in queue_settings(4.0) if not word.startswith("experiment.backend")]
    assert main(["staff", *settings, *QUESTION, f"sweep.folder={place}", "sweep.figures=false", *words]) == 0
    return tables(place)


def test_what_it_rests_on_is_reproduced(folder: Path) -> None:
    found = reproduce(folder)
    assert found.checked
    assert not found.different


def test_two_workers_come_to_the_same_answer(folder: Path, here: Path) -> None:
    assert answered(here / "two", "experiment.backend=threads", "experiment.jobs=2") == tables(folder)


def test_an_interrupted_search_goes_on_to_the_same_answer(
    folder: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.study.store.folder import Store

    commit, seen = Store.commit, list[int]()

    def interrupted(store: Store, receipt: Any) -> None:
        commit(store, receipt)
        seen.append(1)
        if len(seen) == 6:
            raise KeyboardInterrupt

    place = here / "again"
    with monkeypatch.context() as patch:
        patch.setattr(Store, "commit", interrupted)
        words = [*queue_settings(4.0), *QUESTION, f"sweep.folder={place}", "sweep.figures=false"]
        assert main(["staff", *words]) == 130
    assert json.loads((place / "sweep.json").read_text())
    assert answered(place, "experiment.backend=serial") == tables(folder)


def test_another_question_does_not_fit_the_folder(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = [*queue_settings(4.0), *QUESTION, "staff.confidence=0.9", f"sweep.folder={folder}"]
    assert "holds another sweep" in refused(capfd, *words)


def test_the_library_tells_all_mistakes_at_once() -> None:
    with pytest.raises(sim.BadScenario) as raised:
        sim.staff(["functoin"], {"nothing": 1.0}, most=0)
    assert len(raised.value.mistakes) == 3


IN_SHORT = ["company=town_hall", "structure=function"]


def test_a_company_in_short_has_the_customers_of_its_own_payroll(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr("sim.cli.staff.run_asked", lambda session, question, header: asked.append(question))
    main(["staff", *IN_SHORT, "target.within_promise=0.9"])
    meant = sim.load_scenario(IN_SHORT).company
    assert asked[0].cases[0].scenario.company == meant


def test_the_library_takes_the_same_customers(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def stopped(question: Any, folder: Path, **options: Any) -> None:
        asked.append(question)
        raise InterruptedError

    monkeypatch.setattr("sim.study.inquiry.run_inquiry", stopped)
    with pytest.raises(InterruptedError):
        sim.staff(["function"], {"within_promise": 0.9}, IN_SHORT[:1])
    assert asked[0].cases[0].scenario.company == sim.load_scenario(IN_SHORT).company


def test_the_library_refuses_a_structure_twice() -> None:
    with pytest.raises(sim.BadScenario, match="twice"):
        sim.staff(["function", "function"], {"within_promise": 0.9})


def test_an_impossible_target_ends_with_what_was_reached_and_what_holds_it() -> None:
    found = sim.staff(["function"], {"response_time": 0.05}, queue_settings(4.0), around=1, most=30)
    assert found.structures["status"].tolist() == ["impossible"]
    assert "cannot give" in found.answer[1]
    assert "work itself" in found.answer[1]


def test_fewer_replications_than_the_least_are_said_to_be_raised(capfd: pytest.CaptureFixture[str]) -> None:
    words = ["staff", *queue_settings(10.0), *QUESTION, "experiment.replications=20"]
    assert main([*words, "staff.replications=10"]) == 0
    said = "staff.replications=10 is below experiment.replications, which is the least"
    assert said in capfd.readouterr().err
