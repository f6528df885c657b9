"""P6 Workload, fairness, attention and belonging make morale; morale makes pace, care, courtesy, people stay.

Invariant: morale lies in [0, 1]; at its resting value it changes nothing.
"""

from typing import Any

import numpy as np

from sim.jit import compiled
from sim.mechanisms.record import Mechanism
from sim.rules.elementary import exponential
from sim.schema.base import Switched, quantity, share
from sim.sums import mean

REST = 0.7
"""Morale of people who are neither strained nor encouraged."""
FULL = 0.3
"""Above rest, where effects are as strong as their parameters say; assumption, D."""
STRAIN = 0.85
"""Utilisation from which work strains (E26)."""
USUAL_PRAISE, POINTS = 70.0, 20.0
"""Satisfaction with own work that neither lifts nor lowers morale, and points of 100 in one of five."""
USUAL_SPAN = 10.0
"""People led by one manager for whom attention neither lifts nor lowers morale; assumption, D."""


class Morale(Switched):
    """What moves morale, and what morale moves."""

    weeks: float = quantity(
        "weeks in which morale comes near what the circumstances make of it", default=13.0, unit="weeks",
        source="E26: 1 a quarter", ge=1.0, le=520.0,
    )  # fmt: skip
    strain: float = quantity(
        "lower for each unit of utilisation above 0.85",
        default=1.0,
        unit="morale",
        source="E26",
        ge=0.0,
        le=10.0,
    )
    unfairness: float = quantity(
        "lower for each unit by which own hours exceed the department's mean", default=0.2, unit="morale",
        ge=0.0, le=10.0,
    )  # fmt: skip
    attention: float = quantity(
        "higher where a manager has twice the usual time for each, lower where less", default=0.1,
        unit="morale", ge=0.0, le=1.0,
    )  # fmt: skip
    belonging: float = share(
        "higher for somebody alone, falling with the size of the department", default=0.1
    )
    waiting: float = quantity(
        "lower for each week of waiting for internal services (P5) in a week", default=0.5, unit="morale",
        source="E25, E26: internal service; size assumption", ge=0.0, le=10.0,
    )  # fmt: skip
    praise: float = quantity(
        "higher where customers are a point of five more satisfied with one's work than 70 of 100, lower "
        "where less", default=0.05, unit="morale", source="E25: customers to staff", ge=0.0, le=1.0,
    )  # fmt: skip
    pace: float = quantity(
        "share of the time saved at full morale, lost as far below rest", default=0.1, unit="share",
        source="E25, E26", ge=0.0, le=0.4, advised=(0, 0.2),
    )  # fmt: skip
    care: float = quantity(
        "share of the defects avoided at full morale", default=0.2, unit="share", source="E25", ge=0.0, le=0.4
    )
    courtesy: float = quantity(
        "share of empathy gained at full morale", default=0.1, unit="share", source="E25", ge=0.0, le=0.4
    )
    leaving: float = quantity(
        "exponent by which leaving falls at full morale (P9)", default=0.5, unit="factor", source="E19",
        ge=0.0, le=3.0,
    )  # fmt: skip


def keep(state: Any) -> dict[str, Any]:
    """By worker: morale, hours so far, what the structure adds, factor on leaving; and what is told."""
    workers, sizes = len(state.department), np.bincount(state.department)
    rules, company = state.numbers, state.organisation
    led = np.bincount(company.manager_desk[state.department] + 1, minlength=len(company.first_person) + 1)
    spans = []
    for department in state.department.tolist():
        desk = int(company.manager_desk[department])
        managers = company.first_person[desk + 1] - company.first_person[desk] if desk >= 0 else 0
        spans.append(float(led[desk + 1] / managers) if managers else 0.0)
    own = [
        encouragement(rules.morale_attention, span, rules.morale_belonging, float(sizes[department]))
        for span, department in zip(spans, state.department.tolist(), strict=True)
    ]
    kept = {
        "morale": np.full(workers, REST),
        "before": np.zeros(workers),
        "waited": np.zeros(workers),
        "own": np.array(own),
        "unrest": np.ones(workers),
        "praised": np.full(workers, USUAL_PRAISE),
        "told": {"morale": [REST]},
    }
    return kept


