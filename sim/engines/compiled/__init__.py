"""The company at work as one event loop over arrays: the flow of the SimPy engine, compiled.

Read company.py first, then journey.py, staff.py, outcome.py, effort.py and rulebook.py: their functions are
the methods of the SimPy engine. Invariant: the output is that of the SimPy engine, bit for bit.
"""

import math
from functools import partial
from itertools import count

from sim.bundle import bundle
from sim.engines.compiled.company import LOG_SHORT, TOO_MANY_ROUNDS, begin_play, play
from sim.engines.compiled.entities import Company
from sim.engines.compiled.event_log import duties_of, enlarged, visits_of
from sim.engines.compiled.history import history_of, rows_in_order
from sim.engines.compiled.set_up import gather_company
from sim.engines.output import Budget, Output
from sim.engines.where import ALONGSIDE, KEPT
from sim.numbers import Numbers
from sim.organisation.build import NO_DESK, Organisation
from sim.review import State, weekly_review
from sim.world import CustomerModel, World


def run(
    model: CustomerModel, world: World, organisation: Organisation, numbers: Numbers, state: State
) -> Output:
    """Play one replication; `state` is changed in place.

    Raises
    ------
    BudgetExceeded
    """
    company, budget = gather_company(model, world, organisation, numbers, state), Budget(numbers.budgets)
    clock = company.clock[0]
    arrays = bundle(company)
    begin_play(arrays)
    begin = rows_in_order(world) if state.opinions is not None else world.first_step
    for week in count(1):
        now = week * numbers.plain.week
        company, arrays = _play(company, arrays, budget, now)
        served = now >= numbers.plain.horizon and clock.open_in_time == 0
        if served or now >= numbers.plain.end:
            return _output(company, world, now)
        budget.events = clock.events.item()
        budget.check(now)
        clock.week_over = True
        company, arrays = _play(company, arrays, budget, now)
        weekly_review(state, week, partial(history_of, company, begin))
    raise AssertionError("weeks never end")


def _play(company: Company, arrays: Company, budget: Budget, until: float) -> tuple[Company, Company]:
    """Let the loop run until it needs more than room."""
    clock = company.clock[0]
    while True:
        stopped = play(arrays, until)
        if stopped == TOO_MANY_ROUNDS:
            budget.another_round(clock.rounds.item(), clock.now.item())
        if stopped != LOG_SHORT:
            return company, arrays
        company = enlarged(company)
        arrays = bundle(company)


def _output(company: Company, world: World, end: float) -> Output:
    """The history so far; what is unfinished at `end` has no end."""
    for person in company.people[company.people["busy"]]:
        if person.desk == NO_DESK and person.task >= 0:
            row = person.row if person.kind == ALONGSIDE else company.requests[person.task].row
            (company.later[-1 - row] if row < 0 else company.first[row]).end = math.nan
        elif person.kind != KEPT:
            company.duties[person.row].end = math.nan
    names = ("first_start", "done", "status", "handoffs", "visit", "returns", "silent")
    outcomes = (company.requests[name] for name in names)
    return Output(*outcomes, visits_of(company, world.order), duties_of(company), end)  # type: ignore[call-arg, arg-type]


__all__ = ["run"]
