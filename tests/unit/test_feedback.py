"""K6: what goes wrong again and again is put right when enough of it is heard by those who decide."""

import math

import numpy as np
import pytest

from sim.analysis.metrics import run_tables
from sim.mechanisms.feedback import heard_severity, project_weeks, tell
from sim.model.scenario import Scenario
from sim.replication import prepare, simulate
from sim.trajectory import Trajectory
from tests.scenarios import Plain, checked, office

OFTEN: Plain = {"enabled": True, "causes_per_year": 8.0, "harm": 0.3, "threshold": 3.0}


def company(structure: str = "function", **parameters: float | bool) -> Scenario:
    weeks = (
        ("experiment.horizon_weeks", 80),
        ("experiment.kind", "terminating"),
        ("experiment.warm_up_weeks", 0),
    )
    return checked(office("default", structure, ("coordination.feedback", OFTEN | parameters), *weeks))


def played(structure: str = "function", **parameters: float | bool) -> Trajectory:
    return simulate(company(structure, **parameters), engine="compiled")


def told(trajectory: Trajectory) -> dict[str, float]:
    return {name: value for name, _, value in tell(trajectory.told["K6"], slice(0, 80))}


def test_without_causes_nothing_changes() -> None:
    off, neutral = played(enabled=False), played(causes_per_year=0.0)
    assert off.visits.tobytes() == neutral.visits.tobytes()


def test_causes_make_more_go_wrong() -> None:
    calm, troubled = (played(causes_per_year=rate).requests["repeats"].mean() for rate in (0.0, 8.0))
    assert troubled > 1.1 * calm


def test_what_thins_out_on_its_way_is_put_right_later() -> None:
    weeks = [told(played(kept=kept))["weeks_to_fix"] for kept in (1.0, 0.6)]
    assert weeks[1] > 1.2 * weeks[0]


def test_who_meets_customers_acts_sooner() -> None:
    far, near = (told(played(kept=0.5, contact=contact))["weeks_to_fix"] for contact in (0.0, 1.0))
    assert near < 0.8 * far


def test_with_full_contact_nothing_thins_out() -> None:
    plain, met = played(kept=1.0), played(kept=0.5, contact=1.0)
    assert plain.visits.tobytes() == met.visits.tobytes()


def test_putting_right_takes_hours_of_the_department() -> None:
    hours = []
    for fix_hours in (0.0, 200.0):
        duties = played(fix_hours=fix_hours).duties
        meetings = duties[(duties["kind"] == 0) & np.isfinite(duties["end"])]
        hours.append(float((meetings["end"] - meetings["start"]).sum()))
    assert hours[1] > hours[0] + 200.0


def test_causes_come_at_the_same_times_whatever_the_structure() -> None:
    never = {"threshold": 1e6}
    came = {
        structure: [bool(count) for count in played(structure, **never).told["K6"]["open"]]
        for structure in ("function", "customer")
    }
    assert came["function"] == came["customer"]
    assert any(came["function"])


def test_severity_thins_with_each_level_and_border() -> None:
    assert [heard_severity(float(n), 0.8, 0.0) for n in range(3)] == pytest.approx([1.0, 0.8, 0.64])


def test_large_departments_put_things_right_in_a_week() -> None:
    assert [project_weeks(40.0, size, 40.0) for size in (1, 2, 5)] == [5, 3, 1]


def test_what_is_told_becomes_metrics_of_the_company() -> None:
    scenario = company()
    tables = run_tables(scenario, prepare(scenario)[1], simulate(scenario, engine="compiled"))
    found = {name: value for name, scope, value, _ in tables["metrics"] if scope == "company"}
    assert found["causes_open"] > 0.0
    assert found["weeks_to_fix"] >= 1.0


def test_weeks_to_fix_are_undefined_where_nothing_is_put_right() -> None:
    assert math.isnan(told(played(threshold=1e6))["weeks_to_fix"])
