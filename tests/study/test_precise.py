"""Replications are added until intervals are as narrow as asked, whatever was computed before and by whom."""

from pathlib import Path

import numpy as np
import pytest

from sim import load_results
from sim.analysis.inference import intervals
from sim.study.design import Design
from sim.study.precise import Precision
from sim.study.session import Outcome, run_design
from tests.study.designs import WORK, options, rows

ASKED = Precision(0.2, ("response_time_mean",), 200)


def play(folder: Path, asked: Precision = ASKED, jobs: int = 1) -> Outcome:
    return asked.play(Design.of(rows(3, replications=2), WORK), folder, options=options(jobs=jobs))


def values(folder: Path) -> dict[int, np.ndarray]:
    table = load_results(folder).results.query("metric == 'response_time_mean'")
    return {int(str(scenario)): own["value"].to_numpy() for scenario, own in table.groupby("scenario")}


def width(own: np.ndarray) -> float:
    found = intervals(own[None])
    return float((found.high - found.low)[0] / 2 / found.mean[0])


def test_every_interval_becomes_as_narrow_as_asked(tmp_path: Path) -> None:
    outcome = play(tmp_path)
    assert outcome.complete
    assert all(width(own) <= 0.2 for own in values(tmp_path).values())


def test_the_number_of_workers_and_an_interruption_change_nothing(tmp_path: Path) -> None:
    play(tmp_path / "one")
    design = Design.of(rows(3, replications=17), WORK)
    run_design(design, tmp_path / "other", options=options())  # as much as was finished of a later round
    play(tmp_path / "other", jobs=2)
    one, other = (values(tmp_path / name) for name in ("one", "other"))
    assert {key: own.tolist() for key, own in one.items()} == {
        key: own.tolist() for key, own in other.items()
    }


def test_the_cap_is_said(tmp_path: Path) -> None:
    outcome = play(tmp_path, Precision(0.01, ("response_time_mean",), 15))
    assert "15 replications, the most allowed" in outcome.notes[-1]
    assert {len(own) for own in values(tmp_path).values()} == {15}


def test_what_was_reached_is_said(tmp_path: Path) -> None:
    assert play(tmp_path).notes[-1].endswith("replications: within 20 % (response_time_mean)")


@pytest.mark.parametrize(("share", "wanted"), [(0.2, 20), (0.21, 23), (0.4, 40), (9.0, 40)])
def test_at_most_twice_as_many_in_a_round(share: float, wanted: int) -> None:
    assert ASKED.next_count(20, share) == wanted
