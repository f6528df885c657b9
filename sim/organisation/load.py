"""How loaded a department will be: work expected a week over hours that people have.

Invariant: analytic and deterministic; simulation checks it, nothing in the simulation depends on it but the
staffing rule and the experience people start with.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.jit import compiled
from sim.model.scenario import Scenario
from sim.organisation.flow import Flow
from sim.rules.effort import learning_exponent, unfamiliarity
from sim.rules.elementary import power
from sim.world.market import Market

Floats = NDArray[np.float64]
MOST_CASES = 1e12
ROUNDS = 6


@dataclass(frozen=True)
class Outlook:
    """What to expect of a department with a given number of workers.

    Attributes
    ----------
    load : expected busy hours over available hours, meetings taken off; 1 is the limit.
    cases : (3 arrays) experience of a worker by function, product and segment, just after a review.
    defect : (steps,) probability that a visit is defective.
    hours : expected hours of work a week.
    """

    load: float
    cases: tuple[Floats, Floats, Floats]
    defect: Floats
    hours: float


def weekly_retention(scenario: Scenario) -> float:
    """Experience kept from one weekly review to the next."""
    kept = scenario.people.retention_per_month
    return power(kept, 12.0 / 52.0) if kept > 0.0 else 0.0


def total(values: Floats) -> float:
    """Sum in pairs: the same bits on every processor, unlike a dot product."""
    return float(values.sum())


def meeting_hours(scenario: Scenario, workers: int, partners: int, functions: int) -> float:
    """Hours a week a worker spends in meetings and training; at most nine tenths of the week."""
    meetings = scenario.coordination.meetings
    hours = (
        meetings.base_hours
        + meetings.per_colleague_hours * (workers - 1)
        + meetings.per_partner_hours * partners
    )
    hours += scenario.staffing.training_hours_per_function * (functions - 1)
    return min(hours, 0.9 * scenario.week)


def seasoned_cases(rate: Floats, retention: float) -> Floats:
    """Experience just after a review that x cases a week settle at: `x g / (1 - g)`, g the retention."""
    if retention >= 1.0:
        return np.where(rate > 0.0, MOST_CASES, 0.0)
    return np.asarray(rate * (retention / (1.0 - retention)))


def unfamiliar(scenario: Scenario, cases: Floats) -> Floats:
    """Unfamiliarity at each level of experience on one axis, related experience included."""
    people = scenario.people
    counted = cases + people.related_weight * (cases.sum() - cases)
    return unfamiliarities(counted, people.beginner_cases, learning_exponent(people.learning_rate))


@compiled
def unfamiliarities(cases: Floats, beginner_cases: float, exponent: float) -> Floats:
    """`rules.effort.unfamiliarity` at each level of experience."""
    values = np.empty(len(cases))
    for axis in range(len(cases)):
        values[axis] = unfamiliarity(cases[axis], beginner_cases, exponent)
    return values


def experience_of(
    scenario: Scenario,
    market: Market,
    function: NDArray[np.int64],
    product: NDArray[np.int64],
    segment: NDArray[np.int64],
    rate: Floats,
) -> tuple[Floats, Floats, Floats]:
    """Experience of somebody who does `rate` cases a week of the given cells, as people.start says."""
    people = scenario.people
    sizes = (len(market.functions), len(market.products), len(market.segments))
    if people.start != "seasoned":
        start = people.start_cases if people.start == "explicit" else 0.0
        return np.full(sizes[0], start), np.full(sizes[1], start), np.full(sizes[2], start)
    retention = weekly_retention(scenario)

    def along(axis: NDArray[np.int64], size: int) -> Floats:
        a_week: Floats = np.bincount(axis, weights=rate, minlength=size).astype(np.float64)
        return seasoned_cases(a_week, retention)

    return along(function, sizes[0]), along(product, sizes[1]), along(segment, sizes[2])


def outlook(
    scenario: Scenario,
    market: Market,
    flow: Flow,
    workers: int,
    partners: int,
    functions: int,
    scale: float,
    repeats: float,
    helped: Floats,
) -> Outlook:
    """Expected load of a department whose people are all of average pace.

    Where paces differ the quick do more of the work, so real people are a little less busy.

    Parameters
    ----------
    workers, partners, functions : people, departments work is exchanged with, functions covered.
    scale : factor on demand.
    repeats : expected repeated visits per first visit (rework and returns), >= 0.
    helped : (P, S) a coordinator's unfamiliarity with the segment, which replaces a greater one; 1 without.
    """
    available = workers * (scenario.week - meeting_hours(scenario, workers, partners, functions))
    visits = flow.rate * scale * (1.0 + repeats)
    throttle = 1.0
    for _ in range(ROUNDS):
        cases = experience_of(
            scenario, market, flow.function, flow.product, flow.segment, visits * (throttle / workers)
        )
        defect, effort = _effort(scenario, market, flow, workers, cases, repeats, helped)
        hours = total(visits * effort)
        load = hours / available
        if load <= 1.0:
            break
        throttle = 1.0 / load
    return Outlook(load, cases, defect, hours)


def _effort(
    scenario: Scenario,
    market: Market,
    flow: Flow,
    workers: int,
    cases: tuple[Floats, Floats, Floats],
    repeats: float,
    helped: Floats,
) -> tuple[Floats, Floats]:
    """Defect probability and mean hours per visit of each row of the flow."""
    policy = scenario.coordination
    by_function, by_product, by_segment = (unfamiliar(scenario, axis) for axis in cases)
    weights = market.knowledge[flow.function]
    of_segment = np.minimum(by_segment[flow.segment], helped[flow.product, flow.segment])
    u = np.stack([by_function[flow.function], by_product[flow.product], of_segment], axis=1)
    handicap = (weights * u).sum(axis=1)
    weight = weights.sum(axis=1)
    mean_u = np.where(weight > 0.0, handicap / np.where(weight > 0.0, weight, 1.0), u.mean(axis=1))
    relay = scenario.people.ownership == "relay"
    changed = np.where(flow.crossing, 1.0, (workers - 1) / workers if relay else 0.0) * (flow.prior > 0.0)
    lost = (1.0 - flow.kept) * changed
    rules = policy.defects
    defect = np.clip(
        rules.base + rules.unfamiliarity * (mean_u - rules.reference) + lost * rules.context, 0.0, 1.0
    )
    visited = (1.0 + repeats * policy.rework.share) / (1.0 + repeats)
    work = flow.work * visited
    switch = _switches(scenario, flow, relay) * (
        scenario.people.switch_hours
        + scenario.people.switch_share * market.mean_work[flow.product, flow.function]
    )
    effort = work * (1.0 + handicap + flow.triage) + switch + lost * policy.reread_share * flow.prior
    return defect, effort


def _switches(scenario: Scenario, flow: Flow, relay: bool) -> Floats:
    """Probability that a visit differs from the worker's one before in function or product."""
    if not len(flow.rate) or flow.rate.sum() <= 0.0:
        return np.zeros(len(flow.rate))
    pair = flow.function * (flow.product.max() + 1) + flow.product
    shares = np.bincount(pair, weights=flow.rate) / flow.rate.sum()
    mixed = 1.0 - total(shares * shares)
    return np.where(flow.alone | relay, mixed, 1.0)


def expected_repeats(scenario: Scenario, wrong: float) -> float:
    """Expected repeated rounds of a request, from the probability that a round goes wrong."""
    rework = scenario.coordination.rework
    again = wrong * (rework.caught + (1.0 - rework.caught) * rework.complaint)
    if again <= 0.0 or again >= 1.0:
        return again * rework.rounds
    return again * (1.0 - power(again, float(rework.rounds))) / (1.0 - again)
