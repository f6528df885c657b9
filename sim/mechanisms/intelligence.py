"""C9 Needs drift; only a company that listens, and passes on what it hears, keeps up.

Each segment's need is a random walk; each department's belief about it follows as fast as it listens, or
hears from one that does. Invariant: who listens decides how wrong beliefs are, never how needs move.
"""

import itertools
import math
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sim.draws import PURPOSE_DRIFTS, child, text_key, uniform
from sim.jit import compiled
from sim.mechanisms.absence import owe, present_share
from sim.mechanisms.anticipation import front_departments
from sim.mechanisms.record import Mechanism
from sim.rules.elementary import exponential
from sim.rules.quantiles import normal_quantile
from sim.schema.base import Switched, quantity, share
from sim.sums import mean

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

WEEKS, QUARTER = 52.0, 13.0
ALL, FRONT = range(2)
"""Places of these words among those of `listeners`; the last one is a single department."""


class Intelligence(Switched):
    """How needs move, who listens, and what it does to be wrong about them."""

    drift: float = quantity(
        "how far a need moves in a year, as a standard deviation", default=0.3, unit="need a root year",
        source="assumption; E44 for the direction", ge=0.0, le=10.0, advised=(0, 1),
    )  # fmt: skip
    listeners: Literal["all", "front", "marketing"] = quantity(
        "all departments to whom they serve, those that meet customers first, or the largest of these to "
        "everybody", default="front",
    )  # fmt: skip
    hours: float = quantity(
        "hours a quarter that a listening department spends on it", default=40.0, unit="h", ge=0.0, le=5000.0,
        advised=(0, 200),
    )  # fmt: skip
    enough: float = quantity(
        "hours a quarter and segment after which 63 % of what was wrong is put right", default=40.0, unit="h",
        gt=0.0, le=1e5,
    )  # fmt: skip
    dissemination: float = share(
        "part of it that gets across a border to a department that did not listen; a shared record (K2) "
        "raises it to its quality", default=0.7,
    )  # fmt: skip
    work: float = quantity(
        "more work for each unit by which a belief is wrong", default=0.2, unit="share", ge=0.0, le=10.0
    )
    unmet: float = quantity(
        "need that is not met for each unit by which a belief is wrong", default=1.0, unit="share",
        source="E44", ge=0.0, le=10.0,
    )  # fmt: skip


def keep(state: Any) -> dict[str, Any]:
    """need : (S,). belief : (D, S). listens : (D, S). passed : (D, D) as of `_passed`.

    misfit : (P, S) of the week to come; and what is told.
    """
    segments = state.model.segments
    departments = len(state.organisation.departments)
    needs = child(state.root, text_key("needs"))
    return {
        "address": [child(needs, text_key(name)) for name in segments],
        "need": np.zeros(len(segments)),
        "belief": np.zeros((departments, len(segments))),
        "listens": _listens(state),
        "passed": _passed(state),
        "misfit": np.zeros((len(state.model.products), len(segments))),
        "told": {"misfit": [0.0]},
    }


def _listens(state: Any) -> Flags:
    """(D, S) which department listens to which segment."""
    own, front = state.organisation.assignment.department_of, front_departments(state)
    departments = range(len(state.organisation.departments))
    if state.numbers.intelligence_listeners == ALL:
        return np.array([(own == department).any(axis=(0, 1)) for department in departments])
    first = np.array([(front == department).any(axis=0) for department in departments])
    if state.numbers.intelligence_listeners == FRONT:
        return first
    people = np.bincount(state.department, minlength=len(departments))
    chosen = np.argmax(np.where(first.any(axis=1), people, -1))
    alone = np.zeros_like(first)
    alone[chosen] = True
    return alone


def _passed(state: Any) -> Floats:
    """(D, D) share of what one department hears that gets to another, on the shortest way."""
    rules, ways = state.numbers, borders(_neighbours(state))
    record = rules.shared_record_quality if rules.shared_record_enabled else 0.0
    each, share = max(rules.intelligence_dissemination, record), np.ones_like(ways)
    for count in range(1, len(ways)):
        share[ways >= count] *= each
    share[np.isinf(ways)] = 0.0
    return share


def _neighbours(state: Any) -> Flags:
    """(D, D) do requests go from one department to the other, or back?"""
    model, own = state.model, state.organisation.assignment.department_of
    found = np.zeros((len(state.organisation.departments),) * 2, bool)
    for product, start in enumerate(model.route_start.tolist()):
        route = model.route_function[start : start + model.route_length[product]]
        worked = route[~model.is_delay[route]]
        for one, other in itertools.pairwise(worked.tolist()):
            found[own[one, product], own[other, product]] = True
    return found | found.T


def borders(neighbours: Flags) -> Floats:
    """Fewest borders between departments, infinite where no work connects them (C9).

    >>> borders(np.array([[False, True, False], [True, False, False], [False, False, False]])).tolist()
    [[0.0, 1.0, inf], [1.0, 0.0, inf], [inf, inf, 0.0]]
    """
    found = np.full(neighbours.shape, math.inf)
    reached = np.eye(len(neighbours), dtype=bool)
    for count in range(len(neighbours)):
        found[reached & np.isinf(found)] = float(count)
        reached = reached @ neighbours
    return found


