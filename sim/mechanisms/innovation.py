"""C11 Innovation needs hours now for gains later, and not those spent on what today's best customers ask for.

Invariant: before the new technology comes, exploring only costs; after it, a product earns less as far as the
company cannot master it.
"""

import math
from typing import Any

import numpy as np

from sim.jit import compiled
from sim.mechanisms.absence import present_share
from sim.mechanisms.record import Mechanism
from sim.rules.elementary import exponential
from sim.rules.grid import on_grid
from sim.schema.base import Switched, quantity, share

WEEKS = 52


class Innovation(Switched):
    """Exploring, and the technology that it may prepare for."""

    exploration: float = quantity(
        "part of the week each worker spends on exploring", default=0.05, unit="share", ge=0.0, le=0.5,
        advised=(0, 0.2),
    )  # fmt: skip
    radical: float = share("part of it that is not spent on what today's best customers ask for", default=0.5)
    product: str | None = quantity("whose technology changes; none: the company's last product", default=None)
    shock_week: int = quantity("week in which it changes", default=52, unit="weeks", ge=0, le=10_000)
    loss: float = share("part of the margin of its requests that is lost without any capability", default=0.5)
    hours_needed: float = quantity(
        "hours of radical exploring on a product that bring 63 % of the capability", default=1000.0,
        unit="h", gt=0.0, le=1e9,
    )  # fmt: skip


def keep(state: Any) -> dict[str, Any]:
    """parts : (n,) share of each worker's exploring that goes into the product. hours : explored so far, and
    in the week to come. margins : of its drawn requests, by week; what is told.
    """
    rules, world, own = state.numbers, state.world, state.organisation.assignment.department_of
    departments = range(len(state.organisation.departments))
    serves = np.array([(own == department).any(axis=(0, 2)) for department in departments])
    parts = np.where(serves[:, rules.innovation_of], 1.0 / np.maximum(1, serves.sum(axis=1)), 0.0)
    mine = world.product == rules.innovation_of
    week = (world.arrival[mine] // rules.week).astype(np.int64)
    margins = np.bincount(week, weights=state.model.margin[world.segment[mine]])
    return {
        "parts": parts[state.department],
        "hours": [0.0, 0.0],
        "margins": margins.tolist(),
        "told": {"lost": [0.0], "capability": [0.0]},
    }


def review(state: Any, week: int) -> None:
    """What the week that ends has lost, and what the company can do by then."""
    rules, kept = state.numbers, state.kept["C11"]
    kept["hours"][0] += kept["hours"][1]
    able = capability(kept["hours"][0], rules.innovation_radical, rules.innovation_hours_needed)
    lost = 0.0
    if rules.innovation_shock_week < week <= len(kept["margins"]):
        lost = kept["margins"][week - 1] * rules.innovation_loss * (1.0 - able)
    kept["told"]["lost"].append(lost)
    kept["told"]["capability"].append(able)


def effect(state: Any, effects: Any, week: int) -> None:
    """Hours off work; who is away explores nothing."""
    rules, kept = state.numbers, state.kept["C11"]
    there = (present_share(state, week) * kept["parts"]).tolist()
    kept["hours"][1] = rules.innovation_exploration * rules.week * math.fsum(there)
    effects.duty_hours[: len(state.department)] += on_grid(
        rules.innovation_exploration * rules.week / rules.days
    )


def presence(rules: Any) -> float:
    """Share of the week that exploring leaves."""
    return float(1.0 - rules.innovation_exploration)


def tell(told: dict[str, Any], weeks: slice) -> list[tuple[str, str, float]]:
    """Metrics of the company in these weeks."""
    years = len(told["lost"][weeks]) / WEEKS
    return [
        ("margin_lost", "money/year", math.fsum(told["lost"][weeks]) / years),
        ("capability", "0 to 1", told["capability"][weeks][-1]),
    ]


MECHANISM = Mechanism(
    id="C11",
    claim="listening only to today's best customers misses new technology",
    source="assumption",
    section="2.14",
    shown="`margin_lost`, `capability`, `hidden_work`; `customers.innovation=on`",
    records=(("customers.innovation", Innovation),),
    default="off",
    switch="innovation_enabled",
    keeps=keep,
    review=review,
    effect=effect,
    presence=presence,
    tells=tell,
)


@compiled
def capability(hours: float, radical: float, needed: float) -> float:
    """How far a new technology is mastered (C11): `1 - exp(-r h / h0)`.

    Parameters
    ----------
    hours : h, explored so far, >= 0. radical : r, in [0, 1]. needed : h0, > 0. Source: assumption.

    >>> capability(0.0, 1.0, 100.0), round(capability(200.0, 0.5, 100.0), 6)
    (0.0, 0.632121)
    """
    return 1.0 - exponential(-radical * hours / needed)
