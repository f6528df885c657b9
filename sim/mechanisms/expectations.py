"""C8 Expectations: ask, set and keep promises; what customers expect follows what they have experienced.

Invariant: a customer's first expectation is the promise.
"""

import math

from sim.jit import compiled
from sim.mechanisms.record import Mechanism
from sim.rules.elementary import power
from sim.rules.satisfaction import clipped
from sim.schema.base import Record, quantity, share

EXPECTED_SCORE = 0.75  # score when the perceived response is as expected
GAIN = 0.15  # for each e-fold of time less than expected
LOSS = 0.30  # for each e-fold more: losses loom twice as large


class Expectations(Record):
    """How customers judge waiting."""

    expectation_adaptation: float = share(
        "how fast expectations follow experience", default=0.2, source="E34", grade="B", advised=(0.05, 0.5)
    )
    expectation_weight: float = share(
        "weight of what customers think will happen against the promise, which does not adapt",
        default=0.5,
        source="Boulding, Kalra, Staelin and Zeithaml 1993; size assumption",
        grade="D",
    )
    perceived_wait: float = quantity(
        "perceived over real response time",
        default=1.2,
        unit="factor",
        source="E31",
        grade="C",
        gt=0.0,
        le=5.0,
        advised=(1.0, 1.4),
    )


MECHANISM = Mechanism(
    id="C8",
    claim="expectations: ask, set and keep promises",
    source="E31, E34",
    section="2.12",
    shown="`within_promise`, `satisfaction_outcome`",
    records=(("customers", Expectations),),
    keys=("company.segments.<name>.promise_hours",),
)


@compiled
def responsiveness(expected: float, response: float, perceived: float) -> float:
    """Score of a response (C8), cut to [0, 1]: `0.75 + 0.15 d` where `d >= 0`, else `0.75 + 0.30 d`.

    `d = ln(expected / (perceived x response))`: losses loom twice as large as gains.

    Parameters
    ----------
    expected, response : hours, >= 0. perceived : felt over real time, > 0. Source: E31; sizes are
        assumptions.

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
    """The next expectation (C8), a share g of the way to what was felt this time: `E + g (f R - E)`.

    Parameters
    ----------
    expected : E, hours, >= 0. response : R, hours, >= 0. perceived : f, felt over real time, > 0.
    adaptation : g, in [0, 1]. Source: E34.

    >>> adapted_expectation(40.0, 50.0, 1.2, 0.25)  # 40 + 0.25 (60 - 40)
    45.0
    """
    return expected + adaptation * (perceived * response - expected)


@compiled
def standard(will: float, should: float, weight: float) -> float:
    """What service is held against (C8): `will^w should^(1 - w)`, between two expectations.

    What customers think will happen follows experience; what should happen stays the promise.

    Parameters
    ----------
    will, should : hours, >= 0. weight : w, in [0, 1]. Source: Boulding, Kalra, Staelin and Zeithaml
        (1993).

    >>> round(standard(16.0, 4.0, 0.5), 12), standard(16.0, 4.0, 0.0), standard(16.0, 4.0, 1.0)
    (8.0, 4.0, 16.0)
    """
    if weight <= 0.0 or will == should:
        return should
    if weight >= 1.0:
        return will
    return power(will, weight) * power(should, 1.0 - weight) if min(will, should) > 0.0 else 0.0
