"""The readable engine's event log: what happened, as it happened; laid out as tables at the end.

Invariant: visits of a request are noted in their order, so putting requests in order sorts the table. What
the world knows of a step (customer, function ...) is not noted, what most steps do not have only where it is.
"""

import math
import struct
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines import where
from sim.engines.entities import NO_KNOWLEDGE, NONE, NOT_YET, Person, Request
from sim.engines.output import Output
from sim.engines.where import CLAIMING, COORDINATED
from sim.review.judging import History
from sim.trajectory import DUTIES, OUTSIDE, STEP, TRIAGE, VISITS, Table, blocks, canonical
from sim.world import World

VISIT = np.dtype(
    [
        ("request", "i4"), ("step_of_world", "i4"), ("worker", "i4"), ("visit", "i2"), ("passage", "i1"),
        ("kind", "i1"), ("adapted", "i1"), ("queued", "f8"), ("start", "f8"), ("end", "f8"), ("work", "f8"),
    ]
)  # fmt: skip
"""What is noted of every visit."""
UNFAMILIARITY = ("u_function", "u_product", "u_segment")
PARTS = ("by_function", "by_product", "by_segment", "pace", "switch", "reread", "triage")
BEFORE, MORE, DECISION = (
    np.dtype([("row", "i8"), *((name, "f8") for name in names)])
    for names in (
        ("claim", "outside", "handoff", "coordination"),
        (*PARTS, *UNFAMILIARITY),
        ("decision_wait", "decision"),
    )
)
"""What is noted of some visits; `row`: where the row of the visit begins."""
NOTHING_MORE: tuple[float, ...] = (0.0,) * len(PARTS) + (1.0,) * len(UNFAMILIARITY)
"""MORE of a step that takes just its content; of a delay outside, it stands for zeros."""
DUTY = np.dtype([("worker", "i4"), ("kind", "i1"), ("start", "f8"), ("end", "f8"), ("request", "i4")])
OUTCOME = np.dtype(
    [
        ("request", "i4"), ("first_start", "f8"), ("done", "f8"), ("status", "i1"), ("handoffs", "i4"),
        ("repeats", "i4"), ("returns", "i4"), ("silent", "i1"),
    ]
)  # fmt: skip
CODES = {"i1": "b", "i2": "h", "i4": "i", "i8": "q", "f8": "d"}


def packer(kind: np.dtype[Any]) -> Callable[..., bytes]:
    """What makes the bytes of a row from the values of its fields."""
    return struct.Struct("<" + "".join(CODES[kind[name].str[1:]] for name in kind.names or ())).pack


VISIT_ROW, DUTY_ROW, OUTCOME_ROW = packer(VISIT), packer(DUTY), packer(OUTCOME)
BEFORE_ROW, MORE_ROW, DECISION_ROW = packer(BEFORE), packer(MORE), packer(DECISION)
REPAIR = np.dtype([("row", "i8"), ("hours", "f8")])
REPAIR_ROW = packer(REPAIR)


