"""C5 Satisfied customers stay, buy again and bring others; unsatisfied ones leave and warn.

A customer's satisfaction follows the requests that ended (E34); each week some leave (E35), and what
customers tell draws prospects in (E40). Invariant: prospects and their requests are drawn before anything
happens; satisfaction moves whether and when they come, never what they ask for.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.draws import PURPOSE_JOINS, PURPOSE_STAYS, uniform, uniforms
from sim.jit import compiled
from sim.mechanisms.markets import customers_now
from sim.mechanisms.record import Mechanism
from sim.rules.elementary import logarithm
from sim.rules.loyalty import balance, buys, leaves_in_a_week, lifetime_value, stays_a_year
from sim.schema.base import Switched, quantity, share

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

WEEKS = 52


class Loyalty(Switched):
    """What satisfaction does to customers."""

    weight: float = share(
        "weight of the latest request in a customer's satisfaction", default=0.3, source="E34", grade="C"
    )
    reference: float = quantity(
        "satisfaction of a customer about whom nothing is known, at which nobody holds back",
        default=70.0, unit="0 to 100", ge=1.0, le=99.0,
    )  # fmt: skip
    stay: float = quantity(
        "share of customers with that satisfaction who stay for a year", default=0.85, unit="share",
        source="E35", grade="B", gt=0.0, lt=1.0, advised=(0.6, 0.95),
    )  # fmt: skip
    steepness: float = quantity(
        "by how much each point raises the log odds of staying", default=0.04, unit="1/point",
        source="E35: 0.8 a point of five", grade="C", ge=0.0, le=1.0, advised=(0.015, 0.075),
    )  # fmt: skip
    elasticity: float = quantity(
        "percent fewer requests for each percent of satisfaction below the reference", default=0.3,
        unit="factor", ge=0.0, le=10.0, advised=(0, 1),
    )  # fmt: skip
    referrals: float = quantity(
        "hazard of a prospect to join where as many customers as at the start are as satisfied as the "
        "reference", default=0.15, unit="1/year", ge=0.0, le=100.0, advised=(0, 0.5),
    )  # fmt: skip
    extremes: float = quantity(
        "how much more somebody tells whose satisfaction is a point of five higher", default=1.0,
        unit="factor", source="E40 for the form", ge=0.0, le=100.0,
    )  # fmt: skip
    bad_news: float = quantity(
        "the same for a point lower, over that", default=1.3, unit="factor", source="E40", grade="B", ge=0.0,
        le=100.0, advised=(1.0, 2.0),
    )  # fmt: skip
    prospects: float = quantity(
        "people who could become customers, for each customer of a segment", default=1.0, unit="factor",
        ge=0.0, le=10.0,
    )  # fmt: skip
    interest: float = quantity(
        "interest at which what customers will bring is valued", default=0.1, unit="1/year", source="E37",
        grade="C", gt=0.0, le=1.0, advised=(0.05, 0.2),
    )  # fmt: skip


def prospects_of(customers: int, rules: Loyalty) -> int:
    """How many people of a segment could become customers."""
    return math.floor(rules.prospects * customers) if rules.enabled else 0


def keep(state: Any) -> dict[str, Any]:
    """By customer: address, satisfaction, present, threshold; pull by segment; and what is told, by week."""
    model, world, address = state.model, state.world, state.world.customer_address
    prospect = world.customer_index >= model.customers[world.customer_segment]
    present = ~prospect
    kept = {
        "address": address,
        "more": np.zeros(len(address)),
        "won": np.zeros(len(model.segments)),
        "satisfaction": np.full(len(address), state.numbers.loyalty_reference),
        "stays": np.full(len(address), state.numbers.loyalty_stay),
        "present": present,
        "waits": prospect,
        "threshold": thresholds(uniforms(address, PURPOSE_JOINS, 0, 0)),
        "pull": np.zeros(len(model.segments)),
        "yearly": WEEKS * model.per_week * model.margin * state.opinions.scenario.demand.scale,
        "told": {"customers": [], "left": [0], "joined": [0], "value": []},
    }
    _tell(state, kept, present & (model.opens == 0.0)[world.customer_segment])
    return kept


def review(state: Any, week: int) -> None:
    """What the week's requests taught customers; who leaves; whom those who stay bring along."""
    rules, kept, opinions, world = state.numbers, state.kept["C5"], state.opinions, state.world
    served = world.customer[opinions.requests].astype(np.int64)
    remember(kept["satisfaction"], served, opinions.scores[:, 5].copy(), rules.loyalty_weight)
    bought = state.kept.get("C6", {"odds": kept["more"], "pull": 0.0})
    here = customers_now(state, week - 1)
    asked = here.copy()
    left = leave(
        here, kept["address"], kept["satisfaction"], bought["odds"], kept["stays"],
        rules.loyalty_stay, rules.loyalty_steepness, rules.loyalty_reference, week,
    )  # fmt: skip
    talk = told_by(
        here, world.customer_segment, kept["satisfaction"], rules.loyalty_reference,
        rules.loyalty_extremes, rules.loyalty_bad_news, state.model.customers,
    )  # fmt: skip
    drawn = np.maximum(0.0, rules.loyalty_referrals / WEEKS * talk)
    kept["pull"] += drawn + bought["pull"]
    joined = kept["waits"] & (kept["threshold"] <= kept["pull"][world.customer_segment])
    came = np.bincount(world.customer_segment[joined], minlength=len(talk))
    kept["won"][...] = came * (bought["pull"] / np.maximum(drawn + bought["pull"], 1e-300))
    kept["present"][asked & ~here] = False
    kept["present"] |= joined
    kept["waits"] &= ~joined
    kept["told"]["left"].append(left)
    kept["told"]["joined"].append(int(joined.sum()))
    _tell(state, kept, customers_now(state, week))


