"""Runs before the run: the best spread of people, and the experience that choosy dispatch leads to.

Invariant: rehearsals use replications of their own, so the draws a result is measured with are not the
draws its organisation was chosen by.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from sim.mechanisms.rewards import worker_rule
from sim.model.scenario import Scenario
from sim.organisation import Organisation
from sim.organisation.staffing import allowed
from sim.review import State, weekly_review
from sim.trajectory import COORDINATOR, DONE, Trajectory

REHEARSAL = 2**40
"""First number of the replications that only rehearse."""
TRIES = 3
"""Replications by which two spreads of people are compared."""
PILOT_WEEKS = 156
"""Three years let experience settle where the dispatch rule decides who learns what."""
CANDIDATES = 3
"""Departments considered as giver and as taker in each round, by load."""

Simulate = Callable[[Scenario, int], Trajectory]
Pilot = Callable[[Scenario, int], State]


def with_best_staff(scenario: Scenario, organisation: Organisation, simulate: Simulate) -> Scenario:
    """The scenario with its people spread so that no move of one person shortens the mean response time.

    Starts from the spread by load; in each round the best of the moves between lightly and heavily loaded
    departments is made, while one helps; a place that becomes free is filled. All spreads meet the same
    customers.

    Parameters
    ----------
    organisation : of the scenario, with people spread by load.
    """
    names = organisation.departments
    sizes = np.diff(organisation.first_worker).tolist()
    coordinators = int((organisation.role == COORDINATOR).sum())
    best, shortest = sizes, _response(scenario, names, sizes, simulate)
    for _ in range(2 * len(names)):
        moves = [
            organisation.planner.filled(moved)
            for moved in _moves(scenario, organisation, best)
            if allowed(scenario, moved, coordinators, organisation.wages)
        ]
        tried = [(_response(scenario, names, moved, simulate), moved) for moved in moves]
        if not tried or min(tried)[0] >= shortest:
            break
        shortest, best = min(tried)
    return _staffed(scenario, names, best)


def _moves(scenario: Scenario, organisation: Organisation, sizes: list[int]) -> Iterator[list[int]]:
    """Spreads one person away: from the least to the most loaded departments."""
    planner = organisation.planner
    order = sorted(range(len(sizes)), key=lambda department: planner.look(department, sizes[department]).load)
    givers = [department for department in order if sizes[department] > 1][:CANDIDATES]
    for giver in givers:
        for taker in reversed(order[-CANDIDATES:]):
            if giver != taker:
                moved = list(sizes)
                moved[giver] -= 1
                moved[taker] += 1
                yield moved


def _staffed(scenario: Scenario, names: list[str], sizes: list[int]) -> Scenario:
    workers = dict(zip(names, sizes, strict=True))
    staffing = scenario.staffing.model_copy(update={"allocation": "explicit", "workers": workers})
    return scenario.model_copy(update={"staffing": staffing})


def _response(scenario: Scenario, names: list[str], sizes: list[int], simulate: Simulate) -> float:
    """Mean time from arrival to resolution, or to the end of the drain for requests never resolved.

    So nobody gains by losing customers, and a spread under which requests are left over is no shorter for it.
    """
    staffed = _staffed(scenario, names, sizes)
    last = scenario.horizon + scenario.experiment.drain_weeks * scenario.week
    means = []
    for number in range(TRIES):
        played = simulate(staffed, REHEARSAL + number)
        came = played.requests["arrival"]
        cohort = played.requests[(came >= played.warm_up) & (came < played.horizon)]
        spent = np.where(cohort["status"] == DONE, cohort["done"], last) - cohort["arrival"]
        means.append(math.fsum(spent) / max(1, len(spent)))
    return math.fsum(means) / TRIES


def needs_pilot(scenario: Scenario) -> bool:
    """Does the dispatch rule decide who gets experience, so that no formula can?"""
    people = scenario.people
    chosen = worker_rule(people) != "longest_idle"
    return chosen and people.start == "seasoned" and people.learning_rate < 1.0


def with_pilot_experience(scenario: Scenario, organisation: Organisation, play: Pilot) -> Organisation:
    """The organisation with the experience its people have after three years of demand as usual."""
    weeks = {"horizon_weeks": PILOT_WEEKS, "drain_weeks": 0, "warm_up_weeks": 0}
    usual = {"trend_per_year": 0.0, "surges": ()}
    pilot = scenario.model_copy(
        update={
            "experiment": scenario.experiment.model_copy(update=weeks),
            "demand": scenario.demand.model_copy(update=usual),
        }
    )
    state = play(pilot, REHEARSAL)
    weekly_review(state, PILOT_WEEKS)  # the run stops before its last review, and people start just after one
    return replace(organisation, experience=(state.by_function, state.by_product, state.by_segment))
