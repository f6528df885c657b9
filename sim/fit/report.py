"""The fit report: what was read, what was estimated, how well the simulated present matches, what stays
unknown.

Invariant: every number in the text is in the JSON file too.
"""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from math import isfinite
from typing import Any

import numpy as np

from sim.fit import company as built
from sim.fit import effort as efforts
from sim.fit.calibrate import Calibration, offered
from sim.fit.check import Break, Comparison
from sim.fit.estimate import ASSUMED_TICKETS, Estimate
from sim.fit.events import NOWHERE
from sim.fit.lights import lights
from sim.fit.recent import Cases, choose

SESSIONS = (0.5, 1.0, 2.0, 4.0)
FLOW = ("resolved_per_week", "visits_per_person_week", "hours_per_person_week")
TIME = "time_in_system_mean"
UNITS = {
    "arrivals_per_week": "tickets",
    "resolved_per_week": "tickets",
    TIME: "open h",
    "time_in_system_median": "open h",
    "time_in_system_p90": "open h",
    "visits_per_person_week": "visits",
    "changes_of_person": "a ticket",
    "hours_per_person_week": "restated h",
}
Numbers = dict[str, Any]


def numbers(
    found: Estimate, calibration: Calibration, compared: Sequence[Comparison], changed: Break | None
) -> Numbers:
    """Everything the report says, as plain data."""
    return {
        "lights": [light._asdict() for light in lights(found, compared)],
        "log": _log(found),
        "roles": _roles(found),
        "hours": _hours(found),
        "products": {
            name: int((found.products.of[found.used] == number).sum())
            for number, name in enumerate(found.products.names)
        },
        "groupings": _groupings(found),
        "segments": _segments(found),
        "demand": {
            "tickets_per_week": float(found.used.sum() / found.window.weeks),
            "trend_per_year": found.trend_per_year,
        },
        "work": [
            _work(found, calibration, function, product)
            for function in range(len(found.tickets.functions))
            for product in range(len(found.products.names))
        ],
        "delays": _delays(found),
        "effort": {
            "session_hours": found.effort.session_hours,
            "share_seen": found.effort.share_seen,
            "sessions": _sessions(found),
        },
        "people": _people(found),
        "today": _as_is(found),
        "calibration": _calibration(found, calibration),
        "drift": _drift(found),
        "change_of_selection": None if changed is None else _change(found, changed),
        "short": _short(compared, calibration.missed),
        "checks": [_check(found, one) for one in compared],
    }


def _hours(found: Estimate) -> Numbers:
    hours = found.tickets.hours
    return {
        "hours_per_day": hours.hours_per_day,
        "days": list(hours.days),
        "assumed": hours.assumed,
        "weight_of_clock_hour": [round(weight, 3) for weight in hours.hour_weights],
    }


def _groupings(found: Estimate) -> list[Numbers]:
    return [
        {
            "grouping": one.name,
            "groups": len(one.groups.names),
            "chosen": number == 0 and len(found.segments.names) > 1,
            "product_mix": one.mix,
            "effort": one.effort,
            "time": one.time,
            "people": one.people,
            "score": one.score,
        }
        for number, one in enumerate(found.candidates)
    ]


def _segments(found: Estimate) -> list[Numbers]:
    return [
        {
            "segment": name,
            "customers": int(found.customers[number]),
            "tickets": int((found.segments.of[found.used] == number).sum()),
            "per_customer_year": float(found.rate[number]),
            "complexity": float(found.complexity[number]),
            "promise_hours": float(found.promise[number]),
        }
        for number, name in enumerate(found.segments.names)
    ]


def _delays(found: Estimate) -> list[Numbers]:
    return [
        {
            "delay": name,
            "share": float(np.average(found.paused[number], weights=_sizes(found))),
            "hours": float(np.average(found.pause[number], weights=_sizes(found))),
        }
        for number, name in enumerate(found.tickets.delays)
    ]


def _calibration(found: Estimate, calibration: Calibration) -> Numbers:
    weights = found.visited * _sizes(found)
    return {
        "available": 1 / calibration.from_shares,
        "load_from_active_hours": offered(found, calibration.from_shares),
        "load": offered(found, calibration.restate),
        "bound": calibration.bound,
        "mean_multiplier": float(np.average(calibration.multiplier, weights=weights)),
        "time_without_rest": calibration.unrested,
        "rest": None if calibration.resting is None else asdict(calibration.resting),
    }


def _change(found: Estimate, changed: Break) -> Numbers:
    return {
        "weeks_after_start": (changed.moment - found.window.first) / found.window.week,
        "date": _date(found, changed.moment),
        "share_of_quick_before": changed.before,
        "share_of_quick_after": changed.after,
        "tickets": changed.tickets,
        "shortest_hours": changed.shortest,
    }


def _check(found: Estimate, one: Comparison) -> Numbers:
    return {
        "period": one.name,
        "from": _date(found, one.window.first),
        "to": _date(found, one.window.last),
        "weeks": one.window.weeks,
        "tickets": one.tickets,
        "demand": one.demand,
        "capacity": one.capacity,
        "mix": dict(zip(found.products.names, one.mix, strict=True)),
        "measures": [
            {
                "measure": row.name,
                "unit": UNITS.get(row.name, "share"),
                "real": row.real,
                "simulated": row.simulated,
                "half_width": _finite(row.half_width),
                "relative_error": _finite(row.error),
            }
            for row in one.rows
        ],
    }


