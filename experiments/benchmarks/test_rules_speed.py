"""How long a draw and a rule take, called from compiled code as the compiled engine calls them.

Use: pytest experiments/benchmarks/test_rules_speed.py --benchmark-only
"""

from typing import Any

import numpy as np
import pytest

from sim.draws import uniform
from sim.jit import compiled
from sim.mechanisms.learning import unfamiliarity
from sim.questions import effort_parts
from sim.rules.quantiles import exponential_quantile, lognormal_quantile, normal_quantile

CALLS = 100_000

pytestmark = pytest.mark.benchmark(group="rules")


@compiled
def many_uniforms(calls: int) -> float:
    """Addressed draws."""
    total = 0.0
    for number in range(calls):
        total += uniform(number, 4, 0, 0)
    return total


@compiled
def many_lognormals(calls: int) -> float:
    """Addressed draws through the lognormal quantile."""
    total = 0.0
    for number in range(calls):
        total += lognormal_quantile(0.0, 0.8, uniform(number, 4, 0, 0))
    return total


@compiled
def many_exponentials(calls: int) -> float:
    """Addressed draws through the exponential quantile."""
    total = 0.0
    for number in range(calls):
        total += exponential_quantile(1.0, uniform(number, 4, 0, 0))
    return total


@compiled
def many_normals(calls: int) -> float:
    """Addressed draws through the normal quantile."""
    total = 0.0
    for number in range(calls):
        total += normal_quantile(uniform(number, 4, 0, 0))
    return total


@compiled
def many_unfamiliarities(calls: int) -> float:
    """The learning curve."""
    total = 0.0
    for number in range(calls):
        total += unfamiliarity(float(number), 200.0, 0.23)
    return total


@compiled
def many_efforts(calls: int) -> float:
    """All parts of the effort of a step."""
    total = 0.0
    for number in range(calls):
        total += effort_parts(1.0 + number, 0.4, 0.3, 0.3, 0.5, 0.4, 0.3, 1.1)[3]
    return total


@pytest.mark.parametrize(
    "rule",
    [many_uniforms, many_exponentials, many_normals, many_lognormals, many_unfamiliarities, many_efforts],
    ids=lambda rule: rule.__name__,
)
def test_calls(benchmark: Any, rule: Any) -> None:
    rule(10)
    assert np.isfinite(benchmark(rule, CALLS))
