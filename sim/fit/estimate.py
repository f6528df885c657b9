"""Everything a company file needs, estimated from the first part of a log.

Invariant: only tickets that arrive before the cut, and work done before it, enter an estimate; what comes
later is kept for the check.
"""

from dataclasses import dataclass, replace

import numpy as np

from sim.fit import as_is as structures
from sim.fit import effort as efforts
from sim.fit import groups as grouping
from sim.fit.as_is import AsIs
from sim.fit.demand_profile import Window, demand_profile
from sim.fit.effort import Effort, Presence
from sim.fit.events import NOWHERE, Flags, Floats, Integers
from sim.fit.groups import Candidate, Groups
from sim.fit.table import BadLog
from sim.fit.tickets import Tickets
from sim.model.mistake import Mistake

FEWEST_TICKETS = 100
FEWEST_WEEKS = 4
FEWEST_IN_CELL = 30
ASSUMED_TICKETS = 4.0
"""Tickets a year of each customer of a log that names no customers."""
KEPT_PROMISES = 0.75
"""A log holds no promises: the promise of a group is what three of four of its tickets kept."""


@dataclass(frozen=True)
class Estimate:
    """What was estimated; hours are open hours of effort, not yet restated for the time people are available.

    `work`, `cv`, `visited`: functions x products, hours per ticket that visits, their spread, share of
    tickets that visit. `cell_hours`: hours of work in each cell. `pause`, `pause_cv`, `paused`: the same for
    delays (open hours). `rate`: tickets per customer and year of each segment; `mix`: segments x products;
    `complexity`, `promise`: per segment.
    """

    tickets: Tickets
    window: Window
    used: Flags
    products: Groups
    segments: Groups
    candidates: tuple[Candidate, ...]
    effort: Effort
    presence: Presence
    as_is: AsIs
    cell_hours: Floats
    work: Floats
    cv: Floats
    visited: Floats
    pause: Floats
    pause_cv: Floats
    paused: Floats
    customers: Integers
    rate: Floats
    mix: Floats
    complexity: Floats
    promise: Floats
    hour_of_day: Floats
    day_of_week: Floats
    month_of_year: Floats
    trend_per_year: float

    @property
    def seats(self) -> int:
        """Workers: people in post at the same time, as a whole number."""
        return max(1, round(self.presence.in_post))

    @property
    def shows_begins(self) -> bool:
        """Does the log say of most work when it begins? Then its length is known, whatever else people do."""
        return bool(np.isfinite(self.tickets.events.start).mean() > 0.5)

    @property
    def names_customers(self) -> bool:
        """Does the log say who asks? Else their number is assumed."""
        return any(self.tickets.events.customer)


def estimate(tickets: Tickets, session_hours: float, fit_share: float) -> Estimate:
    """Estimate a company from the first `fit_share` of the tickets, in order of arrival.

    Raises
    ------
    BadLog
        when there are too few tickets to say anything.
    """
    window = _window(tickets, fit_share)
    used = (tickets.arrival >= window.first) & (tickets.arrival < window.last)
    products = grouping.products(tickets.events.product, used)
    effort = _effort(tickets, products, session_hours)
    spent, last_person = _per_ticket(tickets, effort)
    late = np.nan_to_num(tickets.time_in_system)
    segments, tried = grouping.customers(
        _who(tickets), tickets.events.attributes, used, products.of, spent, late, last_person
    )
    present = efforts.presence(tickets, effort, window.first, window.last)
    work, cv, visited = _work(tickets, effort, products, used)
    pause, pause_cv, paused = _pauses(tickets, products, used)
    members = _members(tickets, segments, used, window)
    rate, mix = _market(segments, products, used, members, window)
    hours = _cell_hours(tickets, effort, products, segments, used)
    hour, day, month, trend = demand_profile(tickets, used, window)
    return Estimate(
        *(tickets, window, used, products, segments, tuple(tried), effort, present),
        as_is=_as_is(tickets, products, segments, present, hours, window),
        cell_hours=hours,
        work=work,
        cv=cv,
        visited=visited,
        pause=pause,
        pause_cv=pause_cv,
        paused=paused,
        customers=members,
        rate=rate,
        mix=mix,
        complexity=_complexity(tickets, spent, work * visited, products, segments, used),
        promise=_promise(tickets, segments, used),
        hour_of_day=hour,
        day_of_week=day,
        month_of_year=month,
        trend_per_year=trend,
    )


