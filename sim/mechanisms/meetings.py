"""K7 Meetings and networks cost time, more of it in large departments and with many partners.

Invariant: nobody spends more than nine tenths of a week in meetings.
"""

from sim.jit import compiled
from sim.mechanisms.record import Mechanism
from sim.schema.base import Record, quantity

MOST = 0.9
"""Share of a week that meetings and training can take."""


class Meetings(Record):
    """Hours a worker spends in meetings a week."""

    base_hours: float = quantity(
        "always",
        default=1.0,
        off=0.0,
        unit="h/week",
        source="E10",
        grade="D",
        ge=0.0,
        le=40.0,
        advised=(0, 4),
    )
    per_colleague_hours: float = quantity(
        "for each colleague in the department",
        default=0.04,
        off=0.0,
        unit="h/week",
        source="E10",
        grade="D",
        ge=0.0,
        le=10.0,
        advised=(0, 0.2),
    )
    per_partner_hours: float = quantity(
        "for each department work is exchanged with",
        default=0.25,
        off=0.0,
        unit="h/week",
        source="E10",
        grade="D",
        ge=0.0,
        le=10.0,
        advised=(0, 1),
    )


MECHANISM = Mechanism(
    id="K7",
    claim="meetings and networks cost time",
    source="E10",
    section="2.6",
    shown="`hidden_work` by department",
    records=(("coordination.meetings", Meetings),),
)


@compiled
def meeting_hours(
    base: float,
    per_colleague: float,
    per_partner: float,
    workers: int,
    partners: int,
    training: float,
    week: float,
) -> float:  # fmt: skip
    """Hours a week in meetings (K7), at most nine tenths of the week.

    `base + per colleague (workers - 1) + per partner x partners + training`.

    Parameters
    ----------
    base, per_colleague, per_partner : hours a week, >= 0. Source: E10.
    workers : people of the department, >= 1. partners : departments it exchanges work with, >= 0.
    training : hours a week spent on learning further functions, >= 0. week : open hours of a week, > 0.

    >>> float(meeting_hours(1.0, 0.5, 0.25, 5, 2, 0.0, 40.0))
    3.5
    """
    hours = base + per_colleague * (workers - 1)
    hours += per_partner * partners
    hours += training
    return min(hours, MOST * week)
