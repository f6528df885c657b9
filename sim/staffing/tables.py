"""The tables of an answer: `staffing`, a row a structure; `frontier`, a row a structure and number of people.

Invariant: `scenario` numbers the rows of the folder's `scenarios.parquet`.
"""

import json
import math
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any, Protocol

import numpy as np

from sim.analysis.inference import intervals
from sim.analysis.rows import COMPANY
from sim.staffing.answer import Answer
from sim.staffing.pairs import Difference, differences
from sim.staffing.targets import PREFIX, Target

MEASURES = ("response_time_mean", "satisfaction_mean")
"""What the frontier holds against cost."""
SIGNS = (-1.0, 1.0)
"""Whether more of each is better."""

Table = dict[str, list[Any]]
Span = tuple[float, float, float]
NONE: Span = (math.nan, math.nan, math.nan)


class Asked(Protocol):
    """What was asked for."""

    @property
    def targets(self) -> tuple[Target, ...]: ...


def tables_of(answers: Sequence[Answer], asked: Asked) -> dict[str, Table]:
    """Both tables, name -> column -> values."""
    first = [0, *accumulate(len(answer.rows) for answer in answers)]
    pairs = differences(answers)
    staffing = [
        _staffing(answer, start, pair, answers[0])
        for answer, start, pair in zip(answers, first, pairs, strict=False)
    ]
    points = [
        point
        for answer, start in zip(answers, first, strict=False)
        for point in _frontier(answer, start, asked.targets)
    ]
    _mark_dominated(points, answers)
    return {"staffing": _columns(staffing), "frontier": _columns(points)}


def _columns(rows: Sequence[Mapping[str, Any]]) -> Table:
    return {name: [row[name] for row in rows] for name in rows[0]}


def _staffing(answer: Answer, start: int, pair: Difference | None, first: Answer) -> dict[str, Any]:
    size, case = answer.shown, answer.case
    return {
        "scenario": start + list(answer.made.staffs).index(size),
        "structure": case.name,
        "status": answer.status,
        "targets": json.dumps({target.key: target.limit for target in case.targets}),
        "confidence": answer.confidence,
        "people": size,
        "workers": sum(answer.staff),
        "managers": case.managers(answer.staff),
        "coordinators": case.coordinators,
        "spread": spread(case.named(answer.staff)),
        **_spanned("cost", answer.estimate(size, "cost")),
        "tried": len(answer.found.tried),
        "most": case.most,
        **_one_fewer(answer),
        **_reason(answer),
        **_difference(pair, first.case.name),
    }


def spread(workers: Mapping[str, int]) -> str:
    """Workers by department in a line.

    >>> spread({"intake": 3, "advice": 5})
    'intake 3, advice 5'
    """
    return ", ".join(f"{name} {size}" for name, size in workers.items())


def _spanned(name: str, span: Sequence[float]) -> dict[str, float]:
    return dict(zip((name, f"{name}_low", f"{name}_high"), span, strict=True))


def _one_fewer(answer: Answer) -> dict[str, Any]:
    """What one person fewer would break, and where."""
    below = answer.below
    if answer.fewest is None or below is None:
        place, busy = answer.busiest(answer.shown)
        none: dict[str, Any] = {"fewer_people": -1, "fewer_meets": "", "where": place, "where_busy": busy}
        none |= _overloaded(answer, answer.shown)
        return none | {"breaks": "", "limit": math.nan, **_spanned("breaks_value", NONE)}
    place, busy = answer.busiest(below)
    told = {"fewer_people": below, "fewer_meets": answer.verdict(below), "where": place, "where_busy": busy}
    told |= _overloaded(answer, below)
    key, limit, value = _missed(answer, below)
    return told | {"breaks": key, "limit": limit, **_spanned("breaks_value", value)}


def _overloaded(answer: Answer, people: int) -> dict[str, int]:
    """In how many of how many replications a department has more work than hours."""
    loads = answer.loads(people)
    return {"overloaded": sum(load >= 1.0 for load in loads), "of_replications": len(loads)}


