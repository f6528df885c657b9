"""C15 Anticipating needs: hours spent on customers who have not asked prevent a part of their requests.

Who knows the segment prevents more. Invariant: a request is prevented or comes as it was drawn.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.jit import compiled
from sim.mechanisms.absence import present_share
from sim.mechanisms.learning import total_cases, unfamiliarity
from sim.mechanisms.markets import customers_now
from sim.mechanisms.record import Mechanism
from sim.rules.elementary import exponential
from sim.rules.grid import on_grid
from sim.schema.base import Switched, quantity, share
from sim.sums import mean

Floats = NDArray[np.float64]


class Anticipation(Switched):
    """Looking after customers before they ask."""

    hours_per_week: float = quantity(
        "hours of each worker", default=1.0, unit="h/week", ge=0.0, le=40.0, advised=(0, 8)
    )
    preventable: float = share(
        "share of requests that somebody who knows all of a segment could prevent", default=0.3
    )
    hours_per_customer: float = quantity(
        "hours a week and customer from which more hours add little", default=0.1, unit="h/week", gt=0.0,
        le=1000.0,
    )  # fmt: skip


def keep(state: Any) -> dict[str, Any]:
    """front : as of `front_departments`. told : share prevented, by week."""
    return {"front": front_departments(state), "told": {"prevented": []}}


def front_departments(state: Any) -> NDArray[np.int64]:
    """Department that meets a customer first, -1 for none (C15, C9); (P, S)."""
    model, own = state.model, state.organisation.assignment.department_of
    front = np.full(own.shape[1:], -1)
    for product, start in enumerate(model.route_start.tolist()):
        route = model.route_function[start : start + model.route_length[product]]
        worked = route[~model.is_delay[route]]
        if len(worked):
            front[product] = own[worked[0], product]
    return front


def effect(state: Any, effects: Any, week: int) -> None:
    """Hours off work, and requests that do not come."""
    rules, there = state.numbers, present_share(state, week)
    hours, customers = rules.anticipation_hours_per_week, state.world.customer_segment
    effects.duty_hours[: len(there)] += on_grid(hours / rules.days)
    now = customers_now(state, week)
    each = hours * math.fsum(there.tolist()) / max(1, int(now.sum()))
    known, kept = known_by_department(state, there > 0.0), state.kept["C15"]
    shares_prevented = prevented_by_segment(
        known, state.model.mix, kept["front"], rules.anticipation_preventable, each,
        rules.anticipation_hours_per_customer,
    )[customers]  # fmt: skip
    effects.active[...] *= 1.0 - shares_prevented
    kept["told"]["prevented"].append(mean(shares_prevented[now].tolist()) if now.any() else 0.0)


def known_by_department(state: Any, there: NDArray[np.bool_]) -> Floats:
    """How well those workers of each department who are there know each segment in the mean; (D, S)."""
    rules, workers = state.numbers, len(state.department)
    return familiarity_of(
        state.by_segment[:workers][there], state.department[there], len(state.organisation.departments),
        rules.related_weight, rules.beginner_cases, rules.learning_exponent,
    )  # fmt: skip


def presence(rules: Any) -> float:
    """Share of the week that is left."""
    return float(max(0.0, 1.0 - rules.anticipation_hours_per_week / rules.week))


def tell(told: dict[str, Any], weeks: slice) -> list[tuple[str, str, float]]:
    """Share of the customers' requests that are prevented, in the mean of these weeks."""
    return [("prevented", "share", mean(told["prevented"][weeks]))]


MECHANISM = Mechanism(
    id="C15",
    claim="anticipating needs: who knows the segment prevents requests",
    source="assumption",
    section="2.14",
    shown="`prevented`, `hidden_work`; `customers.anticipation=on`",
    records=(("customers.anticipation", Anticipation),),
    default="off",
    switch="anticipation_enabled",
    keeps=keep,
    effect=effect,
    presence=presence,
    tells=tell,
)


@compiled
def familiarity_of(
    by_segment: Floats, department: NDArray[np.int64], departments: int, related: float, beginner: float,
    exponent: float,
) -> Floats:  # fmt: skip
    """Mean of `1 - u` over the workers of each department, by segment (C15, P1); (D, S).

    Parameters
    ----------
    by_segment : (N, S) cases, >= 0. department : (n,) of the workers. departments : D.
    related, beginner, exponent : as in P1. Source: E1.

    >>> familiarity_of(np.array([[1.0], [0.0]]), np.array([0, 0]), 1, 0.0, 1.0, 1.0).tolist()
    [[0.25]]
    """
    known, people = np.zeros((departments, by_segment.shape[1])), np.zeros(departments)
    for worker in range(len(department)):
        own, together = department[worker], total_cases(by_segment[worker])
        people[own] += 1.0
        for segment in range(by_segment.shape[1]):
            cases = by_segment[worker, segment]
            counted = cases + related * (together - cases)
            known[own, segment] += 1.0 - unfamiliarity(counted, beginner, exponent)
    for own in range(departments):
        for segment in range(by_segment.shape[1]):
            known[own, segment] /= max(1.0, people[own])
    return known


@compiled
def prevented_by_segment(
    known: Floats, mix: Floats, front: NDArray[np.int64], most: float, hours: float, scale: float
) -> Floats:
    """`prevented` for each segment, by how well those know it who meet its requests first (C15); (S,).

    Parameters
    ----------
    known : (D, S). mix : (S, P). front : (P, S) department, -1 for none. Source: assumption.

    >>> known, front = np.ones((1, 1)), np.zeros((1, 1), np.int64)
    >>> prevented_by_segment(known, known, front, 0.5, 1e9, 1.0).tolist()
    [0.5]
    """
    found = np.zeros(len(mix))
    for segment in range(len(mix)):
        knows = 0.0
        for product in range(mix.shape[1]):
            department = front[product, segment]
            knows += mix[segment, product] * (known[department, segment] if department >= 0 else 0.0)
        found[segment] = prevented(most, min(1.0, knows), hours, scale)
    return found


@compiled
def prevented(most: float, known: float, hours: float, scale: float) -> float:
    """Share of requests that do not come because somebody acted before (C15): `m k (1 - exp(-h / h0))`.

    Parameters
    ----------
    most : m, in [0, 1]. known : k, how well those in front know the segment, in [0, 1].
    hours : h, a week and customer, >= 0. scale : h0, > 0. Source: assumption.

    >>> prevented(0.5, 1.0, 0.0, 0.1), round(prevented(0.5, 0.5, 0.1, 0.1), 6)
    (0.0, 0.15803)
    """
    return most * known * (1.0 - exponential(-hours / scale))
