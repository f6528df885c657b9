"""P2 What is not used fades: experience is lost with time, and use renews it.

Invariant: experience is counted in cases and never falls below 0.
"""

from typing import Any, Literal

from sim.jit import compiled
from sim.mechanisms.record import Mechanism
from sim.rules.elementary import power
from sim.schema.base import Record, quantity

MOST_CASES = 1e12
"""Experience of somebody who never forgets and has worked for ever."""


class Forgetting(Record):
    """How fast experience fades, and what people start with."""

    retention_per_month: float = quantity(
        "experience kept a month",
        default=0.95,
        off=1.0,
        unit="factor",
        source="E3",
        grade="B",
        ge=0.0,
        le=1.0,
        advised=(0.55, 0.99),
    )
    start: Literal["seasoned", "novice", "explicit"] = quantity(
        "experience at the start", default="seasoned", off="novice"
    )
    start_cases: float = quantity(
        "experience on every axis when start is explicit", default=0.0, unit="cases", ge=0.0, le=1e9
    )


def forget(state: Any, week: int) -> None:
    """Experience fades: `K <- g K` a week, g the weekly retention; steps in between renew it."""
    for experience in (state.by_function, state.by_product, state.by_segment):
        experience[...] *= state.numbers.weekly_retention


MECHANISM = Mechanism(
    id="P2",
    claim="what is not used fades",
    source="E3",
    section="2.4, 2.10",
    shown="`unfamiliarity_mean`; weekly series",
    records=(("people", Forgetting),),
    review=forget,
)


@compiled
def weekly_retention(retention_per_month: float) -> float:
    """Experience kept from one weekly review to the next (P2): `retention ** (12 / 52)`.

    Parameters
    ----------
    retention_per_month : share of experience kept a month, in [0, 1]. Source: E3.

    >>> abs(float(weekly_retention(0.95)) ** 52 - 0.95**12) < 1e-12
    True
    """
    return power(retention_per_month, 12.0 / 52.0) if retention_per_month > 0.0 else 0.0


@compiled
def seasoned_cases(a_week: float, retention: float) -> float:
    """Experience just after a review that `a_week` cases a week settle at (P2): `x g / (1 - g)`.

    Parameters
    ----------
    a_week : x, cases a week of this kind, >= 0.
    retention : g, share of experience that a week keeps, in [0, 1].
        Source: the fixed point of `K <- g (K + x)`, E3.

    >>> float(seasoned_cases(3.0, 0.75))
    9.0
    """
    if retention >= 1.0:
        return MOST_CASES if a_week > 0.0 else 0.0
    return a_week * (retention / (1.0 - retention))
