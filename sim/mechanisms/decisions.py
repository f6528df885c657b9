"""K9 The manager as a bottleneck: exceptions wait for somebody who may decide.

Invariant: the effort rule holds for deciders as for workers, with their own experience.
"""

import math

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
    """Time of a decision (K9), on the grid: `work (1 + handicap)`, the effort rule for whoever decides.

    Parameters
    ----------
    work : content of the decision, hours, >= 0. handicap : of the decider, `handicap_of` of learning.py,
        >= 0.
        Source: E13; that deciders learn as workers do is an assumption.

    >>> float(decision_hours(0.5, 1.0))
    1.0
    """
    return on_grid(work * (1.0 + handicap))


def managers_needed(workers: int, span: float) -> int:
    """Managers of so many workers (K9): `ceil(n / span)`.

    Parameters
    ----------
    workers : n, people led, >= 0. span : people a manager leads at most, >= 1. Source: E13 for what managers
        decide; the span itself is an assumption of the scenario.

    >>> managers_needed(12, 10), managers_needed(7, 10)
    (2, 1)
    """
    return math.ceil(workers / span)
