"""Requests a second of the engines: the compared work, the default company, more people, longer horizons.

Use: pytest experiments/benchmarks/test_engines_speed.py --benchmark-only
"""

import sys
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.model.scenario import Scenario

sys.path.insert(0, str(Path(__file__).parent))
import scenario as compared

ENGINES = ["simpy", "compiled"]
SIZES = {"simpy": 5_000, "compiled": 200_000}

pytestmark = [pytest.mark.benchmark(group="engines"), pytest.mark.parametrize("engine", ENGINES)]


def measure(benchmark: Any, scenario: Scenario, engine: Any) -> int:
    """Run a scenario several times; returns and notes its requests."""
    sim.simulate(scenario, 0, engine)
    trajectory = benchmark.pedantic(sim.simulate, (scenario, 0, engine), rounds=3)
    benchmark.extra_info["requests"] = len(trajectory.requests)
    return len(trajectory.requests)


@pytest.mark.parametrize("by", ["function", "customer"])
def test_compared_work(benchmark: Any, engine: str, by: str) -> None:
    assert measure(benchmark, compared.load(by, SIZES[engine]), engine) > 0


@pytest.mark.parametrize("structure", ["function", "customer", "pooled", "matrix"])
def test_default_company(benchmark: Any, engine: str, structure: str) -> None:
    weeks = 52 if engine == "simpy" else 520
    settings = [f"structure={structure}", f"experiment.horizon_weeks={weeks}"]
    assert measure(benchmark, sim.load_scenario(settings), engine) > 0


@pytest.mark.parametrize("times", [1, 4, 16])
def test_growth_with_staff(benchmark: Any, engine: str, times: int) -> None:
    settings = (f"demand.scale={times}", f"staffing.headcount={24 * times}")
    assert measure(benchmark, compared.load("function", SIZES[engine] // times, settings), engine) > 0
