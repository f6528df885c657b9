"""K11 Switching between kinds of work takes a set-up.

Invariant: whoever stays with a product and a function pays nothing.
"""

from sim.jit import compiled
from sim.mechanisms.record import Mechanism
from sim.schema.base import Record, quantity


class Switching(Record):
    """What a change of product or function costs."""

    switch_share: float = quantity(
        "set-up when product or function changes, as a share of the mean work of the step",
        default=0.05,
        off=0.0,
        unit="share",
        source="E6",
        grade="D",
        ge=0.0,
        le=5.0,
        advised=(0, 0.25),
    )
    switch_hours: float = quantity("fixed part of that set-up", default=0.0, unit="h", ge=0.0, le=1000.0)


MECHANISM = Mechanism(
    id="K11",
    claim="switching between kinds of work costs time",
    source="E6",
    section="2.4",
    shown="V47f, V29; kind *switching*",
    records=(("people", Switching),),
    kinds=(("switch", "people.switch_share", "what a change of task costs"),),
)


@compiled
def switch_hours(mean_work: float, share: float, fixed: float) -> float:
    """Set-up when the worker changes product or function (K11): `fixed + share x mean work`.

    Parameters
    ----------
    mean_work : of steps like this one, hours. share : of it, >= 0. fixed : hours, >= 0. Source: E6.

    >>> float(switch_hours(2.0, 0.05, 0.4))
    0.5
    """
    return fixed + share * mean_work
