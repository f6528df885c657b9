"""The rows an engine writes, each in its final place where that is known beforehand.

Invariant: the first passage of a request has one row per step, so its rows are dealt out before the start in
the order of the final table; triage and repeats go to the later rows and are merged in at the end.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.entities import NONE
from sim.jit import compiled
from sim.memory import move
from sim.trajectory import DUTIES, VISITS

Table = np.ndarray[Any, Any]
Integers = NDArray[np.int64]
Places = NDArray[np.int32]
VISIT = np.dtype((np.record, VISITS))
DUTY = np.dtype((np.record, DUTIES))
DUTIES_A_ROUND = 12
"""At most, of a person: two for each internal service, being kept from work, and what begins."""
SLACK, LATER, DUTY_ROW, LATER_ROOM, DUTY_ROOM = range(5)
"""Of `rows`: unused ones in front of `first`; how many `later` and `duties` are written; room for them."""


def event_log_of(steps: int, people: int) -> dict[str, Any]:
    """The empty event log of m steps; memory is taken as rows are written.

    first : (slack + m,) rows of first passages, from `slack` on; the slack makes room for merging.
    later : rows of triage and repeats in order of time. link : to the same request's next later row, and from
        its last one to its first.
    duties : in order of time. rows : (5,) see SLACK.
    """
    slack, later, duties = steps // 8 + 64, steps // 3 + people + 256, steps // 2 + 64 * people + 256
    return {
        "first": np.empty(slack + steps, VISIT),
        "later": np.empty(later, VISIT),
        "link": np.empty(later, np.int64),
        "duties": np.empty(duties, DUTY),
        "rows": np.array([slack, 0, 0, later, duties], np.int64),
    }


@compiled
def is_short(company: Any) -> bool:
    """Might the next round of an instant not fit? Each person starts one thing a round, beside needs met."""
    rows, people = company.rows, company.fixed[0].people
    more = DUTIES_A_ROUND * people
    return rows[LATER] + people > rows[LATER_ROOM] or rows[DUTY_ROW] + more > rows[DUTY_ROOM]  # type: ignore[no-any-return]


def enlarged(company: Any) -> Any:
    """The company with twice the room in its event log."""
    doubled = {name: _doubled(getattr(company, name)) for name in ("later", "link", "duties")}
    company.rows[LATER_ROOM:] *= 2
    return company._replace(**doubled)


def _doubled(table: Table) -> Table:
    larger = np.empty(2 * len(table), table.dtype)
    larger[: len(table)] = table
    return larger


def visits_of(company: Any, order: Places) -> Table:
    """The table of visits, sorted by customer, number, visit and step.

    Parameters
    ----------
    order : requests by customer and number.
    """
    slack, later = company.rows[SLACK].item(), company.rows[LATER].item()
    target, begin, fits = company.first, slack - later, later <= slack
    if not fits:
        target, begin = np.empty(len(company.first) - slack + later, VISIT), 0
    given = company.first, company.later, company.link, *rows_of_requests(company.requests, order)
    return target[begin : merge(target, begin, fits, *given, slack)].view(VISITS)


@compiled
def rows_of_requests(requests: Table, order: Places) -> tuple[Places, Places, Places]:
    """Of each request, in order: number of its rows in `first`, where it wrote the next one, last later row.

    Requests are read as they lie and the results dealt out: the other way round, reading waits for memory.
    """
    places = np.empty(len(order), np.int32)
    counts, ends, lasts = np.empty_like(places), np.empty_like(places), np.empty_like(places)
    for place in range(len(order)):
        places[order[place]] = place
    for request in range(len(order)):
        about, place = requests[request], places[request]
        counts[place] = about.end - about.first_step
        ends[place] = about.next_row
        lasts[place] = about.later_row
    return counts, ends, lasts


@compiled
def merge(
    target: Table, begin: int, same: bool, first: Table, later: Table, link: Integers,
    counts: Places, ends: Places, lasts: Places, slack: int,
) -> int:  # fmt: skip
    """Write all rows in order, from `begin` on; returns where they end.

    same : `target` is `first`; `begin` is so far before its rows that none is overwritten before it is moved.
    """
    base = slack
    written = begin
    waiting = slack  # first rows from here to `source` are not copied yet
    for one in range(len(counts)):
        source = base
        after = slack + ends[one]
        base += counts[one]
        last = lasts[one]
        if last != NONE:
            row = link[last]
            while True:
                while source < after and (later[row].visit > 0 or first[source].step < later[row].step):
                    source += 1
                written = moved(target, written, same, first, waiting, source)
                move(target, written, later, row, 1)
                written += 1
                waiting = source
                if row == last:
                    break
                row = link[row]
        if after < base:
            written = moved(target, written, same, first, waiting, after)
            waiting = base
    return moved(target, written, same, first, waiting, base)


@compiled
def moved(target: Table, to: int, same: bool, first: Table, begin: int, end: int) -> int:
    """Move first rows to where they belong, which may be where they are; returns the row after them."""
    if to != begin or not same:
        move(target, to, first, begin, end - begin)
    return to + end - begin


def duties_of(company: Any) -> Table:
    """The table of duties, sorted by worker and time."""
    count = company.rows[DUTY_ROW].item()
    sorted_duties = np.empty(count, DUTY)
    sort_duties(company.duties, count, np.zeros(len(company.people) + 1, np.int64), sorted_duties)
    return sorted_duties.view(DUTIES)


@compiled
def sort_duties(duties: Table, count: int, places: Integers, target: Table) -> None:
    """Deal the duties out by person, in the order in which they came; `places`: a zero for each person."""
    for row in range(count):
        places[duties[row].worker + 1] += 1
    for person in range(1, len(places)):
        places[person] += places[person - 1]
    for row in range(count):
        source = duties[row]
        copy = target[places[source.worker]]
        places[source.worker] += 1
        copy.worker = source.worker
        copy.kind = source.kind
        copy.start = source.start
        copy.end = source.end
        copy.customer = source.customer
        copy.number = source.number
