"""Two engines, one truth: every table byte for byte, for what is shipped and for whole random companies."""

import pytest

from sim.first_difference import first_difference
from tests.engines.shipped import PAIRS, shipped
from tests.strategies import scenario


@pytest.mark.parametrize(("structure", "company"), PAIRS)
def test_engines_agree_on_what_is_shipped(structure: str, company: str) -> None:
    assert first_difference(shipped(structure, company)) is None


@pytest.mark.parametrize("seed", range(20))
def test_engines_agree_on_random_companies(seed: int) -> None:
    assert first_difference(scenario(seed)) is None


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20, 500))
def test_engines_agree_on_five_hundred_random_companies(seed: int) -> None:
    assert first_difference(scenario(seed)) is None
