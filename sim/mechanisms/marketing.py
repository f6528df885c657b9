"""C6 Keeping loyal customers against winning new ones: two budgets, what they cost and what they bring.

That keeping pays more than winning is no law: what winning one costs, over what keeping one costs, is an
input (E37 to E39). Invariant: with both budgets 0 nothing changes.
"""

import math
from typing import Any, Literal

import numpy as np

from sim.jit import compiled
from sim.mechanisms.markets import customers_now
from sim.mechanisms.record import Mechanism
from sim.rules.elementary import exponential
from sim.schema.base import Switched, quantity, share

WEEKS = 52
BEST = 1
"""Place of "best" among whom retention may aim at."""


class Marketing(Switched):
    """Budgets for customers; they act where satisfaction has consequences (`customers.loyalty`)."""

    acquisition: float = quantity(
        "money spent on winning customers", default=20_000.0, unit="money/year", ge=0.0, le=1e10
    )
    retention: float = quantity(
        "money spent on keeping customers", default=20_000.0, unit="money/year", ge=0.0, le=1e10
    )
    aimed: Literal["all", "best"] = quantity("whom retention is for (best: C4)", default="all")
    keeping: float = quantity(
        "money a year and customer that brings 63 % of what can be done to keep one", default=100.0,
        unit="money/year", gt=0.0, le=1e7,
    )  # fmt: skip
    ratio: float = quantity(
        "what winning a customer costs over that", default=3.0, unit="factor", source="E39", gt=0.0,
        le=1000.0, advised=(1, 25),
    )  # fmt: skip
    hold: float = quantity(
        "most that money adds to the log odds of staying", default=0.5, unit="1", ge=0.0, le=10.0,
        advised=(0, 1.5),
    )  # fmt: skip
    commission: float = share(
        "part of the first year's margin that agents get for a customer whom the acquisition budget won",
        default=0.1,
    )


def keep(state: Any) -> dict[str, Any]:
    """odds : (c,) added to the log odds of staying. pull : on each prospect, a week; what is told."""
    rules, prospects = state.numbers, int(state.model.prospects.sum())
    wins = rules.marketing_acquisition / (rules.marketing_ratio * rules.marketing_keeping)
    kept = {
        "odds": np.zeros(len(state.world.customer_segment)),
        "pull": wins / WEEKS / prospects if prospects else 0.0,
        "told": {
            "cost": [(rules.marketing_acquisition + rules.marketing_retention) / WEEKS],
            "commission": [0.0],
        },
    }
    _aim(state, kept, 0)
    return kept


def _aim(state: Any, kept: dict[str, Any], week: int) -> None:
    """Spread the money for keeping customers over those at whom it is aimed."""
    rules, here = state.numbers, customers_now(state, week)
    if rules.marketing_aimed == BEST:
        here = here & state.kept["C4"]["chosen"]
    each = rules.marketing_retention / max(1, int(here.sum()))
    kept["odds"][...] = np.where(here, held(each, rules.marketing_keeping, rules.marketing_hold), 0.0)


def review(state: Any, week: int) -> None:
    """What agents get for whom they won, what the week to come will cost, and at whom the money is aimed."""
    rules, kept, loyal = state.numbers, state.kept["C6"], state.kept["C5"]
    won = math.fsum((loyal["won"] * loyal["yearly"]).tolist())
    kept["told"]["cost"].append(kept["told"]["cost"][0])
    kept["told"]["commission"].append(rules.marketing_commission * won)
    _aim(state, kept, week)


def tell(told: dict[str, Any], weeks: slice) -> list[tuple[str, str, float]]:
    """What the company pays for customers, a year."""
    years = len(told["cost"][weeks]) / WEEKS
    paid = math.fsum(told["cost"][weeks]) + math.fsum(told["commission"][weeks])
    return [("marketing_cost", "money/year", paid / years)]


MECHANISM = Mechanism(
    id="C6",
    claim="keeping loyal customers pays more than winning new ones",
    source="E37 to E39",
    section="2.14",
    shown="`profit`, `customer_value`, `marketing_cost`; `customers.marketing=on customers.loyalty=on`",
    records=(("customers.marketing", Marketing),),
    default="off",
    switch="marketing_enabled",
    keeps=keep,
    review=review,
    tells=tell,
)


@compiled
def held(each: float, keeping: float, most: float) -> float:
    """What money adds to the log odds of staying, with falling returns (C6): `h (1 - exp(-m / m0))`.

    Parameters
    ----------
    each : m, money a year and customer, >= 0. keeping : m0, > 0. most : h, >= 0. Source: assumption.

    >>> held(0.0, 100.0, 0.5), round(held(100.0, 100.0, 0.5), 6)
    (0.0, 0.31606)
    """
    return most * (1.0 - exponential(-each / keeping))
