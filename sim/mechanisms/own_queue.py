"""P15 A queue of one's own is worked off faster: who shares it feels less responsible for it.

Invariant: with the factor 1 nothing changes; in a large department nearly nothing does.
"""

from typing import Any

from sim.jit import compiled
from sim.mechanisms.record import Mechanism
from sim.schema.base import Record, quantity


class OwnQueue(Record):
    """What a queue of one's own does to the time of a step."""

    own_queue: float = quantity(
        "time factor of somebody who alone serves a queue; the more colleagues share it, the nearer to 1",
        default=1.0,
        unit="factor",
        source="E5: 0.90, Song et al. 2015",
        grade="B",
        gt=0.0,
        le=2.0,
        advised=(0.83, 1.0),
    )


def pace(numbers: Any, workers: int) -> float:
    """What the mechanism gives everybody in a department of so many people."""
    return shared_factor(float(numbers[0].own_queue), workers)


MECHANISM = Mechanism(
    id="P15",
    claim="a queue of one's own is worked off faster",
    source="E5",
    section="2.3",
    shown="kind *pace of the person*; `people.own_queue=0.9`",
    records=(("people", OwnQueue),),
    default="off",
    pace=pace,
)


@compiled
def shared_factor(alone: float, workers: int) -> float:
    """Time factor in a department of n people (P15): `1 - (1 - f) / n`.

    Parameters
    ----------
    alone : f, factor of somebody with a queue of his or her own, > 0. Source: E5 (Song et al. 2015).
    workers : n, people who share the queue, >= 1.

    >>> round(float(shared_factor(0.9, 1)), 12), round(float(shared_factor(0.9, 10)), 12)
    (0.9, 0.99)
    """
    return 1.0 - (1.0 - alone) / workers
