"""Which unknowns move a result most: elementary effects (Morris), every input stepped once a trajectory.

Invariant: the same trajectories give the same ranking and the same intervals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVELS: Final = 4
"""Steps of the grid that trajectories walk on."""
RESAMPLES: Final = 1000
ONE_WAY: Final = 0.5
"""Share of the mean size that the mean effect must reach for the effect to be called one way."""


class Driver(NamedTuple):
    """An input by its number. size: mean absolute change of the result over the whole range (mu*), with a
    bootstrap interval of 95 %; effect: mean change (mu), negative where more of it lowers the result."""

    number: int
    size: float
    low: float
    high: float
    effect: float

    @property
    def way(self) -> int:
        """1: more of it raises the result; -1: lowers it; 0: now one, now the other."""
        return (
            0 if abs(self.effect) < ONE_WAY * self.size or self.size == 0.0 else 1 if self.effect > 0 else -1
        )


def drivers(shares: NDArray[np.float64], result: NDArray[np.float64], seed: int = 0) -> list[Driver]:
    """The inputs, the strongest first; none with fewer than two trajectories.

    shares : (trajectories x (inputs + 1), inputs), place in the range. result : of each row, all finite.
    """
    from SALib.analyze import morris

    many = shares.shape[1]
    if len(shares) < 2 * (many + 1):
        return []
    found = morris.analyze(cube(many), shares, result, num_resamples=RESAMPLES, num_levels=LEVELS, seed=seed)
    rows = zip(found["mu_star"], found["mu_star_conf"], found["mu"], strict=True)
    all_of_them = [
        Driver(number, float(size), max(0.0, float(size - half)), float(size + half), float(mean))
        for number, (size, half, mean) in enumerate(rows)
    ]
    return sorted(all_of_them, key=lambda each: (-each.size, each.number))


def cube(many: int) -> dict[str, Any]:
    """The unit cube of so many inputs, as SALib describes it."""
    return {"num_vars": many, "names": [str(number) for number in range(many)], "bounds": [[0.0, 1.0]] * many}
