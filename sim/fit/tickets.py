"""Tickets in open hours: arrival, resolution, which function each event is, and waits outside the company.

Invariant: an automatic closing is no event of a ticket; resolution is a ticket's last event that is not
closing.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sim.fit.events import NOWHERE, Events, Floats, Integers
from sim.fit.hours import OpenHours, estimate
from sim.fit.roles import REOPENED, RESTING, Roles, apart, sequences

OTHER = "other_waits"
FEWEST = 0.01
"""A delay that fewer tickets have is left out."""


@dataclass(frozen=True)
class Tickets:
    """What happened to each ticket.

    `moment`: open hours of each event. `function`: index into `functions`, -1 for closing. `arrival`
    (no later than the first begin of work), `resolved`: open hours per ticket. `pauses`: tickets x delay
    functions, hours spent waiting outside, NaN where a ticket has no such wait. `position`: mean place of
    each function and delay within a ticket, 0 at the start and 1 at the end.
    """

    events: Events
    roles: Roles
    hours: OpenHours
    moment: Floats
    function: Integers
    functions: tuple[str, ...]
    delays: tuple[str, ...]
    arrival: Floats
    resolved: Floats
    pauses: Floats
    position: dict[str, float]

    @property
    def time_in_system(self) -> Floats:
        """Open hours from arrival to the last resolution, per ticket."""
        return self.resolved - self.arrival

    @property
    def from_begin(self) -> bool:
        """Do most tickets arrive when work on them begins? Such a log shows no wait before it."""
        first = np.full(self.events.tickets, np.inf)
        np.minimum.at(first, self.events.ticket, np.where(self.function == NOWHERE, np.inf, self.moment))
        return bool((self.arrival < first).mean() > 0.5)


def arrange(events: Events, roles: Roles) -> Tickets:
    """Lay the tickets out in open hours."""
    names = roles.functions
    events = _worked_on(events, roles)
    number = np.array(
        [
            names.index(roles.function[name]) if name in roles.function else NOWHERE
            for name in events.activities
        ],
        dtype=np.int64,
    )
    function = number[events.activity]
    hours = estimate(events.time[function != NOWHERE])
    moment = hours.open_hours(events.time)
    runs = [[index for index in run if function[index] != NOWHERE] for run in sequences(events)]
    begun = np.fmin(moment, hours.open_hours(events.start))
    arrival = np.array([begun[run].min() for run in runs])
    resolved = np.array([moment[run[-1]] for run in runs])
    delays, pauses, places = _pauses(events, roles, moment, runs)
    position = _positions(function, names, runs) | places
    return Tickets(events, roles, hours, moment, function, names, delays, arrival, resolved, pauses, position)


def _worked_on(events: Events, roles: Roles) -> Events:
    """The events without tickets that have nothing but closing, which are counted in a note."""
    work = np.array([name in roles.function for name in events.activities])[events.activity]
    kept = np.zeros(events.tickets, dtype=bool)
    kept[events.ticket[work]] = True
    if kept.all():
        return events
    gone = int((~kept).sum())
    what = f"{gone:,} {'ticket' if gone == 1 else 'tickets'} with nothing but closing left out."
    return events.only(kept, what)


def _pauses(
    events: Events, roles: Roles, moment: Floats, runs: list[list[int]]
) -> tuple[tuple[str, ...], Floats, dict[str, float]]:
    """Time between an event that begins a wait (or a resolution that did not last) and the next event."""
    names = [*dict.fromkeys(roles.pause.values()), REOPENED]
    names = [name for name in names if name != OTHER] + [OTHER] * (OTHER in names)
    total = np.full((len(runs), len(names)), np.nan)
    places: dict[str, list[float]] = {name: [] for name in names}
    for ticket, run in enumerate(runs):
        for place, (index, following) in enumerate(pairwise(run)):
            activity = events.activities[events.activity[index]]
            name = roles.pause.get(activity) or (REOPENED if activity in roles.resolving else None)
            gap = float(moment[following] - moment[index])
            if name is not None and gap > 0:
                column = names.index(name)
                total[ticket, column] = np.nan_to_num(total[ticket, column]) + gap
                places[name].append((place + 0.5) / (len(run) - 1))
    frequent = [name for column, name in enumerate(names) if np.isfinite(total[:, column]).mean() >= FEWEST]
    chosen = [names.index(name) for name in frequent]
    renamed = tuple(
        apart(
            (name if name in (OTHER, REOPENED) else f"{name}_outside" for name in frequent),
            (*roles.functions, RESTING),
        )
    )
    middle = {new: float(np.mean(places[old])) for new, old in zip(renamed, frequent, strict=True)}
    return renamed, total[:, chosen], middle


def _positions(function: Integers, names: tuple[str, ...], runs: list[list[int]]) -> dict[str, float]:
    places: dict[str, list[float]] = {name: [] for name in names}
    for run in runs:
        for place, index in enumerate(run):
            places[names[function[index]]].append(place / max(len(run) - 1, 1))
    return {name: float(np.mean(found)) if found else 0.5 for name, found in places.items()}
