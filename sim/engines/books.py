"""What is true of every request, person, department and desk at this moment, as lists with one entry each.

Invariant: only the flow (simpy.py) changes the books; they decide nothing.
"""

import math
from array import array
from collections import deque
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.log import Budget, Log
from sim.engines.settings import Settings
from sim.organisation.build import NO_DESK, Organisation
from sim.review import State
from sim.rules.grid import on_grid
from sim.rules.laws import LAW_DETERMINISTIC
from sim.trajectory import COLUMN, FIRST, OPEN, RAW, RAW_DUTY, STEP
from sim.world import Market, World

NONE = -1
NO_KIND = (NONE, NONE)
Three = tuple[float, float, float]
ARRIVING, CLAIMING, RETURNING, AWAY, MOVING, COORDINATED, QUEUED, WORKED_ON, DECIDED = range(9)
"""Where a request is. CLAIMING: not taken on yet; AWAY: a delay outside; MOVING: between departments."""
CLAIM_TIME, OUTSIDE_TIME, HANDOFF_TIME, COORDINATION_TIME = range(4)
NOTHING = (0.0, 0.0, 0.0, 0.0)
"""Time spent on the way to a step, in the order of the log."""
ON_TRIAGE, IN_A_MEETING, AT_A_DESK = range(STEP + 1, STEP + 4)
"""What a person does besides steps."""


def _view(axis: NDArray[np.float64]) -> Any:
    """The array itself, read and written one number at a time without NumPy's detour."""
    return memoryview(axis)  # type: ignore[arg-type]


