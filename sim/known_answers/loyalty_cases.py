"""Cases of customers: what a market is worth, how fast customers leave, how well a listener follows a need.

Invariant: satisfaction is held constant, so that nothing hangs on the service.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from sim.known_answers.case import Case, Trace, exponential, setting
from sim.known_answers.learning import churn, lifetime_value, tracking_error
from sim.known_answers.learning_cases import BEGINNER
from sim.known_answers.observed import Observed
from sim.known_answers.station_cases import station_case
from sim.trajectory import Trajectory


def loyal_trace(margin: float, retention: float, interest: float) -> Trace:
    """V43: a thousand customers, each with a request a year; what they are worth, a head."""
    customers, value = 1000, "CLV_first_margin_after_1yr"
    more = (
        "experiment.horizon_weeks=2",
        setting("company.segments.a.customers", customers),
        setting("company.segments.a.margin", margin),
        setting("company.segments.a.interarrival", {"law": "deterministic", "mean": 52 * 40.0}),
        "customers.loyalty=on",
        f"customers.loyalty.stay={retention}",
        f"customers.loyalty.interest={interest}",
    )

    def exact(_: Trajectory) -> Mapping[str, float]:
        return {value: lifetime_value(margin, retention, interest)["first_margin_after_1yr"]}

    return Trace(
        name="V43",
        family="loyalty",
        title="what a customer is worth who stays a year with a known chance",
        overrides=(*BEGINNER, *more),
        exact=exact,
        found=lambda trajectory: {value: trajectory.told["C5"]["value"][0] / customers},
    )


def loyalty_cases() -> Iterator[Trace]:
    """Every case of this file."""
    yield loyal_trace(100.0, 0.8, 0.1)


def left_a_year(seen: Observed) -> float:
    """Customers who left over customer years."""
    told = seen.told["C5"]
    here = math.fsum(told["customers"][seen.weeks]) / 52.0
    return math.fsum(told["left"][seen.weeks.start + 1 : seen.weeks.stop + 1]) / here


def churn_case(retention: float) -> Case:
    """Customers whose satisfaction never moves leave at random: a geometric lifetime in weeks."""
    customers, rate = 4000, 0.5
    more = (
        setting("company.segments.a.customers", customers),
        "customers.loyalty=on",
        "customers.loyalty.weight=0.0",
        "customers.loyalty.prospects=0.0",
        f"customers.loyalty.stay={retention}",
    )
    return station_case(
        "C5", "loyalty", f"customers who stay a year with {retention:g}", exponential(customers / rate),
        exponential(0.5), 1, lambda: {"churn": churn(retention)}, {"churn": left_a_year}, more,
        batch=customers,
    )  # fmt: skip


def misfit(seen: Observed) -> float:
    """Mean distance between a need and what the company believes of it."""
    told = seen.told["C9"]["misfit"][seen.weeks]
    return math.fsum(told) / len(told)


def listening_case(hours: float, enough: float) -> Case:
    """One listener follows one need: an autoregression of order 1."""
    more = (
        "customers.intelligence=on",
        "customers.intelligence.drift=1.0",
        "customers.intelligence.listeners=all",
        f"customers.intelligence.hours={hours}",
        f"customers.intelligence.enough={enough}",
    )
    gain = 1.0 - math.exp(-hours / enough)
    return station_case(
        "C9", "listening", "a need that drifts and a company that listens", exponential(20.0),
        exponential(0.5), 1, lambda: {"misfit": tracking_error(1.0 / math.sqrt(52.0), gain)},
        {"misfit": misfit}, more,
    )  # fmt: skip


def customer_cases() -> Iterator[Case]:
    """Every statistical case of this file."""
    yield churn_case(0.7)
    yield listening_case(10.0, 20.0)
