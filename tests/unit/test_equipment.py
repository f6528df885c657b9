"""P8: workplaces fail while somebody works, a crew repairs them, the step goes on."""

import numpy as np
import pytest

from sim.analysis.decomposition import broken_rows, parts
from sim.analysis.measured import Measured
from sim.analysis.metrics import run_tables
from sim.mechanisms.equipment import hours_between
from sim.model.scenario import Scenario
from sim.replication import prepare, simulate
from sim.trajectory import BREAKDOWN, IN_EFFORT, STEP, Table, Trajectory
from tests.scenarios import checked, office, workshop


def company(**parameters: float | bool | str) -> Scenario:
    return checked(office("default", "function", ("people.equipment", {"enabled": True, **parameters})))


def played(**parameters: float | bool | str) -> Trajectory:
    return simulate(company(**parameters), engine="compiled")


def metrics(**parameters: float | bool | str) -> dict[str, float]:
    scenario = company(**parameters)
    tables = run_tables(scenario, prepare(scenario)[1], simulate(scenario, engine="compiled"))
    return {name: value for name, scope, value, _ in tables["metrics"] if scope == "company"}


def breakdowns(history: Trajectory) -> Table:
    rows: Table = history.duties[history.duties["kind"] == BREAKDOWN]
    return rows


def hours_of(rows: Table) -> float:
    return float((rows["end"] - rows["start"]).sum())


OFTEN = {"hours_between": 40.0, "crew": 2}


def test_workplaces_that_never_fail_change_nothing() -> None:
    off, sound = played(enabled=False), played(hours_between=1e6, repair_hours=0.0)
    assert off.visits.tobytes() == sound.visits.tobytes()


def test_a_step_ends_later_by_its_repairs() -> None:
    history = played(**OFTEN)
    steps = history.visits[(history.visits["kind"] == STEP) & np.isfinite(history.visits["end"])]
    worked = sum(steps[kind] for kind in IN_EFFORT)
    later = steps["end"] - steps["start"] - worked
    down = breakdowns(history)
    of_done = np.isin(down[["customer", "number"]], steps[later > 0.0][["customer", "number"]])
    assert (later > 0.0).any()
    assert later.sum() == pytest.approx((down["end"] - down["start"])[of_done].sum())


def test_the_time_at_broken_workplaces_is_a_kind_of_its_own_and_nothing_is_lost() -> None:
    history = played(**OFTEN)
    measured = Measured(history)
    assert broken_rows(history).tolist() == []
    broken = parts(measured)["breakdown"]
    assert (broken >= 0.0).all()
    assert broken.sum() > 0.8 * hours_of(breakdowns(history))


def test_failures_come_once_in_so_many_hours_of_work() -> None:
    history = played(**OFTEN)
    steps = history.visits[history.visits["kind"] == STEP]
    hours = sum(float(steps[kind].sum()) for kind in IN_EFFORT)
    expected = hours / 40.0
    assert len(breakdowns(history)) == pytest.approx(expected, abs=4.0 * expected**0.5)


def test_a_crew_repairs_one_workplace_after_the_other() -> None:
    rows = breakdowns(played(hours_between=20.0, crew=1))
    changes = sorted([(row["start"], 1) for row in rows] + [(row["end"], -1) for row in rows])
    waiting = np.cumsum([change for _, change in changes])
    assert waiting.max() > 1
    assert len(np.unique(rows["end"])) == len(rows)


def test_a_larger_crew_means_shorter_breakdowns_and_costs_more() -> None:
    few, many = (metrics(hours_between=40.0, crew=crew) for crew in (1, 10))
    assert many["down_share"] < 0.8 * few["down_share"]
    assert many["repair_cost"] == pytest.approx(10 * few["repair_cost"])


def test_who_waits_for_the_next_morning_waits_longer() -> None:
    at_once, later = (metrics(hours_between=100.0, crew=5, manager_reacts=how)["down_share"]
                      for how in ("at_once", "next_morning"))  # fmt: skip
    assert later > 1.5 * at_once


def test_prevention_halves_failures_for_its_hours() -> None:
    assert hours_between(400.0, 1.0, 1.0) == pytest.approx(800.0)
    careless, careful = (len(breakdowns(played(preventive_hours=hours, **OFTEN))) for hours in (0.0, 2.0))
    assert careful < 0.4 * careless


def test_breakdowns_make_customers_wait() -> None:
    sound, frail = (metrics(hours_between=hours, crew=3)["response_time_mean"] for hours in (1e6, 40.0))
    assert frail > 1.05 * sound


def test_nobody_fails_who_does_not_work() -> None:
    idle = workshop(("demand.scale", 0.01), ("people.equipment", {"enabled": True, "hours_between": 1.0}))
    history = simulate(checked(idle), engine="compiled")
    rows = breakdowns(history)
    busy = np.unique(history.visits["worker"])
    assert np.isin(rows["worker"], busy).all()
    assert len(rows) < 4 * len(history.visits) + 10


def test_expected_loads_know_of_it() -> None:
    sound, frail = (prepare(company(hours_between=hours))[1].load.sum() for hours in (1e6, 40.0))
    assert frail == pytest.approx(1.1 * sound, rel=0.01)
