"""Two engines, one truth: every table byte for byte, for what is shipped and for whole random companies."""

import pytest

from sim.rules.grid import on_grid
from tests.engines.first_difference import first_difference
from tests.engines.shipped import PAIRS, shipped
from tests.scenarios import checked, office
from tests.strategies import lively, scenario


@pytest.mark.parametrize(("structure", "company"), PAIRS)
def test_engines_agree_on_what_is_shipped(structure: str, company: str) -> None:
    assert first_difference(shipped(structure, company)) is None


@pytest.mark.parametrize("seed", range(20))
def test_engines_agree_on_random_companies(seed: int) -> None:
    assert first_difference(scenario(seed)) is None


@pytest.mark.parametrize(
    "seed", [*range(20), 129, 156]
)  # the last two: workers of a department pick at one instant
def test_engines_agree_when_more_mechanisms_are_on(seed: int) -> None:
    assert first_difference(lively(seed)) is None


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20, 200))
def test_engines_agree_in_many_combinations_of_mechanisms(seed: int) -> None:
    assert first_difference(lively(seed)) is None


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20, 500))
def test_engines_agree_on_five_hundred_random_companies(seed: int) -> None:
    assert first_difference(scenario(seed)) is None


@pytest.mark.parametrize("structure", ["function", "matrix"])
@pytest.mark.parametrize("hours", [7.6, 7.7, 8.1])
def test_engines_agree_when_days_are_no_whole_number_of_points(structure: str, hours: float) -> None:
    clock = {"hours_per_day": hours, "days_per_week": 5}
    weeks = [(f"experiment.{name}", count) for name, count in (("horizon_weeks", 8), ("warm_up_weeks", 1))]
    found = checked(office("default", structure, ("company.clock", clock), ("company.profile", {}), *weeks))
    assert first_difference(found) is None
    assert (found.day, abs(found.day - hours) <= 2.0**-37) == (on_grid(hours), True)