def _window(tickets: Tickets, fit_share: float) -> Window:
    """The part of the log that is fitted; refused where it says too little."""
    arrivals = np.sort(tickets.arrival[np.isfinite(tickets.arrival)])
    if len(arrivals) < FEWEST_TICKETS:
        has = f"has {len(arrivals)} {'ticket' if len(arrivals) == 1 else 'tickets'}"
        raise BadLog([Mistake("the log", has, f"At least {FEWEST_TICKETS}", "Take a longer log")])
    cut = float(arrivals[min(len(arrivals) - 1, round(fit_share * len(arrivals)))])
    end = cut if fit_share < 1 else float(arrivals[-1]) + 1e-9
    window = Window(float(arrivals[0]), end, tickets.hours.week)
    if window.weeks < FEWEST_WEEKS:
        covers = f"covers {window.weeks:.1f} weeks in the part used for fitting"
        raise BadLog([Mistake("the log", covers, f"At least {FEWEST_WEEKS}", "Take a longer log")])
    return window


def _effort(tickets: Tickets, products: Groups, session_hours: float) -> Effort:
    effort = efforts.estimate(tickets, products.of, len(products.names), session_hours)
    if not np.nansum(effort.hours) > 0:
        what = "shows no effort: no event of a person follows another within a session, with time passing"
        todo = "Give times of day, start times (--start), or a longer --session-hours"
        raise BadLog([Mistake("the log", what, todo=todo)])
    return effort


def _promise(tickets: Tickets, segments: Groups, used: Flags) -> Floats:
    """Open hours promised to each segment, whole ones."""
    lasted = [tickets.time_in_system[used & (segments.of == number)] for number in range(len(segments.names))]
    return np.array([max(1.0, np.ceil(np.quantile(hours, KEPT_PROMISES))) for hours in lasted])


def at_another_time(found: Estimate, window: Window) -> Estimate:
    """The same company in another period: the tickets that came then, and today's workers placed where they
    fell."""
    inside = (found.tickets.arrival >= window.first) & (found.tickets.arrival < window.last)
    rate, mix = _market(found.segments, found.products, inside, found.customers, window)
    hours = _cell_hours(found.tickets, found.effort, found.products, found.segments, inside)
    return replace(found, rate=rate, mix=mix, cell_hours=hours)


def cells_of(tickets: Tickets, products: Groups, segments: Groups) -> Integers:
    """Cell (function, product, segment) of each event as one number; -1 for closing."""
    product, segment = products.of[tickets.events.ticket], segments.of[tickets.events.ticket]
    cell = (tickets.function * len(products.names) + product) * len(segments.names) + segment
    return np.where(tickets.function == NOWHERE, NOWHERE, cell).astype(np.int64)


def _members(tickets: Tickets, segments: Groups, used: Flags, window: Window) -> Integers:
    """Customers of each segment that are seen; as many as would ask so often, where the log names none."""
    if not any(_who(tickets)):
        return np.array([max(1, round(used.sum() / (window.weeks / 52) / ASSUMED_TICKETS))], dtype=np.int64)
    seen = {
        (who, one)
        for who, one, use in zip(_who(tickets), segments.of.tolist(), used.tolist(), strict=True)
        if use
    }
    return np.bincount([one for _, one in seen], minlength=len(segments.names)).astype(np.int64)


def _market(
    segments: Groups, products: Groups, inside: Flags, members: Integers, window: Window
) -> tuple[Floats, Floats]:
    """Tickets a year and customer of each segment, and their shares of products."""
    counts = _table(segments.of[inside], products.of[inside], len(segments.names), len(products.names))
    came = counts.sum(axis=1)
    rate = np.maximum(came, 0.5) / members / (window.weeks / 52)
    usual = np.maximum(counts.sum(axis=0), 0.5) / np.maximum(counts.sum(axis=0), 0.5).sum()
    return rate, np.where(came[:, None] > 0, counts / np.maximum(came, 1.0)[:, None], usual)


def _cell_hours(tickets: Tickets, effort: Effort, products: Groups, segments: Groups, used: Flags) -> Floats:
    cells = cells_of(tickets, products, segments)
    mine = (cells != NOWHERE) & used[tickets.events.ticket]
    size = len(tickets.functions) * len(products.names) * len(segments.names)
    return np.bincount(cells[mine], weights=effort.hours[mine], minlength=size).astype(np.float64)


