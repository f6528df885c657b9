"""K5 An empowered front line decides at once, case by case, and can give away price.

Invariant: who decides alone never waits for a manager.
"""

from sim.mechanisms.record import Mechanism
from sim.schema.base import Record, quantity, share


class Empowerment(Record):
    """What workers may decide alone, and what that gives away."""

    empowered_share: float = share(
        "share of decisions that workers may take themselves",
        default=0.3,
        off=0.0,
        source="E27",
        grade="C",
        advised=(0, 0.6),
    )
    concession_cost: float = quantity(
        "money given away when a worker decides alone",
        default=10.0,
        off=0.0,
        unit="money",
        source="E27",
        grade="D",
        ge=0.0,
        le=1e9,
    )


MECHANISM = Mechanism(
    id="K5",
    claim="an empowered front line decides at once, and can give away price",
    source="E27",
    section="2.7",
    shown="kind *waiting for a decision*; `cost`",
    records=(("coordination", Empowerment),),
)
