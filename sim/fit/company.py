"""The estimates as plain data for the config groups company, structure and staffing.

Invariant: what is built here passes the model's own checks; numbers are rounded to four digits, so that the
same log gives the same files everywhere.
"""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import yaml

from sim.fit import groups as grouping
from sim.fit.estimate import ASSUMED_TICKETS, Estimate
from sim.fit.events import Floats
from sim.fit.resting_time import RestingTime
from sim.fit.roles import RESTING

SELDOM = 0.005
ALWAYS = 0.995
FIRST_MONDAY = 4
"""1970-01-05 in days since 1970."""
SPAN = 10
SHARED_BELOW = 5
RESTS = "The delay `resting` is time in which nothing happened, for no reason that the log shows."

Plain = dict[str, Any]


def rounded(value: float) -> float:
    """Four significant digits.

    >>> rounded(0.123456)
    0.1235
    """
    return float(f"{float(value):.4g}")


def company(
    found: Estimate, name: str, source: str, content: Floats, resting: RestingTime | None = None
) -> Plain:
    """The company group.

    `content`: work content, functions x products, in hours of a fully experienced person; `resting`: a delay
    inside.
    """
    shares = _attributes(found)
    return {
        "name": name,
        "description": _description(found, resting is not None).strip(),
        "source": source,
        "grade": "C",
        "clock": {
            "hours_per_day": found.tickets.hours.hours_per_day,
            "days_per_week": len(found.tickets.hours.days),
            "week": [rounded(share) for share in found.tickets.hours.clock_hours],
            "begins": monday(found),
        },
        "functions": _functions(found, resting),
        "products": {
            product: _product(found, number, content, resting)
            for number, product in enumerate(found.products.names)
        },
        "segments": {
            segment: _segment(found, number, shares[number])
            for number, segment in enumerate(found.segments.names)
        },
        "profile": {
            "hour_of_day": _list(found.hour_of_day),
            "day_of_week": _list(found.day_of_week),
            "month_of_year": _list(found.month_of_year),
        },
    }


