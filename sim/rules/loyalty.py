"""What satisfaction does to a customer: staying, buying, telling, and what that is worth.

Invariant: at the reference everything is as usual: nobody holds back, everybody tells as much as anybody.
"""

from sim.jit import compiled
from sim.rules.elementary import exponential, logarithm, power

POINTS = 20.0
"""Points of 100 in one of the five on the usual scale: the unit in which a distance makes people talk."""


@compiled
def stays_a_year(satisfaction: float, base: float, steepness: float, reference: float, more: float) -> float:
    """Share of customers who stay for a year (C5): `1 / (1 + exp(-(logit base + c (s - s0) + m)))`.

    Parameters
    ----------
    satisfaction : s, 0 to 100. base : share at the reference, in (0, 1). steepness : c, a point, >= 0.
    reference : s0. more : m, by other means (C6). Source: E35.

    >>> stays_a_year(70.0, 0.75, 0.04, 70.0, 0.0)
    0.75
    >>> round(stays_a_year(50.0, 0.75, 0.0549306144334, 70.0, 0.0), 9)
    0.5
    """
    odds = base / (1.0 - base) * exponential(steepness * (satisfaction - reference) + more)
    return odds / (1.0 + odds)


@compiled
def leaves_in_a_week(stays: float) -> float:
    """Chance of leaving within a week of somebody who stays a year with this chance (C5): `1 - r^(1/52)`.
    Source: a definition.

    >>> round((1.0 - leaves_in_a_week(0.85)) ** 52, 12)
    0.85
    """
    return 1.0 - exponential(logarithm(stays) / 52.0)


@compiled
def buys(satisfaction: float, reference: float, elasticity: float) -> float:
    """Chance that a customer asks for what he or she would (C5): `min(1, (s / s0)^e)`.

    Parameters
    ----------
    satisfaction : s, 0 to 100. reference : s0, > 0. elasticity : e, >= 0. Source: assumption.

    >>> buys(90.0, 70.0, 0.3), round(buys(35.0, 70.0, 2.0), 12)
    (1.0, 0.25)
    """
    if satisfaction >= reference or elasticity == 0.0:
        return 1.0
    return power(satisfaction / reference, elasticity) if satisfaction > 0.0 else 0.0


@compiled
def volume(satisfaction: float, reference: float, extremes: float, bad_news: float) -> float:
    """How much a customer tells, 1 at the reference (C5): `1 + k d^2`, U-shaped and steeper where bad.

    `d`: points of five from the reference; `k` above it, `k x bad news` below. Source: E40 (Anderson 1998).

    >>> [round(volume(s, 70.0, 0.5, 2.0), 12) for s in (50.0, 70.0, 90.0)]
    [2.0, 1.0, 1.5]
    """
    d = (satisfaction - reference) / POINTS
    return 1.0 + (extremes if d >= 0.0 else extremes * bad_news) * d * d


@compiled
def balance(satisfaction: float, reference: float, extremes: float, bad_news: float) -> float:
    """What of it is praise, less what is a warning (C5): usual talk is praise, the rest has the sign of d.
    Source: E40 for the form; the sign is an assumption.

    >>> [round(balance(s, 70.0, 0.5, 2.0), 12) for s in (50.0, 70.0, 90.0)]
    [0.0, 1.0, 1.5]
    """
    told = volume(satisfaction, reference, extremes, bad_news)
    return told if satisfaction >= reference else 2.0 - told


@compiled
def lifetime_value(margin: float, stays: float, interest: float) -> float:
    """Value of a customer from next year on (E37): `m r / (1 + i - r)`.

    Parameters
    ----------
    margin : m, money a year. stays : r, share who stay a year, in [0, 1]. interest : i, a year, > 0.
        Source: Gupta, Lehmann and Stuart 2004.

    >>> round(lifetime_value(100.0, 0.8, 0.1), 9)
    266.666666667
    """
    return margin * stays / (1.0 + interest - stays)
