"""What a customer makes of one request: five scores between 0 and 1, and how expectations follow experience.

Invariant: every score is 1 for service nobody could complain about and never leaves [0, 1]. Sources: the
evidence table's E31 (waiting), E32 (repeat contacts), E33 (five dimensions) and E34 (adaptation). Slower
service never raises a score: what customers should get does not adapt, and a broken promise weighs the more
the later it is kept.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.jit import compiled
from sim.rules.elementary import power

Floats = NDArray[np.float64]

EXPECTED_SCORE = 0.75  # score when the perceived response is as expected
GAIN = 0.15  # for each e-fold of time less than expected
LOSS = 0.30  # for each e-fold more: losses loom twice as large
REPEAT_LOSS = 0.75
BROKEN_PROMISE = 0.5
HANDOFF_LOSS, EASE_REPEAT_LOSS, WAIT_LOSS = 0.10, 0.15, 0.10

SCORES = ("responsiveness", "reliability", "assurance", "empathy", "ease")
OUTCOME = 2  # how many of them, from the front, are outcomes; the others reward familiarity by definition


@compiled
def clipped(score: float) -> float:
    """The score itself inside [0, 1], else the nearer end.

    >>> clipped(1.2), clipped(-0.1), clipped(0.3)
    (1.0, 0.0, 0.3)
    """
    return min(1.0, max(0.0, score))


@compiled
def responsiveness(expected: float, response: float, perceived: float) -> float:
    """0.75 + 0.15 d if d >= 0 else 0.75 + 0.30 d, where d = ln(expected / (perceived response)); E31.

    expected, response: hours, >= 0; perceived: felt over real time (1.2). Clipped.

    >>> responsiveness(12.0, 10.0, 1.2)  # felt exactly as expected
    0.75
    >>> round(responsiveness(12.0, 20.0, 1.2), 6)  # 0.75 - 0.30 ln 2
    0.542056
    >>> round(responsiveness(24.0, 10.0, 1.2), 6)  # 0.75 + 0.15 ln 2
    0.853972
    >>> responsiveness(5.0, 0.0, 1.2), responsiveness(0.0, 5.0, 1.2)
    (1.0, 0.0)
    """
    felt = perceived * response
    if felt <= 0.0:
        return 1.0
    share = expected / felt
    if share <= 0.0:  # also where a tiny share underflows
        return 0.0
    distance = math.log(share)
    return clipped(EXPECTED_SCORE + (GAIN if distance >= 0.0 else LOSS) * distance)


@compiled
def adapted_expectation(expected: float, response: float, perceived: float, adaptation: float) -> float:
    """E + g (P - E): the next expectation lies a share g of the way to what was felt this time (E34).

    >>> adapted_expectation(40.0, 50.0, 1.2, 0.25)  # 40 + 0.25 (60 - 40)
    45.0
    """
    return expected + adaptation * (perceived * response - expected)


@compiled
def standard(will: float, should: float, weight: float) -> float:
    """will^w should^(1 - w): what service is held against, between two expectations (C8).

    What customers think will happen follows experience; what should happen stays the promise (Boulding,
    Kalra, Staelin and Zeithaml 1993). will, should: hours, >= 0; weight: of the first, in [0, 1].

    >>> round(standard(16.0, 4.0, 0.5), 12), standard(16.0, 4.0, 0.0), standard(16.0, 4.0, 1.0)
    (8.0, 4.0, 16.0)
    """
    if weight <= 0.0 or will == should:
        return should
    if weight >= 1.0:
        return will
    return power(will, weight) * power(should, 1.0 - weight) if min(will, should) > 0.0 else 0.0


@compiled
def reliability(repeats: int, response: float, promise: float) -> float:
    """max(0, 1 - 0.75 repeats), times 0.5 promise / response when the promised time was not kept.

    repeats: rounds after the first, and one more for a defect the customer never complained about.
    response, promise: hours, >= 0.

    >>> reliability(0, 8.0, 8.0), reliability(1, 8.0, 8.0), reliability(2, 8.0, 8.0)
    (1.0, 0.25, 0.0)
    >>> reliability(0, 16.0, 8.0), reliability(1, 80.0, 8.0)
    (0.25, 0.0125)
    """
    kept = 1.0 if response <= promise else BROKEN_PROMISE * (promise / response)
    return max(0.0, 1.0 - REPEAT_LOSS * repeats) * kept


@compiled
def assurance(unfamiliarity: float) -> float:
    """1 - u, where u is the work-weighted mean unfamiliarity of the people who did the steps, in [0, 1].

    >>> assurance(0.25)
    0.75
    """
    return clipped(1.0 - unfamiliarity)


@compiled
def unmet_customisation(customisation: float, adapted: bool, unfamiliarity: float) -> float:
    """Share of a step's need for adapted service that is not met: c (1 - adapted (1 - u_s)).

    A step is adapted when the company acts on the right segment; even then only what the person knows
    about that segment (1 - u_s) is answered well. customisation and u_s in [0, 1].

    >>> unmet_customisation(0.4, True, 0.25), unmet_customisation(0.4, False, 0.25)
    (0.1, 0.4)
    """
    return customisation * (1.0 - (1.0 - unfamiliarity if adapted else 0.0))


@compiled
def empathy(known: float, unfamiliarity: float, unmet: float) -> float:
    """(0.5 known + 0.5 (1 - u_s)) (1 - unmet), clipped.

    known: share of steps done by a person this customer already knows. unfamiliarity: work-weighted mean
    u_s. unmet: work-weighted mean of `unmet_customisation`.

    >>> empathy(0.5, 0.25, 0.0), empathy(0.5, 0.25, 0.2)
    (0.625, 0.5)
    """
    return clipped((0.5 * known + 0.5 * (1.0 - unfamiliarity)) * (1.0 - unmet))


@compiled
def ease(handoffs: int, repeats: int, waits: int) -> float:
    """max(0, 1 - 0.1 handoffs - 0.15 repeats - 0.1 uninformed waits).

    waits: single waits (in a queue, for a claim, between departments, for a decision) longer than customers
    put up with unasked.

    >>> round(ease(2, 1, 1), 12)
    0.55
    >>> ease(0, 0, 0), ease(9, 1, 0)
    (1.0, 0.0)
    """
    return clipped(1.0 - HANDOFF_LOSS * handoffs - EASE_REPEAT_LOSS * repeats - WAIT_LOSS * waits)


@compiled
def weighted_score(scores: Floats, weights: Floats) -> float:
    """100 x weighted mean of the scores; plain mean where all the weights are 0.

    >>> print(weighted_score(np.array([1.0, 0.5]), np.array([0.1, 0.3])))
    62.5
    >>> print(weighted_score(np.array([1.0, 0.5]), np.zeros(2)))
    75.0
    """
    total = weight = plain = 0.0
    for place in range(len(scores)):
        total += weights[place] * scores[place]
        weight += weights[place]
        plain += scores[place]
    return 100.0 * (total / weight) if weight > 0.0 else 100.0 * (plain / len(scores))
