"""What crossing borders, asking for decisions, meeting and repeating work costs.

Invariant: a lever like the structure; the same costs hold for every structure compared.
"""

from typing import Literal

from sim.model.base import Record, quantity, share
from sim.model.laws import Exponential, Law
from sim.model.policies import RequestKey


class Meetings(Record):
    """Hours a worker spends in meetings a week."""

    base_hours: float = quantity(
        "always", default=1.0, unit="h/week", source="E10", grade="D", ge=0.0, le=40.0, advised=(0, 4)
    )
    per_colleague_hours: float = quantity(
        "for each colleague in the department",
        default=0.04,
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
        unit="h/week",
        source="E10",
        grade="D",
        ge=0.0,
        le=10.0,
        advised=(0, 1),
    )


class Defects(Record):
    """How often a step goes wrong: base + unfamiliarity (u - reference) + context (1 - c)."""

    base: float = share(
        "probability for a person of reference familiarity with full context",
        default=0.03,
        source="E14",
        grade="C",
        advised=(0, 0.1),
    )
    unfamiliarity: float = quantity(
        "more for each unit of unfamiliarity",
        default=0.06,
        unit="share",
        source="E14",
        grade="D",
        ge=0.0,
        le=1.0,
        advised=(0, 0.2),
    )
    reference: float = share("unfamiliarity at which base holds, the same for all structures", default=0.5)
    context: float = share(
        "more when all context is lost", default=0.2, source="E9", grade="D", advised=(0, 1)
    )


class Rework(Record):
    """What happens to a defect."""

    caught: float = share(
        "share of defective requests found inside, before the customer sees them",
        default=0.5,
        advised=(0.2, 0.9),
    )
    complaint: float = share(
        "share of escaped defects for which the customer comes back",
        default=0.5,
        source="E42",
        grade="C",
        advised=(0.05, 0.8),
    )
    share: float = quantity(
        "work of a repeated step as a share of the first visit",
        default=0.5,
        unit="share",
        ge=0.0,
        le=10.0,
        advised=(0.2, 1),
    )
    rounds: int = quantity("most repeats of a request", default=3, unit="rounds", ge=0, le=10_000)
    return_delay: Law = quantity(
        "time until a customer comes back", default=Exponential(law="exponential", mean=16.0), unit="h"
    )
    fresh: bool = quantity(
        "draw the work of a repeat anew instead of repeating a share of the first visit's", default=False
    )


class Matrix(Record):
    """Cost of two lines of authority; used where the structure has coordinators."""

    coordination_hours: float = quantity(
        "time a coordinator needs at arrival and at each handoff",
        default=0.1,
        unit="h",
        source="E10",
        grade="D",
        ge=0.0,
        le=100.0,
        advised=(0, 1),
    )
    conflict: float = share("share of steps on which two bosses must agree", default=0.02, advised=(0, 0.2))


class Coordination(Record):
    """What crossing borders, asking for decisions and meeting costs."""

    handoff: Law = quantity(
        "delay when a request moves to another department",
        default=Exponential(law="exponential", mean=2.0),
        unit="h",
        source="E8",
        grade="D",
    )
    context_within: float = share(
        "context kept when the person changes inside a department", default=0.99, source="E9", grade="B"
    )
    context_between: float = share(
        "context kept across departments: 0.97 notes, 0.80 verbal, 0.998 shared record",
        default=0.97,
        source="E9",
        grade="B",
        advised=(0.48, 0.998),
    )
    context_coordinated: float = share(
        "context kept across departments where a coordinator passes it on",
        default=0.998,
        source="E9",
        grade="B",
    )
    reread_share: float = quantity(
        "hours of rereading per hour of lost earlier work",
        default=1.0,
        unit="share",
        ge=0.0,
        le=10.0,
        advised=(0, 2),
    )
    exception_share: float = share(
        "share of visits that need a decision", default=0.10, source="E13", grade="C", advised=(0.03, 0.35)
    )
    empowered_share: float = share(
        "share of decisions that workers may take themselves",
        default=0.3,
        source="E27",
        grade="C",
        advised=(0, 0.6),
    )
    decision: Law = quantity(
        "work content of a decision",
        default=Exponential(law="exponential", mean=0.3),
        unit="h",
        source="E13",
        grade="D",
    )
    share_cross: float = share(
        "decisions that go to the general manager once several departments were involved", default=0.1
    )
    concession_cost: float = quantity(
        "money given away when a worker decides alone",
        default=10.0,
        unit="money",
        source="E27",
        grade="D",
        ge=0.0,
        le=1e9,
    )
    meetings: Meetings = quantity("meetings", default=Meetings())
    defects: Defects = quantity("what goes wrong", default=Defects())
    rework: Rework = quantity("what is done about it", default=Rework())
    priorities: Literal["local", "shared"] = quantity(
        "each department by its own key, or all by the same one", default="local"
    )
    shared_key: RequestKey = quantity(
        "the key all departments use when priorities are shared", default="due_date"
    )
    matrix: Matrix = quantity("two lines of authority", default=Matrix())
