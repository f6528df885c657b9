"""A company as its log shows it: past cases to draw from, the people who worked on them, when it is open.

The model for comparing structures has to generalise; this one has to be like the present. Requests go the
way of whole past cases that came at about the same hour of the week, so routes, repeats, waits and what
happens at once are as they were; what depends on who is busy is played by the engines.
Invariant: nothing is taken from a log but its events, and no threshold is a share of the whole log.
"""

from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any, NamedTuple

import numpy as np

from sim.fit import effort
from sim.fit.events import NOWHERE, Events, Floats, Integers
from sim.fit.hours import weekdays
from sim.fit.roles import apart, slug
from sim.rules import opening

DAY = 86_400.0
CORE = 0.25
"""This share of all events happens in hours that are too quiet to count as fully open."""
MOST_FUNCTIONS = 450
MOST_HANDS = 50
UNSEEN_HANDS = 4
"""A log without begins does not show who was busy when: waits stay whole, and people seldom make new ones."""
TIMED = 0.05
"""A log in which so many events say when they began says what takes time: the others take none."""
HAIR = 1e-6
"""Open hours below which two moments are one."""
MOMENT = 1 / 3600
"""What began later than another step of its case begins at least so much later."""
WAITING, REST, UNNAMED, TEAM = "waiting", "other_activities", "nobody named", "everybody"
NEUTRAL: dict[str, dict[str, Any]] = {
    "people": {"start": "novice", "learning_rate": 1.0, "knowledge_scale": 0.0, "speed_cv": 0.0,
               "switch_share": 0.0, "switch_hours": 0.0, "retention_per_month": 1.0, "ownership": "relay"},
    "coordination": {"exception_share": 0.0, "reread_share": 0.0, "context_within": 1.0,
                     "context_between": 1.0, "handoff": {"law": "deterministic", "mean": 0.0},
                     "meetings": {"base_hours": 0.0, "per_colleague_hours": 0.0, "per_partner_hours": 0.0},
                     "defects": {"base": 0.0, "unfamiliarity": 0.0, "context": 0.0}},
    "customers": {"misgrouped": 0.0, "excluded": 0.0},
}  # fmt: skip
"""What past cases already contain is not made a second time: learning, rework, borders, meetings."""


@dataclass(frozen=True)
class Present:
    """Past cases as rows in order of case, begin and end; times in open hours.

    `shares`: of each clock hour of the week that counts as open (168,). `rows`: of the log's events.
    `first`: (cases + 1,) slices of rows. `begun`, `ended`, `wait`: (n,) hours; `wait`: nobody's work before.
    `hands`: of each person (the last one: nobody named), cases in hand at the same time at most.
    `timed`: does the log say when work begins?
    """

    events: Events
    shares: Floats
    week: float
    rows: Integers
    first: Integers
    begun: Floats
    ended: Floats
    wait: Floats
    alongside: Floats
    hands: Integers
    timed: bool


def observe(events: Events) -> Present:
    """Lay out the past cases of a log."""
    timed = bool(np.isfinite(events.start).mean() > TIMED)
    moments = np.concatenate([events.time, events.start[np.isfinite(events.start)]])
    shares = open_shares(moments)
    week = float(shares.sum())
    ended = opening.open_hours(events.time, shares, week)
    begun = np.fmin(
        opening.open_hours(np.where(np.isfinite(events.start), events.start, events.time), shares, week),
        ended,
    )
    if not timed:
        begun = _begun(events, ended, begun)
    rows = np.lexsort((ended, begun, events.ticket))
    first = np.searchsorted(events.ticket[rows], np.arange(events.tickets + 1))
    begun, ended, person = begun[rows], ended[rows], events.person[rows]
    hands = _hands(
        np.where(person == NOWHERE, len(events.people), person), begun, ended, len(events.people) + 1
    )
    wait, alongside = _between(first, begun, ended)
    if timed:
        wait -= _queued(person, begun, ended, wait, hands)
    else:
        hands[:] = UNSEEN_HANDS
    return Present(events, shares, week, rows, first, begun, ended, wait, alongside, hands, timed)


