"""Tickets at rest: a planted resting time is found again, and none is found where none is."""

import numpy as np
import pytest

from sim.fit.resting_time import fit

BASE = np.random.Generator(np.random.PCG64(3)).lognormal(2.5, 0.8, 8000)


def planted(share: float, mean: float, cv: float) -> np.ndarray:
    generator = np.random.Generator(np.random.PCG64(4))
    spread = np.sqrt(np.log1p(cv * cv))
    resting = mean * np.exp(spread * generator.standard_normal(len(BASE)) - spread**2 / 2)
    return BASE + np.where(generator.random(len(BASE)) < share, resting, 0.0)


@pytest.mark.parametrize(("share", "mean", "cv"), [(0.25, 80.0, 0.5), (0.5, 30.0, 1.0), (1.0, 10.0, 0.5)])
def test_a_planted_rest_is_found_again(share: float, mean: float, cv: float) -> None:
    found = fit(planted(share, mean, cv), BASE, "solve")
    assert found is not None
    assert found.share == pytest.approx(share, abs=0.1)
    assert found.mean == pytest.approx(mean, rel=0.2)


def test_the_mean_is_met_exactly() -> None:
    real = planted(0.25, 80.0, 0.5)
    found = fit(real, BASE, "solve")
    assert found is not None
    assert BASE.mean() + found.share * found.mean == pytest.approx(real.mean())


def test_no_rest_is_found_where_there_is_none() -> None:
    assert fit(BASE, BASE, "solve") is None
