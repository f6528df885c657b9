"""Who takes what: free people, their own requests, the department's queue, the desks.

Invariant: `start` is called once an instant, after all that happened in it is known; the order is total.
"""

from heapq import heappop, heappush

from sim import draws
from sim.engines import where
from sim.engines.clock import Alarm, Clock, in_order
from sim.engines.entities import NONE, NOT_YET, Department, Desk, Person, Request
from sim.engines.event_log import EventLog
from sim.engines.matching import best_pair
from sim.engines.repairs import Repairs
from sim.engines.rulebook import Rulebook
from sim.engines.set_up import Crew
from sim.engines.support import Support
from sim.organisation.build import LONGEST_IDLE
from sim.trajectory import ABSENCE, MEETING, OPEN, STEP


class Staff:
    """People at work; `awake`, `stirred` and `asked` may have something to start at this instant."""

    def __init__(
        self, crew: Crew, clock: Clock, rules: Rulebook, event_log: EventLog, customers: int,
        moved: list[Request],
    ):  # fmt: skip
        self.crew, self.moved = crew, moved
        self.clock, self.rules, self.event_log = clock, rules, event_log
        self.last_server: list[Person | None] = [None] * customers
        self.task_over = [clock.alarm(self._note_finished, person) for person in crew.people]
        self.finished, self.awake = list[Person](), list[Person]()
        self.stirred, self.asked = list[Department](), list[Desk]()
        self.repairs = Repairs(rules, clock, event_log, self._take)
        self.support = Support(rules, clock, event_log, self.release)

    def start(self) -> None:
        """Who is free starts: first what is his or her own, then the department's queue; then the desks."""
        awake = in_order(self.awake) if self.awake else []
        for worker in awake if self.rules.state.slow else ():
            if worker.away_until > self.clock.now and not worker.busy:
                self._leave(worker)
        for worker in awake:
            if not worker.busy and not self.support.holds(worker):
                self._pick_own(worker)
        for department in in_order(self.stirred) if self.stirred else ():
            if department.plain and self.rules.worker_key == LONGEST_IDLE:
                self._dispatch(department)
            else:
                self._match(department)
        for desk in in_order(self.asked) if self.asked else ():
            self._serve(desk)
        self.repairs.start()
        self.support.start()

    def begin_day(self, day: int) -> None:
        """Who is away is away from the beginning of a day on; the others have meetings."""
        self.repairs.morning = self.clock.now
        for department in self.crew.departments:
            for worker in department.workers:
                away = self.rules.effects.away[worker.id, day].item()
                if away > 0.0:
                    worker.away_until = self.clock.now + away
                if away < self.rules.numbers.day:
                    worker.owed += self.rules.effects.duty_hours[worker.id].item()
                self.awake.append(worker)

    def tell_state(self) -> None:
        """What people have done, for the review."""
        state = self.rules.state
        for person in self.crew.people:
            state.cases[person.id], state.worked[person.id] = person.cases, person.worked

    def learn(self, person: Person, request: Request, coordinating: bool = False) -> None:
        """A case more on each axis; taking a request on teaches a coordinator about product and segment."""
        person.cases += 1.0
        if self.rules.learning:
            if not coordinating:
                person.by_function[self.rules.cells[request.step].function] += 1.0
            person.by_product[request.product] += 1.0
            person.by_segment[request.segment] += 1.0

    def release(self, person: Person) -> None:
        """Be free, until this instant is settled."""
        person.busy, person.idle_since = False, self.clock.now
        if person.desk is None:
            self.awake.append(person)
        else:
            self.asked.append(person.desk)

    def _leave(self, worker: Person) -> None:
        """Be away; what would wait too long for the worker waits in the queue, since it came back."""
        now = self.clock.now
        if not self.rules.waits_for(worker, now):
            left = [*(request for _, request in worker.own), worker.next_own]
            worker.own, worker.next_own = [], None
            for request in filter(None, left):
                department = request.filed.department
                heappush(request.filed.queue, self.rules.key(request, department, request.since))
                self.stirred.append(department)
        self._duty(worker, None, ABSENCE, worker.away_until - now)

    def _pick_own(self, worker: Person) -> None:
        """A meeting that is due, the next step of the request in hand, then requests that have come back."""
        if worker.owed > 0.0:
            hours, worker.owed = worker.owed, 0.0
            self._duty(worker, None, MEETING, hours)
            return
        request, worker.next_own = worker.next_own, None
        while worker.own and (request is None or request.status != OPEN):
            request = heappop(worker.own)[1]
        if request is not None and request.status == OPEN:
            self.begin(worker, request)
        else:
            heappush(worker.department.idle, (worker.idle_since, worker))
            self.stirred.append(worker.department)

    def _dispatch(self, department: Department) -> None:
        """First request, longest idle worker: the common case, where everybody may do everything."""
        queue, idle = department.queues[0], department.idle
        while queue and idle:
            since, worker = idle[0]
            if worker.busy or worker.idle_since != since:
                heappop(idle)
            elif queue[0][3].status != OPEN:
                heappop(queue)
            else:
                heappop(idle)
                self.begin(worker, heappop(queue)[3])

    def _match(self, department: Department) -> None:
        """The best pair of a worker and a request, while there is one."""
        while pair := best_pair(department, self.rules, self.last_server):
            self.begin(pair[0], heappop(department.queues[pair[1]])[3])

    def begin(self, worker: Person, request: Request) -> None:
        """Start on a request: its effort is fixed now, from who does it and what is known then."""
        now, department, kind = self.clock.now, request.filed.department, self.rules.task(request)
        department.waiting -= 1
        if request.first_start == NOT_YET:
            request.first_start = now
        if request.worker is not worker and request.worker is not None:
            request.context *= self.rules.context_kept(request.worker, worker)
        if kind == STEP:
            hours = self._step(worker, request)
        else:
            hours = self.rules.finding_out(request, kind)
            self.event_log.triage(request, worker.id, now, hours)
            request.triaged = True
        if kind != where.ON_TRIAGE:
            request.checked = True
            if not self.rules.relay:
                request.owners = request.owners or {}
                request.owners[department] = worker
        if department is not worker.department:
            self.event_log.lent.append((request.row, department.id))
        request.place, request.worker, request.department = where.WORKED_ON, worker, department
        self.last_server[request.customer] = worker
        worker.worked += hours
        if kind == STEP and self.rules.is_alongside(request):
            kind, request.place, worker.row = where.ALONGSIDE, where.RELEASED, request.row
            self.moved.append(request)
        self._occupy(worker, request, kind, hours)

    def _step(self, worker: Person, request: Request) -> float:
        """Hours of the step: its content and what is added to it; reading up restores the context."""
        work, more, chance = self.rules.effort(worker, request, self.clock.now - request.since)
        hours = work + more[0] + more[1] + more[2] + more[3] + more[4] + more[5]
        request.context, cell = 1.0, self.rules.cells[request.step]
        worker.last_kind = cell.function, cell.product
        if chance > 0.0 and self.rules.happens(request, draws.PURPOSE_DEFECT, chance):
            request.defective = True
            request.blamed = self.rules.blamed(request, worker, chance)
        request.work_done += work
        self.event_log.visit(request, worker.id, STEP, self.clock.now, self.clock.now + hours, work, more)
        return hours

    def _duty(self, person: Person, request: Request | None, duty: int, hours: float) -> None:
        """What is no step: a meeting, a decision, coordination, absence."""
        about = NONE if request is None else request.id
        person.worked += 0.0 if duty == ABSENCE else hours
        person.row = self.event_log.duty(person.id, duty, self.clock.now, self.clock.now + hours, about)
        self._occupy(person, request, where.IN_A_MEETING if request is None else where.AT_A_DESK, hours)

    def ask(self, request: Request) -> None:
        """Stand in line at the desk of the coordinator, or of whoever decides."""
        request.since = self.clock.now
        for boss, desk in enumerate(self.rules.desks(request)):
            assert desk is not None
            desk.jobs.append((request, boss))
            self.asked.append(desk)

    def _serve(self, desk: Desk) -> None:
        """Managers and coordinators take what is asked of them in order."""
        for person in desk.people:
            while desk.jobs and not person.busy:
                request, boss = desk.jobs.popleft()
                if request.status == OPEN:
                    self._duty(person, request, *self.rules.asked(person, request, boss))

    def _occupy(self, person: Person, request: Request | None, kind: int, hours: float) -> None:
        """Keep a person busy; a workplace may fail before a step is done."""
        person.busy, person.task, person.kind, person.since = True, request, kind, self.clock.now
        self._take(person, self.repairs.works(person, hours) if kind == STEP else hours)

    def _take(self, person: Person, hours: float) -> None:
        """What takes no time makes no event."""
        if hours > 0.0:
            self.task_over[person.id].set(hours)
        else:
            self.finished.append(person)

    def _note_finished(self, task_over: Alarm) -> None:
        self.finished.append(task_over.about)
