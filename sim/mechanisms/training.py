"""P4 Training: hours off work now, proficiency later.

Invariant: without hours nobody learns anything here.
"""

from typing import Any, Literal

import numpy as np

from sim.jit import compiled
from sim.mechanisms.record import Mechanism
from sim.rules.grid import on_grid
from sim.schema.base import Switched, quantity

AXES = ("function", "product", "segment")


class Training(Switched):
    """A programme for all workers."""

    hours_per_week: float = quantity(
        "hours of each worker", default=2.0, unit="h/week", ge=0.0, le=40.0, advised=(0, 8)
    )
    cases_per_hour: float = quantity(
        "cases of experience an hour counts for", default=5.0, unit="cases/h",
        source="E23: 0.3 SD on the job; size assumption", ge=0.0, le=1000.0,
    )  # fmt: skip
    axis: Literal["function", "product", "segment", "weakest"] = quantity(
        "what is trained: the work of the department on this axis, or whatever of it each knows least",
        default="weakest",
    )
    first_week: int = quantity("week in which it begins", default=0, unit="weeks", ge=0, le=10_000)
    weeks: int = quantity("how long it lasts", default=26, unit="weeks", ge=0, le=10_000)


def keep(state: Any) -> list[list[Any]]:
    """By department: ids of the functions, products and segments of its work."""
    own = state.organisation.assignment.department_of
    others = ((1, 2), (0, 2), (0, 1))
    return [
        [np.flatnonzero((own == department).any(axis=pair)) for pair in others]
        for department in range(len(state.organisation.departments))
    ]


def lasts(rules: Any, week: int) -> bool:
    """Does the programme fall into the week that begins after so many?"""
    return bool(rules.training_first_week <= week < rules.training_first_week + rules.training_weeks)


def review(state: Any, week: int) -> None:
    """What the hours of the week that ends have taught those who were there."""
    rules = state.numbers
    if not lasts(rules, week - 1):
        return
    experience = (state.by_function, state.by_product, state.by_segment)
    for worker, department in enumerate(state.department.tolist()):
        days = int((state.effects.away[worker] < rules.day).sum())
        cases = trained_cases(
            rules.training_hours_per_week * days / rules.days, rules.training_cases_per_hour
        )
        cells = state.kept["P4"][department]
        if rules.training_axis < len(AXES):
            chosen = [(rules.training_axis, cell) for cell in cells[rules.training_axis].tolist()]
        else:
            known = [(experience[a][worker, c], a, c) for a in range(3) for c in cells[a].tolist()]
            chosen = [min(known)[1:]]
        for axis, cell in chosen:
            experience[axis][worker, cell] += cases / len(chosen)


def effect(state: Any, effects: Any, week: int) -> None:
    """Hours off work."""
    if lasts(state.numbers, week):
        daily = on_grid(state.numbers.training_hours_per_week / state.numbers.days)
        effects.duty_hours[: len(state.department)] += daily


MECHANISM = Mechanism(
    id="P4",
    claim="training: hours off work now, proficiency later",
    source="E23",
    section="2.14",
    shown="`hidden_work`, `unfamiliarity_mean`; weekly series; `people.training=on`",
    records=(("people.training", Training),),
    default="off",
    switch="training_enabled",
    keeps=keep,
    review=review,
    effect=effect,
)


@compiled
def trained_cases(hours: float, cases_per_hour: float) -> float:
    """Experience in cases that so many hours of training count for (P4): `hours x cases an hour`.

    Parameters
    ----------
    hours : >= 0. cases_per_hour : >= 0. Source: E23.

    >>> float(trained_cases(2.0, 5.0))
    10.0
    """
    return hours * cases_per_hour
