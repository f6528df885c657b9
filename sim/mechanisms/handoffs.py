"""K1 Work and priorities get lost in the gaps between departments: borders take time and lose context.

Invariant: context lies in [0, 1] and is lost only when another person takes over.
"""

from sim.jit import compiled
from sim.mechanisms.record import Mechanism
from sim.schema.base import Record, quantity, share
from sim.schema.laws import Exponential, Law


class Handoffs(Record):
    """What a border between departments, or a change of person, costs."""

    handoff: Law = quantity(
        "delay when a request moves to another department",
        default=Exponential(law="exponential", mean=2.0),
        off={"law": "deterministic", "mean": 0.0},
        unit="h",
        source="E8",
        grade="D",
    )
    context_within: float = share(
        "context kept when the person changes inside a department",
        default=0.99,
        off=1.0,
        source="E9",
        grade="B",
    )
    context_between: float = share(
        "context kept across departments: 0.97 notes, 0.80 verbal, 0.998 shared record",
        default=0.97,
        off=1.0,
        source="E9",
        grade="B",
        advised=(0.48, 0.998),
    )
    context_coordinated: float = share(
        "context kept across departments where a coordinator passes it on",
        default=0.998,
        off=1.0,
        source="E9",
        grade="B",
    )
    reread_share: float = quantity(
        "hours of rereading per hour of lost earlier work",
        default=1.0,
        off=0.0,
        unit="share",
        ge=0.0,
        le=10.0,
        advised=(0, 2),
    )


MECHANISM = Mechanism(
    id="K1",
    claim="work and priorities get lost in the gaps between departments",
    source="E8, E9",
    section="2.5, 2.6",
    shown="V17; kinds *handing over*, *rereading*; passage *rework*",
    records=(("coordination", Handoffs),),
    keys=("coordination.defects.context",),
    kinds=(
        ("handoff", "coordination.handoff.mean", "how long handing over takes"),
        ("reread", "coordination.context_between", "how much is lost when work is handed over"),
    ),
)


@compiled
def reread_hours(lost: float, share: float, work_done: float) -> float:
    """Reading up on what others did (K1): `lost x share x work done`.

    Parameters
    ----------
    lost : share of the context that did not survive, in [0, 1]. share : hours for each hour of the lost
        work, >= 0.
    work_done : content of the steps already done, hours, >= 0. Source: E9; proportion to the work is an
        assumption.

    >>> float(reread_hours(0.25, 0.5, 4.0))
    0.5
    """
    return lost * share * work_done
