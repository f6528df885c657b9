"""The response-time distribution of a replication, as quantiles on a fixed grid.

Invariant: the grid is the same for every replication, so replications are averaged quantile by quantile.
"""

from __future__ import annotations

from typing import Any

from sim.analysis.exact import quantiles
from sim.analysis.measured import Measured
from sim.analysis.rows import COMPANY

STEPS = 200
GRID = tuple(step / STEPS for step in range(STEPS + 1))


def distribution(measured: Measured) -> dict[str, Any]:
    """Table scope, quantile, hours: response time of the company's resolved requests; empty if none."""
    ordered = measured.response[measured.by_response]
    if not len(ordered):
        return {"scope": [], "quantile": [], "hours": []}
    return {"scope": [COMPANY] * len(GRID), "quantile": list(GRID), "hours": quantiles(ordered, GRID)}
