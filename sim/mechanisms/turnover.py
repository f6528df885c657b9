"""P9 People leave, and P3 whoever replaces them takes long to find, to train and to become good.

A person is a seat and a generation: the next one sits in the same seat with a pace of his or her own, and
without experience. Invariant: a seat is empty from a review to a review.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.draws import PURPOSE_FILL, PURPOSE_LEAVES, PURPOSE_SPEED, uniform
from sim.jit import compiled
from sim.mechanisms.absence import seat_addresses, stay_away
from sim.mechanisms.pace import time_factor
from sim.mechanisms.record import Mechanism
from sim.rules.elementary import exponential
from sim.schema.base import Record, Switched, quantity

WEEKS = 52
DAYS_A_WEEK = 7.0
LONG_AGO = -10_000
"""Week in which those who are there at the start came."""


class Leaving(Record):
    """How often people leave."""

    rate: float = quantity(
        "chance of leaving in a year, as a hazard", default=0.30, unit="1/year", source="E19", grade="B",
        ge=0.0, le=10.0, advised=(0.10, 0.50),
    )  # fmt: skip
    early_factor: float = quantity(
        "factor on it for newcomers", default=3.0, unit="factor", source="E19: higher in the first 90 days",
        ge=0.0, le=20.0,
    )  # fmt: skip
    early_weeks: int = quantity(
        "how long somebody is a newcomer", default=13, unit="weeks", source="E19", ge=0, le=520
    )


class Replacing(Record):
    """What it takes to replace somebody."""

    fill_days: float = quantity(
        "mean calendar days until a seat is filled", default=34.0, unit="days", source="E21", grade="B",
        ge=0.0, le=1000.0, advised=(20, 60),
    )  # fmt: skip
    fill_cv: float = quantity("spread of that time", default=0.5, unit="factor", ge=0.0, le=3.0)
    breadth: float = quantity(
        "longer by this share for each function of the role beyond the first", default=0.1, unit="share",
        ge=0.0, le=5.0,
    )  # fmt: skip
    rarity: float = quantity(
        "longer by this share where expertise with one customer segment of many is wanted", default=0.2,
        unit="share", ge=0.0, le=5.0,
    )  # fmt: skip
    training_weeks: int = quantity(
        "weeks of training without output", default=4, unit="weeks", source="E21", grade="B", ge=0, le=104,
        advised=(1, 8),
    )  # fmt: skip
    hiring_months: float = quantity(
        "cost of a replacement in monthly wages", default=3.0, unit="months", source="E22", grade="C",
        ge=0.0, le=60.0,
    )  # fmt: skip


class Turnover(Replacing, Leaving, Switched):
    """People leave and are replaced."""


def keep(state: Any) -> dict[str, Any]:
    """Who sits where, by worker, and what is told, by week.

    since : week in which somebody came. back : week in which work begins. generation, pace : of the seat.
    told : seats empty or in training, held by newcomers, given up, what that cost, wages not paid.
    """
    workers, company = len(state.department), state.organisation
    served = [
        float((company.assignment.department_of == department).any(axis=(0, 1)).mean())
        for department in range(len(company.departments))
    ]
    functions = company.assignment.functions_covered
    return {
        "people": seat_addresses(state),
        "since": np.full(workers, LONG_AGO),
        "back": np.zeros(workers, np.int64),
        "generation": np.zeros(workers, np.int64),
        "pace": np.ones(workers),
        "weeks": [
            fill_weeks(
                state.numbers.turnover_fill_days, state.numbers.turnover_breadth, functions[department],
                state.numbers.turnover_rarity, served[department],
            )
            for department in state.department.tolist()
        ],
        "told": {"idle": [0], "new": [0], "left": [0], "cost": [0.0], "saved": [0.0], "workers": workers},
    }  # fmt: skip


def review(state: Any, week: int) -> None:
    """Who leaves at the end of this week, and when the next one begins to work."""
    rules, kept, cost, left = state.numbers, state.kept["P9"], 0.0, 0
    going = who_leaves(
        kept["people"], kept["generation"], kept["since"], kept["back"], unrest(state), week,
        rules.turnover_rate, rules.turnover_early_factor, rules.turnover_early_weeks,
    )  # fmt: skip
    for worker in np.flatnonzero(going).tolist():
        _replace(state, worker, week)
        left += 1
        wage = state.organisation.wages[state.department[worker]]
        cost += rules.turnover_hiring_months * wage / 12.0
    present, told = kept["back"] <= week, kept["told"]
    told["idle"].append(int((~present).sum()))
    told["new"].append(int((present & (week - kept["since"] < rules.turnover_early_weeks)).sum()))
    told["left"].append(left)
    told["cost"].append(cost)
    empty = state.department[kept["since"] > week].tolist()
    told["saved"].append(math.fsum(state.organisation.wages[department] for department in empty) / WEEKS)


def unrest(state: Any) -> NDArray[np.float64]:
    """Factor on each worker's hazard of leaving by other mechanisms (P6)."""
    found: NDArray[np.float64] = (
        state.kept["P6"]["unrest"] if "P6" in state.kept else np.ones(len(state.department))
    )
    return found


