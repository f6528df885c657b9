"""Metrics of requests: response, promise, repeats, handoffs, satisfaction, by company, segment and product.

Invariant: means of response, wait and handoffs are over resolved requests, shares of ends over arrivals.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.analysis.exact import Flags, Floats, Integers, exact_sums, plain_sums, quantiles, ratio
from sim.analysis.measured import Measured
from sim.analysis.rows import COMPANY, Row, rows, scopes
from sim.analysis.satisfaction import SATISFACTION, SATISFACTION_OUTCOME, score_weights
from sim.model.scenario import Scenario
from sim.rules.satisfaction import SCORES
from sim.trajectory import ABANDONED, BALKED, DONE, OPEN


@dataclass(frozen=True)
class Grouping:
    """One way to look at requests: a scope for each group and the group of each request."""

    scopes: list[str]
    group: Integers

    def counts(self, chosen: Flags) -> Floats:
        """Number of chosen requests in each group."""
        return np.bincount(self.group[chosen], minlength=len(self.scopes)).astype(np.float64)

    def means(self, values: Floats, chosen: Flags) -> Floats:
        """Mean of the values of the chosen requests in each group, NaN for an empty group."""
        total = exact_sums(values, self.group, len(self.scopes), chosen)
        return ratio(total, self.counts(chosen))

    def shares(self, flag: Flags, chosen: Flags) -> Floats:
        """Share of the chosen requests that have the flag, by group."""
        return ratio(self.counts(flag & chosen), self.counts(chosen))

    def quantiles(self, values: Floats, ordered: Integers, probabilities: tuple[float, ...]) -> Floats:
        """Quantiles by group; ordered: the rows that count, by value. Shape (probabilities, groups)."""
        group, value = self.group[ordered], values[ordered]
        found = [quantiles(value[group == place], probabilities) for place in range(len(self.scopes))]
        return np.array(found).T


def groupings(measured: Measured) -> list[Grouping]:
    """All requests together, by segment and by product."""
    requests = measured.requests
    together = Grouping([COMPANY], np.zeros(len(requests), dtype=np.int64))
    names = {axis: scopes(axis, measured.names(axis)) for axis in ("segment", "product")}
    return [together, *(Grouping(own, requests.integers(axis)) for axis, own in names.items())]


def cohort_rows(scenario: Scenario, measured: Measured, scores: Floats) -> list[Row]:
    """Every metric that is a fact about requests, in all groupings; scores: (requests, 7)."""
    found: list[Row] = []
    for grouping in groupings(measured):
        found += _times(measured, grouping) + _ends(scenario, measured, grouping)
        found += _course(measured, grouping) + _opinions(scenario, measured, grouping, scores)
    return found


def _times(measured: Measured, grouping: Grouping) -> list[Row]:
    resolved, response = measured.resolved, measured.response
    p90, p95 = grouping.quantiles(response, measured.by_response, (0.9, 0.95))
    first = measured.requests.floats("first_start")
    touched = measured.cohort & np.isfinite(first)
    named = {
        "response_time_mean": grouping.means(response, resolved),
        "response_time_p90": p90,
        "response_time_p95": p95,
        "first_response_mean": grouping.means(first - measured.requests.floats("arrival"), touched),
        "wait_mean": grouping.means(waits(measured), resolved),
    }
    return [row for metric, values in named.items() for row in rows(metric, "h", grouping.scopes, values)]


def waits(measured: Measured) -> Floats:
    """Hours each request spent in queues, over all its visits; shape (requests,)."""
    queue = np.nan_to_num(measured.queue, nan=0.0)
    return plain_sums(queue, measured.request_of_visit, len(measured.requests))


def _ends(scenario: Scenario, measured: Measured, grouping: Grouping) -> list[Row]:
    requests, cohort = measured.requests, measured.cohort
    status = requests.integers("status")
    kept = (status == DONE) & (measured.response <= requests.floats("promise"))
    named = {"within_promise": kept, "unresolved": status == OPEN}
    named |= {name: status == LEFT[name] for name in ways_to_leave(scenario)}
    found = []
    for metric, flag in named.items():
        found += rows(metric, "share", grouping.scopes, grouping.shares(flag, cohort))
    return found + rows("requests_done", "number", grouping.scopes, grouping.counts(measured.resolved))


LEFT = {"abandoned": ABANDONED, "balked": BALKED}


def ways_to_leave(scenario: Scenario) -> list[str]:
    """Metrics of customers who leave unserved, of those that this company has."""
    can = {"abandoned": scenario.customers.patience, "balked": scenario.staffing.waiting_room is not None}
    return [name for name, possible in can.items() if possible]


def _course(measured: Measured, grouping: Grouping) -> list[Row]:
    requests, resolved = measured.requests, measured.resolved
    right = requests.integers("repeats") == 0
    crossed = grouping.means(requests.floats("handoffs"), resolved)
    return rows("first_time_right", "share", grouping.scopes, grouping.shares(right, resolved)) + rows(
        "handoffs_mean", "number", grouping.scopes, crossed
    )


def _opinions(scenario: Scenario, measured: Measured, grouping: Grouping, scores: Floats) -> list[Row]:
    """Satisfaction, and its five parts in points: what each score adds, so that the parts add up to it."""
    judged = measured.cohort & np.isfinite(scores[:, SATISFACTION])
    weights = score_weights(scenario)
    total = np.array([math.fsum(own) for own in weights])[:, None]
    points = 100.0 * np.where(total > 0.0, weights / np.where(total > 0.0, total, 1.0), 1.0 / len(SCORES))
    own = points[measured.requests.integers("segment")]
    named = {"mean": scores[:, SATISFACTION], "outcome": scores[:, SATISFACTION_OUTCOME]}
    named |= {f"from_{name}": own[:, place] * scores[:, place] for place, name in enumerate(SCORES)}
    found = []
    for metric, values in named.items():
        found += rows(f"satisfaction_{metric}", "0 to 100", grouping.scopes, grouping.means(values, judged))
    return found
