"""The same few measures of a period, once from the log and once from a simulation of it.

Invariant: a measure means the same on both sides; times are open hours, work is counted in visits to a
function (repeats of a ticket in one function are one visit) and in restated hours.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import sqrt

import numpy as np

from sim.fit.company import team_names
from sim.fit.demand_profile import Window
from sim.fit.estimate import Estimate, cells_of
from sim.fit.events import NOWHERE, Flags, Floats, Integers
from sim.fit.tickets import Tickets
from sim.model.scenario import Scenario
from sim.trajectory import DONE, OUTSIDE, STEP, WORKER, Table, Trajectory


@dataclass(frozen=True)
class Measures:
    """What a period looked like.

    Tickets that arrived and were resolved a week; open hours from arrival to resolution (mean, median, ninth
    decile); share within the promise; visits and hours of work per person and week.
    """

    arrivals_per_week: float
    resolved_per_week: float
    time_in_system_mean: float
    time_in_system_median: float
    time_in_system_p90: float
    within_promise: float
    visits_per_person_week: float
    hours_per_person_week: float
    changes_of_person: float
    """How often a ticket goes on to another person."""
    busiest_person_share: float
    """Share of all hours that the busiest person does."""
    team_hours: tuple[float, ...]
    """Share of all hours that fall into the cells of each of today's teams."""


def observed(found: Estimate, window: Window, restate: float, tickets: Flags | None = None) -> Measures:
    """Measures of the log.

    Parameters
    ----------
    window : tickets that arrive in it are looked at.
    restate : hours of an average seat for an hour of effort.
    tickets : only these tickets (bool per ticket), all when missing.
    """
    log = found.tickets
    arrived = (log.arrival >= window.first) & (log.arrival < window.last)
    arrived = arrived if tickets is None else arrived & tickets.astype(bool)
    time = log.time_in_system[arrived]
    promise = found.promise[found.segments.of[arrived]]
    done = (log.resolved >= window.first) & (log.resolved < window.last)
    done = done if tickets is None else done & tickets.astype(bool)
    mine = (log.function != NOWHERE) & arrived[log.events.ticket]
    visits = len(set(zip(log.events.ticket[mine].tolist(), log.function[mine].tolist(), strict=True)))
    people_weeks = found.seats * window.weeks
    return Measures(
        arrivals_per_week=float(arrived.sum() / window.weeks),
        resolved_per_week=float(done.sum() / window.weeks),
        time_in_system_mean=float(time.mean()),
        time_in_system_median=float(np.median(time)),
        time_in_system_p90=float(np.quantile(time, 0.9)),
        within_promise=float((time <= promise).mean()),
        visits_per_person_week=visits / people_weeks,
        hours_per_person_week=float(found.effort.hours[mine].sum()) * restate / people_weeks,
        changes_of_person=_changes(log.events.ticket[mine], log.moment[mine], log.events.person[mine])
        / max(int(arrived.sum()), 1),
        busiest_person_share=_busiest(found.tickets.events.person[mine], found.effort.hours[mine]),
        team_hours=_observed_teams(found, mine),
    )


def simulated(scenario: Scenario, found: Estimate, runs: Sequence[Trajectory]) -> list[Measures]:
    """Measures of replications, one each; people are the workers of the simulated organisation."""
    return [_simulated(scenario, found, run) for run in runs]


def _simulated(scenario: Scenario, found: Estimate, run: Trajectory) -> Measures:
    requests, visits = run.requests, run.visits
    weeks = (run.horizon - run.warm_up) / scenario.week
    cohort = (requests["arrival"] >= run.warm_up) & (requests["arrival"] < run.horizon)
    resolved = cohort & (requests["status"] == DONE)
    time = times_in_system(found.tickets, requests[resolved])
    done = (requests["status"] == DONE) & (requests["done"] >= run.warm_up) & (requests["done"] < run.horizon)
    people_weeks = int((run.people["role"] == WORKER).sum()) * weeks
    inside = (visits["kind"] != OUTSIDE) & (visits["start"] >= run.warm_up) & (visits["start"] < run.horizon)
    first = inside & (visits["kind"] == STEP) & (visits["visit"] == 0)
    hours = np.nan_to_num((visits["end"] - visits["start"])[inside])
    return Measures(
        arrivals_per_week=float(cohort.sum() / weeks),
        resolved_per_week=float(done.sum() / weeks),
        time_in_system_mean=float(time.mean()),
        time_in_system_median=float(np.median(time)),
        time_in_system_p90=float(np.quantile(time, 0.9)),
        within_promise=float((time <= requests["promise"][resolved]).sum() / max(int(cohort.sum()), 1)),
        visits_per_person_week=float(first.sum() / people_weeks),
        hours_per_person_week=float(hours.sum() / people_weeks),
        changes_of_person=_changes_simulated(visits[inside]) / max(int(cohort.sum()), 1),
        busiest_person_share=_busiest(visits["worker"][inside], hours),
        team_hours=_simulated_teams(found, run, visits["department"][inside], hours),
    )


