"""P13: people hurry while others wait, and tire when they have worked too much."""

import numpy as np
import pytest

from sim.model.scenario import Scenario
from sim.replication import simulate
from tests.scenarios import Plain, checked, workshop


def crowd(**parameters: float | bool) -> Scenario:
    """A workshop with too much to do."""
    rules: Plain = {"enabled": True, "hurry": 0.0, "fatigue": 0.0, **parameters}
    return checked(workshop(("demand.scale", 1.3), ("people.workload", rules)))


def test_without_hurry_and_fatigue_nothing_changes() -> None:
    off, neutral = crowd(enabled=False), crowd()
    assert simulate(off, engine="compiled").visits.tobytes() == simulate(neutral).visits.tobytes()


def test_a_step_takes_the_less_time_the_more_wait_up_to_a_limit() -> None:
    visits = simulate(crowd(hurry=0.1, most_waiting=2.0)).visits
    done = visits[np.isfinite(visits["end"])]
    factor = 1.0 + done["pace"] / done["work"]
    assert (factor.min(), factor.max()) == (pytest.approx(0.8), pytest.approx(1.0))


def test_who_has_worked_too_much_is_slower() -> None:
    visits = simulate(crowd(fatigue=1.0, tipping_point=0.5)).visits
    done = visits[np.isfinite(visits["end"])]
    factor = 1.0 + done["pace"] / done["work"]
    rested, tired = factor[done["start"] < 40.0], factor[done["start"] > 400.0]
    assert rested.tolist() == [1.0] * len(rested)
    assert tired.mean() == pytest.approx(1.3, abs=0.15)  # four hours of five are worked


def test_hurry_shortens_queues() -> None:
    usual, hurried = (simulate(crowd(hurry=hurry)).parts()["queue"].mean() for hurry in (0.0, 0.1))
    assert hurried < 0.9 * usual