class EventLog:
    """Visits, duties and outcomes of a replication; a visit or duty is known by where its row begins."""

    def __init__(self) -> None:
        self.visits, self.duties, self.outcomes = bytearray(), bytearray(), bytearray()
        self.before, self.more, self.decisions = bytearray(), bytearray(), bytearray()
        self.repairs, self.concessions = bytearray(), list[int]()
        self.lent: list[tuple[int, int]] = []  # visits done by people of another department, and which it is

    def visit(
        self, request: Request, worker: int, kind: int, start: float, end: float, work: float,
        more: tuple[float, ...],
    ) -> None:  # fmt: skip
        """A row of visits; what was measured on the way to a step goes with it."""
        row = request.row = len(self.visits)
        self.visits += VISIT_ROW(
            request.id, request.step, worker, request.visit, request.passage, kind,
            request.recognised == request.segment, request.since, start, end, work,
        )  # fmt: skip
        if more is not NOTHING_MORE:
            self.more += MORE_ROW(row, *more)
        if request.before is not None and kind != OUTSIDE:
            self.before += BEFORE_ROW(row, *request.before)
            request.before = None

    @staticmethod
    def spend(request: Request, now: float) -> None:
        """Note the hours until now at the request's place, on the way to its next visit."""
        if now > request.since:
            request.before = request.before or [0.0] * (COORDINATED - CLAIMING + 1)
            request.before[request.place - CLAIMING] += now - request.since

    def triage(self, request: Request, worker: int, start: float, hours: float) -> None:
        """A row for finding out that a customer belongs elsewhere."""
        more = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, hours, *NO_KNOWLEDGE)
        self.visit(request, worker, TRIAGE, start, start + hours, 0.0, more)

    def outside(self, request: Request, end: float) -> None:
        """A row for a delay outside the company."""
        self.visit(request, NONE, OUTSIDE, request.since, end, 0.0, NOTHING_MORE)

    def decision(self, row: int, wait: float, hours: float) -> None:
        """What the decision on a visit took."""
        self.decisions += DECISION_ROW(row, wait, hours)

    def repair(self, row: int, hours: float) -> None:
        """A step in hand waited for a repair."""
        self.repairs += REPAIR_ROW(row, hours)

    def duty(self, person: int, kind: int, start: float, end: float, request: int) -> int:
        """A row of duties; where it begins."""
        row = len(self.duties)
        self.duties += DUTY_ROW(person, kind, start, end, request)
        return row

    def outcome(self, request: Request, done: float) -> None:
        """What became of a request."""
        self.outcomes += OUTCOME_ROW(
            request.id, request.first_start, done, request.status, request.handoffs, request.visit,
            request.returns, request.silent,
        )  # fmt: skip

    def output(
        self, world: World, people: Sequence[Person], unresolved: Iterable[Request], end: float
    ) -> Output:
        """The history so far of those who came; what is unfinished at `end` has no end."""
        busy = [person for person in people if person.busy]
        at_work = [
            person.row if person.kind == where.ALONGSIDE else person.task.row
            for person in busy
            if person.desk is None and person.task is not None
        ]
        idle = [person for person in busy if person.desk is not None or person.task is None]
        on_duty = [person.row for person in idle if person.kind != where.KEPT]
        np.frombuffer(self.visits, VISIT)["end"][places(at_work, VISIT)] = math.nan
        np.frombuffer(self.duties, DUTY)["end"][places(on_duty, DUTY)] = math.nan
        for request in unresolved:
            self.outcome(request, math.nan)
        outcomes = self._outcomes_by_request(len(world.arrival))
        became = {name: outcomes[name] for name in OUTCOME.names or () if name != "request"}
        visits, duties = self._visits_table(world, people), self._duties_table(world.customer, world.number)
        return Output(**became, visits=visits, duties=duties, end=end)

    def history(self, world: World, people: Sequence[Person], requests: NDArray[np.int64]) -> History:
        """What has become of these requests so far; what is unfinished has the end that was planned."""
        ends = self._outcomes_by_request(len(world.arrival))[requests]
        names = ("status", "handoffs", "repeats", "silent")
        outcomes = (ends[name].astype(np.int64) for name in names)
        wanted = np.zeros(len(world.arrival), np.bool_)
        wanted[requests] = True
        return History(ends["done"], *outcomes, self._visits_table(world, people, wanted))  # type: ignore[call-arg]

    def _outcomes_by_request(self, size: int) -> Table:
        """OUTCOME of all requests by id; those who have not come have no times and zeros."""
        noted = np.frombuffer(self.outcomes, OUTCOME)
        table = np.zeros(size, OUTCOME)
        table["first_start"], table["done"] = math.nan, math.nan
        table[noted["request"]] = noted
        table["first_start"][table["first_start"] == NOT_YET] = math.nan
        return table

    def _visits_table(
        self, world: World, people: Sequence[Person], wanted: NDArray[np.bool_] | None = None
    ) -> Table:
        """Visits by customer, number and time; only of the requests that are wanted, where that is said."""
        noted = np.frombuffer(self.visits, VISIT)
        chosen = np.arange(len(noted)) if wanted is None else np.flatnonzero(wanted[noted["request"]])
        rank = np.empty(len(world.order), np.int64)
        rank[world.order] = np.arange(len(rank))
        order = chosen[np.argsort(rank[noted["request"][chosen]], kind="stable")]
        place = np.full(len(noted), NONE, np.int64)
        place[order] = np.arange(len(order))
        of_worker = [person.department.id if person.desk is None else NONE for person in people]
        table = np.zeros(len(order), VISITS)
        for block in blocks(len(table)):
            _lay_out(table[block], noted[order[block]], world, np.array([*of_worker, NONE]))
        for some, kind in ((self.before, BEFORE), (self.more, MORE), (self.decisions, DECISION)):
            _fill(table, place, np.frombuffer(some, kind))
        conceded = place[places(self.concessions, VISIT)]
        table["concession"][conceded[conceded != NONE]] = 1
        if self.lent:
            rows, own = np.array(self.lent, np.int64).T
            helped = place[places(rows, VISIT)]
            table["department"][helped[helped != NONE]] = own[helped != NONE]
        _lengthen(table, place, np.frombuffer(self.repairs, REPAIR))
        canonical(table)
        return table

    def _duties_table(self, customer: NDArray[np.int32], number: NDArray[np.int32]) -> Table:
        """Duties by worker and time; customer and number by request, -1 for nobody's."""
        noted = np.frombuffer(self.duties, DUTY)
        noted = noted[np.argsort(noted["worker"], kind="stable")]
        table = np.zeros(len(noted), DUTIES)
        for name in ("worker", "kind", "start", "end"):
            table[name] = noted[name]
        about = noted["request"] >= 0
        request = noted["request"][about]
        table["customer"], table["number"] = (
            NONE,
            np.where(about, NONE, np.maximum(-2 - noted["request"], NONE)),
        )
        table["customer"][about], table["number"][about] = customer[request], number[request]
        canonical(table)
        return table


