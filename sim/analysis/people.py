"""Metrics of people and their hours: utilisation, hidden work, size, familiarity, cost.

Invariant: present hours are people times the hours of the window; busy hours never exceed what was recorded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from sim.analysis.exact import Flags, Floats, Integers, exact_sum, exact_sums, ratio
from sim.analysis.hours import breakdowns, intervals, present, seats, spent, staff
from sim.analysis.internal import internal_rows
from sim.analysis.measured import Measured
from sim.analysis.rows import COMPANY, Row, rows, scopes
from sim.mechanisms import MECHANISMS
from sim.mechanisms.patience import limited
from sim.model.company import Segment
from sim.model.scenario import Scenario
from sim.opinions import visit_unfamiliarity
from sim.trajectory import ABANDONED, ABSENCE, BALKED, COORDINATOR, GENERAL_MANAGER, MANAGER, WORKER

WEEKS_PER_YEAR = 52
LEADERS = {"manager": MANAGER, "coordinator": COORDINATOR, "general_manager": GENERAL_MANAGER}


class Plan(Protocol):
    """What analysis asks of an organisation."""

    def capacity_with(self, pace: Floats) -> float:
        """Largest demand scale at which every department's load stays below 1, for people of these paces."""
        ...

    def load_with(self, pace: Floats) -> Floats:
        """Expected hours over present hours, for people of these paces; shape (departments,)."""
        ...

    @property
    def desk_load(self) -> Floats:
        """The same for the desks of managers, coordinators and the general manager."""
        ...

    @property
    def cost(self) -> float:
        """Wages of a year."""
        ...

    @property
    def wages(self) -> Sequence[float]:
        """Wage of a worker of each department."""
        ...


def people_rows(scenario: Scenario, organisation: Plan, measured: Measured) -> list[Row]:
    """Size, hours, analytic load, familiarity and cost."""
    return [
        *_size(measured),
        *_busy(scenario, organisation, measured),
        *_load(scenario, organisation, measured),
        *_visits(scenario, measured),
        *_cost(scenario, organisation, measured),
    ]


def _departments(measured: Measured) -> list[str]:
    return scopes("department", measured.names("department"))


def _size(measured: Measured) -> list[Row]:
    people = staff(measured)
    payroll = people[[WORKER, MANAGER, COORDINATOR]].sum(axis=0)
    found = []
    for name, role in (("managers", MANAGER), ("coordinators", COORDINATOR)):
        if role == MANAGER or people[role].any():
            found += rows(name, "people", [COMPANY], people[role].sum(keepdims=True))
    for metric, count in (("headcount", payroll), ("workers", people[WORKER])):
        found += rows(metric, "people", [COMPANY], count.sum(keepdims=True))
        found += rows(metric, "people", _departments(measured), count[:-1])
    return found


def _busy(scenario: Scenario, organisation: Plan, measured: Measured) -> list[Row]:
    """Utilisation of workers (and of managers and coordinators); hidden share of everybody's busy hours.

    Hidden work is also told as people who do nothing else, and as their wages.
    """
    window = np.array([measured.trajectory.warm_up, measured.trajectory.horizon])
    hours = spent(measured, intervals(measured), window)
    busy, hidden, there = hours.busy[0], hours.hidden[0], present(measured, window)[0]
    found = _shares("utilisation", measured, busy[[WORKER]], there[[WORKER]])
    found += _shares("hidden_work", measured, hidden, busy)
    people = (hidden[:GENERAL_MANAGER] / (window[1] - window[0])).sum(axis=1)
    pay = scenario.staffing.wages
    wages = np.array([*organisation.wages, pay.worker])
    money = float((hidden[WORKER] * wages).sum()) / (window[1] - window[0])
    money += float(people[MANAGER] * pay.manager + people[COORDINATOR] * pay.coordinator)
    found += rows("hidden_people", "people", [COMPANY], people.sum(keepdims=True))
    found += rows("hidden_cost", "money/year", [COMPANY], np.array([money]))
    for name, role in LEADERS.items():
        if there[role].any() and (role != GENERAL_MANAGER or there[MANAGER].any()):
            found += _shares(f"{name}_utilisation", measured, busy[[role]], there[[role]])[:1]
    if (measured.duties.integers("kind") == ABSENCE).any():
        people = (staff(measured) * (window[1] - window[0]))[[WORKER]]
        found += _shares("present_share", measured, there[[WORKER]], people)
    if scenario.people.equipment.enabled:
        down = spent(measured, breakdowns(measured), window).busy[0]
        found += _shares("down_share", measured, down[[WORKER]], there[[WORKER]])
    if scenario.people.support.enabled:
        found += internal_rows(scenario, measured, window, there)
    return found


