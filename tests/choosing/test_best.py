"""`experiment.select=best` from end to end: bad input at once, one answer by any number of workers."""

from pathlib import Path

import pandas as pd
import pytest

from sim.analysis.best_of_many import choices_of
from sim.cli import main
from sim.study.bench import SEARCH
from sim.study.results import load_results

ASKED = [
    "company=in_short",
    "structure=function,customer,product",
    "staffing.headcount=20,24",
    "experiment.select=best",
    "experiment.replications=10",
    "experiment.most_replications=30",
    "experiment.horizon_weeks=16",
    "experiment.warm_up_weeks=2",
    "experiment.kind=terminating",
    "sweep.figures=false",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small selection."""
    place = tmp_path_factory.mktemp("best") / "out"
    assert main([*ASKED, "experiment.backend=serial", f"sweep.folder={place}"]) == 0
    return place


def test_every_scenario_stands_in_the_table_and_the_best_is_told_afresh(folder: Path) -> None:
    loaded = load_results(folder)
    table = loaded.extras["selection"]
    assert len(table) == 6
    [choice] = choices_of(loaded)
    assert choice.size + choice.unranked == 6
    own = loaded.results[loaded.results["scenario"] == choice.scenario]
    assert own["replication"].max() == 9 < SEARCH
    assert table.loc[table["state"] == "best", "name"].item() == choice.best
    assert "The best of many" in (folder / "report.html").read_text(encoding="utf-8")
    assert len(pd.read_csv(folder / "selection.csv")) == 6


def test_replications_went_where_they_decide(folder: Path) -> None:
    table = load_results(folder).extras["selection"]
    left = table["state"].isin(["best", "may be the best"])
    assert table.loc[~left, "replications"].min() == 10
    assert set(table.loc[left, "replications"]) == {table["replications"].max()}


def test_two_workers_come_to_the_same_tables_and_again_is_nothing_to_do(
    folder: Path, here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words = [*ASKED, "experiment.jobs=2", f"sweep.folder={here / 'other'}"]
    assert main(words) == 0
    for name in ("selection", "results"):
        assert (here / "other" / f"{name}.parquet").read_bytes() == (folder / f"{name}.parquet").read_bytes()
    capfd.readouterr()
    assert main(words) == 0
    assert "nothing to do" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["experiment.select=bets"], 'Did you mean "best"'),
        (["experiment.select=best", "sweep.by=utilisation"], "no good direction"),
        (["experiment.select=best", "experiment.precision=0.02"], "experiment.precision"),
        (["experiment.select=best", "experiment.indifference=0.02,0.03"], "no axis"),
        (["experiment.select=best", "experiment.indifference=-1"], "experiment.indifference"),
        (["experiment.select=best", "structure=function"], "best of one"),
        (["experiment.select=best", "study=turns"], "no place in a question"),
    ],
)
def test_what_cannot_be_selected_is_refused(
    words: list[str], told: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    assert told in capfd.readouterr().err


def test_many_without_selection_are_screened_and_the_flattery_is_said(
    here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words = [word for word in ASKED if "select" not in word]
    assert main([*words, f"sweep.folder={here / 'plain'}"]) == 0
    told = " ".join(capfd.readouterr().out.split())
    assert "Of 6 scenarios with the same customers" in told
    assert "looks better than it is" in told


def test_other_demand_is_another_contest(here: Path) -> None:
    words = [word for word in ASKED if "headcount" not in word]
    assert main([*words, "demand.scale=0.8,1", f"sweep.folder={here / 'two'}"]) == 0
    assert len(choices_of(load_results(here / "two"))) == 2
