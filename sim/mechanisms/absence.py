"""P10 People are not always there: they fall ill, go on holiday, work part-time.

Whose absence is longer than `people.owner_wait_hours` has the requests that came back laid into the queue.
Invariant: who is away starts nothing; a step in hand is finished first.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.draws import (
    PURPOSE_HOLIDAY,
    PURPOSE_ILL,
    PURPOSE_PART_TIME,
    child,
    text_key,
    uniform,
    uniforms,
)
from sim.jit import compiled
from sim.mechanisms.record import Mechanism
from sim.rules.grid import put_on_grid
from sim.schema.base import Switched, quantity, share

Flags = NDArray[np.bool_]
WEEKS = 52


class Absence(Switched):
    """When workers are away."""

    ill: float = quantity(
        "share of days on which somebody is away unplanned", default=0.05, unit="share", source="E24",
        grade="C", ge=0.0, le=0.5, advised=(0.03, 0.12),
    )  # fmt: skip
    spell_days: float = quantity(
        "mean length of an unplanned absence", default=3.0, unit="days", ge=1.0, le=250.0
    )
    holiday_days: float = quantity(
        "days of holiday a year, taken week by week all over the year", default=30.0, unit="days/year",
        source="E24: total shrinkage; size assumption", ge=0.0, le=150.0, advised=(10, 40),
    )  # fmt: skip
    part_time_share: float = share("share of workers who work part-time", default=0.0)
    part_time_days: int = quantity("days a week they work", default=3, unit="days", ge=1, le=7)


def keep(state: Any) -> dict[str, Any]:
    """Addresses of draws, who is ill, who works part-time, (n,); days away, (n, days)."""
    rules, workers = state.numbers, len(state.department)
    people = seat_addresses(state)
    first = [uniforms(people, purpose, WEEKS, 0) for purpose in (PURPOSE_ILL, PURPOSE_PART_TIME)]
    kept = {
        "people": people,
        "ill": first[0] < rules.absence_ill,
        "part": first[1] < rules.absence_part_time_share,
        "away": np.zeros((workers, rules.days), bool),
    }
    _plan_week(kept, rules, 0)
    return kept


def seat_addresses(state: Any) -> NDArray[np.int64]:
    """(n,) addresses of the draws of each worker's seat."""
    seats = state.seat[: len(state.department)].tolist()
    return np.array([seat_address(state.root, seat) for seat in seats], np.int64)


def seat_address(root: int, seat: int) -> int:
    """Where the draws of whoever sits in this seat begin; worlds with the same seats share them."""
    return child(child(root, text_key("seats")), seat)


def review(state: Any, week: int) -> None:
    """Who will be away in the week to come."""
    _plan_week(state.kept["P10"], state.numbers, week)


def _plan_week(kept: dict[str, Any], rules: Any, week: int) -> None:
    plan_week(
        kept["people"], kept["ill"], kept["part"], kept["away"], week, rules.absence_ill,
        rules.absence_spell_days, rules.absence_holiday_days, rules.absence_part_time_days,
    )  # fmt: skip


def effect(state: Any, effects: Any, week: int) -> None:
    """Hours away from the beginning of each day on, to the end of the spell or of the week."""
    stay_away(effects, state.kept["P10"]["away"], state.numbers.day)


def stay_away(effects: Any, days: Any, hours_per_day: float) -> None:
    """Write whole days away, (n, days), into the effects; a spell is told on each of its days."""
    spell = np.zeros(len(days))
    for day in reversed(range(days.shape[1])):
        spell = np.where(days[:, day], spell + 1.0, 0.0)
        own = effects.away[: len(days), day]
        own[...] = np.maximum(own, spell * hours_per_day)


def present_share(state: Any, week: int) -> NDArray[np.float64]:
    """Share of the week to come for which each worker is there, after `week` weeks (P10, P9); (n,)."""
    share = np.ones(len(state.department))
    if "P10" in state.kept:
        share *= 1.0 - state.kept["P10"]["away"].mean(axis=1)
    if "P9" in state.kept:
        share *= state.kept["P9"]["back"] <= week
    return share


