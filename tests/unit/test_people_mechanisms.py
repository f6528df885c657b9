"""P4 training, P6 morale, P12 culture: slow, off by default, and each does what its claim says."""

import math

import numpy as np
import pytest

from sim.analysis.metrics import run_tables
from sim.mechanisms.culture import adoption_chance
from sim.mechanisms.morale import REST, morale_target, spirits
from sim.model.scenario import Scenario
from sim.replication import prepare, simulate
from tests.scenarios import Plain, checked, office, workshop

NEUTRAL: dict[str, Plain] = {
    "training": {"hours_per_week": 0.0},
    "morale": {"pace": 0.0, "care": 0.0, "courtesy": 0.0, "leaving": 0.0, "praise": 0.0},
    "culture": {"care": 1.0, "courtesy": 1.0},
}


def company(*changes: tuple[str, object], **mechanisms: Plain) -> Scenario:
    on = [(f"people.{name}", {"enabled": True, **values}) for name, values in mechanisms.items()]
    return checked(office("default", "function", *on, *changes))


def metrics(scenario: Scenario) -> dict[str, float]:
    tables = run_tables(scenario, prepare(scenario)[1], simulate(scenario, engine="compiled"))
    parts = zip(*(tables["segments"][name] for name in ("scope", "dimension", "value")), strict=True)
    return {name: value for name, scope, value, _ in tables["metrics"] if scope == "company"} | {
        dimension: value for scope, dimension, value in parts if scope == "company"
    }


@pytest.mark.parametrize("name", NEUTRAL)
def test_at_neutral_values_nothing_changes(name: str) -> None:
    off, neutral = (
        simulate(company(), engine="compiled"),
        simulate(company(**{name: NEUTRAL[name]}), engine="compiled"),
    )
    assert off.visits.tobytes() == neutral.visits.tobytes()


def test_training_costs_now_and_pays_later() -> None:
    trained = {"hours_per_week": 4.0, "cases_per_hour": 20.0, "weeks": 8, "axis": "function"}
    novices = ("people.start", "novice"), ("experiment.kind", "terminating"), ("experiment.warm_up_weeks", 0)
    usual, better = (
        simulate(company(*novices, **more), engine="compiled").visits for more in ({}, {"training": trained})
    )
    before, after = (
        [
            visits["u_function"][(visits["start"] >= first) & (visits["start"] < last)].mean()
            for visits in (usual, better)
        ]
        for first, last in ((0.0, 40.0), (400.0, 800.0))
    )
    assert before[1] == pytest.approx(before[0], abs=0.01)
    assert after[1] < after[0] - 0.05


def test_training_takes_the_hours_it_says() -> None:
    hours = []
    for more in ({}, {"training": {"hours_per_week": 5.0, "weeks": 10}}):
        trajectory = simulate(company(("coordination.meetings.base_hours", 1.0), **more), engine="compiled")
        duties = trajectory.duties[(trajectory.duties["kind"] == 0) & (trajectory.duties["start"] < 400.0)]
        hours.append(float((duties["end"] - duties["start"]).sum()))
    workers = int((trajectory.people["role"] == 0).sum())
    assert hours[1] - hours[0] == pytest.approx(5.0 * 10 * workers, rel=0.02)


def test_strain_and_unfairness_lower_morale_and_attention_lifts_it() -> None:
    rest = morale_target(0.8, 1.0, 0.0, 0.2, 0.0)
    assert rest == REST
    assert morale_target(1.0, 1.0, 0.0, 0.2, 0.0) < rest < morale_target(0.8, 1.0, 0.0, 0.2, 0.1)
    assert morale_target(0.8, 1.0, 0.5, 0.2, 0.0) < rest


def test_overload_wears_people_out() -> None:
    quick = {"weeks": 4.0, "strain": 5.0}
    usual, strained = (
        metrics(company(("demand.scale", scale), morale=quick))["morale"] for scale in (0.7, 1.2)
    )
    assert strained < usual - 0.05


def test_high_morale_means_fewer_defects_more_empathy_and_fewer_leavers() -> None:
    high = {
        "weeks": 1.0,
        "attention": 0.0,
        "belonging": 1.0,
        "strain": 0.0,
        "unfairness": 0.0,
        "leaving": 2.0,
    }
    turnover = {"rate": 2.0, "fill_days": 0.0, "training_weeks": 0}
    plain, happy = (metrics(company(**more, turnover=turnover)) for more in ({}, {"morale": high}))
    assert happy["empathy"] > plain["empathy"]
    assert happy["first_time_right"] > plain["first_time_right"]
    assert happy["leavers"] < 0.9 * plain["leavers"]


def test_spirits_count_from_rest() -> None:
    assert [spirits(REST), spirits(1.0)] == pytest.approx([0.0, 1.0])


def test_culture_follows_the_curve_of_bass_in_one_large_department() -> None:
    """`F(t) = (1 - e^(-(p + q) t)) / (1 + (q / p) e^(-(p + q) t))`, t in months."""
    p, q, weeks = 0.05, 0.4, 104
    changes = [
        ("people.culture", {"enabled": True, "at_start": 0.0, "by_itself": p, "near": q, "far": 0.0}),
        ("structure", {"name": "pooled", "blocks": [{"functions": "all", "group_by": []}]}),
        ("staffing.headcount", 2000),
        ("experiment.horizon_weeks", weeks),
        ("experiment.drain_weeks", 0),
    ]
    share = simulate(checked(workshop(*changes)), engine="compiled").told["P12"]["share"]
    months = [week * 12.0 / 52.0 for week in range(len(share))]
    fallen = [math.exp(-(p + q) * month) for month in months]
    bass = [(1.0 - rest) / (1.0 + q / p * rest) for rest in fallen]
    assert np.abs(np.array(share) - bass).max() < 0.05


def test_a_campaign_does_not_outlast_itself() -> None:
    alone = {"near": 0.0, "far": 0.0}
    calm, loud = (
        simulate(company(culture={"campaign": campaign, **alone}), engine="compiled").told["P12"]["share"]
        for campaign in (0.0, 0.3)
    )
    assert loud[13] > calm[13] + 0.1
    assert loud[19] - loud[13] <= 0.1
    assert adoption_chance(0.01, 0.0, 0.0, 0.0, 0.0) < 0.003


def test_culture_means_fewer_defects_and_more_empathy() -> None:
    everybody = {"at_start": 1.0, "care": 0.5, "courtesy": 1.2}
    plain, kind = (metrics(company(**more)) for more in ({}, {"culture": everybody}))
    assert kind["first_time_right"] > plain["first_time_right"]
    assert kind["empathy"] > plain["empathy"] + 0.03


def test_customers_who_are_satisfied_lift_morale() -> None:
    """In both directions: the same company judged by a kind and by a strict yardstick."""
    praise = {"praise": 0.5, "weeks": 1.0, "strain": 0.0, "unfairness": 0.0}
    weights = dict.fromkeys(("responsiveness", "reliability", "assurance", "empathy", "ease"), 0.0)
    names = ("private", "small_business", "corporate")
    kind = [(f"company.segments.{name}.weights", weights | {"responsiveness": 1.0}) for name in names]
    strict = [(key, weights | {"ease": 1.0}) for key, _ in kind]
    found = [metrics(company(*changes, morale=praise)) for changes in (kind, strict)]
    assert found[0]["satisfaction_mean"] > found[1]["satisfaction_mean"]
    assert found[0]["morale"] > found[1]["morale"] + 0.05
