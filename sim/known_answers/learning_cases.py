"""Cases of experience: one beginner whose every step is known beforehand.

Invariant: nothing is drawn; the curve and the stock come out of the engine and its weekly review step by
step.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from sim.known_answers.case import NEUTRAL, Trace, setting
from sim.known_answers.learning import knowledge_stock, plateau_time, weeks_to_fix
from sim.known_answers.trace_cases import steps
from sim.trajectory import Trajectory

BEGINNER = (
    "company=queue",
    "structure=function",
    *NEUTRAL,
    "people.knowledge_scale=1.0",
    "staffing.headcount=1",
    "experiment.kind=terminating",
    "experiment.warm_up_weeks=0",
)


def learning_trace(plateau: float, rate: float, first: float) -> Trace:
    """V35: one beginner, requests one after the other; the n-th takes M T1 + (1 - M) T1 n^log2(rate).

    In the simulator: work M T1, weight of the function (1 - M) / M, e0 = 1.
    """
    shown = (1, 10, 100, 1000)
    weight = (1 - plateau) / plateau
    more = (
        "experiment.horizon_weeks=300",
        setting("company.segments.a.interarrival", {"law": "deterministic", "mean": 1.1 * first}),
        setting("company.products.a.work.service", {"law": "deterministic", "mean": plateau * first}),
        setting("company.functions.service.knowledge.function", weight),
        f"people.learning_rate={rate}",
    )

    def found(trajectory: Trajectory) -> Mapping[str, float]:
        rows = steps(trajectory)
        return {f"T{case}": float(rows["end"][case - 1] - rows["start"][case - 1]) for case in shown}

    return Trace(
        name="V35",
        family="learning",
        title="a learning curve with a plateau",
        overrides=(*BEGINNER, *more),
        exact=lambda trajectory: {f"T{case}": plateau_time(first, plateau, rate, case) for case in shown},
        found=found,
    )


def forgetting_trace(kept: float, rate: float) -> Trace:
    """V36: a stock of experience that keeps a share ``kept`` a month and gains ten cases a week.

    A request every 4 h from hour 4 on, each done before the next: 9 cases in the first week, then 10. After
    the review of week k the stock is g (stock before + cases of the week), g = kept^(12/52); the next step
    shows it as u = (1 + stock)^log2(rate).
    """
    weeks, weekly = (1, 4, 26, 52), math.pow(kept, 12 / 52)
    more = (
        "experiment.horizon_weeks=60",
        setting("company.segments.a.interarrival", {"law": "deterministic", "mean": 4.0}),
        setting("company.products.a.work.service", {"law": "deterministic", "mean": 1.0}),
        "company.functions.service.knowledge.function=1.0",
        f"people.learning_rate={rate}",
        f"people.retention_per_month={kept}",
    )

    def exact(trajectory: Trajectory) -> Mapping[str, float]:
        # Nine cases in the first week: one less than ten, which fades like the rest.
        stocks = {
            week: weekly * knowledge_stock(weekly, 10.0, week) - math.pow(weekly, week) for week in weeks
        }
        return {f"u{week}": math.pow(1 + stock, math.log2(rate)) for week, stock in stocks.items()}

    def found(trajectory: Trajectory) -> Mapping[str, float]:
        rows = steps(trajectory)
        return {f"u{week}": float(rows["u_function"][rows["start"] >= 40.0 * week][0]) for week in weeks}

    return Trace(
        name="V36",
        family="learning",
        title="experience that fades and is renewed",
        overrides=(*BEGINNER, *more),
        exact=exact,
        found=found,
    )


def feedback_trace(name: str, title: str, severity: float, *more: str) -> Trace:
    """K6: ten requests a week, all spoilt by a cause, so ten customers a week come back until it is gone.

    Every step takes an hour; the project of 40 h takes a fifth of one person's hours, five weeks. The first
    cause is measured, which waits for no other.
    """
    complaining = {
        "enabled": True, "causes_per_year": 2.0, "harm": 1.0, "threshold": 25.0, "fix_hours": 40.0,
        "kept": 0.8, "contact": 0.0,
    }  # fmt: skip
    settings = (
        "experiment.horizon_weeks=200",
        setting("company.segments.a.interarrival", {"law": "deterministic", "mean": 4.0}),
        setting("company.products.a.work.service", {"law": "deterministic", "mean": 1.0}),
        "coordination.rework.caught=0.0",
        "coordination.rework.rounds=1",
        setting("coordination.feedback", complaining),
    )

    def found(trajectory: Trajectory) -> Mapping[str, float]:
        told = trajectory.told["K6"]
        first = next(week for week, fixed in enumerate(told["fixed"]) if fixed)
        return {"weeks": float(told["weeks"][first])}

    return Trace(
        name=name,
        family="feedback",
        title=title,
        overrides=(*BEGINNER, *settings, *more),
        exact=lambda trajectory: {"weeks": weeks_to_fix(25.0, 10.0, severity, 5)},
        found=found,
    )


def learning_cases() -> Iterator[Trace]:
    """Every case of this file."""
    yield learning_trace(0.6, 0.85, 10.0)
    yield forgetting_trace(0.75, 0.8)
    yield feedback_trace("K6-direct", "complaints heard where the work is done", 1.0)
    yield feedback_trace("K6-managed", "complaints that pass a manager", 0.8, "staffing.managers=true")
    contact = "staffing.managers=true", "coordination.feedback.contact=0.5"
    yield feedback_trace("K6-contact", "a manager who meets every second customer", 0.9, *contact)
