"""C9: needs drift, and who listens keeps up; C10: a version for everybody costs what was learned on one."""

import math

import numpy as np
import pytest

from sim.analysis.metrics import run_tables
from sim.known_answers.learning import tracking_error
from sim.mechanisms.intelligence import heard
from sim.model.scenario import Scenario
from sim.replication import prepare, simulate
from sim.trajectory import Trajectory
from tests.scenarios import Plain, checked, office, workshop

NEUTRAL: dict[str, Plain] = {
    "intelligence": {"drift": 0.0, "hours": 0.0},
    "variants": {"degree": 0.0},
}


def company(structure: str = "function", *more: tuple[str, object], **groups: Plain) -> Scenario:
    on = [(f"customers.{name}", {"enabled": True, **values}) for name, values in groups.items()]
    return checked(office("default", structure, *on, *more))


def played(scenario: Scenario, replication: int = 0) -> Trajectory:
    return simulate(scenario, replication, engine="compiled")


def metrics(scenario: Scenario) -> dict[str, float]:
    tables = run_tables(scenario, prepare(scenario)[1], played(scenario))
    return {name: value for name, scope, value, _ in tables["metrics"] if scope == "company"}


@pytest.mark.parametrize("name", NEUTRAL)
def test_at_neutral_values_nothing_changes(name: str) -> None:
    off, neutral = company(), company("function", **{name: NEUTRAL[name]})
    assert played(off).visits.tobytes() == played(neutral).visits.tobytes()
    assert metrics(off) == {key: value for key, value in metrics(neutral).items() if key in metrics(off)}


def heard_by(listeners: str, structure: str = "function", **rules: float) -> dict[str, float]:
    given: Plain = {"listeners": listeners, "drift": 1.0, **rules}
    return metrics(company(structure, ("experiment.horizon_weeks", 60), intelligence=given))


def test_needs_that_nobody_hears_of_make_work_and_displease() -> None:
    deaf, listening = heard_by("all", hours=0.0), heard_by("all", hours=200.0)
    assert deaf["misfit"] > 2.0 * listening["misfit"]
    assert deaf["satisfaction_from_empathy"] < listening["satisfaction_from_empathy"]


def test_needs_move_alike_whoever_listens() -> None:
    """Where nobody hears anything the misfit is the need itself, in every structure."""
    by_function, by_customer = (
        heard_by("all", name, hours=0.0)["misfit"] for name in ("function", "customer")
    )
    assert by_function == pytest.approx(by_customer, rel=1e-12)


def test_what_is_passed_on_and_a_shared_record_help_those_who_did_not_listen() -> None:
    none, some = (heard_by("marketing", dissemination=share)["misfit"] for share in (0.0, 0.9))
    assert some < 0.9 * none
    record = ("coordination.shared_record", {"enabled": True, "quality": 0.9, "upkeep_minutes": 0.0})
    rules: Plain = {"listeners": "marketing", "drift": 1.0, "dissemination": 0.0}
    recorded = metrics(company("function", ("experiment.horizon_weeks", 60), record, intelligence=rules))
    assert recorded["misfit"] == pytest.approx(some, rel=1e-9)


def test_who_serves_one_segment_hears_more_of_it() -> None:
    """The same hours of a department on one segment, or on three."""
    by_function, by_customer = (heard_by("all", name)["misfit"] for name in ("function", "customer"))
    assert by_customer < 0.9 * by_function


def test_misfit_settles_where_an_autoregression_does() -> None:
    """One department that listens to both segments: mean |error| over weeks against its closed form."""
    rules: Plain = {"enabled": True, "listeners": "all", "drift": 1.0, "hours": 40.0, "enough": 20.0}
    weeks = ("experiment.horizon_weeks", 300), ("experiment.kind", "terminating"), ("demand.scale", 0.05)
    pooled = {"name": "pooled", "blocks": [{"functions": "all", "group_by": []}]}
    scenario = checked(workshop(("customers.intelligence", rules), *weeks, structure=pooled))
    found = [float(np.mean(played(scenario, number).told["C9"]["misfit"][50:])) for number in range(8)]
    expected = tracking_error(1.0 / math.sqrt(52.0), heard(40.0 / 13.0 / 2.0, 20.0 / 13.0))
    error = float(np.std(found, ddof=1)) / math.sqrt(len(found))
    assert abs(np.mean(found) - expected) < 4.0 * error < 0.3 * expected


VARIANTS = ({"degree": 0.0}, {"degree": 1.0, "upkeep": 0.0})


def test_versions_make_people_less_familiar_where_they_serve_several_segments() -> None:
    plain, varied = (metrics(company("function", variants=rules)) for rules in VARIANTS)
    assert varied["unfamiliarity_mean"] > plain["unfamiliarity_mean"] + 0.01
    same = [metrics(company("customer", variants=rules)) for rules in VARIANTS]
    assert same[1]["unfamiliarity_mean"] == pytest.approx(same[0]["unfamiliarity_mean"], abs=1e-12)


def test_versions_meet_needs_and_cost_upkeep() -> None:
    plain, varied = (metrics(company("customer", variants=rules)) for rules in VARIANTS)
    assert varied["satisfaction_from_empathy"] > plain["satisfaction_from_empathy"]
    kept_up = metrics(company("customer", variants={"degree": 1.0, "free": 1.0, "upkeep": 0.1}))
    assert kept_up["cost"] == pytest.approx(plain["cost"] + kept_up["variants_cost"])
    assert kept_up["variants_cost"] > 0.0


def test_expected_loads_reckon_with_versions() -> None:
    plain, varied = (prepare(company("function", variants=rules))[1].load for rules in VARIANTS)
    assert (varied > plain).all()


def test_an_optimum_lies_inside() -> None:
    """Needs met against experience lost, in a busy pool: neither nobody nor everybody gets a version."""

    def satisfaction(degree: float) -> np.ndarray:
        busy = ("demand.scale", 1.35), ("experiment.horizon_weeks", 60)
        scenario = company("pooled", *busy, variants={"degree": degree})
        tables = (
            run_tables(scenario, prepare(scenario)[1], played(scenario, number)) for number in range(16)
        )
        wanted = ("satisfaction_mean", "company")
        return np.array([row[2] for one in tables for row in one["metrics"] if row[:2] == wanted])

    inside = satisfaction(0.5)
    for end in (0.0, 1.0):
        gain = inside - satisfaction(end)
        assert gain.mean() > 2.6 * gain.std(ddof=1) / math.sqrt(len(gain))  # t with 15, 1 % one-sided