def _who(tickets: Tickets) -> tuple[str, ...]:
    return tickets.events.customer


def _per_ticket(tickets: Tickets, effort: Effort) -> tuple[Floats, Integers]:
    """Hours of work and the last person of each ticket."""
    work = tickets.function != NOWHERE
    spent = np.bincount(
        tickets.events.ticket[work], weights=effort.hours[work], minlength=tickets.events.tickets
    ).astype(np.float64)
    person = np.full(tickets.events.tickets, NOWHERE, dtype=np.int64)
    person[tickets.events.ticket[work]] = tickets.events.person[work]
    return spent, person


def _work(tickets: Tickets, effort: Effort, products: Groups, used: Flags) -> tuple[Floats, Floats, Floats]:
    """Repeated visits of a ticket to a function count as one longer visit."""
    shape = (len(tickets.functions), len(products.names))
    work, cv, visited = np.zeros(shape), np.ones(shape), np.zeros(shape)
    for function in range(shape[0]):
        here = tickets.function == function
        for product in range(shape[1]):
            chosen = used & (products.of == product)
            mine = here & chosen[tickets.events.ticket]
            events = np.bincount(tickets.events.ticket[mine], minlength=tickets.events.tickets)
            visits = events[events > 0]
            visited[function, product] = len(visits) / chosen.sum()
            if len(visits):
                work[function, product] = effort.hours[mine].sum() / len(visits)
                cv[function, product] = _spread(effort, here, mine, visits.astype(np.float64))
    return work, cv, visited


def _spread(effort: Effort, function: Flags, cell: Flags, visits: Floats) -> float:
    """Coefficient of variation of a sum of a random number of efforts."""
    seen = effort.hours[effort.seen & (cell if (effort.seen & cell).sum() >= FEWEST_IN_CELL else function)]
    single = float(seen.var() / seen.mean() ** 2) if len(seen) > 1 and seen.mean() > 0 else 1.0
    return float(np.sqrt(single / visits.mean() + visits.var() / visits.mean() ** 2))


def _pauses(tickets: Tickets, products: Groups, used: Flags) -> tuple[Floats, Floats, Floats]:
    shape = (len(tickets.delays), len(products.names))
    mean, cv, share = np.zeros(shape), np.ones(shape), np.zeros(shape)
    for delay in range(shape[0]):
        waits = tickets.pauses[:, delay]
        for product in range(shape[1]):
            chosen = used & (products.of == product)
            mine = waits[chosen & np.isfinite(waits)]
            share[delay, product] = len(mine) / chosen.sum()
            shown = mine if len(mine) >= FEWEST_IN_CELL else waits[used & np.isfinite(waits)]
            if len(shown):
                mean[delay, product], cv[delay, product] = shown.mean(), shown.std() / shown.mean()
    return mean, cv, share


def _table(rows: Integers, columns: Integers, height: int, width: int) -> Floats:
    table = np.zeros((height, width))
    np.add.at(table, (rows, columns), 1.0)
    return table


def _complexity(
    tickets: Tickets, spent: Floats, expected: Floats, products: Groups, segments: Groups, used: Flags
) -> Floats:
    usual = expected.sum(axis=0)[products.of]
    return np.array(
        [
            np.clip(
                spent[used & (segments.of == number)].sum()
                / max(usual[used & (segments.of == number)].sum(), 1e-9),
                0.5,
                2.0,
            )
            for number in range(len(segments.names))
        ]
    )


def _as_is(
    tickets: Tickets, products: Groups, segments: Groups, present: Presence, hours: Floats, window: Window
) -> AsIs:
    cells = cells_of(tickets, products, segments)
    inside = (
        (cells != NOWHERE)
        & (tickets.events.person != NOWHERE)
        & (tickets.moment >= window.first)
        & (tickets.moment < window.last)
    )
    size = len(tickets.functions) * len(products.names) * len(segments.names)
    work = _table(tickets.events.person[inside], cells[inside], len(tickets.events.people), size)
    needed = hours / max(float(hours.sum()), 1e-9) * present.in_post
    return structures.find(work, np.flatnonzero(present.regular), needed, len(segments.names))
