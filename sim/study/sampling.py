"""Points that fill a space of settings evenly: Latin hypercube and Sobol sequence.

Invariant: the same samples, sampler and seed give the same points.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Sampling:
    """How intervals are sampled."""

    samples: int = 64
    sampler: str = "lhs"
    seed: int = 1


@lru_cache(maxsize=1)  # the sweep is laid out before Hydra starts, and by Hydra
def unit_cube(sampling: Sampling, axes: int) -> "np.ndarray[Any, Any]":
    """Points of the unit cube of so many axes; shape (samples, axes)."""
    import warnings

    if sampling.sampler == "lhs":
        return _latin_hypercube(sampling.samples, axes, sampling.seed)
    from scipy.stats import qmc

    with warnings.catch_warnings():  # a number that is no power of 2 loses a little balance, nothing else
        warnings.simplefilter("ignore", UserWarning)
        return qmc.Sobol(axes, rng=sampling.seed).random(sampling.samples)


def _latin_hypercube(samples: int, axes: int, seed: int) -> "np.ndarray[Any, Any]":
    """One point in each of the equal slices of every axis (McKay, Beckman and Conover 1979).

    The points of scipy.stats.qmc.LatinHypercube, bit for bit, without the second its import takes.
    """
    import numpy as np

    generator = np.random.default_rng(seed).spawn(1)[0]
    inside = generator.uniform(size=(samples, axes))
    slices = np.tile(np.arange(1, samples + 1), (axes, 1))
    for axis in slices:
        generator.shuffle(axis)
    points: np.ndarray[Any, Any] = (slices.T - inside) / samples
    return points