def review(state: Any, week: int) -> None:
    """A week with so much work moves morale a little."""
    rules, kept = state.numbers, state.kept["P6"]
    hours = state.worked[: len(state.department)] - kept["before"]
    kept["before"] += hours
    waits = (state.waited[: len(hours)] - kept["waited"]) / rules.week
    kept["waited"][...] = state.waited[: len(hours)]
    people = np.bincount(state.department)
    hear_of_own_work(kept["praised"], *served_by(state))
    usual_hours = np.bincount(state.department, weights=hours) / np.maximum(people, 1)
    own = kept["own"] - rules.morale_waiting * waits
    move_morale(
        kept["morale"], kept["unrest"], hours, usual_hours[state.department], own, kept["praised"],
        rules.week, rules.morale_strain, rules.morale_unfairness, rules.morale_praise, rules.morale_weeks,
        rules.morale_leaving,
    )  # fmt: skip
    kept["told"]["morale"].append(mean(kept["morale"].tolist()))


def served_by(state: Any) -> tuple[Any, Any]:
    """Worker and satisfaction, for each step of the requests that customers judged this week."""
    opinions = state.opinions
    judged = np.full(len(opinions.seen.requests), np.nan)
    judged[opinions.rows] = opinions.scores[:, 5]
    steps = np.flatnonzero(opinions.seen.steps & np.isfinite(judged[opinions.seen.request_of_visit]))
    score = judged[opinions.seen.request_of_visit[steps]]
    return opinions.seen.visits.integers("worker")[steps], score


def effect(state: Any, effects: Any, week: int) -> None:
    """Pace and care."""
    rules, morale = state.numbers, state.kept["P6"]["morale"]
    lift(effects.pace, morale, -rules.morale_pace)
    lift(effects.care, morale, -rules.morale_care)


def courtesy(state: Any) -> Any:
    """Customers feel it."""
    factor = np.ones(len(state.department))
    lift(factor, state.kept["P6"]["morale"], state.numbers.morale_courtesy)
    return factor


def tell(told: dict[str, Any], weeks: slice) -> list[tuple[str, str, float]]:
    """Morale of workers in the mean of these weeks."""
    return [("morale", "0 to 1", mean(told["morale"][weeks]))]


MECHANISM = Mechanism(
    id="P6",
    claim="recognition and workload make morale, morale makes quality and courtesy",
    source="E25, E26",
    section="2.14",
    shown="`morale`, satisfaction, `leavers`; `people.morale=on`",
    records=(("people.morale", Morale),),
    default="off",
    switch="morale_enabled",
    keeps=keep,
    review=review,
    effect=effect,
    courtesy=courtesy,
    asks=True,
    tells=tell,
)


@compiled
def encouragement(attention: float, span: float, belonging: float, size: float) -> float:
    """What a structure adds to morale (P6): `a (min(2, 10 / span) - 1) + b / size`.

    Parameters
    ----------
    attention : a, >= 0. span : people a manager leads, 0 without a manager (then a is taken off).
    belonging : b, >= 0. size : people of the department, >= 1. Source: assumption; E26 for the direction.

    >>> round(encouragement(0.1, 20.0, 0.1, 5.0), 12), round(encouragement(0.1, 5.0, 0.0, 5.0), 12)
    (-0.03, 0.1)
    """
    led = min(2.0, USUAL_SPAN / span) if span > 0.0 else 0.0
    return attention * (led - 1.0) + belonging / size


