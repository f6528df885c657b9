"""P9 and P3: people leave; whoever replaces them takes time to find, to train and to become good."""

import math

import numpy as np
import pytest

from sim.analysis.metrics import run_tables
from sim.mechanisms.turnover import vacancy_share
from sim.model.scenario import Scenario
from sim.replication import prepare, simulate
from tests.scenarios import Plain, checked, office, workshop

YEARS = 6
PLAIN: Plain = {"enabled": True, "rate": 1.0, "early_factor": 1.0, "breadth": 0.0, "rarity": 0.0}


def company(*changes: tuple[str, object], **parameters: float | bool) -> Scenario:
    return checked(office("default", "function", ("people.turnover", PLAIN | parameters), *changes))


def metrics(scenario: Scenario) -> dict[str, float]:
    tables = run_tables(scenario, prepare(scenario)[1], simulate(scenario, engine="compiled"))
    return {name: value for name, scope, value, _ in tables["metrics"] if scope == "company"}


def long(**parameters: float | bool) -> Scenario:
    """A small workshop for six years."""
    weeks = [("experiment.horizon_weeks", 52 * YEARS), ("experiment.warm_up_weeks", 52)]
    turnover = ("people.turnover", PLAIN | parameters)
    return checked(workshop(turnover, ("demand.scale", 0.2), ("staffing.headcount", 30), *weeks))


def test_where_nobody_leaves_nothing_changes() -> None:
    off, neutral = (
        simulate(company(enabled=on, rate=0.0), engine="compiled").visits.tobytes() for on in (False, True)
    )
    assert off == neutral


def test_people_leave_as_often_as_the_hazard_says() -> None:
    workers, found = 30, metrics(long(fill_days=0.0, training_weeks=0, rate=0.5))["leavers"]
    expected = workers * 52.0 * (1.0 - math.exp(-0.5 / 52.0))
    assert found == pytest.approx(expected, abs=4.0 * math.sqrt(expected / (YEARS - 1)))


def test_newcomers_leave_more_often() -> None:
    usual, early = (metrics(long(early_factor=f, fill_days=0.0, training_weeks=0)) for f in (1.0, 5.0))
    assert early["leavers"] > 1.3 * usual["leavers"]


def test_seats_are_empty_for_the_share_that_renewal_theory_says() -> None:
    found = metrics(long(rate=2.0, fill_days=35.0, training_weeks=4))["vacancy_share"]
    assert found == pytest.approx(vacancy_share(2.0, 9.5), rel=0.1)


def test_training_is_time_without_output() -> None:
    short, trained = (metrics(long(fill_days=35.0, training_weeks=weeks)) for weeks in (0, 12))
    assert trained["vacancy_share"] > short["vacancy_share"] + 0.05


def test_broad_and_rare_roles_are_empty_for_longer() -> None:
    weeks = [("experiment.horizon_weeks", 104), ("experiment.kind", "terminating")]
    scenarios = (
        checked(office("default", structure, ("people.turnover", PLAIN | more), *weeks))
        for structure, more in (("customer", {}), ("customer", {"breadth": 0.5, "rarity": 1.0}))
    )
    plain, rare = (metrics(scenario)["vacancy_share"] for scenario in scenarios)
    assert rare > 1.2 * plain


def test_turnover_makes_a_company_slower_and_dearer() -> None:
    stable, restless = metrics(company(rate=0.0)), metrics(company(rate=1.0))
    assert restless["response_time_mean"] > 1.1 * stable["response_time_mean"]
    assert restless["unfamiliarity_mean"] > stable["unfamiliarity_mean"]
    assert restless["hiring_cost"] > 0.0 > restless["wages_of_empty_seats"]


def test_where_everything_is_written_down_turnover_does_no_harm() -> None:
    """The published pattern (E20, Ton and Huckman 2008): nothing to learn, nobody to wait for, no harm."""
    alike = [("people.knowledge_scale", 0.0), ("people.speed_cv", 0.0)]
    stable, restless = (
        simulate(company(*alike, rate=rate, fill_days=0.0, training_weeks=0), engine="compiled").requests
        for rate in (0.0, 3.0)
    )
    assert stable.tobytes() == restless.tobytes()


def test_the_next_one_has_another_pace_and_no_experience() -> None:
    visits = simulate(company(rate=3.0), engine="compiled").visits
    done = visits[np.isfinite(visits["end"]) & (visits["work"] > 0.0)]
    worker = done[done["worker"] == 0]
    assert done["u_function"].max() > 0.95
    assert len(np.unique(worker["u_function"].round(3))) > 3


def test_expected_loads_reckon_with_empty_seats() -> None:
    stable, restless = (prepare(company(rate=rate))[1].load for rate in (0.0, 1.0))
    assert restless == pytest.approx(stable * (1.0 + (34.0 / 7.0 + 4.5) / 52.0))