def review(state: Any, week: int) -> None:
    """Needs move; who listens, or hears of it, follows."""
    rules, kept = state.numbers, state.kept["C9"]
    gain = _gain(state, kept, week)
    for segment, address in enumerate(kept["address"]):
        z = normal_quantile(uniform(address, PURPOSE_DRIFTS, 0, week))
        kept["need"][segment] += rules.intelligence_drift * math.sqrt(1.0 / WEEKS) * z
        kept["belief"][:, segment] += gain[:, segment] * (kept["need"][segment] - kept["belief"][:, segment])
    model, own = state.model, state.organisation.assignment.department_of
    misfits(
        kept["misfit"], np.abs(kept["need"] - kept["belief"]), own, model.route_start, model.route_length,
        model.route_function, model.is_delay,
    )  # fmt: skip
    asked = (state.model.customers * state.model.per_week)[:, None] * state.model.mix
    all_asked = max(math.fsum(asked.ravel()), 1e-300)
    kept["told"]["misfit"].append(math.fsum((asked.T * kept["misfit"]).ravel() / all_asked))


def _gain(state: Any, kept: dict[str, Any], week: int) -> Floats:
    """(D, S) share of what is wrong that is put right in a week, by own ears or others' on the best way."""
    rules, listens, there = state.numbers, kept["listens"], present_share(state, week - 1)
    people = np.maximum(1, np.bincount(state.department, minlength=len(listens)))
    manned = np.bincount(state.department, weights=there, minlength=len(listens)) / people
    each = rules.intelligence_hours / QUARTER * manned / np.maximum(1, listens.sum(axis=1))
    gains = [heard(hours, rules.intelligence_enough / QUARTER) for hours in each.tolist()]
    own = np.where(listens, np.array(gains)[:, None], 0.0)
    found: Floats = (own[:, None, :] * kept["passed"][:, :, None]).max(axis=0)
    return found


def effect(state: Any, effects: Any, week: int) -> None:
    """Work that was not needed, and hours of listening."""
    rules, kept = state.numbers, state.kept["C9"]
    effects.work_factor[...] *= 1.0 + rules.intelligence_work * kept["misfit"]
    listens = kept["listens"].any(axis=1)
    owe(state, effects, week, np.where(listens, rules.intelligence_hours / QUARTER / rules.days, 0.0))


def unmet(state: Any) -> Floats:
    """(P, S) need that is not met because nobody knew of it."""
    found: Floats = state.numbers.intelligence_unmet * state.kept["C9"]["misfit"]
    return found


def tell(told: dict[str, Any], weeks: slice) -> list[tuple[str, str, float]]:
    """How wrong the company is about needs, in the mean of these weeks."""
    return [("misfit", "need", mean(told["misfit"][weeks]))]


MECHANISM = Mechanism(
    id="C9",
    claim="needs drift; only a company that listens and passes on what it hears keeps up",
    source="E44",
    section="2.14",
    shown="C9; `misfit`, satisfaction (empathy), `hidden_work`; `customers.intelligence=on`",
    records=(("customers.intelligence", Intelligence),),
    default="off",
    switch="intelligence_enabled",
    keeps=keep,
    review=review,
    effect=effect,
    unmet=unmet,
    tells=tell,
)


@compiled
def heard(hours: float, enough: float) -> float:
    """Share of what is wrong that listening puts right (C9): `1 - exp(-h / h0)`.

    Parameters
    ----------
    hours : h, on a segment, >= 0. enough : h0, > 0. Source: assumption.

    >>> heard(0.0, 40.0), round(heard(40.0, 40.0), 6)
    (0.0, 0.632121)
    """
    return 1.0 - exponential(-hours / enough)


@compiled
def misfits(
    found: Floats, wrong: Floats, own: NDArray[np.int64], start: NDArray[np.int64],
    length: NDArray[np.int64], route: NDArray[np.int64], is_delay: Flags,
) -> None:  # fmt: skip
    """How wrong those are who do the steps of a request, in the mean of its steps (C9), into `found`.

    Parameters
    ----------
    found : (P, S). wrong : (D, S). own : (F, P, S) department. start, length, route : of each product.
        is_delay : (F,). Source: a definition.

    >>> found, own = np.zeros((1, 1)), np.array([0, 1]).reshape(2, 1, 1)
    >>> route = np.array([0]), np.array([2]), np.array([0, 1]), np.zeros(2, np.bool_)
    >>> misfits(found, np.array([[1.0], [2.0]]), own, *route), found.tolist()
    (None, [[1.5]])
    """
    for product in range(len(found)):
        for segment in range(found.shape[1]):
            total, steps = 0.0, 0
            for row in range(start[product], start[product] + length[product]):
                if not is_delay[route[row]]:
                    total += wrong[own[route[row], product, segment], segment]
                    steps += 1
            found[product, segment] = total / steps
