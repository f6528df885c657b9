"""K8: what inspection looks for decides what customers notice of it."""

from functools import cache

import numpy as np
import pytest

from sim import questions
from sim.analysis.metrics import run_tables
from sim.model.scenario import Scenario
from sim.numbers import numbers_of
from sim.replication import prepare, simulate
from tests.scenarios import Plain, checked, office


def company(**parameters: float | bool | str) -> Scenario:
    rules: Plain = {"enabled": True, "required": 0.5, "finds": 0.8, "minutes": 0.0, **parameters}
    wrong = ("coordination.defects.base", 0.2)
    return checked(office("default", "function", ("coordination.quality_programme", rules), wrong))


@cache
def metrics(looks_for: str, minutes: float = 0.0) -> dict[str, float]:
    scenario = company(looks_for=looks_for, minutes=minutes)
    tables = run_tables(scenario, prepare(scenario)[1], simulate(scenario, engine="compiled"))
    return {name: value for name, scope, value, _ in tables["metrics"] if scope == "company"}


def test_looking_for_nothing_changes_nothing_where_customers_require_everything() -> None:
    off, neutral = company(enabled=False), company(looks_for="nothing", required=1.0, minutes=60.0)
    assert simulate(off, engine="compiled").visits.tobytes() == simulate(neutral).visits.tobytes()


def test_whatever_is_found_is_done_again_inside() -> None:
    caught = {
        looks_for: int(
            (simulate(company(looks_for=looks_for), engine="compiled").visits["passage"] == 1).sum()
        )
        for looks_for in ("nothing", "internal", "customer", "both")
    }
    assert caught["nothing"] < caught["internal"] < caught["both"]
    assert caught["nothing"] < caught["customer"] < caught["both"]


def test_looking_for_what_customers_require_spares_them_returns() -> None:
    returns = {
        looks_for: int(simulate(company(looks_for=looks_for), engine="compiled").requests["returns"].sum())
        for looks_for in ("nothing", "internal", "customer")
    }
    assert returns["customer"] < 0.5 * returns["nothing"]
    assert returns["internal"] > 0.8 * returns["nothing"]


def test_customers_are_not_more_satisfied_because_internal_defects_are_counted() -> None:
    nothing, internal, customer = (metrics(one) for one in ("nothing", "internal", "customer"))
    assert internal["satisfaction_mean"] < nothing["satisfaction_mean"]
    assert internal["response_time_mean"] > customer["response_time_mean"]


def test_inspection_takes_its_minutes_at_each_step_and_counts_as_hidden_work() -> None:
    visits = simulate(company(looks_for="customer", minutes=30.0), engine="compiled").visits
    first = visits[(visits["kind"] == 0) & np.isfinite(visits["start"]) & (visits["visit"] == 0)]
    assert first["reread"].min() == pytest.approx(0.5)
    assert metrics("customer", 30.0)["hidden_work"] > metrics("customer")["hidden_work"] + 0.1


def test_a_defect_that_breaks_only_internal_standards_is_never_brought_back() -> None:
    requests = simulate(company(looks_for="nothing", required=0.0), engine="compiled").requests
    assert (int(requests["returns"].sum()), int(requests["silent"].sum())) == (0, 0)


def test_expected_loads_know_what_is_found_and_what_it_takes() -> None:
    plain, found, inspected = (
        prepare(company(looks_for=looks_for, minutes=minutes))[1].load.sum()
        for looks_for, minutes in (("nothing", 0.0), ("internal", 0.0), ("internal", 6.0))
    )
    assert plain < found < inspected


def test_expected_repeats_are_those_of_the_two_kinds() -> None:
    """0.2 x (0.5 (0.9 + 0.1 x 0.5) + 0.5 x 0.5) = 0.1455 a round, at most three rounds."""
    numbers = numbers_of(company(looks_for="customer")).record
    again = 0.2 * (0.5 * (0.9 + 0.1 * 0.5) + 0.5 * 0.5)
    assert questions.expected_repeats(numbers, 0.2) == pytest.approx(again + again**2 + again**3)
