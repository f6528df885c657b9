"""Run length of the suite: cut short where there is only the SimPy engine."""

import pytest

from sim.known_answers.verdicts import TIERS, Tier

try:
    import sim.engines.compiled as fast_engine

    COMPILED = hasattr(fast_engine, "run")
except ImportError:
    COMPILED = False


@pytest.fixture(scope="session")
def engine() -> str:
    """The fastest engine there is; both give the same bits."""
    return "compiled" if COMPILED else "simpy"


@pytest.fixture(scope="session")
def tier() -> Tier:
    """Replications and arrivals of the fast suite."""
    return TIERS["quick"] if COMPILED else Tier(6, 5_000)
