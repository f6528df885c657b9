"""The gamma distribution's quantile, by inverting the regularised incomplete gamma function.

Invariant: relative error below 1e-12 for shapes from 0.05 to 1e4; bounded loops, only + - * / sqrt and our
own exp and log, so every machine, Python and compiled code give the same bits.
Series and continued fraction: DLMF 8.11.4 and 8.9.2; start: Wilson and Hilferty (1931).
"""

from __future__ import annotations

import math

from sim.jit import compiled
from sim.rules.elementary import exponential, logarithm
from sim.rules.quantiles import exponential_quantile, normal_quantile

_LOG_TWO_PI = 1.8378770664093453
_TINY = 2.0**-53
_TERMS = 20_000
_ROUNDS = 60


@compiled
def gamma_quantile(shape: float, u: float) -> float:
    """Quantile of the gamma distribution with scale 1; shape > 0, u in (0, 1).

    Halley's iteration on log P below the median and log Q above it, in log x, where both are concave;
    a bracket catches what leaves it. About 0.2 microseconds, growing with the root of the shape.
    Source: definition of the quantile; iteration of Halley (1694).

    >>> round(gamma_quantile(2.0, 1 - 3 * math.exp(-2)), 12)  # 1 - u = (1 + x) e^-x at x = 2
    2.0
    """
    if shape == 1.0:
        return exponential_quantile(1.0, u)
    norm = log_gamma(shape + 1.0)
    x = _start(shape, norm, u)
    if x < _TINY or u <= 0.0 or u >= 1.0:
        return x if u < 1.0 else math.inf
    below = 0.0
    above = math.inf
    for _ in range(_ROUNDS):
        front = _log_front(shape, norm, x)
        lower, upper = _both_tails(shape, x, front)
        slope = exponential(front) * shape
        if u <= 0.5:
            gap = logarithm(lower / u)
            rate = slope / lower
        else:
            gap = logarithm(upper / (1.0 - u))
            rate = -slope / upper
        bend = shape - x - rate
        if (gap < 0.0) == (u <= 0.5):
            below = x
        else:
            above = x
        newton = gap / rate
        step = newton / min(2.0, max(0.5, 1.0 - 0.5 * newton * bend))
        x = x * exponential(-min(5.0, max(-5.0, step)))
        if abs(step) < 1e-6:
            break
        if not below < x < above:
            x = 2.0 * below if math.isinf(above) else 0.5 * (below + above)
    return x


@compiled
def _start(shape: float, norm: float, u: float) -> float:
    """A first guess: the leading term of P near zero, else Wilson-Hilferty, or below shape 1 a tail."""
    small = exponential((logarithm(u) + norm) / shape) if u > 0.0 else 0.0
    if small < 0.1 * min(1.0, shape):
        return small
    if shape > 1.0:
        root = 1.0 - 1.0 / (9.0 * shape) + normal_quantile(u) / (3.0 * math.sqrt(shape))
        return shape * root * root * root if root > 0.2 else small
    edge = 1.0 - shape * (0.253 + shape * 0.12)
    if u < edge:
        return exponential(logarithm(u / edge) / shape)
    return 1.0 - logarithm((1.0 - u) / (1.0 - edge))


@compiled
def _both_tails(shape: float, x: float, front: float) -> tuple[float, float]:
    """(P, Q) at x; the smaller one is computed, never subtracted."""
    if x < shape + 1.0:
        lower = exponential(front) * _series(shape, x)
        return lower, max(1.0 - lower, _TINY)
    upper = exponential(front) * shape * _fraction(shape, x)
    return max(1.0 - upper, _TINY), upper


@compiled
def _series(shape: float, x: float) -> float:
    """1 + x/(a+1) + x^2/((a+1)(a+2)) + ..."""
    term = 1.0
    total = 1.0
    for n in range(1, _TERMS):
        term *= x / (shape + n)
        total += term
        if term < total * _TINY:
            break
    return total


@compiled
def _fraction(shape: float, x: float) -> float:
    """1/(x+1-a - 1(1-a)/(x+3-a - 2(2-a)/(x+5-a - ...))) by Lentz's method; x >= a + 1 keeps it positive."""
    b = x + 1.0 - shape
    c = 1e300
    d = 1.0 / b
    total = d
    for n in range(1, _TERMS):
        factor = -n * (n - shape)
        b += 2.0
        d = 1.0 / (factor * d + b)
        c = b + factor / c
        change = c * d
        total *= change
        if abs(change - 1.0) <= 2.0 * _TINY:
            break
    return total


@compiled
def _log_front(shape: float, norm: float, x: float) -> float:
    """log of x^a e^-x / Gamma(a + 1); for large shapes from the distance to a, which keeps the digits."""
    if shape < 10.0:
        return shape * logarithm(x) - x - norm
    distance = _log1p_minus((x - shape) / shape)
    return shape * distance - 0.5 * (_LOG_TWO_PI + logarithm(shape)) - _stirling(shape)


@compiled
def _log1p_minus(m: float) -> float:
    """log(1 + m) - m without cancellation: with s = m/(2+m), -m s + 2 s^3 (1/3 + s^2/5 + ...)."""
    if abs(m) > 0.3:
        return logarithm(1.0 + m) - m
    s = m / (2.0 + m)
    square = s * s
    total = 0.0
    for n in range(27, 1, -2):
        total = total * square + 1.0 / n
    return -m * s + 2.0 * s * square * total


@compiled
def log_gamma(x: float) -> float:
    """log Gamma(x), x > 0: shifted up to 10, then Stirling. Own: math.lgamma differs when compiled.

    Source: Abramowitz and Stegun (1964), 6.1.41.

    >>> round(log_gamma(5.0), 14)  # log 24
    3.17805383034795
    """
    product = 1.0
    while x < 10.0:
        product *= x
        x += 1.0
    return (x - 0.5) * logarithm(x) - x + 0.5 * _LOG_TWO_PI + _stirling(x) - logarithm(product)


@compiled
def _stirling(x: float) -> float:
    """log Gamma(x) minus Stirling's formula; x >= 10."""
    r = 1.0 / (x * x)
    total = (1.0 / 156.0 * r - 691.0 / 360360.0) * r + 1.0 / 1188.0
    total = ((total * r - 1.0 / 1680.0) * r + 1.0 / 1260.0) * r - 1.0 / 360.0
    return (total * r + 1.0 / 12.0) / x
