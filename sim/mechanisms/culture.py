"""P12 Customer culture spreads by example and takes time; it cannot be ordered.

Invariant: who has adopted it keeps it; whoever follows in the same seat begins without it.
"""

from typing import Any

import numpy as np

from sim.draws import PURPOSE_ADOPTS, uniform
from sim.jit import compiled
from sim.mechanisms.absence import seat_addresses
from sim.mechanisms.record import Mechanism
from sim.rules.elementary import exponential
from sim.schema.base import Switched, quantity, share
from sim.sums import mean


class Culture(Switched):
    """How care for customers spreads from person to person."""

    at_start: float = share("share of people who have it at the start", default=0.05)
    by_itself: float = quantity(
        "chance a month to adopt it without an example", default=0.01, unit="1/month", source="E28",
        ge=0.0, le=5.0, advised=(0.001, 0.05),
    )  # fmt: skip
    near: float = quantity(
        "more where everybody in the department has it", default=0.07, unit="1/month",
        source="E28: q 0.10 in all; the split is an assumption", ge=0.0, le=20.0, advised=(0, 0.5),
    )  # fmt: skip
    far: float = quantity(
        "more where everybody in the company has it", default=0.03, unit="1/month",
        source="E28: q 0.10 in all; the split is an assumption", ge=0.0, le=20.0, advised=(0, 0.5),
    )  # fmt: skip
    leader: float = quantity(
        "more by the example of those who lead, all the time", default=0.0, unit="1/month", ge=0.0, le=5.0
    )
    campaign: float = quantity(
        "more while a campaign lasts, and only then", default=0.0, unit="1/month", ge=0.0, le=5.0
    )
    campaign_week: int = quantity("week in which it begins", default=0, unit="weeks", ge=0, le=10_000)
    campaign_weeks: int = quantity("how long it lasts", default=13, unit="weeks", ge=0, le=10_000)
    care: float = quantity(
        "factor on the chance of a defect of who has it", default=0.9, unit="factor", ge=0.0, le=2.0
    )
    courtesy: float = quantity("factor on empathy of who has it", default=1.1, unit="factor", ge=0.0, le=2.0)


def keep(state: Any) -> dict[str, Any]:
    """Who has it, (n,), and the share of them by week."""
    workers = len(state.department)
    people = seat_addresses(state).tolist()
    has = np.array([uniform(one, PURPOSE_ADOPTS, 1, 0) < state.numbers.culture_at_start for one in people])
    told = {"share": [float(has.mean())]}
    return {"people": people, "has": has, "generation": np.zeros(workers, np.int64), "told": told}


def review(state: Any, week: int) -> None:
    """Who adopts it this week, by the examples of the week before."""
    rules, kept = state.numbers, state.kept["P12"]
    has = kept["has"]
    if "P9" in state.kept:
        has[kept["generation"] != state.kept["P9"]["generation"]] = False
        kept["generation"][...] = state.kept["P9"]["generation"]
    lasts = rules.culture_campaign_week < week <= rules.culture_campaign_week + rules.culture_campaign_weeks
    usual = rules.culture_by_itself + rules.culture_leader + (rules.culture_campaign if lasts else 0.0)
    everywhere = int(has.sum()) / len(has)
    people = np.bincount(state.department)
    near = (np.bincount(state.department[has], minlength=len(people)) / np.maximum(people, 1)).tolist()
    chances = [adoption_chance(usual, rules.culture_near, own, rules.culture_far, everywhere) for own in near]
    for worker in np.flatnonzero(~has).tolist():
        u = uniform(kept["people"][worker], PURPOSE_ADOPTS, 0, week)
        has[worker] = u < chances[state.department[worker]]
    kept["told"]["share"].append(int(has.sum()) / len(has))


def effect(state: Any, effects: Any, week: int) -> None:
    """Who has it works with more care."""
    has = state.kept["P12"]["has"]
    effects.care[: len(has)] *= np.where(has, state.numbers.culture_care, 1.0)


def courtesy(state: Any) -> Any:
    """And customers feel it."""
    return np.where(state.kept["P12"]["has"], state.numbers.culture_courtesy, 1.0)


def tell(told: dict[str, Any], weeks: slice) -> list[tuple[str, str, float]]:
    """Share of workers who have it, in the mean of these weeks."""
    return [("culture_share", "share", mean(told["share"][weeks]))]


MECHANISM = Mechanism(
    id="P12",
    claim="customer culture spreads by example; it cannot be ordered",
    source="E28",
    section="2.14",
    shown="`culture_share`, `first_time_right`, satisfaction; `people.culture=on`",
    records=(("people.culture", Culture),),
    default="off",
    switch="culture_enabled",
    keeps=keep,
    review=review,
    effect=effect,
    courtesy=courtesy,
    tells=tell,
)


@compiled
def adoption_chance(usual: float, near: float, own: float, far: float, everywhere: float) -> float:
    """Chance to adopt it within a week (P12): `1 - exp(-(12 / 52) (p + q1 own + q2 everywhere))`.

    With all in one department this is Bass's model of diffusion, `dF = (p + q F)(1 - F)`.

    Parameters
    ----------
    usual : p, a month, >= 0. near, far : q1, q2, a month, >= 0. own, everywhere : shares of colleagues in the
        department and in the company who have it, in [0, 1]. Source: Bass (1969), E28.

    >>> adoption_chance(0.0, 0.1, 0.0, 0.1, 0.0)
    0.0
    >>> round(adoption_chance(0.5, 2.0, 0.5, 0.0, 1.0), 6)  # 1 - exp(-1.5 x 12 / 52)
    0.292596
    """
    return 1.0 - exponential(-(12.0 / 52.0) * (usual + near * own + far * everywhere))