class Books:
    """The state of one replication. `step` is an index into the world's arrays of steps, `heading` a
    department."""

    def __init__(
        self, market: Market, world: World, organisation: Organisation, settings: Settings, state: State
    ):
        self.settings, self.state = settings, state
        self.switching = settings.switch_share > 0.0 or settings.switch_hours > 0.0
        self.failing = (
            settings.defect_base > 0.0 or settings.defect_unfamiliarity > 0.0 or settings.defect_context > 0.0
        )
        kinds, values = settings.laws.kinds.tolist(), settings.laws.firsts.tolist()
        self.fixed_hours = [
            on_grid(value) if kind == LAW_DETERMINISTIC else None
            for kind, value in zip(kinds, values, strict=True)
        ]
        self._read_world(market, world)
        self._read_organisation(organisation)
        n, people = len(world.arrival), len(organisation.role)
        # Of a request: where it is, what has happened to it, what is being measured.
        self.place, self.step, self.visit, self.passage = (
            [ARRIVING] * n,
            self.first_step[:-1],
            [0] * n,
            [FIRST] * n,
        )
        self.recognised, self.last_worker, self.last_department = [NONE] * n, [NONE] * n, [NONE] * n
        self.context, self.work_done, self.defective = [1.0] * n, [0.0] * n, [False] * n
        self.contacting, self.straight, self.triaged, self.toured = (
            [True] * n,
            [False] * n,
            [False] * n,
            [False] * n,
        )
        self.heading, self.since, self.open_row = [NONE] * n, [0.0] * n, [NONE] * n
        self.bosses, self.impatient = [0] * n, [False] * n
        self.before = [NOTHING] * n
        self.first_start, self.done, self.status = [math.nan] * n, [math.nan] * n, [OPEN] * n
        self.handoffs, self.repeats, self.returns, self.silent = [0] * n, [0] * n, [0] * n, [0] * n
        self.owner: dict[tuple[int, int], int] = {}
        # Of a person.
        self.busy, self.task, self.task_kind = [False] * people, [NONE] * people, [STEP] * people
        self.idle_since, self.task_since, self.owed = [0.0] * people, [0.0] * people, [0.0] * people
        self.last_kind, self.next_own, self.task_row = [NO_KIND] * people, [NONE] * people, [NONE] * people
        self.own: list[list[tuple[float, int]]] = [[] for _ in range(people)]
        # Of a department, a desk, a customer.
        self.queues: list[list[tuple[int, float, float, int]]] = [[] for _ in range(self.first_queue[-1])]
        self.idle: list[list[tuple[float, int]]] = [[] for _ in organisation.departments]
        self.present = [0] * len(organisation.departments)
        self.desks: list[deque[tuple[int, int]]] = [deque() for _ in self.first_person[1:]]
        self.last_server = [NONE] * len(self.record)
        # What happened at this instant and is not settled yet; who may have something to start.
        self.finished: list[int] = []
        self.moved: list[int] = []
        self.joining: list[int] = []
        self.out_of_patience: list[int] = []
        self.week_over, self.day_begun = NONE, False
        self.awake: list[int] = []
        self.stirred: set[int] = set()
        self.asked: set[int] = set()
        # The log.
        self.rows, self.duties, self.budget = bytearray(), array("d"), Budget(settings)

    def _read_world(self, market: Market, world: World) -> None:
        """Plain Python numbers: the clock must never see NumPy's, and lists are read faster one by one."""
        self.market = market
        self.customer, self.segment, self.product = (
            world.customer.tolist(),
            world.segment.tolist(),
            world.product.tolist(),
        )
        self.number, self.luck, self.arrival = (
            world.number.tolist(),
            world.state.tolist(),
            world.arrival.tolist(),
        )
        self.promise, self.patience = world.promise.tolist(), world.patience.tolist()
        self.first_step, self.position = world.first_step.tolist(), world.step_position.tolist()
        self.function, self.content = world.step_function.tolist(), world.step_work.tolist()
        self.record = world.recognised.tolist()
        self.knowledge: list[Three] = [(a, b, c) for a, b, c in market.knowledge.tolist()]
        self.mean_work = market.mean_work.tolist()
        self.margin, self.priority = market.margin.tolist(), market.priority.tolist()
        self.is_delay, self.exception = market.is_delay.tolist(), market.exception_share.tolist()

    def _read_organisation(self, organisation: Organisation) -> None:
        territory, queues, state = organisation.territory, organisation.queues, self.state
        self.department_of, self.grouped = territory.department_of.tolist(), territory.grouped.tolist()
        self.queue_of, self.rank = queues.queue_of.tolist(), queues.rank.tolist()
        self.first_queue, self.plain = queues.first_queue.tolist(), queues.plain.tolist()
        self.first_worker, self.home = organisation.first_worker.tolist(), organisation.department.tolist()
        self.first_person, self.meeting = organisation.first_person.tolist(), organisation.meeting.tolist()
        self.manager_desk, self.general_desk = organisation.manager_desk.tolist(), organisation.general_desk
        self.coordinator_desk, self.places = (
            organisation.coordinator_desk.tolist(),
            organisation.places.tolist(),
        )
        self.request_key, self.worker_key = organisation.request_key.tolist(), organisation.worker_key
        self.relay, self.pace = organisation.relay, state.pace.tolist()
        sizes = np.diff(organisation.first_person).tolist()
        self.desk_of = [NO_DESK] * organisation.workers + [
            desk for desk, size in enumerate(sizes) for _ in range(size)
        ]
        self.coordinated = organisation.coordinator_desk.max(initial=NO_DESK) != NO_DESK
        self.by_function, self.by_product = _view(state.by_function), _view(state.by_product)
        self.by_segment, self.cases = _view(state.by_segment), _view(state.cases)

    def log(self, end: float) -> Log:
        """The history so far; what is unfinished at `end` has no end."""
        rows = np.frombuffer(self.rows, np.float64).reshape(-1, len(RAW)).copy()
        duties = np.frombuffer(self.duties, np.float64).reshape(-1, len(RAW_DUTY)).copy()
        for person in np.flatnonzero(self.busy).tolist():
            if self.task_kind[person] in (STEP, ON_TRIAGE):
                rows[self.open_row[self.task[person]] // (rows.itemsize * len(RAW)), COLUMN["end"]] = math.nan
            else:
                duties[self.task_row[person] // len(RAW_DUTY), RAW_DUTY.index("end")] = math.nan
        status, handoffs, repeats, returns, silent = (
            np.array(values, np.int64)
            for values in (self.status, self.handoffs, self.repeats, self.returns, self.silent)
        )
        first_start, done = np.array(self.first_start), np.array(self.done)
        return Log(first_start, done, status, handoffs, repeats, returns, silent, rows, duties, end)
