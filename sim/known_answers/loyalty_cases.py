"""Cases of customers who stay or leave: what a market is worth.

Invariant: nothing hangs on luck.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.known_answers.case import Trace, setting
from sim.known_answers.learning import lifetime_value
from sim.known_answers.learning_cases import BEGINNER
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
