"""Sampled points are those of the method they are named after."""

import numpy as np
import pytest
from scipy.stats import qmc

from sim.config.sweep import Axes, Interval
from sim.study.sampling import Sampling


@pytest.mark.parametrize(("samples", "seed"), [(1, 1), (7, 5), (500, 2**40)])
def test_a_latin_hypercube_is_that_of_scipy_bit_for_bit(samples: int, seed: int) -> None:
    intervals = {key: Interval(key, 0.0, 1.0, False, False) for key in ("a", "b", "c")}
    axes = Axes(intervals=intervals, sampling=Sampling(samples, "lhs", seed))
    drawn = [[float(text.partition("=")[2]) for text in job] for job in axes.scenarios()]
    assert np.array_equal(drawn, qmc.LatinHypercube(3, rng=seed).random(samples))


def test_every_slice_of_every_axis_has_one_point() -> None:
    interval = Interval("a", 0.0, 10.0, False, False)
    axes = Axes(intervals={"a": interval}, sampling=Sampling(10, "lhs", 3))
    slices = sorted(int(float(job[0].partition("=")[2])) for job in axes.scenarios())
    assert slices == list(range(10))
