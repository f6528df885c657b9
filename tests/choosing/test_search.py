"""`orgdes search` from end to end: limits kept, YAML that runs, one answer by any number of workers."""

import re
import shlex
from pathlib import Path

import pytest

from sim.analysis.best_of_many import choices_of
from sim.choosing.limits import read_asked
from sim.cli import main
from sim.cli.arguments import read_arguments
from sim.cli.inquiries import own_words
from sim.cli.search import _question
from sim.cli.session import Session
from sim.study.inquiry import run_inquiry
from sim.study.options import Options, Outcome, Silent
from sim.study.results import load_results
from sim.study.stopping import Stopping

ASKED = [
    "search",
    "company=in_short",
    "structure=function,customer",
    "search.candidates=24",
    "search.largest=9",
    "experiment.replications=10",
    "experiment.most_replications=20",
    "experiment.horizon_weeks=12",
    "experiment.warm_up_weeks=2",
    "experiment.kind=terminating",
    "sweep.figures=false",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small search."""
    place = tmp_path_factory.mktemp("search") / "out"
    assert main([*ASKED, "experiment.backend=serial", f"sweep.folder={place}"]) == 0
    return place


def test_the_structures_named_come_first_and_those_found_keep_the_limits(folder: Path) -> None:
    loaded = load_results(folder)
    assert list(loaded.scenarios["structure"][:2]) == ["function", "customer"]
    found = loaded.scenarios[loaded.scenarios["structure"].str.startswith("found_")]
    assert len(found) > 0
    sizes = loaded.results[loaded.results["scenario"].isin(found["scenario"])]
    workers = sizes[(sizes["metric"] == "workers") & sizes["scope"].str.startswith("department:")]["value"]
    assert workers.between(2, 9).all()
    assert 2 < loaded.extras["search"]["looked_at"].iloc[0] <= 24
    assert len(choices_of(loaded)) == 1


def test_the_command_that_is_printed_runs_and_plays_the_same(folder: Path, here: Path) -> None:
    page = (folder / "structures" / "structure" / "found_1.yaml").read_text(encoding="utf-8")
    printed = re.search(r"# Found by orgdes search\. Use: orgdes (.*)", page)
    assert printed
    words = [*shlex.split(printed[1]), "sweep.figures=false", f"sweep.folder={here / 'again'}"]
    assert main(words) == 0
    again, loaded = load_results(here / "again"), load_results(folder)
    number = list(loaded.scenarios["structure"]).index("found_1")

    def values(one: object, scenario: int) -> list[float]:
        table = one.results  # type: ignore[attr-defined]
        chosen = table[(table["scenario"] == scenario) & (table["metric"] == "response_time_mean")]
        return list(chosen["value"])

    assert values(again, 0) == values(loaded, number)


def test_an_interrupted_search_goes_on_to_the_same_answer(folder: Path, here: Path) -> None:
    place, words = here / "cut", [word for word in ASKED if not word.startswith("sweep.")]

    class Impatient(Silent):
        def message(self, text: str) -> None:
            stopping.request()  # after the first race

    def run(stop: Stopping, progress: Silent) -> Outcome:
        session = Session(read_arguments([word for word in words[1:] if not word.startswith("search.")]))
        own, _ = own_words(words, "search.")
        question = _question(session, read_asked(own)[0], [])
        return run_inquiry(
            question, place, options=Options(backend="serial"), progress=progress, stopping=stop
        )

    stopping = Stopping()
    assert run(stopping, Impatient()).exit_code == 130
    outcome = run(Stopping(), Silent())
    assert outcome.exit_code == 0
    assert outcome.reused > 0
    for name in ("selection", "search", "results"):
        assert (place / f"{name}.parquet").read_bytes() == (folder / f"{name}.parquet").read_bytes()


def test_a_structure_that_cannot_be_ranked_takes_no_part_and_that_is_said(
    here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words = [word for word in ASKED if "kind" not in word and "horizon" not in word]
    brief = ["experiment.horizon_weeks=3", "experiment.warm_up_weeks=2", "search.candidates=10"]
    assert main([*words, *brief, f"sweep.folder={here / 'short'}"]) == 0
    told = " ".join(capfd.readouterr().out.split())
    assert "(1 more cannot be ranked)" in told
    assert "“function” cannot be compared" in told


def test_two_workers_come_to_the_same_tables_and_again_is_nothing_to_do(
    folder: Path, here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words = [*ASKED, "experiment.jobs=2", f"sweep.folder={here / 'other'}"]
    assert main(words) == 0
    for name in ("selection", "search", "results"):
        assert (here / "other" / f"{name}.parquet").read_bytes() == (folder / f"{name}.parquet").read_bytes()
    capfd.readouterr()
    assert main(words) == 0
    assert "nothing to do" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["search.smalest=3"], 'Did you mean "search.smallest"'),
        (["search.smallest=9", "search.largest=3"], "more than search.largest=3"),
        (["search.stay=intak"], 'Did you mean "intake"'),
        (["search.smallest=30"], "keeps these limits"),
        (["staffing.allocation=best"], "has no place here"),
        (["experiment.select=best", "structure=functoin"], 'Did you mean "function"'),
        (["demand.scale=0.8,1"], "several values"),
        (["sweep.by=utilisation"], "no good direction"),
        (["--cfg", "job"], "shows no config"),
    ],
)
def test_what_cannot_be_searched_is_refused(
    words: list[str], told: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["search", *words]) == 2
    assert told in capfd.readouterr().err
