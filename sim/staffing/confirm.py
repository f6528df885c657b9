"""The test on fresh replications: which staffs are looked at again, how often, and what is shown by it.

Invariant: staffs, order and numbers of replications are fixed before the first fresh replication, so that a
confidence of 95 % means that a staff that falls short is told to suffice in at most 5 % of all answers.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.analysis.inference import POWER, standardised
from sim.staffing.case import Case, Workers
from sim.staffing.sample import Sample
from sim.staffing.search import Found, one_fewer

SURELY = 4.0
"""Standard errors in the search from which a staff is taken as a first step that will be confirmed."""
FIRST_STAGE = 0.8
"""Share of the error that the first stage may spend; the rest is for a second one further up."""


@dataclass(frozen=True)
class Plan:
    """What is looked at afresh.

    staffs : best staff by people. counts : replications of each. guess : the fewest people by the search.
    """

    staffs: Mapping[int, Workers]
    counts: Mapping[int, int]
    guess: int
    order: tuple[int, ...]
    reserve: tuple[int, ...]


def plan(case: Case, found: Found, around: int, least: int, most: int, confidence: float) -> Plan:
    """Staffs of `around` people more and fewer than the search found, with replications of each.

    Parameters
    ----------
    least, most : replications of a staff; more than `least` where the decision falls.
    """
    guess = found.fewest if found.fewest is not None else next(iter(found.best))
    staffs = dict(sorted(_window(case, found, guess, around).items()))
    near = {size for size in staffs if abs(size - guess) <= 1}
    counts = {
        size: _count(found.tried.get(staff), least, most, confidence) if size in near else least
        for size, staff in staffs.items()
    }
    above = [size for size in staffs if size >= guess]
    sure = [size for size in above if _is_sure(found.tried.get(staffs[size]))]
    start = min(sure, default=above[-1])
    order = tuple(size for size in reversed(staffs) if size <= start)
    return Plan(staffs, counts, guess, order, tuple(size for size in reversed(staffs) if size > start))


def _window(case: Case, found: Found, guess: int, around: int) -> dict[int, Workers]:
    """Staffs beside those of the search: a person more where it is needed, one less where it is not."""
    staffs = dict(found.best)
    for size in range(guess + 1, min(guess + around, case.most) + 1):
        more = case.filled(staffs[max(known for known in staffs if known < size)], size)
        staffs.setdefault(case.people(more), more)
    for size in range(guess - 1, max(guess - around, case.fewest) - 1, -1):
        above = staffs[min(known for known in staffs if known > size)]
        rest = [staff for staff in one_fewer(above) if case.people(staff) <= size]
        if size not in staffs and rest:
            fewer = min(rest, key=lambda staff: (max(case.loads(staff)), staff))
            staffs.setdefault(case.people(fewer), fewer)
    return {size: staff for size, staff in staffs.items() if abs(size - guess) <= around}


def _count(seen: Sample | None, least: int, most: int, confidence: float) -> int:
    """Replications with which a slack as the search saw it is shown, with a chance of 90 %."""
    from scipy.special import ndtri

    if seen is None or seen.replications < 2 or not np.isfinite(seen.means).all():
        return least
    each = np.abs(seen.means) / np.where(seen.errors > 0, seen.errors * math.sqrt(seen.replications), np.inf)
    decisive = each.min() if seen.met else each[seen.tightest]
    if not decisive > 0.0 or not seen.errors.any():
        return most if seen.errors.any() else least
    needed = ((ndtri(confidence) + ndtri(POWER)) / decisive) ** 2
    return int(min(most, max(least, math.ceil(needed))))


def _is_sure(seen: Sample | None) -> bool:
    if seen is None or not seen.met:
        return False
    return not seen.errors.any() or bool((standardised(seen.means, seen.errors) >= SURELY).all())


def confirmed(made: Plan, samples: Mapping[int, Sample], confidence: float) -> int | None:
    """The fewest people with which all targets are shown to be met; None where it cannot be shown.

    From a staff that surely suffices downward, until one is not confirmed: tests in an order fixed before
    need no correction (Maurer, Hothorn and Lehmacher 1995). Where the first one fails, the staffs above are
    tested with the rest of the error.
    """
    error = 1.0 - confidence
    steps = ((made.order, FIRST_STAGE * error), (made.reserve, (1.0 - FIRST_STAGE) * error))
    for order, level in steps:
        shown = None
        for size in order:
            if samples[size].p_not_met() > level:
                break
            shown = size
        if shown is not None:
            return shown
    return None
