"""K2: a record that all share keeps context across borders and lets people look a segment up, for a price."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.metrics import run_tables
from sim.mechanisms.shared_record import shared_context
from sim.model.scenario import Scenario
from sim.replication import prepare, simulate
from tests.scenarios import Plain, checked, office

shares = st.floats(0.0, 1.0)


def company(**parameters: float | bool) -> Scenario:
    rules: Plain = {"enabled": True, "quality": 0.0, "upkeep_minutes": 0.0, "licence": 0.0, **parameters}
    return checked(office("default", "function", ("coordination.shared_record", rules)))


@given(shares, shares)
def test_a_record_never_loses_context(kept: float, quality: float) -> None:
    assert kept <= shared_context(kept, quality) <= max(kept, 0.998) + 1e-15


def test_a_record_of_no_quality_that_nobody_keeps_changes_nothing() -> None:
    off, neutral = (simulate(company(enabled=on), engine="compiled") for on in (False, True))
    assert off.visits.tobytes() == neutral.visits.tobytes()


def test_keeping_it_takes_its_minutes_at_each_step() -> None:
    visits = simulate(company(upkeep_minutes=30.0), engine="compiled").visits
    first = visits[(visits["kind"] == 0) & np.isfinite(visits["start"]) & (visits["visit"] == 0)]
    assert first["reread"].min() == pytest.approx(0.5)


def test_a_better_record_means_less_rereading_and_fewer_defects() -> None:
    poor, good = (simulate(company(quality=quality), engine="compiled") for quality in (0.0, 1.0))
    assert good.visits["reread"].sum() < 0.5 * poor.visits["reread"].sum()
    assert good.visits["u_segment"].mean() < 0.75 * poor.visits["u_segment"].mean()
    assert good.requests["repeats"].sum() < poor.requests["repeats"].sum()


def test_customers_feel_known() -> None:
    found = []
    for quality in (0.0, 1.0):
        scenario = company(quality=quality)
        tables = run_tables(scenario, prepare(scenario)[1], simulate(scenario, engine="compiled"))
        found.append(dict(zip(tables["segments"]["dimension"], tables["segments"]["value"], strict=True)))
    assert found[1]["empathy"] > found[0]["empathy"] + 0.05


def test_licences_are_paid_for_everybody_on_the_payroll() -> None:
    free, paid = (prepare(company(licence=licence))[1] for licence in (0.0, 500.0))
    assert paid.cost - free.cost == pytest.approx(500.0 * paid.headcount)


def test_expected_loads_know_of_it() -> None:
    plain, kept, good = (
        prepare(company(upkeep_minutes=minutes, quality=quality))[1].load.sum()
        for minutes, quality in ((0.0, 0.0), (6.0, 0.0), (0.0, 1.0))
    )
    assert good < plain < kept
