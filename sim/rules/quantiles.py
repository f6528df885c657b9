"""Inverse distribution functions: one uniform in, one value out.

Invariant: built from + - * / sqrt and our own exp and log in a fixed order, with bounded loops, so that
every machine, Python and compiled code give the same bits. A larger uniform gives a larger value, but for
the last digit.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.jit import branchless, compiled
from sim.rules.elementary import (
    exponential,
    exponential_minus_one,
    exponentials,
    logarithm,
    logarithm_of_normal,
)

Floats = NDArray[np.float64]
_MIDDLE = 0.425
_DEEP = 1e-10
"""Tail probability below which a quantile is found alone: AS 241 changes its formula at exp(-25)."""


@compiled
def normal_quantile(u: float) -> float:
    """Standard normal quantile; u in (0, 1). Wichura (1988), algorithm AS 241, PPND16, about 1e-16 relative.

    >>> round(normal_quantile(0.975), 12), normal_quantile(0.5)
    (1.95996398454, 0.0)
    """
    centred = u - 0.5
    if abs(centred) <= _MIDDLE:
        return centred * _near(0.180625 - centred * centred)
    if u <= 0.0 or u >= 1.0:
        return -math.inf if u <= 0.0 else math.inf
    depth = math.sqrt(-logarithm(u if centred < 0.0 else 1.0 - u))
    size = _tail(depth - 1.6) if depth <= 5.0 else _far_tail(depth - 5.0)
    return -size if centred < 0.0 else size


@branchless
def _near(r: float) -> float:
    """AS 241 within 0.425 of the middle."""
    top = r * 2509.0809287301226727 + 33430.575583588128105
    top = (top * r + 67265.770927008700853) * r + 45921.953931549871457
    top = (top * r + 13731.693765509461125) * r + 1971.5909503065514427
    top = (top * r + 133.14166789178437745) * r + 3.387132872796366608
    low = r * 5226.495278852545925 + 28729.085735721942674
    low = (low * r + 39307.89580009271061) * r + 21213.794301586595867
    low = (low * r + 5394.1960214247511077) * r + 687.1870074920579083
    return top / ((low * r + 42.313330701600911252) * r + 1.0)


@branchless
def _tail(r: float) -> float:
    """AS 241 for tail probabilities down to exp(-25)."""
    top = r * 7.7454501427834140764e-4 + 0.0227238449892691845833
    top = (top * r + 0.24178072517745061177) * r + 1.27045825245236838258
    top = (top * r + 3.64784832476320460504) * r + 5.7694972214606914055
    top = (top * r + 4.6303378461565452959) * r + 1.42343711074968357734
    low = r * 1.05075007164441684324e-9 + 5.475938084995344946e-4
    low = (low * r + 0.0151986665636164571966) * r + 0.14810397642748007459
    low = (low * r + 0.68976733498510000455) * r + 1.6763848301838038494
    return top / ((low * r + 2.05319162663775882187) * r + 1.0)


@compiled
def _far_tail(r: float) -> float:
    """AS 241 for tail probabilities below exp(-25)."""
    top = r * 2.01033439929228813265e-7 + 2.71155556874348757815e-5
    top = (top * r + 0.0012426609473880784386) * r + 0.026532189526576123093
    top = (top * r + 0.29656057182850489123) * r + 1.7848265399172913358
    top = (top * r + 5.4637849111641143699) * r + 6.6579046435011037772
    low = r * 2.04426310338993978564e-15 + 1.4215117583164458887e-7
    low = (low * r + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4
    low = (low * r + 0.0148753612908506148525) * r + 0.13692988092273580531
    return top / ((low * r + 0.59983220655588793769) * r + 1.0)


@compiled
def normal_quantiles(values: Floats) -> None:
    """Replace each u in (0, 1) by `normal_quantile(u)` (Wichura 1988): the same bits, several at once.

    The formula for the middle is worked out for all, then that for the tails for those it is meant for.
    """
    tails, places, depths = 0, np.empty(len(values), np.int64), np.empty(len(values))
    for i in range(len(values)):
        u = values[i]
        places[tails] = i
        depths[tails] = u if u < 0.5 else 1.0 - u
        tails += 0 if abs(u - 0.5) <= _MIDDLE else 1
    for i in range(tails):
        depths[i] = _tail(math.sqrt(-logarithm_of_normal(depths[i], 0)) - 1.6)
    for i in range(tails):
        u = values[places[i]]
        if _DEEP < u < 1.0 - _DEEP:
            depths[i] = -depths[i] if u < 0.5 else depths[i]
        else:
            depths[i] = normal_quantile(u)
    for i in range(len(values)):
        centred = values[i] - 0.5
        values[i] = centred * _near(0.180625 - centred * centred)
    for i in range(tails):
        values[places[i]] = depths[i]


@compiled
def lognormal_quantile(mu: float, sigma: float, u: float) -> float:
    """exp(mu + sigma z): mu and sigma >= 0 of the logarithm, u in (0, 1); infinity where it would overflow.

    By definition of the lognormal.

    >>> lognormal_quantile(0.0, 1.0, 0.5), round(lognormal_quantile(0.0, 1.0, 0.975), 4)  # exp(1.95996)
    (1.0, 7.0991)
    """
    return exponential(mu + sigma * normal_quantile(u))


@compiled
def lognormal_quantiles(mu: Floats, sigma: Floats, values: Floats) -> None:
    """Replace each u in (0, 1) by `lognormal_quantile(mu, sigma, u)`, its definition, several at a time."""
    normal_quantiles(values)
    for i in range(len(values)):
        values[i] = mu[i] + sigma[i] * values[i]
    exponentials(values)


@compiled
def exponential_quantile(mean: float, u: float) -> float:
    """-mean log(1 - u); mean in any unit, u in [0, 1). For a draw's u, 1 - u is exact. By definition.

    >>> exponential_quantile(2.0, 0.75)  # 2 log 4
    2.772588722239781
    """
    return -mean * logarithm(1.0 - u)


@compiled
def exponential_quantiles(mean: Floats, values: Floats) -> None:
    """Replace each u in [0, 1) by `exponential_quantile(mean, u)`, its definition, several at a time."""
    for i in range(len(values)):
        values[i] = -mean[i] * logarithm_of_normal(1.0 - values[i], 0)


@compiled
def hyperexponential_quantile(mean: float, rarer: float, u: float) -> float:
    """Mixture of two exponentials with balanced means: each phase carries half of the mean.

    rarer: probability of the longer phase, (0, 0.5]; u in (0, 1). Newton from below: its steps only rise.
    Source: definition; balanced means as in Whitt (1982).

    >>> hyperexponential_quantile(2.0, 0.5, 0.75)  # both phases alike: exponential, 2 log 4
    2.772588722239781
    >>> x = hyperexponential_quantile(1.0, 0.1, 0.9)
    >>> round(0.9 * math.exp(-1.8 * x) + 0.1 * math.exp(-0.2 * x), 15)
    0.1
    """
    if rarer >= 0.5:
        return exponential_quantile(mean, u)
    short = mean / (2.0 * (1.0 - rarer))
    long = mean / (2.0 * rarer)
    if u < 0.5:
        return _mixture_head(rarer, short, long, u)
    return _mixture_tail(rarer, short, long, 1.0 - u)


@compiled
def _mixture_head(rarer: float, short: float, long: float, u: float) -> float:
    """Root of the distribution function, which is concave; expm1 keeps small probabilities exact."""
    x = u / ((1.0 - rarer) / short + rarer / long)
    for _ in range(200):
        fast = exponential_minus_one(-x / short)
        slow = exponential_minus_one(-x / long)
        missing = u + (1.0 - rarer) * fast + rarer * slow
        density = (1.0 - rarer) * (1.0 + fast) / short + rarer * (1.0 + slow) / long
        step = missing / density
        x += step
        if step <= 1e-9 * x:
            break
    return x


@compiled
def _mixture_tail(rarer: float, short: float, long: float, left: float) -> float:
    """Root of the logarithm of the survival function, which is convex."""
    x = max(short * logarithm((1.0 - rarer) / left), long * logarithm(rarer / left), 0.0)
    for _ in range(200):
        fast = (1.0 - rarer) * exponential(-x / short)
        slow = rarer * exponential(-x / long)
        step = logarithm((fast + slow) / left) * (fast + slow) / (fast / short + slow / long)
        x += step
        if step <= 1e-9 * x:
            break
    return x
