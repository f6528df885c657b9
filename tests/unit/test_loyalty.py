"""C5: satisfied customers stay, buy again and bring others; unsatisfied ones leave and warn."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.metrics import run_tables
from sim.model.scenario import Scenario
from sim.replication import prepare, simulate
from sim.rules.loyalty import balance, buys, lifetime_value, stays_a_year, volume
from sim.trajectory import CANCELLED, Trajectory
from tests.scenarios import Plain, checked, office, workshop

NEUTRAL: Plain = {"stay": 1.0 - 1e-12, "steepness": 0.0, "elasticity": 0.0, "prospects": 0.0}
CONSTANT: Plain = {"weight": 0.0, "prospects": 0.0}
scores = st.floats(0.0, 100.0)


def company(
    structure: str = "function", *changes: tuple[str, object], **parameters: float | bool
) -> Scenario:
    rules: Plain = {"enabled": True, **parameters}
    return checked(office("default", "function", ("customers.loyalty", rules)))


def played(scenario: Scenario) -> Trajectory:
    return simulate(scenario, engine="compiled")


def metrics(scenario: Scenario) -> dict[str, float]:
    tables = run_tables(scenario, prepare(scenario)[1], played(scenario))
    return {name: value for name, scope, value, _ in tables["metrics"] if scope == "company"}


def told(customers: int, weeks: int, *changes: tuple[str, object], **parameters: float) -> Plain:
    """What C5 tells of a workshop with so many customers who ask for little."""
    segments = [
        ("company.segments.town.customers", customers), ("company.segments.village.customers", customers),
        ("demand.scale", 40.0 / customers), ("experiment.kind", "terminating"),
        ("experiment.horizon_weeks", weeks),
    ]  # fmt: skip
    rules: Plain = {"enabled": True, **CONSTANT, **parameters}
    return dict(played(checked(workshop(("customers.loyalty", rules), *segments, *changes))).told["C5"])


def test_where_nobody_leaves_holds_back_or_joins_nothing_changes() -> None:
    off, neutral = played(company(enabled=False)), played(company(**NEUTRAL))
    assert off.visits.tobytes() == neutral.visits.tobytes()


def test_prospects_change_nothing_of_what_customers_ask_for() -> None:
    usual, more = (
        played(company(**NEUTRAL)),
        played(company(**NEUTRAL | {"prospects": 0.5, "referrals": 0.0})),
    )
    came = more.requests[more.requests["status"] != CANCELLED]
    assert len(more.requests) > 1.3 * len(usual.requests)
    assert [came[name].tobytes() for name in ("arrival", "done", "product", "number")] == [
        usual.requests[name].tobytes() for name in ("arrival", "done", "product", "number")
    ]


def test_under_constant_satisfaction_a_customers_lifetime_is_geometric() -> None:
    """Survivors of week t are binomial, r^(t / 52); V43: 1 / (1 - r) years in the mean."""
    customers, weeks, stay = 4000, 104, 0.6
    here = np.array(told(customers, weeks, stay=stay)["customers"])
    share = stay ** (np.arange(len(here)) / 52.0)
    error = np.sqrt(2 * customers * share * (1.0 - share))
    assert (np.abs(here - 2 * customers * share) <= 4.0 * error + 1e-9).all()
    chances = 1.0 - stay ** (np.arange(1, 4000))  # whole years
    assert math.fsum((1.0 - chances).tolist()) + 1.0 == pytest.approx(1.0 / (1.0 - stay))


def test_customers_are_worth_their_lifetime_value() -> None:
    """V43: m r / (1 + i - r), summed over all customers at the start."""
    found = told(40, 20, stay=0.8, interest=0.1)["value"][0]
    yearly = 40 * 100.0 * 52.0 + 40 * 100.0 * 26.0
    assert found == pytest.approx(yearly * 0.8 / (1.0 + 0.1 - 0.8), rel=1e-9)
    assert lifetime_value(100.0, 0.8, 0.1) == pytest.approx(266.66666666666663, rel=1e-9)


@given(scores, scores)
def test_who_is_more_satisfied_stays_and_buys_no_less(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert stays_a_year(low, 0.85, 0.04, 70.0, 0.0) <= stays_a_year(high, 0.85, 0.04, 70.0, 0.1)
    assert buys(low, 70.0, 0.3) <= buys(high, 70.0, 0.3) <= 1.0


@given(st.floats(0.0, 30.0))
def test_talk_is_u_shaped_and_bad_news_is_told_a_little_more(distance: float) -> None:
    """The published pattern (E40, Anderson 1998)."""
    good, bad = volume(70.0 + distance, 70.0, 1.0, 1.3), volume(70.0 - distance, 70.0, 1.0, 1.3)
    assert volume(70.0, 70.0, 1.0, 1.3) == 1.0 <= good <= bad <= 1.3 * good
    assert balance(70.0 - distance, 70.0, 1.0, 1.3) <= 1.0 <= balance(70.0 + distance, 70.0, 1.0, 1.3)


def test_people_join_as_fast_as_customers_tell() -> None:
    """Everybody at the reference tells alike, who has joined too: the share x grows by h (1 + x) (1 - x).

    From 0 this is tanh(h t); week by week the pull passes exponential thresholds.
    """
    joined = np.cumsum(told(2000, 52, prospects=1.0, referrals=0.5, stay=1.0 - 1e-12)["joined"])
    pull, shares = 0.0, [0.0]
    for _ in joined[1:]:
        pull += 0.5 / 52.0 * (1.0 + shares[-1])
        shares.append(1.0 - math.exp(-pull))
    assert shares[-1] == pytest.approx(math.tanh(0.5 * (len(shares) - 1) / 52.0), rel=0.01)
    assert joined[-1] == pytest.approx(4000 * shares[-1], abs=4.0 * math.sqrt(4000 * 0.25))


def test_satisfied_customers_stay_longer_and_bring_more_of_others() -> None:
    generous, strict = (
        metrics(company(reference=float(s), prospects=0.5, referrals=1.0, weight=1.0)) for s in (40, 95)
    )
    assert generous["churn_per_year"] < 0.7 * strict["churn_per_year"]
    assert generous["joined"] > 1.5 * strict["joined"]
    assert generous["customers_end"] > strict["customers_end"]


def test_who_holds_back_asks_for_less() -> None:
    free, careful = (
        played(company(reference=99.0, elasticity=e, stay=1.0 - 1e-12, steepness=0.0, prospects=0.0))
        for e in (0.0, 2.0)
    )
    came = [int((one.requests["status"] != CANCELLED).sum()) for one in (free, careful)]
    assert came[1] < 0.9 * came[0]


def test_bad_service_costs_customers_and_their_value() -> None:
    """The loop: the same people, asked for more than they can do well."""
    rules = ("customers.loyalty", {"enabled": True, "prospects": 0.0})
    year = ("experiment.horizon_weeks", 60), ("experiment.kind", "terminating")
    calm, busy = (
        metrics(checked(office("default", "function", rules, *year, ("demand.scale", scale))))
        for scale in (1.0, 1.8)
    )
    assert busy["churn_per_year"] > 1.1 * calm["churn_per_year"]
    assert busy["customer_value"] / 1.8 < 0.95 * calm["customer_value"]


def test_nobody_leaves_a_market_that_is_not_open_yet() -> None:
    opens = ("company.segments.town.opens", 60), ("experiment.warm_up_weeks", 0)
    found = told(400, 104, *opens, stay=0.3)
    assert found["customers"][0] == 400
    assert found["customers"][59] < 200
    assert found["customers"][60] == pytest.approx(found["customers"][59] + 400, abs=20)


@pytest.mark.parametrize("key", ["stay", "reference"])
def test_impossible_values_are_refused(key: str) -> None:
    with pytest.raises(Exception, match=f"customers.loyalty.{key}"):
        checked(office("default", "function", (f"customers.loyalty.{key}", 0.0)))