def _tell(state: Any, kept: dict[str, Any], here: Flags) -> None:
    """How many customers there are, and what they are worth."""
    rules = state.numbers
    value = value_of_base(
        kept["yearly"][state.world.customer_segment[here]], kept["satisfaction"][here], kept["stays"][here],
        rules.loyalty_interest, rules.loyalty_reference, rules.loyalty_elasticity,
    )  # fmt: skip
    kept["told"]["customers"].append(int(here.sum()))
    kept["told"]["value"].append(value)


def effect(state: Any, effects: Any, week: int) -> None:
    """Who is no customer asks for nothing; who is less than satisfied for less."""
    rules, kept = state.numbers, state.kept["C5"]
    come(
        effects.active, kept["present"], kept["satisfaction"], rules.loyalty_reference,
        rules.loyalty_elasticity,
    )  # fmt: skip


def tell(told: dict[str, Any], weeks: slice) -> list[tuple[str, str, float]]:
    """Metrics of the company in these weeks."""
    count, years = told["customers"][weeks], len(told["left"][weeks]) / WEEKS
    here = math.fsum(count) / WEEKS
    churned = math.fsum(told["left"][weeks])
    return [
        ("churn_per_year", "share", churned / here if here else math.nan),
        ("customers_start", "customers", float(count[0])),
        ("customers_end", "customers", float(count[-1])),
        ("joined", "customers/year", math.fsum(told["joined"][weeks]) / years),
        ("customer_value", "money", told["value"][weeks][-1]),
    ]


MECHANISM = Mechanism(
    id="C5",
    claim="satisfied customers stay, buy again and bring others; unsatisfied ones leave and warn",
    source="E34, E35, E37, E40",
    section="2.14",
    shown="C5, V43; `churn_per_year`, `customers_end`, `joined`, `profit`; `customers.loyalty=on`",
    records=(("customers.loyalty", Loyalty),),
    default="off",
    switch="loyalty_enabled",
    keeps=keep,
    review=review,
    effect=effect,
    asks=True,
    tells=tell,
)