def _missed(answer: Answer, people: int) -> tuple[str, float, Sequence[float]]:
    """The target that these people miss by most; of a queue without end the largest load."""
    if not answer.samples[people].steady:
        return LOAD, 1.0, (max(answer.loads(people)), math.nan, math.nan)
    target = answer.broken(people)
    return target.key, target.limit, answer.estimate(people, target.metric, target.scope)


def _reason(answer: Answer) -> dict[str, Any]:
    """Of what cannot be met: the target in the way, its best value, and the share of time that is waiting."""
    if answer.fewest is not None:
        return {"missed": "", **_spanned("nearest", NONE), "waiting": math.nan, "held_by": ""}
    hours = dict(answer.parts)
    total = math.fsum(hours.values())
    waited = math.fsum(hours.pop(kind, 0.0) for kind in WAITING)
    key, _, value = _missed(answer, answer.shown)
    return {
        "missed": key,
        **_spanned("nearest", value),
        "waiting": waited / total if total > 0.0 else math.nan,
        "held_by": ", ".join(sorted(hours, key=lambda kind: -hours[kind])[:3]),
    }


WAITING = ("queue",)
LOAD = "load"
"""Told in place of a target where a department has more work than hours."""


def _difference(pair: Difference | None, reference: str) -> dict[str, Any]:
    if pair is None:
        spans = {"exact_people": math.nan, "exact_reference": math.nan}
        spans |= _spanned("difference", NONE) | _spanned("relative", NONE) | _spanned("cost_relative", NONE)
        return {"reference": reference, **spans, "p_adjusted": math.nan, "verdict": ""}
    return {
        "reference": reference,
        "exact_people": pair.own,
        "exact_reference": pair.people,
        **_spanned("difference", pair.difference),
        **_spanned("relative", pair.relative),
        **_spanned("cost_relative", pair.cost),
        "p_adjusted": pair.p,
        "verdict": pair.verdict,
    }


def _frontier(answer: Answer, start: int, targets: Sequence[Target]) -> list[dict[str, Any]]:
    points = []
    for place, (size, staff) in enumerate(answer.made.staffs.items()):
        point: dict[str, Any] = {
            "scenario": start + place,
            "structure": answer.case.name,
            "people": size,
            "workers": sum(staff),
            "spread": spread(answer.case.named(staff)),
            "replications": answer.made.counts[size],
            "meets": answer.verdict(size),
            "chosen": size == answer.fewest,
            "steady": answer.samples[size].steady,
            **_spanned("cost", answer.estimate(size, "cost")),
        }
        asked = {name: (name, COMPANY) for name in MEASURES}
        asked |= {target.key.removeprefix(PREFIX): (target.metric, target.scope) for target in targets}
        for name, (metric, scope) in asked.items():  # of a queue without end there is no mean to tell
            point |= _spanned(name, answer.estimate(size, metric, scope) if point["steady"] else NONE)
        points.append(point)
    return points


def _mark_dominated(points: list[dict[str, Any]], answers: Sequence[Answer]) -> None:
    """Points that another one beats: no dearer, faster and better liked, each shown by a paired interval."""
    owners = [(answer, size) for answer in answers for size in answer.made.staffs]
    for place, point in enumerate(points):
        others = (other for other in range(len(points)) if other != place)
        beaten = next((other for other in others if _beats(points, owners, other, place)), None)
        point["dominated_by"] = -1 if beaten is None else points[beaten]["scenario"]


def _beats(points: list[dict[str, Any]], owners: Sequence[tuple[Answer, int]], one: int, other: int) -> bool:
    if points[one]["cost"] > points[other]["cost"] or not (points[one]["steady"] and points[other]["steady"]):
        return False
    count = min(points[one]["replications"], points[other]["replications"])
    values = [
        np.array([answer.values(size, metric)[:count] for metric in MEASURES])
        for answer, size in (owners[one], owners[other])
    ]
    found = intervals(np.array(SIGNS)[:, None] * (values[0] - values[1]))
    return bool((found.low > 0.0).all())
