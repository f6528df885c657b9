"""What theory talks about, read from a trajectory: waits, numbers, shares, in the time unit of the case.

Invariant: a cohort reading looks at requests that arrive between warm-up and horizon, a time average at that
same window; both cut what lies before it, so nothing is reset while a replication runs.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.known_answers.observed import Floats, Observed
from sim.trajectory import ABANDONED, BALKED, BLOCKED, BREAKDOWN, DONE, INTERNAL_SERVICE, INTERNAL_WAIT

Reading = Callable[["Observed"], float]


def mean(values: Floats) -> float:
    """Mean of an array; NaN when it is empty."""
    return float(values.mean()) if len(values) else math.nan


def wait(seen: Observed) -> float:
    """Mean time in queues over all visits, resolved requests."""
    return mean(seen.queued_hours[seen.chosen(DONE)]) / seen.unit


def wait_of(segment: str) -> Reading:
    """Mean time in queues of the resolved requests of a segment."""
    return lambda seen: mean(seen.queued_hours[seen.chosen(DONE, segment=segment)]) / seen.unit


def wait_until_left(seen: Observed) -> float:
    """Mean time to the first touch or to abandonment, everybody who was let in."""
    return mean(seen.first_wait[seen.chosen(DONE, ABANDONED)]) / seen.unit


def waits(seen: Observed) -> float:
    """Share of those let in who are not served at once."""
    return mean((seen.first_wait[seen.chosen(DONE, ABANDONED)] > 0).astype(float))


def waits_of(segment: str) -> Reading:
    """Share of a segment that is not served at once."""
    return lambda seen: mean(
        (seen.first_wait[seen.chosen(DONE, ABANDONED, segment=segment)] > 0).astype(float)
    )


def started_within(patience: float) -> Reading:
    """Share that starts within a time, in units of the case."""
    return lambda seen: mean(
        (seen.first_wait[seen.chosen(DONE, ABANDONED)] <= patience * seen.unit).astype(float)
    )


def responses(seen: Observed) -> Floats:
    """Time in system of the resolved requests."""
    table = seen.requests[seen.chosen(DONE)]
    hours: Floats = (table["done"] - table["arrival"]) / seen.unit
    return hours


def response(seen: Observed) -> float:
    """Mean time in system."""
    return mean(responses(seen))


def response_spread(seen: Observed) -> float:
    """Standard deviation of the time in system."""
    return float(responses(seen).std())


def response_share(share: float) -> Reading:
    """Quantile of the time in system."""
    return lambda seen: float(np.quantile(responses(seen), share))


def response_discounted(rate: float) -> Reading:
    """Mean of exp(-rate W)."""
    return lambda seen: mean(np.exp(-rate * responses(seen)))


def utilisation(seen: Observed) -> float:
    """Busy share of all workers."""
    return busy(seen) / seen.workers()


def utilisation_of(department: str) -> Reading:
    """Busy share of the workers of a department."""

    def read(seen: Observed) -> float:
        rows = seen.visits[seen.visits["department"] == seen.names["department"].index(department)]
        return seen.average(rows["start"], rows["end"]) / seen.workers(department)

    return read


def busy(seen: Observed) -> float:
    """Mean number of busy workers."""
    return seen.average(seen.visits["start"], seen.visits["end"])


def queue_length(seen: Observed) -> float:
    """Mean number waiting, those who leave included."""
    left = seen.requests[seen.requests["status"] == ABANDONED]
    waiting = seen.average(seen.visits["queued"], seen.visits["start"])
    return waiting + seen.average(left["arrival"], left["done"])


def number(seen: Observed) -> float:
    """Mean number in the system."""
    entered = seen.requests[seen.requests["status"] != BALKED]
    return seen.average(entered["arrival"], entered["done"])


def time_with(least: int) -> Reading:
    """Share of time with at least so many in the system."""

    def read(seen: Observed) -> float:
        table = seen.requests[seen.requests["status"] != BALKED]
        ends = table["done"][~np.isnan(table["done"])]
        times = np.concatenate([table["arrival"], ends])
        change = np.concatenate([np.ones(len(table)), -np.ones(len(ends))])
        order = np.argsort(times, kind="stable")
        inside = np.clip(times[order], seen.low, seen.high)
        level = np.cumsum(change[order])
        return float(np.diff(inside, append=seen.high)[level >= least].sum()) / seen.length

    return read


def refused(seen: Observed) -> float:
    """Share of arrivals that found no place to wait."""
    return share_of_arrivals(seen, BALKED)


def left(seen: Observed) -> float:
    """Share of arrivals who lost patience."""
    return share_of_arrivals(seen, ABANDONED)


def served(seen: Observed) -> float:
    """Share of arrivals that are resolved."""
    return share_of_arrivals(seen, DONE)


def share_of_arrivals(seen: Observed, status: int) -> float:
    """Share of the cohort that ends in this way."""
    return float(seen.chosen(status).sum() / seen.cohort.sum())


def station_wait(department: str) -> Reading:
    """Mean wait per visit to a department."""

    def read(seen: Observed) -> float:
        rows = seen.rows(department)
        return mean(rows["start"] - rows["queued"]) / seen.unit

    return read


def station_response(department: str) -> Reading:
    """Mean time from joining the queue to the end of the step, per visit to a department."""

    def read(seen: Observed) -> float:
        rows = seen.rows(department)
        return mean(rows["end"] - rows["queued"]) / seen.unit

    return read


def decided(seen: Observed) -> NDArray[Any]:
    """Visits of the cohort that needed a decision."""
    rows = seen.rows()
    return rows[rows["decision"] > 0]


def decision_wait(seen: Observed) -> float:
    """Mean wait for a manager, of the visits that needed one."""
    return mean(decided(seen)["decision_wait"]) / seen.unit


def decision_response(seen: Observed) -> float:
    """Mean wait for a manager and time of the decision."""
    rows = decided(seen)
    return mean(rows["decision_wait"] + rows["decision"]) / seen.unit


def coordination(seen: Observed) -> float:
    """Mean time of a visit with its coordinator, waiting included."""
    return mean(seen.rows()["coordination"]) / seen.unit


def visits_to(department: str | None = None) -> Reading:
    """Mean number of visits of a resolved request to a department, or of all its visits."""
    return lambda seen: len(seen.rows(department)) / float(seen.chosen(DONE).sum())


def ended_per_unit(seen: Observed) -> float:
    """Steps finished per unit of time."""
    ends = seen.visits["end"]
    return float(((ends >= seen.low) & (ends < seen.high)).sum()) / seen.length * seen.unit


def at_station(seen: Observed) -> float:
    """Mean number waiting or in service."""
    return seen.average(seen.visits["queued"], seen.visits["end"])


def row_wait(seen: Observed) -> float:
    """Mean wait per visit of all visits that start in the window, whether the request is ever done or not."""
    rows = seen.visits[(seen.visits["start"] >= seen.low) & (seen.visits["start"] < seen.high)]
    return mean(rows["start"] - rows["queued"]) / seen.unit


def busy_at_hour(hour: float, cycle: float) -> Reading:
    """Mean number in service at this hour of every cycle in the window."""

    def read(seen: Observed) -> float:
        first = math.ceil((seen.low - hour) / cycle)
        moments = hour + cycle * np.arange(first, math.floor((seen.high - hour) / cycle))
        starts, ends = np.sort(seen.visits["start"]), np.sort(seen.visits["end"])
        begun, over = np.searchsorted(starts, moments, "right"), np.searchsorted(ends, moments, "right")
        return mean((begun - over).astype(float))

    return read


def broken(seen: Observed) -> float:
    """Mean number of workplaces that are broken or being repaired."""
    rows = seen.duties[seen.duties["kind"] == BREAKDOWN]
    return seen.average(rows["start"], rows["end"])


def repair_wait(seen: Observed) -> float:
    """Mean time from the failure of a workplace to its repair, of those repaired in the window."""
    rows = seen.duties[seen.duties["kind"] == BREAKDOWN]
    inside = rows[(rows["start"] >= seen.low) & (rows["start"] < seen.high)]
    return mean(inside["end"] - inside["start"]) / seen.unit


def helped(seen: Observed) -> float:
    """Share of the visits of the cohort that people of another department did."""
    rows, home = seen.rows(), np.zeros(len(seen.people), dtype=np.int64)
    home[seen.people["person"]] = seen.people["department"]
    return mean((home[rows["worker"]] != rows["department"]).astype(float))


def in_need(seen: Observed) -> float:
    """Mean number of workers who wait for an internal service or are being served."""
    rows = seen.duties[np.isin(seen.duties["kind"], (INTERNAL_WAIT, INTERNAL_SERVICE))]
    return seen.average(rows["start"], rows["end"])


def need_wait(seen: Observed) -> float:
    """Mean wait for an internal service, of those who asked in the window."""
    rows = seen.duties[seen.duties["kind"] == INTERNAL_WAIT]
    inside = rows[(rows["start"] >= seen.low) & (rows["start"] < seen.high)]
    return mean(inside["end"] - inside["start"]) / seen.unit


def kept_from_work(seen: Observed) -> float:
    """Mean number of workers who can do nothing for want of an internal service."""
    rows = seen.duties[seen.duties["kind"] == BLOCKED]
    return seen.average(rows["start"], rows["end"])
