"""What a customer makes of one request: scores between 0 and 1, beside those of mechanisms C3 and C8.

Invariant: every score is 1 for service nobody could complain about and never leaves [0, 1]. Sources: the
evidence table's E31 (waiting), E32 (repeat contacts), E33 (five dimensions) and E34 (adaptation). Slower
service never raises a score: what customers should get does not adapt, and a broken promise weighs the more
the later it is kept.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.jit import compiled

Floats = NDArray[np.float64]

REPEAT_LOSS = 0.75
BROKEN_PROMISE = 0.5
HANDOFF_LOSS, EASE_REPEAT_LOSS, WAIT_LOSS = 0.10, 0.15, 0.10

SCORES = ("responsiveness", "reliability", "assurance", "empathy", "ease")
OUTCOME = 2  # how many of them, from the front, are outcomes; the others reward familiarity by definition


@compiled
def clipped(score: float) -> float:
    """The score itself inside [0, 1], else the nearer end; a definition.

    >>> clipped(1.2), clipped(-0.1), clipped(0.3)
    (1.0, 0.0, 0.3)
    """
    return min(1.0, max(0.0, score))


@compiled
def reliability(repeats: int, response: float, promise: float) -> float:
    """`max(0, 1 - 0.75 repeats)`, times `0.5 promise / response` when the promised time was not kept.

    Parameters
    ----------
    repeats : rounds after the first, and one more for a defect the customer never complained about, >= 0.
    response, promise : hours, >= 0. Source: E32; sizes are assumptions.

    >>> reliability(0, 8.0, 8.0), reliability(1, 8.0, 8.0), reliability(2, 8.0, 8.0)
    (1.0, 0.25, 0.0)
    >>> reliability(0, 16.0, 8.0), reliability(1, 80.0, 8.0)
    (0.25, 0.0125)
    """
    kept = 1.0 if response <= promise else BROKEN_PROMISE * (promise / response)
    return max(0.0, 1.0 - REPEAT_LOSS * repeats) * kept


@compiled
def assurance(unfamiliarity: float) -> float:
    """`1 - u`.

    Parameters
    ----------
    unfamiliarity : u, work-weighted mean unfamiliarity of the people who did the steps, in [0, 1].
        Source: E33; the measure is an assumption.

    >>> assurance(0.25)
    0.75
    """
    return clipped(1.0 - unfamiliarity)


@compiled
def empathy(known: float, unfamiliarity: float, unmet: float) -> float:
    """`(0.5 known + 0.5 (1 - u)) (1 - unmet)`, cut to [0, 1].

    Parameters
    ----------
    known : share of steps done by a person this customer already knows, in [0, 1]. unfamiliarity : u,
        work-weighted
        mean with the segment, in [0, 1]. unmet : work-weighted mean of `unmet_customisation`, in [0, 1].
        Source: E33; equal halves are an assumption.

    >>> empathy(0.5, 0.25, 0.0), empathy(0.5, 0.25, 0.2)
    (0.625, 0.5)
    """
    return clipped((0.5 * known + 0.5 * (1.0 - unfamiliarity)) * (1.0 - unmet))


@compiled
def ease(handoffs: int, repeats: int, waits: int) -> float:
    """`max(0, 1 - 0.1 handoffs - 0.15 repeats - 0.1 uninformed waits)`.

    Parameters
    ----------
    handoffs, repeats : numbers, >= 0. waits : single waits (in a queue, for a claim, between departments,
        for a
        decision) longer than customers put up with unasked, >= 0. Source: E32; sizes are assumptions.

    >>> round(ease(2, 1, 1), 12)
    0.55
    >>> ease(0, 0, 0), ease(9, 1, 0)
    (1.0, 0.0)
    """
    return clipped(1.0 - HANDOFF_LOSS * handoffs - EASE_REPEAT_LOSS * repeats - WAIT_LOSS * waits)


@compiled
def weighted_score(scores: Floats, weights: Floats) -> float:
    """`100 x weighted mean` of the scores; plain mean where all the weights are 0. Source: E33.

    Parameters
    ----------
    scores : in [0, 1]. weights : >= 0.

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
