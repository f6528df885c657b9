"""`orgdes study=unknowns` from end to end: shares, drivers, tables; one answer by any number of workers."""

from html import unescape
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from sim.analysis.leading import SETTLED, Lead
from sim.analysis.unknowns import Conclusion, answer_of
from sim.cli import main
from sim.config.loading import load_plain
from sim.report.summary import CHANGE, SURE
from sim.report.what_survives import says
from sim.report.wording import percent
from sim.study.design import Row
from sim.study.results import load_results
from sim.turns.inputs import Input, inputs_of
from sim.turns.unknowns import JOINT, STEP, TRAJECTORIES, Unknowns

QUESTION = [
    "study=unknowns",
    "company=in_short",
    "structure=function,customer",
    "experiment.replications=3",
    "experiment.horizon_weeks=8",
    "experiment.warm_up_weeks=1",
    "experiment.drain_weeks=1",
    "experiment.kind=terminating",
    "experiment.backend=serial",
    "sweep.samples=8",
    "sweep.figures=false",
    "coordination.handoff.mean=interval(0,8)",
    "people.knowledge_scale=interval(0.5,3)",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small question."""
    place = tmp_path_factory.mktemp("unknowns") / "out"
    assert main([*QUESTION, f"sweep.folder={place}"]) == 0
    return place


def test_the_folder_holds_the_answer_and_tells_it(folder: Path) -> None:
    answer = answer_of(load_results(folder))
    assert answer is not None
    assert sum(answer.overall.counts.values()) == 8
    assert answer.steps == 3 * TRAJECTORIES
    assert {own.number for own in answer.drivers} == {0, 1}
    assert all(own.low <= own.size <= own.high for own in answer.drivers)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Which conclusions survive what nobody knows" in page
    told = pd.read_csv(folder / "unknowns.csv")
    assert told["settings"].sum() == 8
    assert len(pd.read_csv(folder / "drivers.csv")) == 2
    assert (folder / "rules.csv").is_file()


def test_the_summary_tells_how_far_the_answer_holds(folder: Path) -> None:
    answer = answer_of(load_results(folder))
    assert answer is not None
    counts, now = answer.overall.counts, answer.overall.now.winner
    told = says(answer)
    assert (
        f" in {percent(counts[now or answer.overall.now.state] / 8)} of 8 settings of what nobody"
        in told[SURE]
    )
    assert ("not known" in told[SURE]) == bool(now)
    page = unescape((folder / "report.html").read_text(encoding="utf-8"))
    assert f"{told[SURE]}.</span>" in page
    assert CHANGE in page


def test_the_same_question_is_answered_from_its_folder(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "unknowns.parquet").read_bytes()
    assert main([*QUESTION, f"sweep.folder={folder}"]) == 0
    assert "nothing to do" in capfd.readouterr().err
    assert (folder / "unknowns.parquet").read_bytes() == before


@pytest.mark.slow
def test_two_workers_come_to_the_same_tables(folder: Path, here: Path) -> None:
    other = [word for word in QUESTION if "backend" not in word]
    assert main([*other, "experiment.jobs=2", f"sweep.folder={here / 'other'}"]) == 0
    for name in ("unknowns", "unknown_inputs", "results"):
        assert (here / "other" / f"{name}.parquet").read_bytes() == (folder / f"{name}.parquet").read_bytes()


def asked(seed: int = 1) -> Unknowns:
    plain = load_plain([])
    inputs = (Input("demand.scale", 1.0, 0.5, 1.5), Input("staffing.span", 8.0, 5.0, 15.0, whole=True))
    return Unknowns((Row(plain),), inputs, "cost", 16, "sobol", seed)


def test_settings_follow_from_the_seed() -> None:
    assert asked().places == asked().places
    assert asked(2).places != asked().places
    assert asked(2).identity != asked().identity


def test_joint_settings_spread_over_the_ranges_and_a_step_changes_one_input() -> None:
    places = asked().places
    joint = [place.shares for place in places if place.role == JOINT]
    for side in (0, 1):
        assert sorted(int(16 * shares[side]) for shares in joint) == list(range(16))
    steps = [place for place in places if place.role == STEP]
    for one, other in pairwise(steps):
        if one.trajectory == other.trajectory:
            assert sum(a != b for a, b in zip(one.shares, other.shares, strict=True)) == 1


def test_ranges_are_those_of_the_evidence() -> None:
    varied = [own for own in inputs_of(load_plain([]), weak=True) if own.evidence]
    known = {own.key: (own.low, own.high) for own in inputs_of(load_plain([]))}
    assert {own.grade for own in varied} == {"C", "D"}
    assert all(known[own.key] == (own.low, own.high) for own in varied)


def test_what_a_conclusion_turns_into_is_counted() -> None:
    wins = {name: Lead(name, SETTLED, 0.001) for name in "ab"}
    found = Conclusion(("a", "b"), wins["b"], (wins["a"], wins["b"], wins["b"], Lead()))
    assert found.counts == {"b": 2, "a": 1, "unranked": 1}
    share, low, high = found.share("b")
    assert low < share == 0.5 < high


def test_one_structure_alone_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["study=unknowns", "structure=function"]) == 2
    assert "one structure alone" in capfd.readouterr().err
