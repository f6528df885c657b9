"""Work content from completion times: when could a step have begun, and how sure is that?

Invariant: an effort is never longer than the time since the ticket's and the person's previous event; gaps
longer than a session say nothing about effort and are replaced by the mean of what can be seen.
"""

from dataclasses import dataclass

import numpy as np

from sim.fit.events import NOWHERE, Flags, Floats, Integers
from sim.fit.tickets import Tickets

FEWEST_SEEN = 20
SESSION = 2.0
"""Open hours between two events of a person beyond which the time was not all work."""
PASSER_BY = 0.1
ASSUMED_LOAD = 0.7
"""Load of the workers of a log that names no people."""


@dataclass(frozen=True)
class Effort:
    """Hours per event, open hours: `hours` (NaN for closing), `seen` where the log shows it, `cells`
    (functions x product groups): mean of what was seen.
    """

    hours: Floats
    seen: Flags
    cells: Floats
    session_hours: float

    @property
    def share_seen(self) -> float:
        """Share of work events whose effort could be read off the log."""
        work = np.isfinite(self.hours)
        return float(self.seen[work].mean())


def estimate(tickets: Tickets, group: Integers, groups: int, session_hours: float) -> Effort:
    """Effort of every event.

    Start of a step: no earlier than the ticket's previous event and the person's previous event (Chapela-
    Campa and Dumas 2022). What is longer than `session_hours` holds something else, other duties or a night's
    thought, and is replaced by the mean of its cell. A log that has start times is believed.

    `group`: product group of each ticket.
    """
    longest = candidates(tickets)
    work = tickets.function != NOWHERE
    seen = work & np.isfinite(longest) & (longest <= session_hours)
    if np.isfinite(tickets.events.start).any():
        begun = tickets.hours.open_hours(np.nan_to_num(tickets.events.start))
        timed = work & np.isfinite(tickets.events.start) & (tickets.moment >= begun)
        longest = np.where(timed, tickets.moment - begun, longest)
        seen |= timed
    cells = _cells(tickets, group, groups, longest, seen)
    mean = np.where(work, cells[tickets.function, group[tickets.events.ticket]], np.nan)
    return Effort(np.where(seen, longest, mean), seen, cells, session_hours)


def candidates(tickets: Tickets) -> Floats:
    """Open hours since the later of the ticket's and the person's previous event; NaN where there is
    neither."""
    result = np.full(len(tickets.moment), np.nan)
    by_ticket: dict[int, float] = {}
    by_person: dict[int, float] = {}
    rows = zip(
        tickets.events.ticket.tolist(),
        tickets.events.person.tolist(),
        tickets.function.tolist(),
        tickets.moment.tolist(),
        strict=True,
    )
    for index, (ticket, person, function, now) in enumerate(rows):
        if function == NOWHERE:
            continue
        known = [
            place[key]
            for place, key in ((by_ticket, ticket), (by_person, person))
            if key in place and key != NOWHERE
        ]
        if known and (person in by_person or person == NOWHERE):
            result[index] = now - max(known)
        by_ticket[ticket] = now
        by_person[person] = now
    return result


def _cells(tickets: Tickets, group: Integers, groups: int, longest: Floats, seen: Flags) -> Floats:
    """Mean of what was seen per function and product group; a thin cell takes its function's mean."""
    everything = float(longest[seen].mean()) if seen.any() else 0.0
    cells = np.empty((len(tickets.functions), groups))
    for function in range(len(tickets.functions)):
        here = seen & (tickets.function == function)
        whole = float(longest[here].mean()) if here.sum() >= FEWEST_SEEN else everything
        for product in range(groups):
            cell = here & (group[tickets.events.ticket] == product)
            cells[function, product] = float(longest[cell].mean()) if cell.sum() >= FEWEST_SEEN else whole
    return cells


@dataclass(frozen=True)
class Presence:
    """How much of each person's open time the log shows; one entry per person of the log.

    `events`, `busy` (estimated hours of work), `active` (open clock hours in which work was done), `tenure`
    (open hours from the first to the last event) within the period looked at. `work`: hours of work of
    everybody. A log without people is taken to be the work of people who have nothing else to do, loaded to
    70 %.
    """

    events: Integers
    busy: Floats
    active: Floats
    tenure: Floats
    window: float
    work: float

    @property
    def regular(self) -> Flags:
        """People with at least a tenth of the events of an average person: the others are passers-by."""
        each = self.events.sum() / max(int((self.events > 0).sum()), 1)
        result: Flags = self.events >= max(1.0, PASSER_BY * each)
        return result

    @property
    def share(self) -> Floats:
        """Active hours over open hours in post."""
        return self.active / np.maximum(self.tenure, np.maximum(self.active, 1.0))

    @property
    def available(self) -> float:
        """Share of a regular person's open time that the log shows: active over open hours in post."""
        if not self.regular.any():
            return 1.0
        return float(min(1.0, self.active[self.regular].sum() / max(self.tenure[self.regular].sum(), 1.0)))

    @property
    def in_post(self) -> float:
        """Regular people in post at the same time, on average."""
        if not self.regular.any():
            return self.work / (ASSUMED_LOAD * self.window)
        return float(self.tenure[self.regular].sum() / self.window)


def presence(tickets: Tickets, effort: Effort, first: float, last: float) -> Presence:
    """Each person's slice of time between two moments in open hours."""
    count = len(tickets.events.people)
    everybody = (tickets.function != NOWHERE) & (tickets.moment >= first) & (tickets.moment <= last)
    inside = everybody & (tickets.events.person != NOWHERE)
    person, moment, hours = tickets.events.person[inside], tickets.moment[inside], effort.hours[inside]
    active = np.zeros(count)
    tenure = np.zeros(count)
    for one in range(count):
        mine = person == one
        if mine.any():
            begun = np.floor(np.maximum(moment[mine] - hours[mine], first)).astype(np.int64)
            ended = np.floor(moment[mine]).astype(np.int64)
            touched = {
                block
                for low, high in zip(begun.tolist(), ended.tolist(), strict=True)
                for block in range(low, high + 1)
            }
            active[one] = len(touched)
            tenure[one] = moment[mine].max() - moment[mine].min()
    return Presence(
        np.bincount(person, minlength=count).astype(np.int64),
        np.bincount(person, weights=hours, minlength=count).astype(np.float64),
        active,
        tenure,
        last - first,
        float(effort.hours[everybody].sum()),
    )
