"""K6 Feedback thins out on its way up; decision makers who meet customers act sooner.

Now and then something in the system makes a function go wrong more often, in every department that does it,
until enough complaints have reached those who can have it put right. Invariant: causes come at the same times
whatever the structure; a department puts right its own work only.
"""

import math
from typing import Any

import numpy as np

from sim.draws import PURPOSE_CAUSE, child, text_key, uniform
from sim.jit import compiled
from sim.mechanisms.record import Mechanism
from sim.rules.elementary import logarithm
from sim.rules.grid import put_on_grid
from sim.schema.base import Switched, quantity, share

WEEKS = 52.0
MOST_BORDERS = 7
"""Borders beyond which one more makes no difference."""
PROJECT_SHARE = 0.2
"""Part of its hours that a department gives to putting something right; assumption, D."""


class Feedback(Switched):
    """How what goes wrong again and again is noticed and put right."""

    causes_per_year: float = quantity(
        "system causes of defects that come to a function", default=1.0, unit="1/year", ge=0.0, le=1000.0,
        advised=(0.2, 4),
    )  # fmt: skip
    harm: float = share(
        "chance of a defect that a cause adds to each step of the function", default=0.03, advised=(0.01, 0.1)
    )
    kept: float = share(
        "severity of a complaint that is left after each level and each border it passes", default=0.8,
        source="E29", grade="C", advised=(0.6, 0.95),
    )  # fmt: skip
    contact: float = share(
        "share of complaints that those who decide hear from customers themselves", default=0.0
    )
    threshold: float = quantity(
        "severity, in complaints heard undiluted, at which a cause is put right", default=5.0,
        unit="complaints", gt=0.0, le=1e6,
    )  # fmt: skip
    fix_hours: float = quantity(
        "work of putting a cause right, of the department", default=40.0, unit="h", ge=0.0, le=100_000.0
    )


def keep(state: Any) -> dict[str, Any]:
    """Causes that are open and what has been heard of them.

    streams : of draws, by function. next : hour of the next cause, in weeks. count : causes so far.
    places : departments that do each function. severity : heard of the oldest cause, (D, F).
    came : weeks in which open causes came, by (department, function), the oldest first.
    until : week at whose end the project on the oldest ends, by (department, function). hours : a day that
    each worker owes, (D,). told : causes open and put right, weeks that took, by week.
    """
    company, model = state.organisation, state.model
    root, rate = child(state.root, text_key("causes")), state.numbers.feedback_causes_per_year
    works = [f for f in range(len(model.functions)) if not model.is_delay[f]]
    kept: dict[str, Any] = {
        "streams": {f: child(root, text_key(model.functions[f])) for f in works},
        "places": {f: np.unique(company.assignment.department_of[f]).tolist() for f in works},
        "next": {}, "count": {}, "came": {}, "until": {},
        "severity": np.zeros((len(company.departments), len(model.functions))),
        "hours": np.zeros(len(company.departments)),
        "told": {"open": [0], "fixed": [0], "weeks": [0]},
    }  # fmt: skip
    for function, stream in kept["streams"].items():
        kept["next"][function] = weeks_between(rate, uniform(stream, PURPOSE_CAUSE, 0, 0))
        kept["count"][function] = 1
    return kept


def review(state: Any, week: int) -> None:
    """Finished projects end, complaints are heard, projects begin, new causes come."""
    kept = state.kept["K6"]
    taken = _put_right(kept, week)
    _hear(state, kept)
    _begin_projects(state, kept, week)
    _new_causes(state, kept, week)
    told = kept["told"]
    told["open"].append(sum(map(len, kept["came"].values())))
    told["fixed"].append(len(taken))
    told["weeks"].append(sum(taken))


def _put_right(kept: dict[str, Any], week: int) -> list[int]:
    """Causes whose project is over are gone; returns how many weeks each was there."""
    over = [place for place, until in kept["until"].items() if until <= week]
    for place in over:
        del kept["until"][place]
        kept["severity"][place] = 0.0
    return [week - kept["came"][place].pop(0) for place in over]


def _hear(state: Any, kept: dict[str, Any]) -> None:
    """What this week's returns come to, up there."""
    rules = state.numbers
    levels = 1 if state.organisation.general_desk >= 0 else 0
    for place in kept["came"]:
        department, function = place
        heard = state.signals[department * len(state.model.functions) + function]
        for borders, complaints in enumerate(heard.tolist()):
            if complaints:
                severity = heard_severity(
                    float(levels + borders), rules.feedback_kept, rules.feedback_contact
                )
                kept["severity"][place] += complaints * severity
    state.signals[...] = 0.0