def places(rows: Sequence[int] | NDArray[np.int64], kind: np.dtype[Any]) -> NDArray[np.int64]:
    """Numbers of rows from where they begin."""
    return np.array(rows, np.int64) // kind.itemsize


def _lay_out(table: Table, noted: Table, world: World, department: NDArray[np.int64]) -> None:
    """Put visits into the rows of a table; `department`: of each worker, and at the end of nobody."""
    for name in ("worker", "visit", "passage", "kind", "adapted", "queued", "start", "end", "work"):
        table[name] = noted[name]
    request, step = noted["request"], noted["step_of_world"]
    for name in ("customer", "number", "product", "segment"):
        table[name] = getattr(world, name)[request]
    table["step"], table["function"] = world.step_position[step], world.step_function[step]
    table["department"] = department[noted["worker"]]
    away, working = noted["kind"] == OUTSIDE, noted["kind"] == STEP
    table["outside"][away] = noted["end"][away] - noted["start"][away]
    for name in UNFAMILIARITY:
        table[name] = working


def _lengthen(table: Table, place: NDArray[np.int64], noted: Table) -> None:
    """Steps whose workplace was broken end later by the hours of all its repairs; somebody outside works."""
    rows = place[places(noted["row"], VISIT)]
    for name in ("end", "outside"):
        np.add.at(table[name], rows[rows != NONE], noted["hours"][rows != NONE])


def _fill(table: Table, place: NDArray[np.int64], noted: Table) -> None:
    """Put what was noted of some visits into their rows; `place`: of each visit in the table, or NONE."""
    for block in blocks(len(noted)):
        rows = place[places(noted["row"][block], VISIT)]
        wanted = rows != NONE
        for name in (noted.dtype.names or ())[1:]:
            table[name][rows[wanted]] = noted[name][block][wanted]
