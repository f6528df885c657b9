"""P11 Rewards steer: what people are paid for is what they do first, and how fast or carefully they do it.

Invariant: without rewards the department's own rules hold and nobody is faster or more careful. How strongly
rewards work is an assumption throughout: to be swept, not believed.
"""

from typing import Any, Literal

from sim.jit import compiled
from sim.mechanisms.record import Mechanism
from sim.schema.base import Switched, quantity

RELATIONSHIP, DEADLINE, VOLUME = range(3)
FIRST = {"relationship": "", "deadline": "due_date", "volume": "shortest"}
"""The request that is taken next; empty: as the department does."""


class Rewards(Switched):
    """What people are rewarded for."""

    pays: Literal["relationship", "deadline", "volume"] = quantity(
        "what is rewarded: that customers meet the same person, that promises are kept, or many cases",
        default="relationship",
    )
    hurry: float = quantity(
        "share of the time saved where volume is rewarded, half of it for deadlines, spent for relationships",
        default=0.05, unit="share", ge=0.0, le=0.4, advised=(0, 0.15),
    )  # fmt: skip
    carelessness: float = quantity(
        "share of more defects where volume is rewarded, half of it for deadlines, fewer for relationships",
        default=0.15, unit="share", ge=0.0, le=0.9, advised=(0, 0.5),
    )  # fmt: skip


def request_rule(people: Any, otherwise: str) -> str:
    """Which request is next; `people`: the policy towards them."""
    return (FIRST[people.rewards.pays] if people.rewards.enabled else "") or otherwise


def worker_rule(people: Any) -> str:
    """Which free worker takes it."""
    same = people.rewards.enabled and people.rewards.pays == "relationship"
    return "same_worker" if same else str(people.dispatch_worker)


def effect(state: Any, effects: Any, week: int) -> None:
    """Speed against quality."""
    rules, workers = state.numbers, len(state.department)
    effects.pace[:workers] *= 1.0 - rewarded(rules.rewards_pays, rules.rewards_hurry)
    effects.care[:workers] *= 1.0 + rewarded(rules.rewards_pays, rules.rewards_carelessness)


MECHANISM = Mechanism(
    id="P11",
    claim="rewards steer: relationships, deadlines or volume",
    source="assumption",
    section="2.14",
    shown="`within_promise`, `first_time_right`; `people.rewards=on people.rewards.pays=volume`",
    records=(("people.rewards", Rewards),),
    keys=("people.dispatch_request", "people.dispatch_worker"),
    default="off",
    switch="rewards_enabled",
    effect=effect,
)


@compiled
def rewarded(pays: int, strength: float) -> float:
    """How much faster and less careful people are (P11): `s` for volume, `s / 2` for deadlines, else `-s`.

    Parameters
    ----------
    pays : RELATIONSHIP, DEADLINE or VOLUME. strength : s, in [0, 1). Source: assumption.

    >>> rewarded(RELATIONSHIP, 0.2), rewarded(DEADLINE, 0.2), rewarded(VOLUME, 0.2)
    (-0.2, 0.1, 0.2)
    """
    if pays == VOLUME:
        return strength
    return 0.5 * strength if pays == DEADLINE else -strength