def _replace(state: Any, worker: int, week: int) -> None:
    """Somebody else in the same seat."""
    rules, kept = state.numbers, state.kept["P9"]
    kept["generation"][worker] += 1
    person, turn = kept["people"][worker].item(), kept["generation"][worker].item()
    empty = kept["weeks"][worker] * time_factor(
        rules.turnover_fill_cv, uniform(person, PURPOSE_FILL, 0, turn)
    )
    kept["since"][worker] = week + math.ceil(empty)
    kept["back"][worker] = kept["since"][worker] + rules.turnover_training_weeks
    if math.isnan(state.organisation.fixed_pace[worker]):
        own, first = (time_factor(rules.speed_cv, uniform(person, PURPOSE_SPEED, 0, n)) for n in (turn, 0))
        kept["pace"][worker] = own / first
    for experience in (state.by_function, state.by_product, state.by_segment):
        experience[worker] = 0.0


def effect(state: Any, effects: Any, week: int) -> None:
    """An empty seat, or one in training, is away all week; the next one has a pace of his or her own."""
    kept, workers = state.kept["P9"], len(state.department)
    effects.pace[:workers] *= kept["pace"]
    absent = np.repeat((kept["back"] > week)[:, None], effects.away.shape[1], axis=1)
    stay_away(effects, absent, state.numbers.day)


def presence(rules: Any) -> float:
    """Share of the time for which a seat is filled and trained, in the long run, for an average role."""
    empty = rules.turnover_fill_days / DAYS_A_WEEK
    idle = empty + (0.5 if empty > 0.0 else 0.0) + rules.turnover_training_weeks  # till the next review
    return float(1.0 - vacancy_share(rules.turnover_rate, idle))


def tell(told: dict[str, Any], weeks: slice) -> list[tuple[str, str, float]]:
    """Metrics of the company in these weeks: name, unit, value."""
    count = len(told["idle"][weeks])
    seats, years = count * told["workers"], count / WEEKS
    return [
        ("vacancy_share", "share", math.fsum(told["idle"][weeks]) / seats),
        ("newcomers", "share", math.fsum(told["new"][weeks]) / seats),
        ("leavers", "people/year", math.fsum(told["left"][weeks]) / years),
        ("hiring_cost", "money/year", math.fsum(told["cost"][weeks]) / years),
        ("wages_of_empty_seats", "money/year", -math.fsum(told["saved"][weeks]) / years),
    ]


MECHANISM = Mechanism(
    id="P9",
    claim="people leave",
    source="E19, E20",
    section="2.14",
    shown="duty *absence*; `leavers`, `vacancy_share`, `newcomers`; `people.turnover=on`",
    records=(("people.turnover", Leaving),),
    default="off",
    switch="turnover_enabled",
    keeps=keep,
    review=review,
    effect=effect,
    presence=presence,
    tells=tell,
)
REPLACING = Mechanism(
    id="P3",
    claim="specialised staff take long to find and train",
    source="E21, E22",
    section="2.14",
    shown="with P9: `vacancy_share`, `hiring_cost`; `people.turnover=on`",
    records=(("people.turnover", Replacing),),
    default="off",
    switch="turnover_enabled",
)
"""Part of the same rule, with a row of its own."""


@compiled
def who_leaves(
    people: NDArray[np.int64], generation: NDArray[np.int64], since: NDArray[np.int64],
    back: NDArray[np.int64], restless: NDArray[np.float64], week: int, rate: float, early_factor: float,
    early_weeks: int,
) -> NDArray[np.bool_]:  # fmt: skip
    """Which workers leave at the end of this week (P9); nobody before his or her work has begun. Source: E19.

    >>> none, one = np.zeros(1, np.int64), np.ones(1)
    >>> [bool(who_leaves(none, none, none, none, one, 9, rate, 1.0, 13)[0]) for rate in (0.0, 1e6)]
    [False, True]
    """
    going = np.zeros(len(people), np.bool_)
    for worker in range(len(people)):
        hazard = rate * (early_factor if week - since[worker] < early_weeks else 1.0)
        u = uniform(people[worker], PURPOSE_LEAVES, generation[worker], week)
        going[worker] = week >= back[worker] and u < leaving_chance(hazard * restless[worker])
    return going


@compiled
def leaving_chance(hazard: float) -> float:
    """Chance of leaving within a week (P9): `1 - exp(-h / 52)`.

    Parameters
    ----------
    hazard : h, a year, >= 0. Source: E19.

    >>> leaving_chance(0.0), round(1.0 - (1.0 - leaving_chance(0.3)) ** 52, 6)
    (0.0, 0.259182)
    """
    return 1.0 - exponential(-hazard / 52.0)


@compiled
def fill_weeks(days: float, breadth: float, functions: float, rarity: float, served: float) -> float:
    """Mean weeks until a seat is filled (P3): `days / 7 (1 + b (functions - 1)) (1 + r (1 - served))`.

    Parameters
    ----------
    days : calendar days for a plain role, >= 0. breadth : b, >= 0. functions : of the role, >= 1.
    rarity : r, >= 0. served : share of the segments that the department serves, in (0, 1].
        Source: E21; that broad and rare roles take longer is an assumption.

    >>> float(fill_weeks(35.0, 0.5, 3.0, 0.2, 0.5))
    11.0
    """
    return days / 7.0 * (1.0 + breadth * (functions - 1.0)) * (1.0 + rarity * (1.0 - served))


@compiled
def vacancy_share(rate: float, idle_weeks: float) -> float:
    """Share of the time a seat is without output (P9, P3): `x / (1 + x)`, `x = rate x idle / 52`.

    An alternating renewal process: somebody works for 1 / rate years, then nobody for the idle weeks.

    Parameters
    ----------
    rate : hazard of leaving, a year, >= 0. idle_weeks : until the next one works, >= 0.
        Source: renewal theory (Cox 1962).

    >>> float(vacancy_share(2.0, 26.0))
    0.5
    """
    x = rate * idle_weeks / 52.0
    return x / (1.0 + x)
