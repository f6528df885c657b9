"""What each metric means for a verdict: which way is better, its unit, the gap too small to matter.

Invariant: margins are fixed here, before any result is seen.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.analysis.exact import Flags, Integers
from sim.rules.satisfaction import SCORES

if TYPE_CHECKING:
    import pandas as pd


class Better(Enum):
    """Which way is better."""

    LESS = -1
    NEITHER = 0
    MORE = 1


class Metric(NamedTuple):
    """How a metric is judged.

    better: the good direction. points: differences are told in points (of 100) rather than relative to the
    reference. margin: gap below which structures count as alike, a share of the reference (0.03 = 3 %) or
    points / 100. planned: known before anything is simulated, so never withheld.
    """

    better: Better
    points: bool = False
    margin: float = 0.03
    planned: bool = False


def _points(better: Better, margin: float = 0.01) -> Metric:
    return Metric(better, points=True, margin=margin)


def _planned(better: Better, points: bool = False) -> Metric:
    return Metric(better, points, margin=0.01, planned=True)


METRICS = {
    "response_time_mean": Metric(Better.LESS),
    "response_time_p90": Metric(Better.LESS),
    "response_time_p95": Metric(Better.LESS),
    "first_response_mean": Metric(Better.LESS),
    "wait_mean": Metric(Better.LESS),
    "within_promise": _points(Better.MORE),
    "abandoned": _points(Better.LESS),
    "balked": _points(Better.LESS),
    "unresolved": _points(Better.LESS),
    "first_time_right": _points(Better.MORE),
    "handoffs_mean": Metric(Better.LESS),
    "utilisation": _points(Better.NEITHER),
    "manager_utilisation": _points(Better.NEITHER),
    "coordinator_utilisation": _points(Better.NEITHER),
    "general_manager_utilisation": _points(Better.NEITHER),
    "hidden_work": _points(Better.LESS),
    "requests_done": Metric(Better.MORE),
    "headcount": _planned(Better.LESS),
    "workers": _planned(Better.NEITHER),
    "managers": _planned(Better.NEITHER),
    "coordinators": _planned(Better.NEITHER),
    "hidden_people": Metric(Better.LESS),
    "hidden_cost": Metric(Better.LESS),
    "concessions": Metric(Better.LESS),
    "capacity": _planned(Better.MORE),
    "room": _planned(Better.MORE),
    "load": _planned(Better.NEITHER, points=True),
    "desk_load": _planned(Better.NEITHER, points=True),
    "lasting_load": _points(Better.NEITHER),
    "lasting_desk_load": _points(Better.NEITHER),
    "cost": Metric(Better.LESS, margin=0.01),
    "cost_per_resolved": Metric(Better.LESS, margin=0.01),
    "satisfaction_mean": _points(Better.MORE),
    "satisfaction_outcome": _points(Better.MORE),
    **{f"satisfaction_from_{name}": _points(Better.MORE) for name in SCORES},
    "unfamiliarity_mean": _points(Better.LESS),
    "wait_per_visit": Metric(Better.LESS),
    "visits_done": Metric(Better.NEITHER),
    "present_share": _points(Better.NEITHER),
    "vacancy_share": _points(Better.LESS),
    "newcomers": _points(Better.LESS),
    "leavers": Metric(Better.LESS),
    "culture_share": _points(Better.MORE),
    "morale": Metric(Better.MORE),
    "churn_per_year": _points(Better.LESS),
    "customers_start": Metric(Better.NEITHER),
    "customers_end": Metric(Better.MORE),
    "joined": Metric(Better.MORE),
    "marketing_cost": Metric(Better.LESS),
    "misfit": Metric(Better.LESS),
    "variants_cost": Metric(Better.LESS),
    "best_found": _points(Better.MORE),
    "satisfaction_best": _points(Better.MORE),
    "customer_value": Metric(Better.MORE, margin=0.01),
    "revenue": Metric(Better.MORE, margin=0.01),
    "profit": Metric(Better.MORE, margin=0.01),
    "prevented": _points(Better.MORE),
    "capability": Metric(Better.MORE),
    "margin_lost": Metric(Better.LESS),
    "causes_open": Metric(Better.LESS),
    "blocked_share": _points(Better.LESS),
    "down_share": _points(Better.LESS),
    "internal_response_time": Metric(Better.LESS),
    "internal_within_promise": _points(Better.MORE),
    "internal_satisfaction": _points(Better.MORE),
    "support_people": _planned(Better.NEITHER),
    "support_utilisation": _points(Better.NEITHER),
    "helped_share": _points(Better.NEITHER),
    "repair_cost": Metric(Better.LESS),
    "weeks_to_fix": Metric(Better.LESS),
    "hiring_cost": Metric(Better.LESS),
    "wages_of_empty_seats": Metric(Better.NEITHER),
}

TIMES = frozenset(
    {"response_time_mean", "response_time_p90", "response_time_p95", "first_response_mean", "wait_mean"}
)
"""Metrics over resolved or touched requests, not comparable where more customers leave."""

SHARES = frozenset({"within_promise", "abandoned", "balked", "unresolved", "first_time_right"})
"""Shares of requests, which have an interval of their own."""


def judged(metric: str) -> Metric:
    """How a metric is judged; an unknown one has no good direction and is compared relatively.

    >>> judged("cost").better, judged("new").better
    (<Better.LESS: -1>, <Better.NEITHER: 0>)
    """
    return METRICS.get(metric, Metric(Better.NEITHER))


def judged_rows(metrics: pd.Series[str]) -> list[Metric]:
    """How the metric of each row is judged."""
    rows, names = distinct(metrics)
    rules = [judged(name) for name in names]
    return [rules[row] for row in rows.tolist()]


def planned(metrics: pd.Series[str]) -> Flags:
    """Whether the metric of each row is known before anything is simulated."""
    rows, names = distinct(metrics)
    return np.array([judged(name).planned for name in names], dtype=np.bool_)[rows]


def distinct(texts: pd.Series[str]) -> tuple[Integers, list[str]]:
    """A column of few different texts: place of each row in the texts, and the texts, each of them once."""
    import pandas as pd

    rows, names = pd.factorize(texts)
    return rows.astype(np.int64), names.tolist()


def points_of(unit: str) -> float:
    """How many points one unit of a metric is: 100 for shares, 1 for what runs from 0 to 100.

    >>> points_of("share"), points_of("0 to 100")
    (100.0, 1.0)
    """
    return 100.0 if unit == "share" else 1.0