def _begin_projects(state: Any, kept: dict[str, Any], week: int) -> None:
    """Where enough has been heard, the department puts the oldest cause right; one at a time."""
    rules, sizes = state.numbers, np.diff(state.organisation.first_worker).tolist()
    for place, came in kept["came"].items():
        if came and place not in kept["until"] and kept["severity"][place] >= rules.feedback_threshold:
            kept["until"][place] = week + project_weeks(rules.feedback_fix_hours, sizes[place[0]], rules.week)
    kept["hours"][...] = 0.0
    for department, _ in kept["until"]:
        weeks = project_weeks(rules.feedback_fix_hours, sizes[department], rules.week)
        kept["hours"][department] += rules.feedback_fix_hours / (weeks * sizes[department] * rules.days)


def _new_causes(state: Any, kept: dict[str, Any], week: int) -> None:
    """What has come during the week makes itself felt from the next one on, wherever the function is done."""
    for function, stream in kept["streams"].items():
        while kept["next"][function] <= week:
            for department in kept["places"][function]:
                kept["came"].setdefault((department, function), []).append(week)
            u = uniform(stream, PURPOSE_CAUSE, 0, kept["count"][function])
            kept["next"][function] += weeks_between(state.numbers.feedback_causes_per_year, u)
            kept["count"][function] += 1


def effect(state: Any, effects: Any, week: int) -> None:
    """Causes make more go wrong; projects take hours."""
    kept = state.kept["K6"]
    for place, came in kept["came"].items():
        effects.defect_base[place] += state.numbers.feedback_harm * len(came)
    hours = kept["hours"].copy()
    put_on_grid(hours)
    effects.duty_hours[: len(state.department)] += hours[state.department]


def tell(told: dict[str, Any], weeks: slice) -> list[tuple[str, str, float]]:
    """Causes open in the mean, and how long those that were put right had been there."""
    fixed = sum(told["fixed"][weeks])
    return [
        ("causes_open", "number", sum(told["open"][weeks]) / len(told["open"][weeks])),
        ("weeks_to_fix", "weeks", sum(told["weeks"][weeks]) / fixed if fixed else math.nan),
    ]


MECHANISM = Mechanism(
    id="K6",
    claim="feedback thins out on its way up; decision makers who meet customers act sooner",
    source="E29",
    section="2.14",
    shown="`weeks_to_fix`, `causes_open`, `first_time_right`; `coordination.feedback=on`",
    records=(("coordination.feedback", Feedback),),
    default="off",
    switch="feedback_enabled",
    keeps=keep,
    review=review,
    effect=effect,
    tells=tell,
)


@compiled
def heard_severity(levels: float, kept: float, contact: float) -> float:
    """Severity of a complaint where it is decided (K6): `c + (1 - c) r^n`.

    Parameters
    ----------
    levels : n, levels and borders it has passed, >= 0. kept : r, left after each, in [0, 1].
    contact : c, share heard from customers themselves, in [0, 1]. Source: E29.

    >>> heard_severity(2.0, 0.5, 0.0), heard_severity(1.0, 0.5, 0.5), heard_severity(0.0, 0.8, 0.0)
    (0.25, 0.75, 1.0)
    """
    left = 1.0
    for _ in range(int(levels)):
        left *= kept
    return contact + (1.0 - contact) * left


@compiled
def weeks_between(a_year: float, u: float) -> float:
    """Weeks until the next cause (K6), exponential: `-52 ln(u) / rate`; without any, for ever.

    Parameters
    ----------
    a_year : rate of causes, >= 0. u : uniform, in (0, 1). Source: assumption.

    >>> round(weeks_between(52.0, 0.5), 6), weeks_between(0.0, 0.5)
    (0.693147, inf)
    """
    return -WEEKS * logarithm(u) / a_year if a_year > 0.0 else math.inf


def project_weeks(hours: float, workers: int, week: float) -> int:
    """Weeks that putting a cause right takes (K6): `max(1, ceil(hours / (0.2 week workers)))`.

    Parameters
    ----------
    hours : of work, >= 0. workers : of the department, >= 1. week : hours. Source: assumption.

    >>> project_weeks(40.0, 1, 40.0), project_weeks(40.0, 10, 40.0)
    (5, 1)
    """
    return max(1, math.ceil(hours / (PROJECT_SHARE * week * workers)))
