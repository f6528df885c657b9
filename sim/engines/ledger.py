"""The readable engine's log: what happened, as it happened; laid out as tables at the end.

Invariant: visits of a request are noted in their order, so putting requests in order sorts the table. What
the world knows of a step (customer, function ...) is not noted, what most steps do not have only where it is.
"""

import math
from array import array
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.entities import NONE, NOT_YET, NOTHING, Department, Request
from sim.trajectory import DUTIES, OUTSIDE, STEP, VISITS, Table, canonical
from sim.world import World

VISIT = ("request", "step", "visit", "passage", "kind", "worker", "queued", "start", "end", "work", "adapted")
"""What is noted of every visit."""
WIDTH, END = len(VISIT), VISIT.index("end")
BEFORE = ("claim", "outside", "handoff", "coordination")
MORE = (
    "by_function", "by_product", "by_segment", "pace", "switch", "reread", "triage",
    "u_function", "u_product", "u_segment",
)  # fmt: skip
NOTHING_MORE: tuple[float, ...] = (0.0,) * 7 + (1.0,) * 3
"""MORE of a step that takes just its content; of a delay outside, it stands for zeros."""
DECISION = ("decision_wait", "decision")
DUTY = ("worker", "kind", "start", "end", "request")
OUTCOME = ("request", "first_start", "done", "status", "handoffs", "repeats", "returns", "silent")


class Ledger:
    """Visits, duties and outcomes of a replication; a visit is known by the place of its first fact."""

    def __init__(self) -> None:
        self.visits: list[float] = []
        self.before: dict[int, tuple[float, ...]] = {}
        self.more: dict[int, tuple[float, ...]] = {}
        self.decisions: dict[int, tuple[float, ...]] = {}
        self.concessions: list[int] = []
        self.duties = array("d")
        self.outcomes: list[float] = []

    def visit(
        self, request: Request, worker: int, kind: int, start: float, end: float, work: float,
        more: tuple[float, ...],
    ) -> None:  # fmt: skip
        """A row of visits; what was measured on the way to a step goes with it."""
        row = request.row = len(self.visits)
        self.visits.extend(
            (
                request.id, request.step, request.visit, request.passage, kind, worker, request.since, start,
                end, work, request.recognised == request.segment,
            )
        )  # fmt: skip
        if more is not NOTHING_MORE:
            self.more[row] = more
        if request.before is not NOTHING and kind != OUTSIDE:
            self.before[row], request.before = request.before, NOTHING

    def cut_off(self, row: int) -> None:
        """A visit that the end cut off."""
        self.visits[row + END] = math.nan

    def duty(self, person: int, kind: int, start: float, end: float, request: int) -> int:
        """A row of duties; its number."""
        self.duties.extend((person, kind, start, end, request))
        return len(self.duties) // len(DUTY) - 1

    def unfinished(self, duty: int) -> None:
        """A duty that the end cut off."""
        self.duties[duty * len(DUTY) + DUTY.index("end")] = math.nan

    def outcome(self, request: Request, done: float) -> None:
        """What became of a request."""
        self.outcomes.extend(
            (
                request.id, request.first_start, done, request.status, request.handoffs, request.repeats,
                request.returns, request.silent,
            )
        )  # fmt: skip

    def outcomes_by_request(self, size: int) -> NDArray[np.float64]:
        """OUTCOME without the request, (7, size) by id; NaN and 0 of those who have not come."""
        raw = np.array(self.outcomes, np.float64).reshape(-1, len(OUTCOME))
        raw[raw[:, 1] == NOT_YET, 1] = math.nan
        table = np.zeros((len(OUTCOME) - 1, size))
        table[:2] = math.nan
        table[:, raw[:, 0].astype(np.int64)] = raw[:, 1:].T
        return table

    def visits_table(self, world: World, departments: Sequence[Department | None]) -> Table:
        """Visits by customer, number and time.

        Parameters
        ----------
        departments : of each person.
        """
        raw = np.array(self.visits, np.float64).reshape(-1, WIDTH)
        rank = np.empty(len(world.order), np.int64)
        rank[world.order] = np.arange(len(rank))
        order = np.argsort(rank[raw[:, 0].astype(np.int64)], kind="stable")
        raw = raw[order]
        request, step, worker = (
            raw[:, VISIT.index(name)].astype(np.int64) for name in ("request", "step", "worker")
        )
        table = np.zeros(len(raw), VISITS)
        for position, name in enumerate(VISIT[2:], 2):
            table[name] = raw[:, position]
        for name in ("customer", "number", "product", "segment"):
            table[name] = getattr(world, name)[request]
        table["step"], table["function"] = world.step_position[step], world.step_function[step]
        of_worker = [NONE if department is None else department.id for department in departments]
        table["department"] = np.array([*of_worker, NONE])[worker]  # the last one is nobody's
        away, working = table["kind"] == OUTSIDE, table["kind"] == STEP
        table["outside"][away] = table["end"][away] - table["start"][away]
        for name in MORE[-3:]:
            table[name] = working
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        _fill(table, place, BEFORE, self.before)
        _fill(table, place, MORE, self.more)
        _fill(table, place, DECISION, self.decisions)
        table["concession"][place[np.array(self.concessions, np.int64) // WIDTH]] = 1
        canonical(table)
        return table

    def duties_table(self, customer: NDArray[np.int64], number: NDArray[np.int64]) -> Table:
        """Duties by worker and time; customer and number by request, -1 for nobody's."""
        raw = np.array(self.duties, np.float64).reshape(-1, len(DUTY))
        raw = raw[np.argsort(raw[:, 0], kind="stable")]
        request = raw[:, DUTY.index("request")].astype(np.int64)
        table = np.zeros(len(raw), DUTIES)
        for position, name in enumerate(DUTY[:4]):
            table[name] = raw[:, position]
        about = request >= 0
        table["customer"], table["number"] = -1, -1
        table["customer"][about], table["number"][about] = customer[request[about]], number[request[about]]
        canonical(table)
        return table


def _fill(table: Table, place: NDArray[np.int64], names: Sequence[str], noted: dict[int, Any]) -> None:
    """Put what was noted of some visits into their rows; `place`: of each visit in the table."""
    if noted:
        rows = place[np.array(list(noted)) // WIDTH]
        values = np.array(list(noted.values()), np.float64)
        for position, name in enumerate(names):
            table[name][rows] = values[:, position]