def _shares(metric: str, measured: Measured, part: Floats, whole: Floats) -> list[Row]:
    """Company and departments; part and whole: hours of shape (roles, departments + 1)."""
    total = ratio(*(np.array([exact_sum(hours.ravel())]) for hours in (part, whole)))
    own = ratio(part.sum(axis=0), whole.sum(axis=0))[:-1]
    return rows(metric, "share", [COMPANY], total) + rows(metric, "share", _departments(measured), own)


def _load(scenario: Scenario, organisation: Plan, measured: Measured) -> list[Row]:
    """What the traffic equations expect of the people this replication has, and what room that leaves."""
    pace = measured.people.floats("speed")
    load, capacity = organisation.load_with(pace), organisation.capacity_with(pace)
    busiest = max(organisation.desk_load.tolist(), default=0.0)
    found = [
        *rows("capacity", "factor", [COMPANY], np.array([capacity])),
        *rows("room", "factor", [COMPANY], np.array([capacity / scenario.demand.scale])),
        *rows("load", "share", _departments(measured), load),
        *rows("desk_load", "share", [COMPANY], np.array([busiest])),
    ]
    if scenario.customers.patience or scenario.staffing.waiting_room is not None:
        share, desk = _lasting(scenario, measured)
        found += rows("lasting_load", "share", _departments(measured), load * share)
        found += rows("lasting_desk_load", "share", [COMPANY], np.array([busiest * desk]))
    return found


def _lasting(scenario: Scenario, measured: Measured) -> tuple[Floats, float]:
    """Share of the expected load of each department, and of desks, whose requests cannot leave.

    Before the first touch a request with limited patience can leave, and a full waiting room turns it away:
    so the department where it comes first is bounded. Further on nobody leaves (unless patience lasts to the
    resolution), and what arrives there is thinned by those who left.
    """
    requests, row = measured.requests, measured.request_of_visit
    leaves = np.array(limited(scenario))
    impatient = leaves[requests.integers("segment")]
    room = scenario.staffing.waiting_room is not None
    place, queued = measured.visits.integers("department"), measured.visits.floats("queued")
    came = (place >= 0) & np.isfinite(queued)
    first = np.full(len(requests), np.inf)
    np.minimum.at(first, row[came], queued[came])
    entry = np.full(len(requests), -1)
    at_first = came & (queued == first[row])
    entry[row[at_first]] = place[at_first]
    stays = ~((entry[row] == place) & (impatient[row] | room))
    if scenario.customers.patience_until == "resolution":
        stays &= ~impatient[row]
    ended = requests.integers("status")[measured.cohort]
    kept = 1.0 - float(np.isin(ended, (ABANDONED, BALKED)).mean()) if len(ended) else 1.0
    visits = np.bincount(place[came], minlength=len(measured.names("department")))
    share = ratio(
        np.bincount(place[came & stays], minlength=len(visits)).astype(np.float64), visits.astype(np.float64)
    )
    share = np.nan_to_num(share)
    all_leave = scenario.customers.patience_until == "resolution" and bool(leaves.all())
    thinned = np.nan_to_num(ratio(share * kept, share + (1.0 - share) * kept))
    return thinned, 0.0 if all_leave else kept