@compiled
def remember(satisfaction: Floats, customer: Integers, score: Floats, weight: float) -> None:
    """Move each customer's satisfaction towards what the latest request was like (C5, E34), in order.

    >>> satisfaction = np.array([70.0, 50.0])
    >>> remember(satisfaction, np.array([0, 0]), np.array([90.0, 50.0]), 0.5)
    >>> satisfaction.tolist()
    [65.0, 50.0]
    """
    for row in range(len(customer)):
        one = customer[row]
        satisfaction[one] += weight * (score[row] - satisfaction[one])


@compiled
def leave(
    present: Flags, address: Integers, satisfaction: Floats, more: Floats, stays: Floats, base: float,
    steepness: float, reference: float, week: int,
) -> int:  # fmt: skip
    """Who leaves at the end of this week is no longer present; returns how many (C5). `stays`: of a year.

    more: what else adds to the log odds of staying (C6).
    Source: E35.

    >>> here, none = np.array([True, False]), np.zeros(2)
    >>> leave(here, np.arange(2), np.full(2, 70.0), none, none, 1e-12, 0.0, 70.0, 1), here.tolist()
    (1, [False, False])
    """
    left = 0
    for one in range(len(present)):
        stays[one] = stays_a_year(satisfaction[one], base, steepness, reference, more[one])
        if present[one] and uniform(address[one], PURPOSE_STAYS, 0, week) < leaves_in_a_week(stays[one]):
            present[one] = False
            left += 1
    return left


@compiled
def come(active: Floats, present: Flags, satisfaction: Floats, reference: float, elasticity: float) -> None:
    """Multiply each customer's chance of asking by `buys`, by 0 for who is not present (C5).
    Source: a definition.

    >>> active = np.ones(2)
    >>> come(active, np.array([True, False]), np.array([35.0, 70.0]), 70.0, 1.0), active.tolist()
    (None, [0.5, 0.0])
    """
    for one in range(len(active)):
        active[one] *= buys(satisfaction[one], reference, elasticity) if present[one] else 0.0


@compiled
def told_by(
    present: Flags, segment: Integers, satisfaction: Floats, reference: float, extremes: float,
    bad_news: float, customers: Integers,
) -> Floats:  # fmt: skip
    """`balance` of the customers of each segment together, a head of those at the start (C5); (S,).
    Source: E40.

    >>> two, none = np.full(2, 70.0), np.zeros(2, np.int64)
    >>> told_by(np.array([True, False]), none, two, 70.0, 1.0, 1.3, np.array([2]))
    array([0.5])
    """
    talk = np.zeros(len(customers))
    for one in range(len(present)):
        if present[one]:
            talk[segment[one]] += balance(satisfaction[one], reference, extremes, bad_news)
    for place in range(len(customers)):
        talk[place] /= customers[place]
    return talk


@compiled
def thresholds(drawn: Floats) -> Floats:
    """Pull at which each prospect joins, exponential with mean 1 (C5): `-ln(u)`. Source: assumption."""
    found = np.empty(len(drawn))
    for one in range(len(drawn)):
        found[one] = -logarithm(drawn[one])
    return found


@compiled
def value_of_base(
    yearly: Floats, satisfaction: Floats, stays: Floats, interest: float, reference: float, elasticity: float
) -> float:
    """Lifetime values of customers together, money; what each brings falls with what he or she buys (C5).
    Source: E37.

    >>> print(value_of_base(np.array([90.0]), np.array([70.0]), np.array([0.5]), 0.25, 70.0, 0.3))
    60.0
    """
    together = 0.0
    for one in range(len(yearly)):
        bought = yearly[one] * buys(satisfaction[one], reference, elasticity)
        together += lifetime_value(bought, stays[one], interest)
    return together