def times_in_system(log: Tickets, requests: Table) -> Floats:
    """Open hours in the system of resolved requests, from where the log counts: arrival, or first begin."""
    result: Floats = requests["done"] - requests["first_start" if log.from_begin else "arrival"]
    return result


def _changes(ticket: Integers, moment: Floats, person: Integers) -> int:
    """Events of a ticket whose person is not that of the event before."""
    order = np.lexsort((moment, ticket))
    ticket, person = ticket[order], person[order]
    return int(((ticket[1:] == ticket[:-1]) & (person[1:] != person[:-1])).sum())


def passed_on(found: Estimate) -> float:
    """Share of the steps of a ticket after its first that another person does."""
    log = found.tickets
    mine = (log.function != NOWHERE) & found.used[log.events.ticket] & (log.events.person != NOWHERE)
    ticket = log.events.ticket[mine]
    further = len(ticket) - len(np.unique(ticket))
    return _changes(ticket, log.moment[mine], log.events.person[mine]) / max(further, 1)


def _changes_simulated(visits: Table) -> int:
    requests = (
        visits["customer"].astype(np.int64) * (int(visits["number"].max(initial=0)) + 1) + visits["number"]
    )
    return _changes(requests, visits["start"], visits["worker"].astype(np.int64))


def _busiest(person: Integers, hours: Floats) -> float:
    known = person >= 0
    if not known.any():
        return 0.0
    each = np.bincount(person[known], weights=hours[known])
    return float(each.max() / each.sum())


def _observed_teams(found: Estimate, mine: Flags) -> tuple[float, ...]:
    cells = cells_of(found.tickets, found.products, found.segments)[mine]
    team, hours = found.as_is.cell[cells], found.effort.hours[mine]
    parts = np.array([hours[team == number].sum() for number in range(found.as_is.departments)])
    return tuple((parts / max(parts.sum(), 1e-9)).tolist())


def _simulated_teams(
    found: Estimate, run: Trajectory, department: Floats, hours: Floats
) -> tuple[float, ...]:
    names = run.names["department"]
    parts = np.array(
        [hours[department == names.index(team)].sum() if team in names else 0.0 for team in team_names(found)]
    )
    return tuple((parts / max(parts.sum(), 1e-9)).tolist())


@dataclass(frozen=True)
class Row:
    """One measure: real, simulated with the half-width of its 95 % interval, and the relative error."""

    name: str
    real: float
    simulated: float
    half_width: float

    @property
    def error(self) -> float:
        """(simulated - real) / real; 0 where both are 0."""
        return (
            (self.simulated - self.real) / self.real
            if self.real
            else (0.0 if self.simulated == 0 else float("inf"))
        )


def rows(real: Measures, runs: Sequence[Measures]) -> list[Row]:
    """Real beside simulated, measure by measure."""
    found = []
    for one in fields(Measures):
        if one.name == "team_hours":
            for team, share in enumerate(real.team_hours):
                found.append(
                    _row(f"team_{team + 1}_share_of_hours", share, [run.team_hours[team] for run in runs])
                )
        else:
            found.append(_row(one.name, getattr(real, one.name), [getattr(run, one.name) for run in runs]))
    return found


def _row(name: str, real: float, values: list[float]) -> Row:
    mean = sum(values) / len(values)
    if len(values) < 2:
        return Row(name, real, mean, float("nan"))
    from scipy.stats import t

    spread = sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
    return Row(name, real, mean, float(t.ppf(0.975, len(values) - 1)) * spread / sqrt(len(values)))
