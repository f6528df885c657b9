"""P11: what is rewarded decides what is next, and how fast and how carefully people work."""

import numpy as np
import pytest

from sim.model.scenario import Scenario
from sim.organisation.build import SAME_WORKER
from sim.replication import prepare, simulate
from tests.scenarios import Plain, checked, office


def company(pays: str, **parameters: float) -> Scenario:
    rules: Plain = {"enabled": bool(pays), "pays": pays or "volume", "hurry": 0.1, "carelessness": 0.5}
    return checked(office("default", "function", ("people.rewards", rules | parameters)))


def test_without_strength_and_with_the_usual_queue_nothing_changes() -> None:
    usual = checked(office("default", "function", ("people.dispatch_request", "shortest")))
    neutral = company("volume", hurry=0.0, carelessness=0.0)
    tables = [simulate(scenario, engine="compiled").visits.tobytes() for scenario in (usual, neutral)]
    assert tables[0] == tables[1]


@pytest.mark.parametrize(("pays", "key"), [("deadline", 2), ("volume", 3), ("relationship", 0)])
def test_what_is_rewarded_comes_first(pays: str, key: int) -> None:
    organisation = prepare(company(pays))[1]
    assert set(organisation.request_key.tolist()) == {key}
    assert (organisation.worker_key == SAME_WORKER) is (pays == "relationship")


def test_volume_is_faster_and_less_careful_than_relationships() -> None:
    wrong, pace = {}, {}
    for pays in ("relationship", "volume"):
        trajectory = simulate(company(pays), engine="compiled")
        done = trajectory.visits[np.isfinite(trajectory.visits["end"]) & (trajectory.visits["work"] > 0.0)]
        pace[pays] = float((done["pace"] / done["work"]).mean())
        wrong[pays] = int(trajectory.requests["repeats"].sum() + trajectory.requests["silent"].sum())
    assert pace["volume"] < pace["relationship"] - 0.1
    assert wrong["volume"] > 1.3 * wrong["relationship"]
