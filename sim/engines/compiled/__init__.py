"""The company at work as one event loop over arrays: the flow of the SimPy engine, compiled.

Read company.py first, then journey.py, staff.py, outcome.py, effort.py and reckoning.py: their functions are
the methods of the SimPy engine. Invariant: the log is that of the SimPy engine, bit for bit.
"""

import math
from itertools import count

from sim.bundle import bundle
from sim.engines.compiled.company import LEDGER_SHORT, TOO_MANY_ROUNDS, begin_play, play
from sim.engines.compiled.entities import Company
from sim.engines.compiled.ledger import duties_of, enlarged, visits_of
from sim.engines.compiled.set_up import gather_company
from sim.engines.log import Budget, Log
from sim.engines.settings import Settings
from sim.organisation.build import NO_DESK, Organisation
from sim.review import State, weekly_review
from sim.world import Market, World


def run(market: Market, world: World, organisation: Organisation, settings: Settings, state: State) -> Log:
    """Play one replication; `state` is changed in place.

    Raises
    ------
    BudgetExceeded
    """
    company, budget = gather_company(market, world, organisation, settings, state), Budget(settings)
    moment = company.moment[0]
    arrays = bundle(company)
    begin_play(arrays)
    for week in count(1):
        now = week * settings.week
        company, arrays = _play(company, arrays, budget, now)
        served = now >= settings.horizon and moment.open_in_time == 0
        if served or now >= settings.end:
            return _log(company, world, now)
        budget.events = moment.events.item()
        budget.check(now)
        moment.week_over = True
        company, arrays = _play(company, arrays, budget, now)
        weekly_review(state, week)
    raise AssertionError("weeks never end")


def _play(company: Company, arrays: Company, budget: Budget, until: float) -> tuple[Company, Company]:
    """Let the loop run until it needs more than room."""
    moment = company.moment[0]
    while True:
        stopped = play(arrays, until)
        if stopped == TOO_MANY_ROUNDS:
            budget.another_round(moment.rounds.item(), moment.now.item())
        if stopped != LEDGER_SHORT:
            return company, arrays
        company = enlarged(company)
        arrays = bundle(company)


def _log(company: Company, world: World, end: float) -> Log:
    """The history so far; what is unfinished at `end` has no end."""
    for person in company.people[company.people["busy"]]:
        if person.desk == NO_DESK and person.task >= 0:
            row = company.requests[person.task].row
            (company.later[-1 - row] if row < 0 else company.first[row]).end = math.nan
        else:
            company.duties[person.row].end = math.nan
    outcomes = (company.requests[name] for name in Log._fields[:7])
    return Log(*outcomes, visits_of(company, world.order), duties_of(company), end)  # type: ignore[call-arg, arg-type]


__all__ = ["run"]
