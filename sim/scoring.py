"""The satisfaction rules applied to whole tables: one pass over visits, one over requests.

Invariant: rows are visited in the order given and every sum is a plain running sum, so the bits are the
same compiled or not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.jit import compiled
from sim.mechanisms.appreciation import norm_after, valued_score
from sim.mechanisms.customisation import unmet_customisation
from sim.mechanisms.expectations import adapted_expectation, responsiveness, standard
from sim.mechanisms.learning import mean_unfamiliarity
from sim.mechanisms.shared_record import known_by_record
from sim.rules.satisfaction import (
    OUTCOME,
    assurance,
    clipped,
    ease,
    empathy,
    reliability,
    weighted_score,
)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

WORK, STEPS, KNOWN, U, U_SEGMENT, UNMET, WAITS, COURTESY, COLUMNS = 0, 1, 2, 3, 4, 5, 6, 7, 8
DONE, LOST = 1, 2  # outcomes of a request as `score` wants them; any other is not judged yet


@compiled
def unfamiliarities(
    function: Integers, by_function: Floats, by_product: Floats, by_segment: Floats, weights: Floats
) -> Floats:
    """Mean unfamiliarity of each visit; shape (visits,). weights: (functions, 3), of each function."""
    mean = np.empty(len(function))
    for row in range(len(function)):
        axis = weights[function[row]]
        mean[row] = mean_unfamiliarity(
            by_function[row], by_product[row], by_segment[row], axis[0], axis[1], axis[2]
        )
    return mean


@compiled
def expectations(
    customer: Integers, promise: Floats, response: Floats, perceived: float, adaptation: float, will: Floats
) -> Floats:
    """What customers thought would happen to each resolved request, hours; shape (requests,).

    Rows must be sorted by customer and then by the time of resolution. A customer's first expectation is
    the promise; every resolved request moves the next one. will: (customers,) what each expects, NaN before
    the first; changed.

    >>> given = np.array([1, 1, 2]), np.array([40.0, 40.0, 8.0]), np.array([50.0, 1.0, 1.0])
    >>> expectations(*given, 1.2, 0.25, np.full(3, np.nan))
    array([40., 45.,  8.])
    """
    expected = np.empty(len(customer))
    for row in range(len(customer)):
        now = will[customer[row]]
        expected[row] = promise[row] if np.isnan(now) else now
        will[customer[row]] = adapted_expectation(expected[row], response[row], perceived, adaptation)
    return expected


@compiled
def norms_after(norm: float, rise: float, weeks: Floats) -> Floats:
    """What competitors offer after so many weeks (C7); shape (requests,)."""
    found = np.empty(len(weeks))
    for row in range(len(weeks)):
        found[row] = norm_after(norm, rise, weeks[row])
    return found


@compiled
def standards(will: Floats, should: Floats, weight: float) -> Floats:
    """What each request is held against, hours: `standard` of both expectations; shape (requests,)."""
    held = np.empty(len(will))
    for row in range(len(will)):
        held[row] = standard(will[row], should[row], weight)
    return held


@compiled
def tally(
    request: Integers,
    work: Floats,
    unfamiliarity: Floats,
    u_segment: Floats,
    adapted: Flags,
    known: Flags,
    customisation: Floats,
    step: Flags,
    waits: Integers,
    courtesy: Floats,
    misfit: Floats,
    size: int,
) -> Floats:
    """Per request: work-weighted means over its steps, shares and counts; shape (size, COLUMNS).

    request: row of each visit's request, sorted. step: whether a person did a step of it in this visit;
    other rows only add their waits. customisation: of the request's segment. courtesy: factor on empathy of
    who did the visit. misfit: need that is not met because nobody knew of it (C9). Steps without work
    content count only where no step of the request has any, then equally.
    """
    total = np.zeros((size, COLUMNS))
    plain = np.zeros((size, 3))
    for row in range(len(request)):
        own = total[request[row]]
        own[WAITS] += waits[row]
        if not step[row]:
            continue
        own[STEPS] += 1.0
        own[KNOWN] += 1.0 if known[row] else 0.0
        own[COURTESY] += courtesy[row]
        own[WORK] += work[row]
        unmet = min(1.0, misfit[row] + unmet_customisation(customisation[row], adapted[row], u_segment[row]))
        for place, value in enumerate((unfamiliarity[row], u_segment[row], unmet)):
            own[U + place] += work[row] * value
            plain[request[row], place] += value
    for row in range(size):
        own = total[row]
        if own[STEPS] > 0.0:
            own[KNOWN] /= own[STEPS]
            own[COURTESY] /= own[STEPS]
            for place in range(3):
                own[U + place] = (
                    own[U + place] / own[WORK] if own[WORK] > 0.0 else plain[row, place] / own[STEPS]
                )
    return total


@compiled
def score(
    outcome: Integers,
    expected: Floats,
    response: Floats,
    promise: Floats,
    repeats: Integers,
    silent: Integers,
    handoffs: Integers,
    tallies: Floats,
    weights: Floats,
    perceived: float,
    record: float,
    norm: Floats,
    valued: float,
) -> Floats:
    """Five scores in [0, 1], satisfaction and outcome satisfaction (0 to 100) of each request; shape (n, 7).

    outcome: DONE is judged by all rules; LOST scores 0 on responsiveness and reliability; the rest is NaN.
    A request on which nobody worked showed no knowledge and no face, so assurance and empathy are 0.
    weights: (n, 5), of the request's segment. record: quality of a shared record (K2), 0 without.
    norm, valued: (n,) what competitors offer, and how far better service counts (C7); 1 counts all.
    """
    scores = np.full((len(outcome), 7), np.nan)
    for row in range(len(outcome)):
        if outcome[row] != DONE and outcome[row] != LOST:
            continue
        own, seen = scores[row], tallies[row]
        own[0] = own[1] = own[3] = 0.0
        if outcome[row] == DONE:
            own[0] = responsiveness(expected[row], response[row], perceived)
            own[1] = reliability(repeats[row] + silent[row], response[row], promise[row])
        touched = seen[STEPS] > 0.0
        own[2] = assurance(seen[U]) if touched else 0.0
        if touched:
            known = known_by_record(seen[KNOWN], record)
            own[3] = clipped(seen[COURTESY] * empathy(known, seen[U_SEGMENT], seen[UNMET]))
        for place in (2, 3):
            own[place] = valued_score(own[place], norm[row], valued)
        own[4] = ease(handoffs[row], repeats[row], int(seen[WAITS]))
        own[5] = weighted_score(own[:5], weights[row])
        own[6] = weighted_score(own[:OUTCOME], weights[row, :OUTCOME])
    return scores
