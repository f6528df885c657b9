"""What customers make of the requests that ended in a week: the analysis' own rules, asked week by week.

Invariant: each request is judged once, in the first review after the instant of its end, with the bits that
the analysis finds afterwards.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.scenario import Scenario
from sim.opinions import no_memory, request_scores
from sim.seen import Seen
from sim.trajectory import DONE, OPEN, REQUESTS, VISITS, Table
from sim.world import World

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]


class History(NamedTuple):
    """What has become of some requests so far: (k,) each, and their visits as a trajectory sorts them."""

    done: Floats
    status: Ids
    handoffs: Ids
    repeats: Ids
    silent: Ids
    visits: Table


class Opinions:
    """Judged requests of the week that ends, and what it takes to judge those of the next.

    Attributes
    ----------
    seen : requests that had come and were not judged before, with their visits.
    rows : of those judged in the week, in order of their end. requests : their numbers in the world.
    scores : (k, 7) as of `request_scores`. done : (k,) was it resolved, not lost?
    """

    def __init__(self, scenario: Scenario, world: World, people: int) -> None:
        self.scenario, self.world = scenario, world
        self.memory = no_memory(len(world.customer_segment), people)
        self.rank = np.empty(len(world.order), np.int64)
        self.rank[world.order] = np.arange(len(world.order))
        self.pending, self.came = np.zeros(0, np.int64), 0
        self.seen = Seen(np.zeros(0, REQUESTS), np.zeros(0, VISITS))
        self.rows = self.requests = self.pending
        self.scores, self.done = np.zeros((0, 7)), np.zeros(0, np.bool_)

    def judge(
        self, history: Callable[[Ids], History], now: float, courtesy: list[Floats], unmet: list[Floats]
    ) -> None:
        """Judge what ended before now; what ends at this very instant may not be known whole yet."""
        came = int(np.searchsorted(self.world.arrival, now))
        pending = np.concatenate([self.pending, np.arange(self.came, came)])
        pending = pending[np.argsort(self.rank[pending])]
        told = history(pending)
        ended = (told.status != OPEN) & (told.done < now)
        requests = self._table(pending, told, ended)
        felt = (np.array(weeks) if weeks else None for weeks in (courtesy, unmet))
        self.seen = Seen(requests, told.visits, *felt)
        scores = request_scores(self.scenario, self.seen, self.memory)
        rows = np.flatnonzero(np.isfinite(scores[:, 0]))
        self.rows = rows[np.lexsort((pending[rows], told.done[rows]))]
        self.requests, self.scores = pending[self.rows], scores[self.rows]
        self.done = told.status[self.rows] == DONE
        self.pending, self.came = pending[~ended], came

    def _table(self, pending: Ids, told: History, ended: NDArray[np.bool_]) -> Table:
        table = np.zeros(len(pending), REQUESTS)
        for name in ("customer", "number", "segment", "product", "arrival", "promise"):
            table[name] = getattr(self.world, name)[pending]
        for name in ("done", "handoffs", "repeats", "silent"):
            table[name] = getattr(told, name)
        table["status"] = np.where(ended, told.status, OPEN)
        return table
