"""K9 The manager as a bottleneck: exceptions wait for somebody who may decide.

Invariant: the effort rule holds for deciders as for workers, with their own experience.
"""

from sim.jit import compiled
from sim.mechanisms.record import Mechanism
from sim.rules.grid import on_grid
from sim.schema.base import Record, quantity, share
from sim.schema.laws import Exponential, Law


class Decisions(Record):
    """What needs a decision, and how long one takes."""

    exception_share: float = share(
        "share of visits that need a decision",
        default=0.10,
        off=0.0,
        source="E13",
        grade="C",
        advised=(0.03, 0.35),
    )
    decision: Law = quantity(
        "work content of a decision",
        default=Exponential(law="exponential", mean=0.3),
        off={"law": "deterministic", "mean": 0.0},
        unit="h",
        source="E13",
        grade="D",
    )
    share_cross: float = share(
        "decisions that go to the general manager once several departments were involved",
        default=0.1,
        off=0.0,
    )


MECHANISM = Mechanism(
    id="K9",
    claim="span of control: the manager as a bottleneck",
    source="E13",
    section="2.3, 2.7",
    shown="`manager_utilisation`; kinds *waiting for a decision*, *deciding*",
    records=(("coordination", Decisions),),
    keys=("staffing.span", "company.functions.<name>.exception_share"),
    kinds=(
        ("decision_wait", "coordination.exception_share", "how many cases need a decision"),
        ("decision", "coordination.exception_share", "how many cases need a decision"),
    ),
)


@compiled
def decision_hours(work: float, handicap: float) -> float:
    """Time of a decision: its work content under the effort rule with the decider's own experience.

    >>> float(decision_hours(0.5, 1.0))
    1.0
    """
    return on_grid(work * (1.0 + handicap))
