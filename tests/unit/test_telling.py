"""K4: who is told what to bring brings it; who waits and hears of it does not wait uninformed."""

from functools import cache

import numpy as np
import pytest

from sim.analysis.metrics import run_tables
from sim.mechanisms.telling import updates
from sim.model.scenario import Scenario
from sim.replication import prepare, simulate
from sim.trajectory import STEP, TRIAGE, Trajectory
from tests.scenarios import Plain, checked, fixed, office

NEUTRAL: Plain = {
    "enabled": True, "incomplete": 0.0, "told": 0.0, "minutes": 0.0, "ask_minutes": 0.0, "update_hours": 0.0,
    "answer": fixed(0.0),
}  # fmt: skip


def company(*changes: tuple[str, object], **parameters: object) -> Scenario:
    return checked(office("default", "function", ("coordination.telling", NEUTRAL | parameters), *changes))


def played(*changes: tuple[str, object], **parameters: object) -> Trajectory:
    return simulate(company(*changes, **parameters), engine="compiled")


@cache
def metrics(**parameters: float) -> dict[str, float]:
    scenario = company(("demand.scale", 1.1), ("customers.uninformed_hours", 2.0), **parameters)
    tables = run_tables(scenario, prepare(scenario)[1], simulate(scenario, engine="compiled"))
    return {name: value for name, scope, value, _ in tables["metrics"] if scope == "company"}


def test_at_neutral_values_nothing_changes() -> None:
    off, neutral = played(enabled=False), played()
    assert off.visits.tobytes() == neutral.visits.tobytes()


def test_each_request_is_asked_for_what_is_missing_once() -> None:
    history = played(("customers.misgrouped", 0.0), incomplete=1.0, ask_minutes=6.0)
    asked = history.visits[history.visits["kind"] == TRIAGE]
    begun = np.unique(asked[["customer", "number"]])
    assert len(begun) == len(asked) > 1000
    assert np.unique(asked["triage"]).tolist() == [pytest.approx(0.1)]


def test_the_share_that_lacks_something_is_that_of_those_who_were_not_told() -> None:
    history = played(("customers.misgrouped", 0.0), incomplete=0.5, told=0.6)
    share = (history.visits["kind"] == TRIAGE).sum() / np.isfinite(history.requests["first_start"]).sum()
    assert share == pytest.approx(0.2, abs=0.02)


def test_a_request_waits_until_the_customer_has_brought_it() -> None:
    history = played(incomplete=1.0, answer=fixed(7.0))
    first = history.visits[(history.visits["kind"] == STEP) & (history.visits["visit"] == 0)]
    first = first[(first["step"] == 0) & np.isfinite(first["end"])]
    assert np.unique(first["outside"]).tolist() == [7.0]


def test_telling_customers_takes_its_minutes_once_a_request() -> None:
    visits = played(("coordination.reread_share", 0.0), told=0.5, minutes=12.0).visits
    steps = visits[(visits["kind"] == STEP) & np.isfinite(visits["start"])]
    told = steps[steps["reread"] > 0.0]
    assert np.unique(told["reread"]).tolist() == [pytest.approx(0.1)]
    assert len(np.unique(told[["customer", "number"]])) == len(told)


def test_telling_customers_shortens_the_response() -> None:
    silent, told = (
        played(incomplete=0.4, told=share, minutes=2.0, ask_minutes=5.0, answer=fixed(16.0)).parts()
        for share in (0.0, 1.0)
    )
    assert told["response_time"].mean() < silent["response_time"].mean() - 5.0


def test_updates_cost_minutes_and_make_waits_informed_ones() -> None:
    silent, told = metrics(), metrics(update_hours=1.0, update_minutes=1.0)
    assert told["satisfaction_from_ease"] > silent["satisfaction_from_ease"] + 0.2
    assert told["hidden_work"] > silent["hidden_work"]


def test_updates_that_come_too_rarely_inform_nobody() -> None:
    silent, rare = metrics(), metrics(update_hours=1000.0, update_minutes=0.0)
    assert rare["satisfaction_from_ease"] == silent["satisfaction_from_ease"]


def test_updates_are_counted() -> None:
    assert [updates(hours, 4.0) for hours in (3.9, 4.0, 11.0)] == [0.0, 1.0, 2.0]


def test_expected_loads_know_of_it() -> None:
    plain, told, asked = (
        prepare(company(**more))[1].load.sum()
        for more in ({}, {"told": 1.0, "minutes": 6.0}, {"incomplete": 0.5, "ask_minutes": 20.0})
    )
    assert plain < told < asked
