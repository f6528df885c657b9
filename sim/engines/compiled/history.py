"""What has become of some requests while the loop stands still, for the weekly review.

Invariant: visits come in the order in which the final table has them.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.compiled.event_log import SLACK, VISIT
from sim.engines.entities import NONE
from sim.jit import compiled
from sim.memory import move
from sim.review.judging import History
from sim.trajectory import VISITS
from sim.world import World

Table = np.ndarray[Any, Any]
Integers = NDArray[np.int64]


def rows_in_order(world: World) -> Integers:
    """Where the rows of each request's first passage begin, not counting the slack."""
    counts = np.diff(world.first_step)[world.order]
    begin = np.empty(len(counts), np.int64)
    begin[world.order] = np.cumsum(counts) - counts
    return begin


def history_of(company: Any, begin: Integers, ids: Integers) -> History:
    """Ends and visits of these requests, given in the order of the final table; begin: `rows_in_order`."""
    about, slack = company.requests[ids], company.rows[SLACK]
    begins, ends = slack + begin[ids], slack + about["next_row"]
    lasts = about["later_row"].astype(np.int64)
    visits = np.empty(int((ends - begins).sum()) + count_later(company.link, lasts), VISIT)
    copy_rows(visits, company.first, company.later, company.link, begins, ends, lasts)
    outcomes = (about[name].astype(np.int64) for name in ("status", "handoffs", "visit", "silent"))
    return History(about["done"], *outcomes, visits.view(VISITS))  # type: ignore[call-arg]


@compiled
def count_later(link: Integers, lasts: Integers) -> int:
    """Rows of triage and repeats of requests whose last such row is given, NONE for none."""
    count = 0
    for last in lasts:
        row = last
        while row != NONE:
            count += 1
            row = link[row]
            if row == last:
                break
    return count


@compiled
def copy_rows(
    target: Table, first: Table, later: Table, link: Integers, begin: Integers, ends: Integers,
    lasts: Integers,
) -> None:  # fmt: skip
    """Copy the rows of each request, from `begin` to `ends` of the first passage, later ones in between."""
    written = 0
    for one in range(len(begin)):
        source, after, last = begin[one], ends[one], lasts[one]
        row = NONE if last == NONE else link[last]
        while row != NONE:
            upto = source
            while upto < after and (later[row].visit > 0 or first[upto].step < later[row].step):
                upto += 1
            move(target, written, first, source, upto - source)
            written += upto - source
            source = upto
            move(target, written, later, row, 1)
            written += 1
            row = NONE if row == last else link[row]
        move(target, written, first, source, after - source)
        written += after - source
