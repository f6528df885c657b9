"""Quantile functions against SciPy's, from the smallest uniform to the largest."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special

from sim.rules.gamma import gamma_quantile, log_gamma
from sim.rules.quantiles import (
    exponential_quantile,
    exponential_quantiles,
    hyperexponential_quantile,
    lognormal_quantile,
    lognormal_quantiles,
    normal_quantile,
    normal_quantiles,
)

INNER = (2 * np.random.default_rng(5).integers(0, 2**52, 300) + 1) * 2.0**-53
ENDS = 2.0 ** -np.arange(1.0, 54.0)
U = np.sort(np.concatenate([INNER, ENDS, 1.0 - ENDS]))  # as `uniform` gives them, both ends included

EDGES = np.array([0.5 - 0.425, 0.5 + 0.425, math.exp(-25.0), 1.0 - math.exp(-25.0), 1e-10, 1.0 - 1e-10])
AROUND = np.concatenate([EDGES, np.nextafter(EDGES, 0.0), np.nextafter(EDGES, 1.0)])
"""Where the formula of the normal quantile changes, and the numbers next to it."""


def relative(values: NDArray[np.float64], reference: NDArray[np.float64]) -> float:
    return float(np.max(np.abs(values - reference) / np.abs(reference)))


def test_the_normal_quantile_is_scipys() -> None:
    ours = np.array([normal_quantile(u) for u in U.tolist()])
    assert np.max(np.abs(ours - special.ndtri(U)) / np.maximum(1.0, np.abs(ours))) < 2e-15


def test_the_normal_quantile_is_odd() -> None:
    assert [normal_quantile(1.0 - u) for u in U.tolist()] == [-normal_quantile(u) for u in U.tolist()]


def test_the_normal_quantile_ends_at_infinity() -> None:
    assert (normal_quantile(0.0), normal_quantile(1.0)) == (-math.inf, math.inf)


def test_the_lognormal_quantile_is_scipys() -> None:
    ours = np.array([lognormal_quantile(0.3, 1.2, u) for u in U.tolist()])
    assert relative(ours, np.exp(0.3 + 1.2 * special.ndtri(U))) < 1e-14


def test_a_lognormal_beyond_the_largest_number_is_infinite() -> None:
    assert lognormal_quantile(700.0, 10.0, 0.99) == math.inf


def test_the_exponential_quantile_is_the_closed_form() -> None:
    ours = np.array([exponential_quantile(2.5, u) for u in U.tolist()])
    assert relative(ours, -2.5 * np.log1p(-U)) < 1e-15


@pytest.mark.parametrize("shape", [0.05, 0.1, 0.3, 0.7, 1.0, 1.01, 2.0, 3.7, 9.99, 10.0, 25.0, 1e2, 1e3, 1e4])
def test_the_gamma_quantile_is_scipys(shape: float) -> None:
    reference = np.where(U < 0.5, special.gammaincinv(shape, U), special.gammainccinv(shape, 1.0 - U))
    normal = reference > 1e-290
    ours = np.array([gamma_quantile(shape, u) for u in U.tolist()])
    assert relative(ours[normal], reference[normal]) < 1e-12


@pytest.mark.parametrize("shape", [0.05, 0.9, 12.0])
def test_the_gamma_quantile_has_both_ends(shape: float) -> None:
    assert (gamma_quantile(shape, 0.0), gamma_quantile(shape, 1.0)) == (0.0, math.inf)


def test_the_log_of_the_gamma_function_is_scipys() -> None:
    points = [0.05, 0.5, 1.5, 3.0, 9.999, 10.0, 123.4, 1e4]
    ours = np.array([log_gamma(x) for x in points])
    assert np.allclose(ours, special.gammaln(points), rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("rarer", [0.5, 0.4999, 0.3, 0.05, 1e-3, 1e-6])
def test_the_hyperexponential_quantile_inverts_its_distribution_function(rarer: float) -> None:
    x = np.array([hyperexponential_quantile(4.0, rarer, u) for u in U.tolist()])
    fast, slow = -x * (1.0 - rarer) / 2.0, -x * rarer / 2.0
    below = -(1.0 - rarer) * np.expm1(fast) - rarer * np.expm1(slow)
    above = (1.0 - rarer) * np.exp(fast) + rarer * np.exp(slow)
    assert relative(np.where(U < 0.5, below / U, above / (1.0 - U)), np.ones(len(U))) < 1e-13


# Many at once: bit for bit what the functions above give


def many(count: int) -> NDArray[np.float64]:
    """Uniforms as `uniform` gives them, in no order, with both ends and every edge among them."""
    generator = np.random.default_rng(6)
    inner = (2 * generator.integers(0, 2**52, count) + 1) * 2.0**-53
    deep = 2.0 ** -generator.uniform(1.0, 53.0, count // 20)
    return generator.permutation(np.concatenate([inner, deep, 1.0 - deep, U, AROUND]))


def bits(values: NDArray[np.float64] | list[float]) -> NDArray[np.int64]:
    return np.array(values, np.float64).view(np.int64)


def test_many_normal_quantiles_are_the_same_bits() -> None:
    us = many(1_000_000)
    found = us.copy()
    normal_quantiles(found)
    assert np.array_equal(bits(found), bits([normal_quantile(u) for u in us.tolist()]))


def test_many_lognormal_quantiles_are_the_same_bits() -> None:
    us = many(1_000_000)
    generator = np.random.default_rng(7)
    mu, sigma = generator.normal(0.0, 3.0, len(us)), np.sqrt(np.log1p(generator.exponential(2.0, len(us))))
    found = us.copy()
    lognormal_quantiles(mu, sigma, found)
    singly = map(lognormal_quantile, mu.tolist(), sigma.tolist(), us.tolist())
    assert np.array_equal(bits(found), bits(list(singly)))


def test_many_exponential_quantiles_are_the_same_bits() -> None:
    us = many(1_000_000)
    mean = np.random.default_rng(8).lognormal(0.0, 9.0, len(us))
    found = us.copy()
    exponential_quantiles(mean, found)
    singly = map(exponential_quantile, mean.tolist(), us.tolist())
    assert np.array_equal(bits(found), bits(list(singly)))


@pytest.mark.parametrize(("mu", "sigma"), [(700.0, 9.0), (-700.0, 9.0), (-740.0, 9.0), (0.0, 300.0)])
def test_many_lognormal_quantiles_beyond_the_range_of_numbers_are_the_same_bits(
    mu: float, sigma: float
) -> None:
    us = many(20_000)
    found = us.copy()
    lognormal_quantiles(np.full(len(us), mu), np.full(len(us), sigma), found)
    singly = [lognormal_quantile(mu, sigma, u) for u in us.tolist()]
    assert np.array_equal(bits(found), bits(singly))
    assert {0.0, math.inf} & set(singly)


def test_many_normal_quantiles_end_at_infinity() -> None:
    found = np.array([0.0, 0.5, 1.0])
    normal_quantiles(found)
    assert found.tolist() == [-math.inf, 0.0, math.inf]
