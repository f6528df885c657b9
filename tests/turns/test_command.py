"""`orgdes study=turns` from end to end: bad input at once, one answer by any number of workers, resumed."""

from pathlib import Path

import pandas as pd
import pytest

from sim.analysis.turns import HOLDS, TURNS, answer_of
from sim.cli import main
from sim.study.results import load_results

QUESTION = [
    "study=turns",
    "company=in_short",
    "structure=function,customer",
    "experiment.replications=6",
    "experiment.horizon_weeks=16",
    "experiment.warm_up_weeks=2",
    "experiment.kind=terminating",
    "experiment.backend=serial",
    "sweep.figures=false",
    "coordination.handoff.mean=interval(0,8)",
    "people.knowledge_scale=interval(0.5,8)",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small question."""
    place = tmp_path_factory.mktemp("turns") / "out"
    assert main([*QUESTION, f"sweep.folder={place}"]) == 0
    return place


def test_the_folder_holds_the_answer_and_tells_it(folder: Path) -> None:
    answer = answer_of(load_results(folder))
    assert answer is not None
    handoff, knowledge = answer.turns
    assert answer.now.winner == "customer"
    assert (handoff.about["now"], handoff.about["high"]) == (2.0, 8.0)
    assert handoff.sides[1].verdict == HOLDS
    assert knowledge.verdict in (TURNS, HOLDS, "not settled")
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "What turns the answer" in page
    assert (
        "coordination.handoff"
        not in page.split("<h2>Parameters")[0].split("What turns the answer", 1)[1][:3000]
    )
    sides = pd.read_csv(folder / "turns.csv")
    assert list(sides["input"].unique()) == ["coordination.handoff.mean", "people.knowledge_scale"]
    assert (folder / "figures").exists() is False


def test_every_value_told_is_a_scenario_of_all_structures(folder: Path) -> None:
    loaded = load_results(folder)
    points = loaded.extras["turns"]
    assert len(loaded.scenarios) == 2 * len(points)
    assert loaded.results.groupby("scenario")["replication"].nunique().eq(6).all()
    row = points[points["value"] == 8.0].iloc[0]
    own = loaded.scenarios.set_index("scenario").loc[[row["scenario"], row["scenario"] + 1]]
    assert list(own["structure"]) == ["function", "customer"]
    assert "8.0" in own["overrides"].iloc[0]


def test_the_same_question_is_answered_from_its_folder(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "turns.parquet").read_bytes()
    assert main([*QUESTION, f"sweep.folder={folder}"]) == 0
    assert "nothing to do" in capfd.readouterr().err
    assert (folder / "turns.parquet").read_bytes() == before


def test_two_workers_come_to_the_same_tables(folder: Path, here: Path) -> None:
    other = [word for word in QUESTION if "backend" not in word]
    assert main([*other, "experiment.jobs=2", f"sweep.folder={here / 'other'}"]) == 0
    for name in ("turns", "results"):
        assert (here / "other" / f"{name}.parquet").read_bytes() == (folder / f"{name}.parquet").read_bytes()


def test_mistakes_are_told_together(capfd: pytest.CaptureFixture[str]) -> None:
    words = ["study=turns", "demand.scal=interval(0.5,1)", "sweep.by=response", "structure=functoin"]
    assert main(words) == 2
    told = capfd.readouterr().err
    assert all(name in told for name in ("demand.scale", "response_time_mean", '"function"'))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["structure=function"], "one structure alone"),
        (["demand.scale=0.8,1"], "interval"),
        (["coordination.defects.base=interval(0,2)"], "at most 1"),
        (["sweep.question=turn"], 'Did you mean "turns"'),
    ],
)
def test_what_cannot_be_asked_is_refused(
    words: list[str], told: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["study=turns", *words]) == 2
    assert told in capfd.readouterr().err
