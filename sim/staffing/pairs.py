"""Structures beside each other at exactly the same service: people and cost, with intervals.

Invariant: replication i of all structures met the same world, so differences are taken replication by
replication (by jackknife: each is left out once).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sim.analysis.inference import CONFIDENCE, holm, t_probability, t_quantile, tested_at
from sim.staffing.answer import Answer
from sim.staffing.sample import Floats

SAME = 1.0
"""People within which structures count as needing the same."""


@dataclass(frozen=True)
class Difference:
    """How many more people a structure needs than the reference, and what that costs more.

    people, own : of the reference and of the structure at exactly the service that is asked for, between
        whole numbers of people. Each difference as (estimate, low, high): in people, as a share of the
        reference's, and in money as a share. verdict : fewer, more, same or open.
    """

    people: float
    own: float
    difference: tuple[float, float, float]
    relative: tuple[float, float, float]
    cost: tuple[float, float, float]
    p: float
    confidence: float
    verdict: str


def differences(answers: Sequence[Answer]) -> list[Difference | None]:
    """Each structure against the first; None for the first, and where one of the two has no answer."""
    first, *others = answers
    raw = [None, *(_pair(first, own) if _has(first) and _has(own) else None for own in others)]
    told = [found for found in raw if found is not None]
    p = np.array([_p(found[0], found[2]) for found in told], np.float64)
    adjusted = holm(p, np.zeros(len(p), np.int64))
    levels = zip(adjusted.tolist(), tested_at(p, adjusted).tolist(), strict=True)
    return [None if found is None else _told(*found, *next(levels)) for found in raw]


def _has(answer: Answer) -> bool:
    return answer.fewest is not None and _segment(answer) is not None


def _segment(answer: Answer) -> tuple[int, int] | None:
    """Two neighbouring staffs between which the service falls below what is asked for."""
    sizes = sorted(answer.made.staffs, reverse=True)
    for high, low in pairwise(sizes):
        if not answer.samples[low].met and answer.samples[high].met:
            return low, high
    return None


def _pair(first: Answer, own: Answer) -> tuple[Floats, Floats, Floats, Floats]:
    """Crossings and costs (whole sample, then each replication left out) of both structures."""
    pairs = [(answer, _segment(answer)) for answer in (first, own)]
    count = min(answer.samples[size].replications for answer, segment in pairs for size in segment or ())
    found = []
    for answer, segment in pairs:
        assert segment is not None
        found += list(_crossings(answer, *segment, count))
    return found[0], found[1], found[2], found[3]


def _crossings(answer: Answer, low: int, high: int, count: int) -> tuple[Floats, Floats]:
    """People and cost at which all targets are met exactly: of all replications, then without each of them.

    Where the smaller staff has a queue without end, that is what decides, and the larger one is told.
    """
    few, many = (_left_out(answer.samples[size].slack[:, :count]) for size in (low, high))
    rising = many > few
    flat = np.where(few >= 0.0, -np.inf, np.inf)
    steps = np.where(rising, -few / np.where(rising, many - few, 1.0), flat)
    part = np.clip(steps.max(axis=0), -1.0 if answer.samples[low].steady else 1.0, 2.0)
    costs = [_left_out(answer.values(size, "cost")[None, :count])[0] for size in (low, high)]
    return low + part * (high - low), costs[0] + part * (costs[1] - costs[0])


def _left_out(values: Floats) -> Floats:
    """(rows, 1 + replications) means of all, and with each replication left out."""
    total, seen = np.nansum(values, axis=1), np.isfinite(values)
    counts = seen.sum(axis=1)
    rest = np.maximum(counts[:, None] - seen, 1)
    without = (total[:, None] - np.nan_to_num(values)) / rest
    return np.column_stack([total / np.maximum(counts, 1), without])


def _jackknife(values: Floats) -> tuple[float, float, int]:
    """Estimate, standard error and degrees of freedom (Tukey 1958)."""
    whole, without = float(values[0]), values[1:]
    n = len(without)
    error = float(np.sqrt((n - 1) / n * np.sum((without - without.mean()) ** 2)))
    return whole, error, n - 1


def _p(first: Floats, own: Floats) -> float:
    gap, error, freedom = _jackknife(own - first)
    if error == 0.0:
        return 1.0 if gap == 0.0 else 0.0
    return 2.0 * float(t_probability(np.array([-abs(gap) / error]), np.array([freedom]))[0])


def _interval(values: Floats, confidence: float) -> tuple[float, float, float]:
    whole, error, freedom = _jackknife(values)
    reach = float(t_quantile(0.5 + confidence / 2.0, np.array([freedom]))[0]) * error
    return whole, whole - reach, whole + reach


def _told(
    first: Floats, first_cost: Floats, own: Floats, own_cost: Floats, adjusted: float, confidence: float
) -> Difference:
    gap = _interval(own - first, confidence)
    same = _interval(own - first, max(confidence, CONFIDENCE))
    if adjusted < 1.0 - CONFIDENCE:
        verdict = "fewer" if gap[0] < 0 else "more"
    else:
        verdict = "same" if same[1] > -SAME and same[2] < SAME else "open"
    return Difference(
        float(first[0]),
        float(own[0]),
        gap,
        _interval(own / first - 1.0, confidence),
        _interval(own_cost / first_cost - 1.0, confidence),
        adjusted,
        confidence,
        verdict,
    )