def _short(compared: Sequence[Comparison], missed: str) -> Numbers:
    """The largest error of what flows through the company, and the error of the time in system by period."""
    flow = [row.error for one in compared for row in one.rows if row.name in FLOW]
    times = {one.name: _finite(row.error) for one in compared for row in one.rows if row.name == TIME}
    known = [abs(error) for error in flow if isfinite(error)]
    return {"flow_error": max(known, default=0.0), "time_errors": times, "missed": missed}


def _finite(value: float) -> float | None:
    """JSON and readers know no infinity."""
    return value if isfinite(value) else None


def _drift(found: Estimate) -> list[Numbers]:
    """Mean time in system and tickets a week in each third of the period used."""
    edges = np.linspace(found.window.first, found.window.last, 4)
    parts = [(found.tickets.arrival >= low) & (found.tickets.arrival < high) for low, high in pairwise(edges)]
    return [
        {
            "tickets_per_week": float(part.sum() / (found.window.weeks / 3)),
            "time_in_system_mean": float(found.tickets.time_in_system[part].mean()),
        }
        for part in parts
    ]


def _sizes(found: Estimate) -> Any:
    return np.bincount(found.products.of[found.used], minlength=len(found.products.names)).astype(float)


def _date(found: Estimate, moment: float) -> str:
    """Date of the first ticket that arrives at or after a moment in open hours."""
    events = found.tickets.events
    work = found.tickets.function != NOWHERE
    later = events.time[work & (found.tickets.moment >= moment)]
    seconds = later.min() if len(later) else events.time.max()
    return str(np.datetime64(int(seconds), "s").astype("datetime64[D]"))


def _log(found: Estimate) -> Numbers:
    events = found.tickets.events
    return {
        "events": len(events.time),
        "tickets": events.tickets,
        "activities": len(events.activities),
        "people": len(events.people),
        "customers": len(set(events.customer) - {""}),
        "assumed_tickets_per_year": None if found.names_customers else ASSUMED_TICKETS,
        "products": len(set(events.product)),
        "from": str(np.datetime64(int(events.time.min()), "s").astype("datetime64[D]")),
        "to": str(np.datetime64(int(events.time.max()), "s").astype("datetime64[D]")),
        "tickets_used": int(found.used.sum()),
        "weeks_used": found.window.weeks,
        "from_begin": found.tickets.from_begin,
        "notes": [*events.notes, *changes(found)],
    }


def changes(found: Estimate) -> tuple[str, ...]:
    """Whether the log is cut off at its end, or has changed on its way."""
    log = found.tickets
    work = np.flatnonzero(log.function != NOWHERE)
    rows = work[np.lexsort((log.moment[work], log.events.ticket[work]))]
    first = np.searchsorted(log.events.ticket[rows], np.arange(log.events.tickets + 1))
    return choose(Cases(first, log.events.activity[rows], log.moment[rows], log.moment[rows])).notes


def _roles(found: Estimate) -> Numbers:
    roles = found.tickets.roles
    return {
        "closing": list(roles.closing),
        "outside": list(roles.outside),
        "functions": dict(roles.function),
        "folded": dict(roles.folded),
        "resolving": list(roles.resolving),
    }


def _work(found: Estimate, calibration: Calibration, function: int, product: int) -> Numbers:
    return {
        "function": found.tickets.functions[function],
        "product": found.products.names[product],
        "share_of_tickets": float(found.visited[function, product]),
        "effort_hours": float(found.work[function, product]),
        "cv": float(found.cv[function, product]),
        "multiplier": float(calibration.multiplier[function, product]),
        "work_content_hours": float(calibration.work[function, product]),
    }


def _sessions(found: Estimate) -> list[Numbers]:
    """What other limits of a session would give: the log alone cannot choose between them."""
    result = []
    for hours in sorted({*SESSIONS, found.effort.session_hours}):
        effort = efforts.estimate(found.tickets, found.products.of, len(found.products.names), hours)
        present = efforts.presence(found.tickets, effort, found.window.first, found.window.last)
        spent = float(np.nansum(effort.hours[found.used[found.tickets.events.ticket]]))
        result.append(
            {
                "session_hours": hours,
                "share_seen": effort.share_seen,
                "hours_per_ticket": spent / float(found.used.sum()),
                "available": present.available,
                "load": spent / present.available / (found.seats * found.window.weeks * found.window.week),
            }
        )
    return result


def _people(found: Estimate) -> Numbers:
    present = found.presence
    order = np.argsort(-present.events, kind="stable")
    return {
        "in_post": present.in_post,
        "seats": found.seats,
        "seen": int((present.events > 0).sum()),
        "regular": int(present.regular.sum()),
        "each": [
            {
                "person": found.tickets.events.people[one],
                "events": int(present.events[one]),
                "weeks_in_post": float(present.tenure[one] / found.window.week),
                "active_hours": float(present.active[one]),
                "share": float(present.share[one]),
                "hours_of_work": float(present.busy[one]),
                "team": int(found.as_is.person[one]) + 1,
            }
            for one in order.tolist()
            if present.events[one] > 0
        ],
    }


def _as_is(found: Estimate) -> Numbers:
    return {"teams": built.seats(found), "inside": found.as_is.inside, "by_chance": found.as_is.by_chance}