def owe(state: Any, effects: Any, week: int, hours: NDArray[np.float64]) -> None:
    """Hours a day that departments owe, (D,), fall to those who are there in the week to come."""
    there = present_share(state, week) > 0.0
    each = hours / np.maximum(1, np.bincount(state.department[there], minlength=len(hours)))
    put_on_grid(each)
    effects.duty_hours[: len(there)] += np.where(there, each[state.department], 0.0)


def presence(rules: Any) -> float:
    """Share of the week for which somebody is expected to be there.

    Parameters
    ----------
    rules : `Numbers.plain` or a record of it.
    """
    part = rules.absence_part_time_share * max(0.0, 1.0 - rules.absence_part_time_days / rules.days)
    holiday = min(1.0, rules.absence_holiday_days / (WEEKS * rules.days))
    return float((1.0 - rules.absence_ill) * (1.0 - holiday) * (1.0 - part))


MECHANISM = Mechanism(
    id="P10",
    claim="people are absent: ill, on holiday, part-time",
    source="E24",
    section="2.14",
    shown="duty *absence*; `present_share`; `people.absence=on`",
    records=(("people.absence", Absence),),
    keys=("people.owner_wait_hours",),
    default="off",
    switch="absence_enabled",
    keeps=keep,
    review=review,
    effect=effect,
    presence=presence,
)


@compiled
def falls_ill(ill: float, spell: float) -> float:
    """Chance that somebody well falls ill on a day (P10): `s / ((1 - s) d)`, at most 1.

    Sick and well days alternate; the share of sick ones then is s in the long run.

    Parameters
    ----------
    ill : s, in [0, 1). spell : d, mean days of an absence, >= 1. Source: renewal theory, E24.

    >>> falls_ill(0.25, 2.0), falls_ill(0.0, 3.0)
    (0.16666666666666666, 0.0)
    """
    return min(1.0, ill / ((1.0 - ill) * spell))


@compiled
def holiday_week(block: int, blocks: int, u: float) -> int:
    """Week of the year of a block of holiday (P10), one in each of as many parts of the year.

    Parameters
    ----------
    block : from 0. blocks : a year, at most 52. u : uniform, in (0, 1). Source: assumption.

    >>> holiday_week(0, 4, 0.5), holiday_week(3, 4, 0.999)
    (6, 51)
    """
    first, after = block * 52 // blocks, (block + 1) * 52 // blocks
    return first + int(u * (after - first))


@compiled
def plan_week(
    people: NDArray[np.int64], ill: Flags, part: Flags, away: Flags, week: int, share: float, spell: float,
    holiday_days: float, part_time_days: int,
) -> None:  # fmt: skip
    """Fill the days of a week on which each worker is away (P10), and who is ill from then on.

    Parameters
    ----------
    people : (n,) addresses of draws. ill, part : (n,) who is ill, who works part-time. away : (n, days).
    week : from 0. share, spell : of `falls_ill`. holiday_days : a year. part_time_days : worked a week.
        Source: E24; that absences are whole days is an assumption.
    """
    days = away.shape[1]
    again, ends, blocks = falls_ill(share, spell), 1.0 / spell, math.ceil(holiday_days / days)
    for worker in range(len(people)):
        holiday = 0.0
        for block in range(blocks):
            u = uniform(people[worker], PURPOSE_HOLIDAY, block, week // 52)
            if holiday_week(block, blocks, u) == week % 52:
                holiday += min(float(days), holiday_days - block * days)
        for day in range(days):
            free = part[worker] and (day + worker) % days >= part_time_days
            away[worker, day] = day < holiday or free or ill[worker]
            u = uniform(people[worker], PURPOSE_ILL, day, week)
            ill[worker] = u >= ends if ill[worker] else u < again
