"""Metrics of requests: response, promise, repeats, handoffs, satisfaction, by company, segment and product.

Invariant: means of response, wait and handoffs are over resolved requests, shares of ends over arrivals.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.analysis.exact import Flags, Floats, Integers, exact_slices, plain_sums, quantiles, ratio, rounded
from sim.analysis.measured import Measured
from sim.analysis.rows import COMPANY, Row, rows, scopes
from sim.model.scenario import Scenario
from sim.opinions import SATISFACTION, SATISFACTION_OUTCOME, score_weights
from sim.rules.satisfaction import SCORES
from sim.trajectory import ABANDONED, BALKED, DONE, OPEN

Told = tuple[str, str, Floats]
"""Metric, unit, and its value in every scope."""


@dataclass(frozen=True)
class Cells:
    """Requests by segment and product; the scopes (company, segments, products) are sums of such cells.

    cell: segment times products + product of each request, shape (requests,).
    """

    segments: list[str]
    products: list[str]
    cell: Integers

    @classmethod
    def of(cls, measured: Measured) -> Cells:
        """The cells of a replication."""
        segments, products = (scopes(axis, measured.names(axis)) for axis in ("segment", "product"))
        segment, product = (measured.requests.integers(axis) for axis in ("segment", "product"))
        return cls(segments, products, segment * len(products) + product)

    @property
    def kinds(self) -> list[tuple[list[str], slice]]:
        """The scopes, kind by kind, and where their values stand."""
        first, last = 1 + len(self.segments), 1 + len(self.segments) + len(self.products)
        places = slice(0, 1), slice(1, first), slice(first, last)
        return list(zip(([COMPANY], self.segments, self.products), places, strict=True))

    @property
    def size(self) -> int:
        """How many cells there are."""
        return len(self.segments) * len(self.products)

    def added_up(self, cells: Floats) -> Floats:
        """Values of cells to sums of scopes: (rows, cells) to (rows, scopes); for sums that do not round."""
        table = cells.reshape(len(cells), len(self.segments), len(self.products))
        scoped: Floats = np.hstack([table.sum(axis=(1, 2))[:, None], table.sum(axis=2), table.sum(axis=1)])
        return scoped

    def counts(self, chosen: Flags) -> Floats:
        """Number of chosen requests in each scope."""
        found = np.bincount(self.cell[chosen], minlength=self.size).astype(np.float64)
        counts: Floats = self.added_up(found[None])[0]
        return counts

    def quantiles(self, values: Floats, ordered: Integers, probabilities: tuple[float, ...]) -> Floats:
        """Quantiles by scope; ordered: the rows that count, by value. Shape (probabilities, scopes)."""
        value, axes = values[ordered], np.divmod(self.cell[ordered], len(self.products))
        own = [
            value[axis == place]
            for axis, names in zip(axes, (self.segments, self.products), strict=True)
            for place in range(len(names))
        ]
        return np.array([quantiles(one, probabilities) for one in (value, *own)]).T


class Chosen:
    """Some of the requests, scope by scope."""

    def __init__(self, cells: Cells, chosen: Flags) -> None:
        self.cells, self.chosen, self.count = cells, chosen, cells.counts(chosen)

    def means(self, values: Floats) -> Floats:
        """Mean of the values in each scope, NaN where nobody was chosen."""
        slices = exact_slices(values, self.cells.cell, self.cells.size, self.chosen)
        return ratio(rounded(self.cells.added_up(slices)), self.count)

    def shares(self, flag: Flags) -> Floats:
        """Share that has the flag in each scope."""
        return ratio(self.cells.counts(flag & self.chosen), self.count)


def cohort_rows(scenario: Scenario, measured: Measured, scores: Floats) -> list[Row]:
    """Every metric that is a fact about requests, in all scopes; scores: (requests, 7)."""
    cells = Cells.of(measured)
    resolved, cohort = Chosen(cells, measured.resolved), Chosen(cells, measured.cohort)
    told = [*_times(measured, resolved), *_ends(scenario, measured, cohort, resolved)]
    told += [*_course(measured, resolved), *_opinions(scenario, measured, cells, scores)]
    return [
        row
        for places, own in cells.kinds
        for metric, unit, values in told
        for row in rows(metric, unit, places, values[own])
    ]


def _times(measured: Measured, resolved: Chosen) -> list[Told]:
    response, first = measured.response, measured.requests.floats("first_start")
    p90, p95 = resolved.cells.quantiles(response, measured.by_response, (0.9, 0.95))
    touched = Chosen(resolved.cells, measured.cohort & np.isfinite(first))
    named = {
        "response_time_mean": resolved.means(response),
        "response_time_p90": p90,
        "response_time_p95": p95,
        "first_response_mean": touched.means(first - measured.requests.floats("arrival")),
        "wait_mean": resolved.means(waits(measured)),
    }
    return [(metric, "h", values) for metric, values in named.items()]


def waits(measured: Measured) -> Floats:
    """Hours each request spent in queues, over all its visits; shape (requests,)."""
    queue = np.nan_to_num(measured.queue, nan=0.0)
    return plain_sums(queue, measured.request_of_visit, len(measured.requests))


def _ends(scenario: Scenario, measured: Measured, cohort: Chosen, resolved: Chosen) -> list[Told]:
    requests, status = measured.requests, measured.requests.integers("status")
    kept = (status == DONE) & (measured.response <= requests.floats("promise"))
    named = {"within_promise": kept, "unresolved": status == OPEN}
    named |= {name: status == LEFT[name] for name in ways_to_leave(scenario)}
    ends = [(metric, "share", cohort.shares(flag)) for metric, flag in named.items()]
    return [*ends, ("requests_done", "number", resolved.count)]


LEFT = {"abandoned": ABANDONED, "balked": BALKED}


def ways_to_leave(scenario: Scenario) -> list[str]:
    """Metrics of customers who leave unserved, of those that this company has."""
    can = {"abandoned": scenario.customers.patience, "balked": scenario.staffing.waiting_room is not None}
    return [name for name, possible in can.items() if possible]


def _course(measured: Measured, resolved: Chosen) -> list[Told]:
    right = measured.requests.integers("repeats") == 0
    crossed = resolved.means(measured.requests.floats("handoffs"))
    return [("first_time_right", "share", resolved.shares(right)), ("handoffs_mean", "number", crossed)]


def judged(measured: Measured, cells: Cells, scores: Floats) -> Chosen:
    """Requests of the cohort that somebody judged."""
    return Chosen(cells, measured.cohort & np.isfinite(scores[:, SATISFACTION]))


def _opinions(scenario: Scenario, measured: Measured, cells: Cells, scores: Floats) -> list[Told]:
    """Satisfaction, and its five parts in points: what each score adds, so that the parts add up to it."""
    weights, asked = score_weights(scenario), judged(measured, cells, scores)
    total = np.array([math.fsum(own) for own in weights])[:, None]
    points = 100.0 * np.where(total > 0.0, weights / np.where(total > 0.0, total, 1.0), 1.0 / len(SCORES))
    segment = measured.requests.integers("segment")
    named = {"mean": scores[:, SATISFACTION], "outcome": scores[:, SATISFACTION_OUTCOME]}
    named |= {
        f"from_{name}": points[:, place][segment] * scores[:, place] for place, name in enumerate(SCORES)
    }
    return [(f"satisfaction_{metric}", "0 to 100", asked.means(values)) for metric, values in named.items()]
