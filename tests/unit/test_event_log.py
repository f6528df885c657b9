"""The event log of a trajectory: rows on the calendar, names of a fitted company, files that can be read."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim import load_scenario
from sim.event_log import check_path, write
from sim.fit.columns import choose
from sim.fit.events import gather
from sim.fit.table import read
from sim.replication import simulate
from sim.rules.opening import moments, open_hours, usual_week
from sim.trajectory import OUTSIDE, Trajectory


@pytest.fixture(scope="module")
def history() -> Trajectory:
    words = ["structure=function", "experiment.horizon_weeks=2", "experiment.warm_up_weeks=0"]
    return simulate(load_scenario([*words, "company.functions.intake.activity=Take in"]), 0)


@pytest.fixture(scope="module")
def log(history: Trajectory) -> pd.DataFrame:
    return history.event_log()


def test_every_step_that_ended_is_a_row(history: Trajectory, log: pd.DataFrame) -> None:
    visits = history.visits
    assert len(log) == int(((visits["kind"] != OUTSIDE) & np.isfinite(visits["end"])).sum())


def test_hours_of_work_are_hours_of_the_calendar(history: Trajectory, log: pd.DataFrame) -> None:
    first = np.datetime64("2024-01-01", "s").astype(float)
    seconds = log["start_time"].to_numpy().astype("datetime64[ms]").astype(float) / 1000
    hours = open_hours(seconds, usual_week(8.0, 5), 40.0) - open_hours(
        np.array([first]), usual_week(8, 5), 40.0
    )
    mine = history.visits[(history.visits["kind"] != OUTSIDE) & np.isfinite(history.visits["end"])]
    assert np.allclose(np.sort(hours), np.sort(mine["start"]), atol=1e-5)


def test_nobody_works_when_the_company_is_closed(log: pd.DataFrame) -> None:
    assert log["start_time"].dt.hour.between(9, 16).all()
    assert (log["start_time"].dt.day_of_week < 5).all()


def test_an_activity_has_the_name_the_function_has_in_logs(log: pd.DataFrame) -> None:
    assert "Take in" in set(log["activity"])
    assert "intake" not in set(log["activity"])


@pytest.mark.parametrize("name", ["log.csv", "log.csv.gz", "log.xes", "log.xes.gz"])
def test_what_is_written_is_read_back(log: pd.DataFrame, tmp_path: Path, name: str) -> None:
    write(log, tmp_path / name)
    table = read(tmp_path / name)
    events = gather(table, choose(table, {}))
    begun = log["start_time"].to_numpy().astype("datetime64[ms]").astype(float) / 1000
    assert np.allclose(np.sort(events.start), np.sort(begun))


def test_another_ending_is_refused() -> None:
    assert "ends with none of" in str(check_path(Path("log.txt")))


def test_the_calendar_and_open_hours_are_each_others_inverse() -> None:
    shares = usual_week(7.5, 6)
    hours = np.arange(0.0, 90.0, 0.37)
    assert np.allclose(open_hours(moments(hours, shares, 45.0), shares, 45.0), hours, atol=1e-5)
