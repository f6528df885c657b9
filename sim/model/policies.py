"""How people learn and choose, how customers are recognised and judge: the policies towards both.

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
        "factor on all knowledge weights; 0 switches knowledge off",
        default=1.0,
        unit="factor",
        ge=0.0,
        le=10.0,
        advised=(0.5, 3),
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
    corrected: float = share(
        "probability that the record stays right afterwards, until the customer changes", default=0.5
    )
    changes_per_year: float = quantity(
        "how often a customer changes so that the record is drawn anew",
        default=0.2,
        unit="changes/year",
        ge=0.0,
        le=100.0,
        advised=(0.05, 1),
    )
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
    expectation_weight: float = share(
        "weight of what customers think will happen against the promise, which does not adapt",
        default=0.5,
        source="Boulding, Kalra, Staelin and Zeithaml 1993; size assumption",
        grade="D",
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
