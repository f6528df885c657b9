"""C8 Expectations: ask, set and keep promises; what customers expect follows what they have experienced.

Invariant: a customer's first expectation is the promise. The rules stand in rules/satisfaction.py.
"""

from sim.mechanisms.record import Mechanism
from sim.schema.base import Record, quantity, share


class Expectations(Record):
    """How customers judge waiting."""

    expectation_adaptation: float = share(
        "how fast expectations follow experience", default=0.2, source="E34", grade="B", advised=(0.05, 0.5)
    )
    expectation_weight: float = share(
        "weight of what customers think will happen against the promise, which does not adapt",
        default=0.5,
        source="Boulding, Kalra, Staelin and Zeithaml 1993; size assumption",
        grade="D",
    )
    perceived_wait: float = quantity(
        "perceived over real response time",
        default=1.2,
        unit="factor",
        source="E31",
        grade="C",
        gt=0.0,
        le=5.0,
        advised=(1.0, 1.4),
    )


MECHANISM = Mechanism(
    id="C8",
    claim="expectations: ask, set and keep promises",
    source="E31, E34",
    section="2.12",
    shown="`within_promise`, `satisfaction_outcome`",
    records=(("customers", Expectations),),
    keys=("company.segments.<name>.promise_hours",),
)
