"""Two engines, one truth: every table byte for byte, for what is shipped and for whole random companies."""

import pytest

from sim import load_scenario
from sim.first_difference import first_difference
from sim.model.scenario import Scenario
from tests.strategies import scenario

SHORT = ("experiment.kind=terminating", "experiment.horizon_weeks=6", "experiment.drain_weeks=2")
SHIPPED = (
    *((name, "default") for name in ("function", "customer", "product", "pooled", "front_back", "matrix")),
    *((name, "default") for name in ("product_customer", "key_accounts")),
    ("helpdesk_today", "helpdesk"),
    ("front_back", "insurer"),
    ("matrix", "project_house"),
)


def shipped(structure: str, company: str) -> Scenario:
    """A shipped company under a shipped structure, for a few weeks."""
    return load_scenario([f"structure={structure}", f"company={company}", *SHORT])


@pytest.mark.parametrize(("structure", "company"), SHIPPED)
def test_engines_agree_on_what_is_shipped(structure: str, company: str) -> None:
    assert first_difference(shipped(structure, company)) is None


@pytest.mark.parametrize("seed", range(20))
def test_engines_agree_on_random_companies(seed: int) -> None:
    assert first_difference(scenario(seed)) is None


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20, 500))
def test_engines_agree_on_five_hundred_random_companies(seed: int) -> None:
    assert first_difference(scenario(seed)) is None
