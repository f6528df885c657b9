"""The metric rows of one replication, as the contract names them, and the small tables beside them.

Invariant: every number describes the cohort (arrivals in [warm-up, horizon]) or the hours in that window;
a metric of a mechanism that is off has no row, one that is undefined is NaN.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.analysis.cohort import Cells, cohort_rows, judged
from sim.analysis.decomposition import decomposition
from sim.analysis.early_late import early_late
from sim.analysis.exact import Floats, quantiles
from sim.analysis.measured import Measured
from sim.analysis.people import Plan, people_rows
from sim.analysis.rows import COMPANY
from sim.analysis.weeks import weeks
from sim.model.scenario import Scenario
from sim.opinions import request_scores
from sim.rules.satisfaction import SCORES
from sim.trajectory import Trajectory

STEPS = 200
GRID = tuple(step / STEPS for step in range(STEPS + 1))
"""Probabilities of the quantiles that are kept."""


def run_tables(scenario: Scenario, organisation: Plan, trajectory: Trajectory) -> dict[str, Any]:
    """Everything kept of one replication.

    `metrics`: list of rows (metric, scope, value, unit). Every other entry is a table, column to values:
    `decomposition`, `segments` (the parts of satisfaction), `steadiness`, and where `experiment.keep` is
    `all` also `weeks` and `distribution`.
    """
    measured = Measured(trajectory)
    scores = np.asfortranarray(request_scores(scenario, measured))  # read column by column
    tables = {
        "metrics": cohort_rows(scenario, measured, scores) + people_rows(scenario, organisation, measured),
        "decomposition": decomposition(measured),
        "segments": satisfaction_parts(measured, scores),
        "steadiness": early_late(scenario, measured),
    }
    if scenario.experiment.keep == "all":
        tables |= {"weeks": weeks(scenario, measured), "distribution": distribution(measured)}
    return tables


def satisfaction_parts(measured: Measured, scores: Floats) -> dict[str, Any]:
    """Table scope, dimension, value: mean of each score (0 to 1), for the company and each segment."""
    table: dict[str, list[Any]] = {"scope": [], "dimension": [], "value": []}
    cells = Cells.of(measured)
    asked = judged(measured, cells, scores)
    means = [asked.means(scores[:, place]).tolist() for place in range(len(SCORES))]
    for places, own in cells.kinds[:2]:
        for dimension, values in zip(SCORES, means, strict=True):
            table["scope"] += places
            table["dimension"] += [dimension] * len(places)
            table["value"] += values[own]
    return table


def distribution(measured: Measured) -> dict[str, Any]:
    """Table scope, quantile, hours: response time of the company's resolved requests; empty if none."""
    ordered = measured.response[measured.by_response]
    if not len(ordered):
        return {"scope": [], "quantile": [], "hours": []}
    return {"scope": [COMPANY] * len(GRID), "quantile": list(GRID), "hours": quantiles(ordered, GRID)}
