"""C14 People do not wait for ever: patience runs from arrival to the first touch, or to resolution.

Invariant: patience is drawn with the request, so every structure meets the same patience.
"""

from typing import Any, Literal

from sim.mechanisms.record import Mechanism
from sim.schema.base import Record, quantity


class Patience(Record):
    """Whether customers leave, and what they wait for."""

    patience: bool = quantity(
        "customers leave when their patience ends", default=False, source="E30", grade="B"
    )
    patience_until: Literal["first_touch", "resolution"] = quantity(
        "what stops the clock of patience", default="first_touch"
    )


MECHANISM = Mechanism(
    id="C14",
    claim="people do not wait for ever",
    source="E30",
    section="2.9",
    shown="V10, V11; `abandoned`",
    records=(("customers", Patience),),
    keys=("company.segments.<name>.patience",),
    default="off",
)


def limited(scenario: Any) -> list[bool]:
    """Whether the customers of each segment of a scenario leave when they have waited for too long."""
    laws = [segment.patience.law for segment in scenario.company.segments.values()]
    return [scenario.customers.patience and law != "none" for law in laws]
