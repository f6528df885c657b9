"""Elementary effects of functions with known ones."""

import numpy as np
import pytest
from SALib.sample import morris

from sim.analysis.drivers import LEVELS, Driver, cube, drivers

STEPS = morris.sample(cube(3), 10, LEVELS, seed=1)


def test_effects_of_a_sum_are_its_slopes() -> None:
    found = drivers(STEPS, 5.0 * STEPS[:, 1] - 2.0 * STEPS[:, 0])
    assert [own.number for own in found] == [1, 0, 2]
    assert [own.size for own in found] == pytest.approx([5.0, 2.0, 0.0])
    assert [own.way for own in found] == [1, -1, 0]


def test_what_goes_up_and_down_goes_no_one_way() -> None:
    own = drivers(STEPS, np.abs(STEPS[:, 0] - 0.5) + 0.0 * STEPS[:, 1])
    assert Driver(0, 1.0, 0.5, 1.5, 0.2).way == 0
    assert own[0].number in (0, 1, 2)
    assert own == drivers(STEPS, np.abs(STEPS[:, 0] - 0.5))


def test_one_trajectory_is_none() -> None:
    assert drivers(STEPS[:4], STEPS[:4, 0]) == []