@compiled
def morale_target(utilisation: float, strain: float, unfair: float, unfairness: float, own: float) -> float:
    """Morale that circumstances would end in (P6), cut to [0, 1].

    `0.7 - s max(0, utilisation - 0.85) - f unfair + own`.

    Parameters
    ----------
    utilisation : hours worked over hours of the week, >= 0. strain : s, >= 0. unfair : own hours above the
        department's mean, as a share of it, >= 0. unfairness : f, >= 0. own : of `encouragement`.
        Source: E26.

    >>> round(morale_target(0.95, 1.0, 0.5, 0.2, 0.1), 12), morale_target(5.0, 1.0, 0.0, 0.0, 0.0)
    (0.6, 0.0)
    """
    target = REST - strain * max(0.0, utilisation - STRAIN) - unfairness * unfair + own
    return min(1.0, max(0.0, target))


@compiled
def move_morale(
    morale: Any, unrest: Any, hours: Any, usual: Any, own: Any, praised: Any, week: float, strain: float,
    unfairness: float, size: float, weeks: float, leaving: float,
) -> None:  # fmt: skip
    """Move each worker's morale towards what the week makes of it, and the wish to leave with it (P6).

    Source: E26.

    >>> morale, unrest, one = np.array([0.7]), np.ones(1), np.array([40.0])
    >>> move_morale(morale, unrest, one, one, np.zeros(1), np.array([70.0]), 40.0, 2.0, 0.0, 0.0, 2.0, 0.0)
    >>> round(morale[0].item(), 12), unrest[0].item()
    (0.55, 1.0)
    """
    for worker in range(len(hours)):
        unfair = max(0.0, hours[worker] / usual[worker] - 1.0) if usual[worker] > 0.0 else 0.0
        encouraged = own[worker] + praise(praised[worker], size)
        target = morale_target(hours[worker] / week, strain, unfair, unfairness, encouraged)
        morale[worker] += (target - morale[worker]) / weeks
        unrest[worker] = exponential(-leaving * spirits(morale[worker]))


@compiled
def lift(factor: Any, morale: Any, size: float) -> None:
    """Multiply each worker's factor by `1 + a x`, `x` being `spirits` (P6). Source: E25, E26.

    >>> factor = np.ones(1)
    >>> lift(factor, np.ones(1), 0.25), factor.tolist()
    (None, [1.25])
    """
    for worker in range(len(morale)):
        factor[worker] *= 1.0 + size * spirits(morale[worker])


@compiled
def hear_of_own_work(praised: Any, worker: Any, score: Any) -> None:
    """Replace each worker's by the mean satisfaction with what he or she did (P6); without any it stays.

    Source: E25 (Getta 2011: from customers to staff).

    >>> praised = np.array([70.0, 70.0])
    >>> hear_of_own_work(praised, np.array([1, 1]), np.array([50.0, 60.0])), praised.tolist()
    (None, [70.0, 55.0])
    """
    total, count = np.zeros(len(praised)), np.zeros(len(praised))
    for row in range(len(worker)):
        total[worker[row]] += score[row]
        count[worker[row]] += 1.0
    for one in range(len(praised)):
        if count[one] > 0.0:
            praised[one] = total[one] / count[one]


@compiled
def praise(satisfaction: float, size: float) -> float:
    """What customers' satisfaction with own work adds to morale (P6): `a (s - 70) / 20`.

    Parameters
    ----------
    satisfaction : s, 0 to 100. size : a, >= 0. Source: E25.

    >>> praise(70.0, 0.05), praise(30.0, 0.05)
    (0.0, -0.1)
    """
    return size * (satisfaction - USUAL_PRAISE) / POINTS


@compiled
def spirits(morale: float) -> float:
    """Morale as effects count it (P6): 0 at rest, 1 at full morale, below 0 for less: `(m - 0.7) / 0.3`.

    Parameters
    ----------
    morale : m, in [0, 1]. Source: a definition.

    >>> round(spirits(1.0), 12), spirits(0.7)
    (1.0, 0.0)
    """
    return (morale - REST) / FULL
