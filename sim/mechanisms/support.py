"""P5 Internal customers: departments serve one another, and whoever waits for them serves nobody.

Workers need something from internal services now and then; some needs keep them from all work until they are
met, others slow them down. Invariant: one need of a kind at a time; the next one is counted from its end, so
it is the same need, met sooner or later, in every structure.
"""

import math
from typing import Any, Literal

import numpy as np

from sim.draws import PURPOSE_NEED, PURPOSE_SERVICE, uniform
from sim.jit import inlined
from sim.mechanisms.absence import seat_addresses
from sim.mechanisms.record import Mechanism
from sim.rules.elementary import logarithm
from sim.rules.grid import on_grid
from sim.schema.base import Record, Switched, quantity

SERVICES = ("it", "hr", "facilities", "finance")
WEEKS = 52
EQUAL, EXTERNAL_FIRST, BLOCKED_WORK = range(3)


class Service(Record):
    """An internal service: its people, and what workers want of it."""

    people: int = quantity(
        "who serve; 0: there is no such service", default=1, unit="people", ge=0, le=10_000
    )
    requests_per_year: float = quantity(
        "what a worker asks for in a year, while nothing is asked for", default=12.0, unit="1/year", ge=0.0,
        le=100_000.0,
    )  # fmt: skip
    work_hours: float = quantity(
        "mean work of a request, exponential", default=1.0, unit="h", ge=0.0, le=10_000.0
    )
    blocks: bool = quantity("whoever asks can do nothing else until it is done", default=False)
    promise_hours: float = quantity(
        "hours within which it should be done", default=8.0, unit="h", gt=0.0, le=100_000.0
    )


class Support(Switched):
    """Services for the company's own people."""

    it: Service = quantity(
        "information technology",
        default=Service(people=1, requests_per_year=20.0, work_hours=1.0, blocks=True),
    )
    hr: Service = quantity("human resources", default=Service(requests_per_year=6.0, work_hours=1.5))
    facilities: Service = quantity(
        "rooms, post, devices", default=Service(requests_per_year=10.0, work_hours=1.0)
    )
    finance: Service = quantity("finance", default=Service(requests_per_year=12.0, work_hours=1.0))
    divided: bool = quantity(
        "each department large enough has people of its own, the others share what is left", default=False
    )
    priority: Literal["equal", "external_first", "blocked_work"] = quantity(
        "who is served first: who asked first, departments that meet customers, or where most requests wait",
        default="equal",
    )
    slowing: float = quantity(
        "time factor of steps begun while a need that does not block is open", default=1.1, unit="factor",
        ge=1.0, le=10.0, advised=(1.0, 1.5),
    )  # fmt: skip


def keep(state: Any) -> dict[str, Any]:
    """Addresses of draws, by worker."""
    return {"people": seat_addresses(state)}


def means(rules: Any) -> tuple[Any, Any, Any]:
    """By service: mean hours between two needs of a worker (infinite without any), of serving, does it block?

    Parameters
    ----------
    rules : `Numbers.plain` or a record of it.
    """
    rates = [getattr(rules, f"support_{name}_requests_per_year") for name in SERVICES]
    people = [getattr(rules, f"support_{name}_people") for name in SERVICES]
    between = [
        WEEKS * rules.week / rate if rate > 0.0 and some else math.inf
        for rate, some in zip(rates, people, strict=True)
    ]
    works = [getattr(rules, f"support_{name}_work_hours") for name in SERVICES]
    blocks = [getattr(rules, f"support_{name}_blocks") for name in SERVICES]
    return np.array(between), np.array(works), np.array(blocks)


def presence(rules: Any) -> float:
    """Share of hours for which somebody is not kept from work, while nobody waits for a service."""
    between, works, blocks = means(rules)
    kept = [work / gap for gap, work, block in zip(between, works, blocks, strict=True) if block]
    return 1.0 / (1.0 + math.fsum(kept))


MECHANISM = Mechanism(
    id="P5",
    claim="internal customers: departments serve one another",
    source="E25",
    section="2.14",
    shown="`internal_response_time`, `internal_within_promise`, `internal_satisfaction`, `blocked_share`; "
    "`people.support=on`",
    records=(("people.support", Support),),
    default="off",
    switch="support_enabled",
    keeps=keep,
    presence=presence,
)


@inlined
def until_need(mean: float, seat: int, service: int, number: int) -> float:
    """Hours from the end of one need of a worker to the next of this kind (P5), exponential.

    Parameters
    ----------
    mean : hours, > 0. seat : address of the worker's draws. service : place in SERVICES. number : of needs so
        far. Source: assumption; the finite-source model of queueing theory.
    """
    return on_grid(-mean * logarithm(uniform(seat, PURPOSE_NEED, service, number)))


@inlined
def serving(mean: float, seat: int, service: int, number: int) -> float:
    """Hours of serving a need (P5), exponential; arguments as of `until_need`. Source: assumption."""
    return on_grid(-mean * logarithm(uniform(seat, PURPOSE_SERVICE, service, number)))


@inlined
def urgency(priority: int, faces_customers: bool, waiting: int) -> float:
    """How soon a need is served (P5), the smallest first; equal ones in the order in which they were told.

    Parameters
    ----------
    priority : EQUAL ... BLOCKED_WORK. faces_customers : does the department meet customers?
    waiting : requests that wait there, >= 0. Source: assumption.

    >>> urgency(EQUAL, True, 5), urgency(EXTERNAL_FIRST, True, 5), urgency(BLOCKED_WORK, True, 5)
    (0.0, -1.0, -5.0)
    """
    if priority == EXTERNAL_FIRST:
        return -1.0 if faces_customers else 0.0
    return -float(waiting) if priority == BLOCKED_WORK else 0.0