def monday(found: Estimate) -> str:
    """The Monday of the week in which the part of the log begins that was used."""
    weeks = int(found.window.first // found.window.week)
    return str(np.datetime64(0, "D") + np.timedelta64(7 * weeks + FIRST_MONDAY, "D"))


def structure(found: Estimate, name: str) -> Plain:
    """Today's departments with their cells."""
    today = found.as_is
    teams = team_names(found)
    return {
        "name": f"{name}_today",
        "description": (
            f"How {name} works today: {len(teams)} team(s) found from who handled what; {today.inside:.0%} "
            f"of the work was done inside the own team's cells, {today.by_chance:.0%} would be by chance."
        ),
        "source": "Estimated by orgdes fit (bipartite modularity over people and cells of work).",
        "blocks": [],
        "departments": {
            team: _boxes(found, number) for number, team in enumerate(teams) if (today.cell == number).any()
        },
        "coordinators": None,
    }


def team_names(found: Estimate) -> list[str]:
    """Names of today's departments, the largest first."""
    return [f"team_{number + 1}" for number in range(found.as_is.departments)]


def seats(found: Estimate) -> dict[str, int]:
    """Whole workers of each of today's departments, in proportion to the work done in its cells.

    A person who does a third of his work in another team's cells counts there for that third.
    """
    teams = found.as_is.departments
    hours = np.array([found.cell_hours[found.as_is.cell == number].sum() for number in range(teams)])
    wanted = hours / max(hours.sum(), 1e-9) * max(found.seats, teams)
    given = np.maximum(1, np.floor(wanted)).astype(int)
    while given.sum() < max(found.seats, teams):
        given[int(np.argmax(wanted - given))] += 1
    while given.sum() > max(found.seats, teams):
        given[int(np.argmin(np.where(given > 1, wanted - given, np.inf)))] -= 1
    return dict(zip(team_names(found), given.tolist(), strict=True))


def headcount(found: Estimate) -> int:
    """Everybody on the payroll today: workers and managers."""
    workers = list(seats(found).values())
    return sum(workers) + managers_of(workers)


def staffing(found: Estimate, today: bool) -> Plain:
    """As many people as today: spread by load over any structure, or placed as they are today."""
    return {
        "basis": "payroll",
        "headcount": headcount(found),
        "allocation": "explicit" if today else "load",
        "workers": seats(found) if today else {},
    }


def managers_of(workers: Sequence[int]) -> int:
    """Managers of today's departments: one per ten workers, departments of fewer than five share.

    Each manager of small departments is shared by as many of them as there are workers in a span.

    >>> managers_of([5, 4, 2])
    2
    """
    small = sum(count for count in workers if count < SHARED_BELOW)
    return sum(-(-count // SPAN) for count in workers if count >= SHARED_BELOW) + -(-small // SPAN)


class _Quoting(yaml.SafeDumper):
    """Writes a text that YAML 1.2 or Hydra would read as a number, such as 1e3, in quotation marks."""


_Quoting.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?[\d_.]+([eE][-+]?\d+)?$"), list("+-.0123456789")
)


def text(header: str, group: Plain) -> str:
    """A config file: comment lines, then YAML."""
    comment = "".join(f"# {line}\n" for line in header.splitlines())
    return comment + yaml.dump(
        group, Dumper=_Quoting, sort_keys=False, default_flow_style=None, width=110, allow_unicode=True
    )


def _list(values: Floats) -> list[float]:
    flat = bool(np.allclose(values, 1.0))
    return [] if flat else [rounded(value) for value in values]


def _description(found: Estimate, resting: bool) -> str:
    tickets, window = int(found.used.sum()), found.window
    customers = f"{int(found.customers.sum())} customers"
    if not found.names_customers:
        customers += f" (the log names none: {ASSUMED_TICKETS:g} tickets a year of each are assumed)"
    return (
        f"{tickets:,} tickets of {customers} over {window.weeks:.0f} weeks, "
        f"handled by {found.seats} people in post at the same time. They have only a part of their open time "
        "for these tickets; work content is restated in hours of a person who is there for them all day, "
        "so that a step takes as long here as there. " + (RESTS if resting else "")
    )


def _functions(found: Estimate, resting: RestingTime | None) -> Plain:
    order = _route(found, resting)
    work = [name for name in order if name in found.tickets.functions]
    front = set(work[: (len(work) + 1) // 2])
    side, roles = "front", found.tickets.roles
    logged = {
        name: activity[:200] for activity, name in roles.function.items() if activity not in roles.folded
    }
    functions: Plain = {}
    for name in order:
        if name in found.tickets.functions:
            side = "front" if name in front else "back"
        functions[name] = {"side": side, "kind": "work" if name in found.tickets.functions else "delay"}
        if name in logged:
            functions[name]["activity"] = logged[name]
    return functions


def _route(found: Estimate, resting: RestingTime | None) -> list[str]:
    names = [*found.tickets.functions, *found.tickets.delays]
    route = sorted(names, key=lambda name: (found.tickets.position[name], names.index(name)))
    if resting is not None:
        route.insert(route.index(resting.before), RESTING)
    return route


def _product(found: Estimate, product: int, content: Floats, resting: RestingTime | None) -> Plain:
    route, work, visit_share = [], {}, {}
    for name in _route(found, resting):
        share, law = _step(found, name, product, content, resting)
        if share >= SELDOM and law["mean"] > 0:
            route.append(name)
            work[name] = law
            if share < ALWAYS:
                visit_share[name] = rounded(share)
    return {"route": route, "work": work, "visit_share": visit_share}


def _step(
    found: Estimate, name: str, product: int, content: Floats, resting: RestingTime | None
) -> tuple[float, Plain]:
    if resting is not None and name == RESTING:
        mean, cv, share = resting.mean, resting.cv, resting.share
    elif name in found.tickets.functions:
        function = found.tickets.functions.index(name)
        mean, cv, share = (
            content[function, product],
            found.cv[function, product],
            found.visited[function, product],
        )
    else:
        delay = found.tickets.delays.index(name)
        mean, cv, share = (
            found.pause[delay, product],
            found.pause_cv[delay, product],
            found.paused[delay, product],
        )
    return float(share), {"law": "lognormal", "mean": rounded(mean), "cv": rounded(cv)}


def _segment(found: Estimate, number: int, attributes: dict[str, dict[str, float]]) -> Plain:
    return {
        "customers": int(found.customers[number]),
        "kind": "organisation",
        "requests_per_year": rounded(found.rate[number]),
        "mix": _mix(found, number),
        "complexity": rounded(found.complexity[number]),
        "promise_hours": rounded(found.promise[number]),
        "attributes": attributes,
    }


def _mix(found: Estimate, number: int) -> dict[str, float]:
    """Shares in whole thousandths that add up to 1 exactly; the largest takes what rounding leaves."""
    parts = np.round(found.mix[number] * 1000).astype(int)
    parts[int(np.argmax(parts))] += 1000 - parts.sum()
    return {
        name: part / 1000 for name, part in zip(found.products.names, parts.tolist(), strict=True) if part > 0
    }


def _attributes(found: Estimate) -> list[dict[str, dict[str, float]]]:
    events = found.tickets.events
    if len(found.segments.names) == 1:
        return [{}]
    shares = grouping.attributes_of(
        events.customer, events.attributes, found.used, found.segments.of, len(found.segments.names)
    )
    return [{name: _whole(values) for name, values in one.items()} for one in shares]


def _whole(values: dict[str, float]) -> dict[str, float]:
    parts = {name: round(value * 100) for name, value in values.items()}
    largest = max(parts, key=lambda name: parts[name])
    parts[largest] += 100 - sum(parts.values())
    return {name: part / 100 for name, part in parts.items()}


def _boxes(found: Estimate, team: int) -> list[Plain]:
    """The cells of a team as few boxes: same segments, then same products, are written together."""
    shape = (len(found.tickets.functions), len(found.products.names), len(found.segments.names))
    own = (found.as_is.cell == team).reshape(shape)
    rows: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for function, name in enumerate(found.tickets.functions):
        by_segments: dict[tuple[str, ...], list[str]] = {}
        for product, about in enumerate(found.products.names):
            members = tuple(np.array(found.segments.names)[own[function, product]].tolist())
            if members:
                by_segments.setdefault(members, []).append(about)
        for members, items in by_segments.items():
            rows.setdefault((tuple(items), members), []).append(name)
    return [
        {
            "functions": _all(names, found.tickets.functions),
            "products": _all(items, found.products.names),
            "segments": _all(members, found.segments.names),
        }
        for (items, members), names in rows.items()
    ]


def _all(names: Sequence[str], known: Sequence[str]) -> Any:
    return "all" if len(names) == len(known) else list(names)
