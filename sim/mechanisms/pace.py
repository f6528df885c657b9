"""P14 People differ: each seat has a pace of its own, the same seats in every structure.

Invariant: the mean pace of all seats is 1; parts of a duration lie on the time grid.
"""

import math

from sim.jit import compiled
from sim.mechanisms.record import Mechanism
from sim.rules.elementary import logarithm
from sim.rules.grid import on_grid
from sim.rules.quantiles import lognormal_quantile
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
    """Hours more or fewer by the person's own speed (P14), on the grid: `work (1 + handicap) (f - 1)`.

    Parameters
    ----------
    work : content of the step, hours, >= 0. handicap : `handicap_of` of learning.py, >= 0.
    pace : f, time factor of the person, > 0. Source: E15.

    >>> float(pace_part(2.0, 0.5, 1.5))
    1.5
    """
    return on_grid(work * (1.0 + handicap) * (pace - 1.0))


def time_factor(speed_cv: float, u: float) -> float:
    """Time factor of a seat (P14), lognormal with mean 1: `exp(sqrt(v) z - v / 2)`, `v = ln(1 + cv ** 2)`.

    Parameters
    ----------
    speed_cv : cv, spread of people's own speed, >= 0. u : the seat's uniform number, in (0, 1), with normal
        quantile z. Source: E15; the lognormal form is an assumption.

    >>> time_factor(0.0, 0.3), round(time_factor(0.5, 0.5) ** -2, 12)
    (1.0, 1.25)
    """
    variance = logarithm(1.0 + speed_cv * speed_cv)
    return float(lognormal_quantile(-0.5 * variance, math.sqrt(variance), u)) if variance > 0.0 else 1.0