def open_shares(seconds: Floats) -> Floats:
    """How much of each clock hour of the week counts as open, (168,): less where less happens than usually.

    Usual is an hour in or above which three of four events happen.
    """
    hour = (weekdays(seconds) * 24 + (seconds % DAY // 3600.0)).astype(np.int64)
    counts = np.bincount(hour, minlength=opening.HOURS).astype(np.float64)
    ordered = np.sort(counts)
    usual = ordered[int(np.searchsorted(np.cumsum(ordered), CORE * ordered.sum()))]
    shares: Floats = np.minimum(1.0, counts / usual)
    return shares


def _begun(events: Events, ended: Floats, begun: Floats) -> Floats:
    """Begins of a log without them: the later of the case's and the person's event before, within a session.

    The first event of a case is its arrival.
    """
    order = np.lexsort((ended, events.ticket))
    before = np.full(len(ended), -np.inf)
    same = events.ticket[order][1:] == events.ticket[order][:-1]
    before[order[1:]] = np.where(same, ended[order][:-1], -np.inf)
    mine = np.lexsort((ended, events.person))
    whose = np.full(len(ended), -np.inf)
    same = (events.person[mine][1:] == events.person[mine][:-1]) & (events.person[mine][1:] != NOWHERE)
    whose[mine[1:]] = np.where(same, ended[mine][:-1], -np.inf)
    since = np.maximum(before, whose)
    seen = np.isfinite(before) & (ended - since <= effort.SESSION)
    usual = float((ended - since)[seen].mean()) if seen.any() else 0.0
    latest = np.where(np.isfinite(before), np.maximum(before, ended - usual), ended)
    result: Floats = np.where(seen, since, latest)
    return result


def _hands(person: Integers, begun: Floats, ended: Floats, people: int) -> Integers:
    """Most events of each person at the same time, (people,)."""
    hands = np.ones(people, np.int64)
    times = np.concatenate([ended - HAIR, np.maximum(begun, begun)])
    change = np.concatenate([np.full(len(ended), -1), np.ones(len(begun), np.int64)])
    whose = np.concatenate([person, person])
    order = np.lexsort((change, times, whose))
    running = np.cumsum(change[order])
    owner = whose[order]
    np.maximum.at(hands, owner, running)  # every person's intervals close, so sums of others are 0
    return np.minimum(hands, MOST_HANDS)


def _between(first: Integers, begun: Floats, ended: Floats) -> tuple[Floats, Floats]:
    """Wait before each step, and whether the step before was still worked on when the next began."""
    starts = np.zeros(len(begun), dtype=bool)
    starts[first[:-1]] = True
    previous = np.concatenate([[0.0], ended[:-1]])
    overlap = (begun < previous - HAIR) & ~starts
    since = np.where(overlap, np.concatenate([[0.0], begun[:-1]]), previous)
    wait = np.where(starts, 0.0, np.maximum(begun - since, 0.0))
    alongside = np.concatenate([overlap[1:], [False]])
    return np.where(wait > HAIR, wait, 0.0), alongside


def _queued(person: Integers, begun: Floats, ended: Floats, wait: Floats, hands: Integers) -> Floats:
    """The part of each wait in which its person, who does one thing at a time, worked without a break."""
    order = np.lexsort((begun, person))
    whose, starts, ends = person[order], begun[order], ended[order]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (whose[1:] != whose[:-1]) | (starts[1:] > ends[:-1] + MOMENT)
    since = np.empty(len(order))
    since[order] = starts[np.maximum.accumulate(np.where(fresh, np.arange(len(order)), 0))]
    queued = np.minimum(wait - MOMENT, begun - since)
    result: Floats = np.where((hands[person] == 1) & (person != NOWHERE), np.maximum(queued, 0.0), 0.0)
    return result


def plain(found: Present, chosen: Integers, gaps: list[float], begins: str) -> dict[str, Any]:
    """The present as a scenario; `gaps`: open hours between cases, from the Monday `begins` on.

    Parameters
    ----------
    chosen : past cases to draw from.
    """
    places = np.concatenate([np.arange(found.first[one], found.first[one + 1]) for one in chosen.tolist()])
    done = _functions(found.events, found.rows[places])
    functions = {
        name: {"side": "front", "activity": label}
        for name, label in zip(done.names, done.labels, strict=True)
    }
    segment = {"customers": 1, "mix": {"request": 1.0}, "interarrival": {"law": "trace", "values": gaps}}
    clock = {
        "hours_per_day": found.week / 7,
        "days_per_week": 7,
        "week": found.shares.tolist(),
        "begins": begins,
    }
    return NEUTRAL | {
        "company": {
            "name": "present",
            "description": "Past cases, drawn whole.",
            "source": "its log",
            "grade": "C",
            "clock": clock,
            "functions": functions | {WAITING: {"side": "back", "kind": "delay"}},
            "products": {"request": _product(found, chosen, places, done)},
            "segments": {"customers": segment},
        },
        "structure": {"name": "present", "departments": {TEAM: [{}]}},
        "staffing": {
            "basis": "workers",
            "headcount": 1,
            "managers": False,
            "roster": _roster(found, places, done),
        },
        "experiment": {
            "horizon_weeks": int(sum(gaps) // found.week) + 1,
            "warm_up_weeks": 0,
            "drain_weeks": 520,
            "seed": 1,
        },
    }


class _Done(NamedTuple):
    """Function of each row, and names of functions with the activities they are in the log."""

    function: Integers
    names: list[str]
    labels: list[str]


def _product(found: Present, chosen: Integers, places: Integers, done: _Done) -> dict[str, Any]:
    """All requests: past cases, and their mean work and waits for the expected loads."""
    worked, wait = found.ended[places] - found.begun[places], found.wait[places]
    people, whose = np.unique(_who(found, places), return_inverse=True)
    means = [worked[done.function == number].mean() for number in range(len(done.names))]
    means.append(wait.sum() / max(int((wait > 0).sum()), 1))
    route = [*done.names, WAITING]
    return {
        "route": route,
        "work": {
            name: {"law": "deterministic", "mean": float(mean)}
            for name, mean in zip(route, means, strict=True)
        },
        "recorded": {
            "steps": np.diff(found.first)[chosen].tolist(),
            "hour": (found.begun[found.first[chosen]] % found.week).tolist(),
            "alike": max(1, ceil(sqrt(len(chosen)))),
            "functions": done.names,
            "function": done.function.tolist(),
            "work": worked.tolist(),
            "wait": wait.tolist(),
            "waiting": WAITING,
            "alongside": found.alongside[places].tolist(),
            "people": [_person(found.events, one) for one in people.tolist()],
            "person": whose.tolist(),
        },
    }


def _who(found: Present, places: Integers) -> Integers:
    """Person of each row; nobody named counts as one more."""
    person = found.events.person[found.rows[places]]
    return np.where(person == NOWHERE, len(found.events.people), person)


def _functions(events: Events, rows: Integers) -> _Done:
    """Function of each row; the rarest activities share one, beyond as many as a company can have."""
    counts = np.bincount(events.activity[rows], minlength=len(events.activities))
    often = np.argsort(-counts, kind="stable")[:MOST_FUNCTIONS]
    kept = np.sort(often[counts[often] > 0])
    labels = [events.activities[one] for one in kept.tolist()]
    place = np.full(len(counts), len(kept))
    place[kept] = np.arange(len(kept))
    numbers = place[events.activity[rows]]
    names = apart((slug(label) for label in labels), [WAITING, REST])
    rest = bool((numbers == len(kept)).any())
    return _Done(numbers, names + [REST] * rest, labels + [REST] * rest)


def _person(events: Events, number: int) -> str:
    """A name that a scenario can hold."""
    return f"{number} {events.people[number]}"[:64].strip() if number < len(events.people) else UNNAMED


def _roster(found: Present, places: Integers, done: _Done) -> dict[str, Any]:
    """Everybody who worked on the cases, with what they did and a seat for each case in hand at once."""
    roster: dict[str, Any] = {}
    pairs = np.unique(np.stack([_who(found, places), done.function]), axis=1)
    for one in np.unique(pairs[0]).tolist():
        able = [done.names[number] for number in pairs[1][pairs[0] == one].tolist()]
        name = _person(found.events, one)
        person = {"department": TEAM, "skills": [{"cells": {"functions": able}}]}
        roster[name] = person
        for hand in range(1, int(found.hands[one])):
            roster[f"{name[:58]} #{hand + 1}"] = person | {"hand_of": name}
    return roster
