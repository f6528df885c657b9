"""P5: who waits for colleagues serves no customer; services have people, queues and priorities."""

from typing import Any

import numpy as np
import pytest

from sim.analysis.decomposition import broken_rows
from sim.analysis.metrics import run_tables
from sim.model.check import BadScenario
from sim.model.scenario import Scenario
from sim.organisation.support import divided
from sim.replication import prepare, simulate
from sim.trajectory import BLOCKED, INTERNAL_SERVICE, INTERNAL_WAIT, Table, Trajectory
from tests.scenarios import Plain, checked, office

NOBODY: Plain = {"people": 0}
IT: Plain = {"people": 1, "requests_per_year": 100.0, "work_hours": 1.0, "blocks": True}


def company(structure: str = "function", *changes: tuple[str, Any], **parameters: Any) -> Scenario:
    services = {"it": IT, "hr": NOBODY, "facilities": NOBODY, "finance": NOBODY}
    support = ("people.support", {"enabled": True, **services, **parameters})
    return checked(office("default", structure, support, *changes))


def played(structure: str = "function", *changes: tuple[str, Any], **parameters: Any) -> Trajectory:
    return simulate(company(structure, *changes, **parameters), engine="compiled")


def metrics(structure: str = "function", *changes: tuple[str, Any], **parameters: Any) -> dict[str, float]:
    scenario = company(structure, *changes, **parameters)
    tables = run_tables(scenario, prepare(scenario)[1], simulate(scenario, engine="compiled"))
    return {name: value for name, scope, value, _ in tables["metrics"] if scope == "company"}


def duties(history: Trajectory, kind: int) -> Table:
    rows: Table = history.duties[history.duties["kind"] == kind]
    return rows


def test_services_that_nobody_runs_change_nothing() -> None:
    off, nobody = played(enabled=False), played(it=NOBODY)
    assert off.visits.tobytes() == nobody.visits.tobytes()


def test_whoever_is_kept_from_work_does_nothing_else() -> None:
    history = played()
    kept, visits = duties(history, BLOCKED), history.visits
    for row in kept[:200]:
        own = visits[(visits["worker"] == row["worker"]) & np.isfinite(visits["end"])]
        assert not ((own["start"] < row["end"]) & (own["end"] > row["start"])).any()
    assert len(kept) > 100
    assert broken_rows(history).tolist() == []


def test_needs_are_met_one_after_the_other_by_as_many_as_serve() -> None:
    for people in (1, 3):
        rows = duties(played(it=IT | {"people": people, "requests_per_year": 300.0}), INTERNAL_SERVICE)
        changes = sorted([(row["end"], -1) for row in rows] + [(row["start"], 1) for row in rows])
        assert np.cumsum([change for _, change in changes]).max() == people


def test_a_need_waits_and_is_served() -> None:
    history = played()
    waits, served = duties(history, INTERNAL_WAIT), duties(history, INTERNAL_SERVICE)
    assert np.array_equal(waits["end"], served["start"])
    assert np.array_equal(waits["worker"], served["worker"])


def test_bad_internal_service_makes_customers_wait() -> None:
    good, bad = (metrics(it=IT | {"work_hours": hours}) for hours in (0.1, 2.0))
    assert bad["internal_response_time"] > 2.0 * good["internal_response_time"]
    assert bad["internal_satisfaction"] < good["internal_satisfaction"]
    assert bad["blocked_share"] > good["blocked_share"]
    assert bad["response_time_mean"] > good["response_time_mean"]


def test_bad_internal_service_lowers_morale() -> None:
    morale = ("people.morale", {"enabled": True, "weeks": 2.0, "waiting": 2.0, "strain": 0.0, "praise": 0.0})
    good, bad = (metrics("function", morale, it=IT | {"work_hours": hours})["morale"] for hours in (0.1, 2.0))
    assert bad < good - 0.02


def test_a_need_that_does_not_block_slows_work_down() -> None:
    open_door = IT | {"blocks": False, "work_hours": 2.0}
    usual, slowed = (metrics(it=open_door, slowing=factor) for factor in (1.0, 1.5))
    assert usual["blocked_share"] == 0.0
    assert slowed["utilisation"] > usual["utilisation"]


def test_support_counts_in_the_payroll_and_costs_wages() -> None:
    few, many = (prepare(company(it=IT | {"people": people}))[1] for people in (1, 6))
    assert few.headcount - many.headcount == 5
    assert many.cost == pytest.approx(few.cost, rel=0.05)


def test_who_meets_customers_is_served_first() -> None:
    busy = IT | {"requests_per_year": 250.0}
    answers = {}
    for priority in ("equal", "external_first"):
        scenario = company("front_back", it=busy, priority=priority)
        history, organisation = simulate(scenario, engine="compiled"), prepare(scenario)[1]
        waits = duties(history, INTERNAL_WAIT)
        faces = organisation.support.faces_customers[history.people["department"][waits["worker"]]]
        answers[priority] = float((waits["end"] - waits["start"])[faces].mean())
    assert answers["external_first"] < answers["equal"]


def test_divided_people_wait_longer_than_central_ones() -> None:
    busy = IT | {"people": 4, "requests_per_year": 300.0}
    central, apart = (
        metrics("customer", it=busy, divided=how)["internal_response_time"] for how in (False, True)
    )
    assert apart > 1.1 * central


@pytest.mark.parametrize(("total", "workers"), [(4, [30, 6, 4]), (1, [5, 5, 5]), (7, [3, 9, 1]), (3, [8])])
def test_every_department_has_somebody_to_ask(total: int, workers: list[int]) -> None:
    shares = divided(total, workers)
    left = total - sum(shares)
    assert left >= 0
    assert all(shares) if left == 0 else not all(shares)


def test_expected_loads_know_of_it() -> None:
    spread = ("staffing.allocation", "explicit")
    workers = dict.fromkeys(prepare(company())[1].departments, 8)
    calm, busy = (
        prepare(company("function", spread, ("staffing.workers", workers),
                        it=IT | {"requests_per_year": rate}))[1].load.sum()
        for rate in (0.0, 208.0)
    )  # fmt: skip
    assert busy == pytest.approx(1.1 * calm, rel=0.02)


def test_too_many_who_serve_colleagues_are_refused_by_name() -> None:
    with pytest.raises(BadScenario, match=r"30 of them in internal services \(people.support\)"):
        prepare(company(it=IT | {"people": 30}))
