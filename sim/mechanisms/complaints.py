"""C12 Complaints and returns are demand: who got something wrong comes back, or suffers in silence.

Invariant: a return is the same request, never a new one.
"""

from sim.mechanisms.record import Mechanism
from sim.schema.base import Record, quantity, share
from sim.schema.laws import Exponential, Law


class Complaints(Record):
    """What becomes of a defect that reaches the customer."""

    complaint: float = share(
        "share of escaped defects for which the customer comes back",
        default=0.5,
        off=1.0,
        source="E42",
        grade="C",
        advised=(0.05, 0.8),
    )
    return_delay: Law = quantity(
        "time until a customer comes back",
        default=Exponential(law="exponential", mean=16.0),
        off={"law": "deterministic", "mean": 0.0},
        unit="h",
    )


MECHANISM = Mechanism(
    id="C12",
    claim="complaints and returns are information and demand",
    source="E42",
    section="2.5",
    shown="passage *return*",
    records=(("coordination.rework", Complaints),),
)
