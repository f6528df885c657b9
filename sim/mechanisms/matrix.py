"""S6 Matrix: functions do the work, a coordinator owns the request across them, and two bosses can conflict.

Invariant: nothing of it happens in structures without coordinators.
"""

from sim.mechanisms.record import Mechanism
from sim.schema.base import Record, quantity, share


class Matrix(Record):
    """Cost of two lines of authority; used where the structure has coordinators."""

    coordination_hours: float = quantity(
        "time a coordinator needs at arrival and at each handoff",
        default=0.1,
        off=0.0,
        unit="h",
        source="E10",
        grade="D",
        ge=0.0,
        le=100.0,
        advised=(0, 1),
    )
    conflict: float = share(
        "share of steps on which two bosses must agree", default=0.02, off=0.0, advised=(0, 0.2)
    )


MECHANISM = Mechanism(
    id="S6",
    claim="matrix: a coordinator owns the request across functions; two bosses can conflict",
    source="E10",
    section="2.7",
    shown="kinds *coordinator*, *waiting for a decision*; `coordinator_utilisation`",
    records=(("coordination.matrix", Matrix),),
    keys=("structure=matrix",),
    default="choose it",
    kinds=(("coordination", "coordination.matrix.coordination_hours", "how long coordination takes"),),
)
