"""K4 Tell customers what they must bring, answer every message, keep them informed.

Who was not told may send a request that lacks something, which is found out when its first step begins; it
then waits for the customer. Invariant: with complete requests, no minutes and no updates nothing changes.
"""

import math
from typing import Any

from sim.jit import compiled, inlined
from sim.mechanisms.record import Mechanism
from sim.rules.grid import on_grid
from sim.schema.base import Switched, quantity, share
from sim.schema.laws import Exponential, Law

Record = Any


class Telling(Switched):
    """What customers are told, before and while they wait."""

    incomplete: float = share(
        "share of requests that lack something if nobody tells customers what to bring", default=0.2,
        advised=(0.05, 0.5),
    )  # fmt: skip
    told: float = share("share of customers who are told", default=0.5)
    minutes: float = quantity(
        "minutes that telling a customer costs, taken when the request is first looked at", default=2.0,
        unit="min", ge=0.0, le=480.0,
    )  # fmt: skip
    ask_minutes: float = quantity(
        "minutes of finding out what is missing and asking for it", default=5.0, unit="min", ge=0.0, le=480.0
    )
    answer: Law = quantity(
        "time until the customer has brought it", default=Exponential(law="exponential", mean=16.0),
        off={"law": "deterministic", "mean": 0.0}, unit="h",
    )  # fmt: skip
    update_hours: float = quantity(
        "who waits in a queue is told how it goes every so many hours; 0: never",
        default=8.0, unit="h", ge=0.0, le=100_000.0,
    )  # fmt: skip
    update_minutes: float = quantity(
        "minutes that an update takes whoever works on the request next", default=2.0, unit="min", ge=0.0,
        le=480.0,
    )  # fmt: skip


MECHANISM = Mechanism(
    id="K4",
    claim="tell customers what they must bring, answer every message, keep them informed",
    source="assumption",
    section="2.14",
    shown="kinds *outside the company*, *rereading*; `satisfaction_from_ease`; `coordination.telling=on`",
    records=(("coordination.telling", Telling),),
    default="off",
    switch="telling_enabled",
)


@compiled
def lacking_share(incomplete: float, told: float) -> float:
    """Share of requests that lack something (K4): `q (1 - t)`.

    Parameters
    ----------
    incomplete : q, if nobody is told, in [0, 1]. told : t, share of customers who are, in [0, 1].
        Source: assumption; that who is told brings everything, too.

    >>> lacking_share(0.2, 0.5), lacking_share(0.2, 1.0)
    (0.1, 0.0)
    """
    return incomplete * (1.0 - told)


@compiled
def updates(waited: float, every: float) -> float:
    """Updates that somebody has had who waited so long (K4): `floor(waited / every)`; 0 where none are sent.

    Parameters
    ----------
    waited, every : hours, >= 0. Source: a definition.

    >>> updates(25.0, 8.0), updates(25.0, 0.0)
    (3.0, 0.0)
    """
    return float(math.floor(waited / every)) if every > 0.0 else 0.0


@inlined
def lacking(numbers: Record) -> float:
    """Chance that a request lacks something when its first step begins (K4; model.md, 2.14)."""
    own = numbers[0]
    return lacking_share(own.telling_incomplete, own.telling_told) if own.telling_enabled else 0.0


@inlined
def expected_informing(numbers: Record) -> float:
    """Telling a customer what to bring, and asking for it where that was in vain, of a first step
    (K4; model.md, 2.14).
    """
    own = numbers[0]
    if not own.telling_enabled:
        return 0.0
    minutes = own.telling_told * own.telling_minutes + lacking(numbers) * own.telling_ask_minutes
    return minutes / 60.0  # type: ignore[no-any-return]


@inlined
def informing_hours(numbers: Record, first: bool, waited: float) -> float:
    """Hours of telling a customer what to bring, and how it goes after so long in a queue (K4), on the grid.

    Source: model.md, 2.14.
    """
    own = numbers[0]
    if not own.telling_enabled:
        return 0.0
    minutes = updates(waited, own.telling_update_hours) * own.telling_update_minutes
    return on_grid(((own.telling_told * own.telling_minutes if first else 0.0) + minutes) / 60.0)


@inlined
def asking_hours(numbers: Record) -> float:
    """Asking a customer for what is missing, who should have been told before (K4; model.md, 2.14),
    on the grid.
    """
    own = numbers[0]
    return on_grid((own.telling_told * own.telling_minutes + own.telling_ask_minutes) / 60.0)
