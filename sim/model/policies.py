"""How people learn and choose, what crossing borders costs, how customers are recognised: the policies.

Invariant: levers like the structure; the company and its demand stay as they are when they change.
"""

from typing import Annotated, Literal

from pydantic import Field

from sim.model.base import Record, quantity, share
from sim.model.company import Name
from sim.model.laws import Exponential, Law

REQUEST_KEYS = ("fifo", "request_age", "due_date", "shortest", "value", "segment_priority")
RequestKey = Literal["fifo", "request_age", "due_date", "shortest", "value", "segment_priority"]


class PeoplePolicy(Record):
    """How people learn, forget, differ and choose what to do next."""

    learning_rate: float = quantity(
        "unfamiliarity left after each doubling of experience",
        default=0.85,
        unit="factor",
        source="E1",
        grade="C",
        gt=0.0,
        le=1.0,
        advised=(0.70, 0.95),
    )
    beginner_cases: float = quantity(
        "experience e0 that counts as the first doubling", default=200.0, unit="cases", gt=0.0, le=1e9
    )
    related_weight: float = share(
        "how much experience elsewhere on the same axis counts",
        default=0.0,
        source="E2",
        grade="B",
        advised=(0, 0.7),
    )
    retention_per_month: float = quantity(
        "experience kept a month",
        default=0.95,
        unit="factor",
        source="E3",
        grade="B",
        ge=0.0,
        le=1.0,
        advised=(0.55, 0.99),
    )
    start: Literal["seasoned", "novice", "explicit"] = quantity("experience at the start", default="seasoned")
    start_cases: float = quantity(
        "experience on every axis when start is explicit", default=0.0, unit="cases", ge=0.0, le=1e9
    )
    speed_cv: float = quantity(
        "spread of people's own speed",
        default=0.2,
        unit="factor",
        source="E15",
        grade="A",
        ge=0.0,
        le=2.0,
        advised=(0, 0.4),
    )
    knowledge_scale: float = quantity(
        "factor on all knowledge weights", default=1.0, unit="factor", ge=0.0, le=10.0, advised=(0.5, 3)
    )
    switch_share: float = quantity(
        "set-up when product or function changes, as a share of the mean work of the step",
        default=0.05,
        unit="share",
        source="E6",
        grade="D",
        ge=0.0,
        le=5.0,
        advised=(0, 0.25),
    )
    switch_hours: float = quantity("fixed part of that set-up", default=0.0, unit="h", ge=0.0, le=1000.0)
    ownership: Literal["owner", "relay"] = quantity(
        "a person keeps a request over consecutive steps in a department, or each step queues again",
        default="owner",
    )
    owner_wait_hours: float = quantity(
        "how long a returning request waits for an absent owner", default=8.0, unit="h", ge=0.0, le=10_000.0
    )
    dispatch_request: RequestKey = quantity("which request a department takes next", default="fifo")
    dispatch_worker: Literal["longest_idle", "same_worker", "most_proficient"] = quantity(
        "which free worker takes it", default="longest_idle"
    )


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


class Grouping(Record):
    """Customers grouped by attributes; how well that meets their needs emerges from the overlap."""

    by: Annotated[tuple[Name, ...], Field(min_length=1, max_length=8)] = quantity("attributes used")
    groups: int = quantity(
        "most groups kept apart; the rest are treated as the last", unit="groups", ge=1, le=1000
    )


class CustomerPolicy(Record):
    """How customers are recognised and what they make of the service."""

    misgrouped: float = share(
        "share of customers in the wrong group", default=0.05, source="E12", grade="C", advised=(0.01, 0.2)
    )
    excluded: float = share(
        "share of customers in no group", default=0.01, source="E12", grade="D", advised=(0, 0.05)
    )
    grouping: Grouping | None = quantity("group by attributes instead of the two shares", default=None)
    triage_share: float = quantity(
        "effort to find out, as a share of the step",
        default=0.3,
        unit="share",
        source="E12",
        grade="D",
        ge=0.0,
        le=10.0,
    )
    claim: Law = quantity(
        "time until an excluded customer is taken on",
        default=Exponential(law="exponential", mean=8.0),
        unit="h",
    )
    corrected: float = share("probability that the record stays right afterwards", default=0.5)
    customisation_work: float = quantity(
        "more work for a segment with customisation 1",
        default=0.5,
        unit="share",
        source="E17",
        grade="D",
        ge=0.0,
        le=10.0,
    )
    patience: bool = quantity(
        "customers leave when their patience ends", default=False, source="E30", grade="B"
    )
    patience_until: Literal["first_touch", "resolution"] = quantity(
        "what stops the clock of patience", default="first_touch"
    )
    expectation_adaptation: float = share(
        "how fast expectations follow experience", default=0.2, source="E34", grade="B", advised=(0.05, 0.5)
    )
    perceived_wait: float = quantity(
        "perceived over real response time",
        default=1.2,
        unit="factor",
        source="E31",
        grade="C",
        gt=0.0,
        le=5.0,
        advised=(1.0, 1.4),
    )
    uninformed_hours: float = quantity(
        "a single wait longer than this counts as uninformed", default=16.0, unit="h", ge=0.0, le=100_000.0
    )