def _visits(scenario: Scenario, measured: Measured) -> list[Row]:
    """Unfamiliarity (weighted by work), waits and numbers of the cohort's steps."""
    unfamiliar = visit_unfamiliarity(scenario, measured)
    counted = measured.steps & measured.of_visits(measured.cohort)
    together = np.zeros(len(measured.visits), dtype=np.int64)
    found = _of_steps(measured, unfamiliar, counted, [COMPANY], together)[:1]
    for axis in ("department", "function"):
        places = scopes(axis, measured.names(axis))
        group = measured.visits.integers(axis)
        found += _of_steps(measured, unfamiliar, counted, places, group)
    if scenario.people.helping.enabled:
        home = seats(measured)[1][measured.visits.integers("worker")[counted]]
        helped = home != measured.visits.integers("department")[counted]
        found += rows(
            "helped_share", "share", [COMPANY], np.array([helped.mean() if len(helped) else np.nan])
        )
    return found


def _of_steps(
    measured: Measured, unfamiliar: Floats, counted: Flags, places: list[str], group: Integers
) -> list[Row]:
    work = measured.visits.floats("work")
    number = np.bincount(group[counted], minlength=len(places)).astype(np.float64)

    def total(values: Floats) -> Floats:
        return exact_sums(values, group, len(places), counted)

    return [
        *rows("unfamiliarity_mean", "share", places, ratio(total(work * unfamiliar), total(work))),
        *rows("wait_per_visit", "h", places, ratio(total(measured.queue), number)),
        *rows("visits_done", "number", places, number),
    ]


def _cost(scenario: Scenario, organisation: Plan, measured: Measured) -> list[Row]:
    """Wages and concessions of a year, and the cost of a resolved request of the cohort."""
    trajectory = measured.trajectory
    years = (trajectory.horizon - trajectory.warm_up) / (scenario.week * WEEKS_PER_YEAR)
    start, given = measured.visits.floats("start"), measured.visits.integers("concession") == 1
    inside = given & (start >= trajectory.warm_up) & (start < trajectory.horizon)
    conceded = scenario.coordination.concession_cost * float(inside.sum()) / years
    told = _told(scenario, measured)
    more = [value for _, unit, value in told if unit == "money/year"]
    cost = np.array([math.fsum([organisation.cost, conceded, *more])])
    done = np.array([float(measured.resolved.sum())])
    return [
        *_earned(scenario, measured, years, float(cost[0])),
        *rows("cost", "money/year", [COMPANY], cost),
        *rows("concessions", "money/year", [COMPANY], np.array([conceded])),
        *rows("cost_per_resolved", "money", [COMPANY], ratio(cost * years, done)),
        *(row for name, unit, value in told for row in rows(name, unit, [COMPANY], np.array([value]))),
    ]


def _earned(scenario: Scenario, measured: Measured, years: float, cost: float) -> list[Row]:
    """Margins of a year's resolved requests and what is left after cost, where that hangs on the service.

    Where nobody leaves, holds back or is kept from asking, every structure earns the same.
    """
    segments, rules = scenario.company.segments.values(), scenario.customers
    usual = Segment.model_fields["margin"].default
    known = any(about.margin != usual for about in segments)
    leaves = rules.patience or scenario.staffing.waiting_room is not None or rules.anticipation.enabled
    if not (rules.loyalty.enabled or (known and (leaves or rules.innovation.enabled))):
        return []
    served = np.bincount(measured.requests.integers("segment")[measured.resolved], minlength=len(segments))
    earned = served * np.array([about.margin for about in segments]) / years
    revenue = math.fsum(earned.tolist())
    return [
        *rows("revenue", "money/year", [COMPANY], np.array([revenue])),
        *rows("revenue", "money/year", scopes("segment", measured.names("segment")), earned),
        *rows("profit", "money/year", [COMPANY], np.array([revenue - cost])),
    ]


def _told(scenario: Scenario, measured: Measured) -> list[tuple[str, str, float]]:
    """What mechanisms tell of the weeks between warm-up and horizon: metric, unit, value."""
    experiment, told = scenario.experiment, measured.trajectory.told
    weeks = slice(round(measured.trajectory.warm_up / scenario.week), experiment.horizon_weeks)
    tellers = [one for one in MECHANISMS if one.tells is not None and one.id in told]
    return [row for one in tellers if one.tells for row in one.tells(told[one.id], weeks)]
