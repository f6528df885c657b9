"""Our exponential and logarithm against 40-digit decimals, and at the ends of the number range."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest

from sim.rules.elementary import exponential, exponential_minus_one, exponentials, logarithm, power

NAN = math.nan
GENERATOR = np.random.default_rng(4)
POSITIVE = [
    *np.exp(GENERATOR.uniform(-744, 709, 300)).tolist(),
    *GENERATOR.uniform(0.5, 2.0, 300).tolist(),
    *(1.0 + GENERATOR.normal(0, 1e-6, 100)).tolist(),
    *(2.0**k for k in range(-1074, 1024, 61)),
]
EXPONENTS = [*GENERATOR.uniform(-745, 709.7, 300).tolist(), *GENERATOR.normal(0, 1, 300).tolist()]


def units(value: float, exact: Decimal) -> float:
    """Distance in units of the last place."""
    with localcontext(prec=60):
        return float(abs(Decimal(value) - exact) / Decimal(math.ulp(float(exact))))


def test_the_logarithm_is_right_within_a_unit() -> None:
    with localcontext(prec=60):
        assert max(units(logarithm(x), Decimal(x).ln()) for x in POSITIVE if x != 1.0) < 1.0


def test_the_exponential_is_right_within_a_unit() -> None:
    with localcontext(prec=60):
        assert max(units(exponential(x), Decimal(x).exp()) for x in EXPONENTS) <= 1.0


@pytest.mark.parametrize("scale", [30.0, 1.0, 1e-3, 1e-9, 1e-18])
def test_the_exponential_minus_one_is_right_within_three_units(scale: float) -> None:
    points = [*GENERATOR.uniform(-scale, scale, 100).tolist()]
    with localcontext(prec=60):
        assert max(units(exponential_minus_one(x), Decimal(x).exp() - 1) for x in points) < 3.0


@pytest.mark.parametrize(
    ("x", "result"),
    [
        (0.0, -math.inf),
        (-0.0, -math.inf),
        (math.inf, math.inf),
        (1.0, 0.0),
        (-1.0, math.nan),
        (math.nan, math.nan),
    ],
)
def test_the_logarithm_at_the_ends(x: float, result: float) -> None:
    assert logarithm(x) == pytest.approx(result, nan_ok=True)


@pytest.mark.parametrize(
    ("x", "result"),
    [
        (0.0, 1.0),
        (math.inf, math.inf),
        (-math.inf, 0.0),
        (710.0, math.inf),
        (-746.0, 0.0),
        (math.nan, math.nan),
    ],
)
def test_the_exponential_at_the_ends(x: float, result: float) -> None:
    assert exponential(x) == pytest.approx(result, nan_ok=True)


@pytest.mark.parametrize(
    ("x", "result"), [(0.0, 0.0), (math.inf, math.inf), (-math.inf, -1.0), (-800.0, -1.0), (800.0, math.inf)]
)
def test_the_exponential_minus_one_at_the_ends(x: float, result: float) -> None:
    assert exponential_minus_one(x) == result


@pytest.mark.parametrize(("base", "exponent"), [(2.0, 0.5), (0.37, -0.234), (1.0 + 7.5, -0.2345), (3.0, 7.0)])
def test_a_power_is_right_to_fifteen_digits(base: float, exponent: float) -> None:
    with localcontext(prec=60):
        exact = Decimal(base) ** Decimal(exponent)
    assert units(power(base, exponent), exact) < 2.0 * (1.0 + abs(exponent * math.log(base)))


@pytest.mark.parametrize(
    ("base", "exponent", "result"),
    [(0.0, 0.5, 0.0), (0.0, 0.0, 1.0), (5.0, 0.0, 1.0), (-2.0, 2.0, math.nan), (0.0, -1.0, math.nan)],
)
def test_a_power_at_the_ends(base: float, exponent: float, result: float) -> None:
    assert power(base, exponent) == pytest.approx(result, nan_ok=True)


@pytest.mark.parametrize("reach", [1.0, 708.0, 709.0, 1000.0])
def test_many_exponentials_are_the_same_bits(reach: float) -> None:
    xs = np.random.default_rng(9).uniform(-reach, reach, 5000)
    xs[:3] = 0.0, -reach, reach
    found = xs.copy()
    exponentials(found)
    assert found.tolist() == [exponential(x) for x in xs.tolist()]


def test_not_a_number_stays_among_many() -> None:
    found = np.array([0.0, NAN, 1.0, -math.inf, math.inf])
    exponentials(found)
    assert (found[0], math.isnan(found[1]), *found[2:]) == (1.0, True, exponential(1.0), 0.0, math.inf)
