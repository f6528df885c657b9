"""Metrics of internal customers: how soon workers get what they need of internal services (P5).

Invariant: a need counts where it was told between warm-up and horizon and has been met.
"""

from __future__ import annotations

import math

import numpy as np

from sim.analysis.exact import Floats, exact_sum, exact_sums, ratio
from sim.analysis.hours import kept_from_work, seats, spent
from sim.analysis.measured import Measured
from sim.analysis.rows import COMPANY, Row, rows, scopes
from sim.mechanisms.expectations import responsiveness
from sim.mechanisms.support import SERVICES
from sim.model.scenario import Scenario
from sim.trajectory import INTERNAL_SERVICE, INTERNAL_WAIT, WORKER


def internal_rows(scenario: Scenario, measured: Measured, window: Floats, there: Floats) -> list[Row]:
    """Response, promise and satisfaction by company and department of those who ask; hours kept from work.

    Parameters
    ----------
    there : hours present by role and department (last: none).
    """
    duties, kinds = measured.duties, measured.duties.integers("kind")
    told, served = kinds == INTERNAL_WAIT, kinds == INTERNAL_SERVICE  # in pairs, one after the other
    asked, begun = duties.floats("start")[told], duties.floats("start")[served]
    met, service = duties.floats("end")[served], duties.integers("number")[told]
    counted = (asked >= window[0]) & (asked < window[1])
    response, promise = (met - asked)[counted], promises(scenario)[service[counted]]
    department = seats(measured)[1][duties.integers("worker")[told][counted]]
    liked = [
        100.0 * responsiveness(own, hours, scenario.customers.perceived_wait)
        for own, hours in zip(promise.tolist(), response.tolist(), strict=True)
    ]
    values = {
        ("internal_response_time", "h"): response,
        ("internal_within_promise", "share"): (response <= promise).astype(np.float64),
        ("internal_satisfaction", "0 to 100"): np.array(liked),
    }
    found: list[Row] = []
    places = scopes("department", measured.names("department"))
    number = np.bincount(department, minlength=len(places)).astype(np.float64)
    for (name, unit), each in values.items():
        whole = ratio(np.array([exact_sum(each)]), np.array([float(len(each))]))
        own = ratio(exact_sums(each, department, len(places)), number)
        found += [*rows(name, unit, [COMPANY], whole), *rows(name, unit, places, own)]
    hours = spent(measured, kept_from_work(measured), window).busy[0][WORKER]
    blocked = ratio(np.array([exact_sum(hours)]), np.array([exact_sum(there[WORKER])]))
    found += rows("blocked_share", "share", [COMPANY], blocked)
    found += rows("blocked_share", "share", places, ratio(hours, there[WORKER])[:-1])
    return found + _servants(scenario, np.clip(met, *window) - np.clip(begun, *window), window)


def _servants(scenario: Scenario, hours: Floats, window: Floats) -> list[Row]:
    """People who serve colleagues, and the share of their hours for which they do."""
    people = sum(getattr(scenario.people.support, name).people for name in SERVICES)
    busy = math.fsum(hours.tolist()) / (people * (window[1] - window[0])) if people else math.nan
    return [
        *rows("support_people", "people", [COMPANY], np.array([float(people)])),
        *rows("support_utilisation", "share", [COMPANY], np.array([busy])),
    ]


def promises(scenario: Scenario) -> Floats:
    """Hours within which each service should have done it."""
    return np.array([getattr(scenario.people.support, name).promise_hours for name in SERVICES])
