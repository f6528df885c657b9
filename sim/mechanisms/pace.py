"""P14 People differ: each seat has a pace of its own, the same seats in every structure.

Invariant: the mean pace of all seats is 1; parts of a duration lie on the time grid.
"""

from sim.jit import compiled
from sim.mechanisms.record import Mechanism
from sim.rules.grid import on_grid
from sim.schema.base import Record, quantity


class Pace(Record):
    """How much people differ."""

    speed_cv: float = quantity(
        "spread of people's own speed",
        default=0.2,
        off=0.0,
        unit="factor",
        source="E15",
        grade="A",
        ge=0.0,
        le=2.0,
        advised=(0, 0.4),
    )


MECHANISM = Mechanism(
    id="P14",
    claim="people differ",
    source="E15",
    section="2.3",
    shown="kind *pace of the person*; V26",
    records=(("people", Pace),),
    kinds=(("pace", "people.speed_cv", "how much people differ"),),
)


@compiled
def pace_part(work: float, handicap: float, pace: float) -> float:
    """Extra (or saved) hours because of the person's own speed.

    `handicap` is the sum of weight x unfamiliarity.

    >>> float(pace_part(2.0, 0.5, 1.5))
    1.5
    """
    return on_grid(work * (1.0 + handicap) * (pace - 1.0))
