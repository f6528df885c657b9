"""P15: who alone serves a queue works faster, who shares it with many hardly does."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.mechanisms.own_queue import shared_factor
from sim.model.scenario import Scenario
from sim.organisation import build_organisation
from sim.replication import simulate
from sim.world import build_customer_model
from tests.scenarios import checked, workshop

ALONE = [
    ("staffing.allocation", "explicit"),
    ("staffing.workers", {"cut": 1, "sew": 4}),
    ("demand.scale", 0.4),
]


def team(own_queue: float) -> Scenario:
    return checked(workshop(*ALONE, ("people.own_queue", own_queue)))


@given(st.floats(0.5, 1.0), st.integers(1, 1000))
def test_the_factor_lies_between_that_of_somebody_alone_and_one(alone: float, workers: int) -> None:
    assert alone * (1.0 - 1e-12) <= shared_factor(alone, workers) <= 1.0


@given(st.integers(1, 1000))
def test_switched_off_it_is_exactly_one(workers: int) -> None:
    assert shared_factor(1.0, workers) == 1.0


def test_steps_take_the_share_that_the_rule_says() -> None:
    usual, quick = (simulate(team(factor)).visits for factor in (1.0, 0.8))
    same = np.isfinite(usual["end"]) & np.isfinite(quick["end"])
    spent = (quick["end"] - quick["start"])[same]
    factor = np.where(quick["department"] == 0, 0.8, 0.95)[same]
    assert spent == pytest.approx(usual["work"][same] * factor, abs=1e-9)


def test_the_expected_load_follows() -> None:
    usual, quick = (build_organisation(one, build_customer_model(one)).load for one in map(team, (1.0, 0.8)))
    assert quick == pytest.approx(usual * [0.8, 0.95])


def test_both_engines_agree() -> None:
    scenario = team(0.8)
    tables = [simulate(scenario, 0, engine).visits for engine in ("simpy", "compiled")]
    assert tables[0].tobytes() == tables[1].tobytes()
