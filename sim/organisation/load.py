"""How loaded a department will be: work expected a week over hours that people have.

Invariant: analytic and deterministic; simulation checks it, nothing in the simulation depends on it but the
staffing rule and the experience people start with.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.jit import compiled
from sim.model.scenario import Scenario
from sim.organisation.flow import Flow
from sim.rules.effort import handicap_of, learning_exponent, unfamiliarity
from sim.rules.elementary import power
from sim.rules.quality import defect_probability, mean_unfamiliarity
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
    hours : expected hours of work a week. paced : those that a quicker person needs less of.
    """

    load: float
    cases: tuple[Floats, Floats, Floats]
    defect: Floats
    hours: float
    paced: float

    def load_with(self, paces: Floats) -> float:
        """Load of people with these time factors, (workers,): the quick do more of the work."""
        share = self.paced / self.hours if self.hours > 0.0 else 0.0
        speeds = [1.0 / (1.0 + share * (pace - 1.0)) for pace in paces.tolist()]
        return self.load * len(speeds) / math.fsum(speeds)


def weekly_retention(scenario: Scenario) -> float:
    """Experience kept from one weekly review to the next."""
    kept = scenario.people.retention_per_month
    return power(kept, 12.0 / 52.0) if kept > 0.0 else 0.0


def total(values: Floats) -> float:
    """Sum that rounds once: the same bits on every processor, in every version."""
    return math.fsum(values.ravel().tolist())


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


class Terms(NamedTuple):
    """What the expected load depends on besides work and people: the scenario's constants."""

    retention: float
    seasoned: bool
    start_cases: float
    related_weight: float
    beginner_cases: float
    exponent: float
    relay: bool
    defect_base: float
    defect_unfamiliarity: float
    defect_reference: float
    defect_context: float
    rework_share: float
    switch_hours: float
    switch_share: float
    reread_share: float


def terms_of(scenario: Scenario) -> Terms:
    """Constants of the scenario."""
    people, policy = scenario.people, scenario.coordination
    return Terms(
        retention=weekly_retention(scenario),
        seasoned=people.start == "seasoned",
        start_cases=people.start_cases if people.start == "explicit" else 0.0,
        related_weight=people.related_weight,
        beginner_cases=people.beginner_cases,
        exponent=float(learning_exponent(people.learning_rate)),
        relay=people.ownership == "relay",
        defect_base=policy.defects.base,
        defect_unfamiliarity=scenario.defect_unfamiliarity,
        defect_reference=policy.defects.reference,
        defect_context=policy.defects.context,
        rework_share=policy.rework.share,
        switch_hours=people.switch_hours,
        switch_share=people.switch_share,
        reread_share=policy.reread_share,
    )


def outlook(
    flow: Flow,
    market: Market,
    terms: Terms,
    workers: int,
    available: float,
    scale: float,
    repeats: float,
    helped: Floats,
) -> Outlook:
    """Expected load of a department whose people are all of average pace.

    For people who differ see `Outlook.load_with`.

    Parameters
    ----------
    available : hours a week that its people have for requests.
    scale : factor on demand.
    repeats : expected repeated visits per first visit (rework and returns), >= 0.
    helped : (P, S) a coordinator's unfamiliarity with the segment, which replaces a greater one; 1 without.
    """
    cases = np.empty(len(market.functions)), np.empty(len(market.products)), np.empty(len(market.segments))
    defect = np.empty(len(flow.rate))
    known = market.knowledge, market.mean_work, helped, terms
    load, hours, paced = settle_load(flow, *known, workers, available, scale, repeats, *cases, defect)
    return Outlook(load, cases, defect, hours, paced)


@compiled
def settle_load(
    flow: Flow, knowledge: Floats, mean_work: Floats, helped: Floats, terms: Terms, workers: int,
    available: float, scale: float, repeats: float, by_function: Floats, by_product: Floats,
    by_segment: Floats, defect: Floats,
) -> tuple[float, float, float]:  # fmt: skip
    """Load, hours and those that go with people's pace; fills experience and defect probabilities.

    Overloaded people gain less experience.
    """
    load, hours, paced, throttle = 0.0, 0.0, 0.0, 1.0
    u_function, u_product = np.empty_like(by_function), np.empty_like(by_product)
    u_segment, switching = np.empty_like(by_segment), switch_chance(flow, mean_work)
    for _ in range(ROUNDS):
        each = scale * (1.0 + repeats) * (throttle / workers)
        season(by_function, u_function, flow.function, flow.rate, each, terms)
        season(by_product, u_product, flow.product, flow.rate, each, terms)
        season(by_segment, u_segment, flow.segment, flow.rate, each, terms)
        hours = paced = 0.0
        for row in range(len(defect)):
            function, product, segment = flow.function[row], flow.product[row], flow.segment[row]
            u = u_function[function], u_product[product], min(u_segment[segment], helped[product, segment])
            weights = knowledge[function, 0], knowledge[function, 1], knowledge[function, 2]
            changed = 1.0 if flow.crossing[row] else ((workers - 1) / workers if terms.relay else 0.0)
            lost = (1.0 - flow.kept[row]) * changed if flow.prior[row] > 0.0 else 0.0
            mean_u = mean_unfamiliarity(u[0], u[1], u[2], weights[0], weights[1], weights[2])
            defect[row] = defect_probability(
                terms.defect_base, terms.defect_unfamiliarity, mean_u, terms.defect_reference,
                1.0 - lost, terms.defect_context,
            )  # fmt: skip
            handicap = handicap_of(weights[0], weights[1], weights[2], u[0], u[1], u[2])
            work = flow.work[row] * (1.0 + repeats * terms.rework_share) / (1.0 + repeats)
            switch = terms.switch_hours + terms.switch_share * mean_work[product, function]
            switch *= switching if flow.alone[row] or terms.relay else 1.0
            effort = work * (1.0 + handicap + flow.triage[row]) + switch
            effort += lost * terms.reread_share * flow.prior[row]
            hours += flow.rate[row] * scale * (1.0 + repeats) * effort
            paced += flow.rate[row] * scale * (1.0 + repeats) * work * (1.0 + handicap)
        load = hours / available
        if load <= 1.0:
            break
        throttle = 1.0 / load
    return load, hours, paced


@compiled
def season(
    cases: Floats, unfamiliar: Floats, axis: NDArray[np.int64], rate: Floats, each: float, terms: Terms
) -> None:
    """Experience and unfamiliarity on one axis of somebody who does `each` of the rates a week."""
    cases[:] = 0.0 if terms.seasoned else terms.start_cases
    if terms.seasoned:
        for row in range(len(rate)):
            cases[axis[row]] += rate[row] * each
    together = 0.0
    for place in range(len(cases)):
        if terms.seasoned and terms.retention >= 1.0:
            cases[place] = MOST_CASES if cases[place] > 0.0 else 0.0
        elif terms.seasoned:
            cases[place] *= terms.retention / (1.0 - terms.retention)
        together += cases[place]
    for place in range(len(cases)):
        counted = cases[place] + terms.related_weight * (together - cases[place])
        unfamiliar[place] = unfamiliarity(counted, terms.beginner_cases, terms.exponent)


@compiled
def switch_chance(flow: Flow, mean_work: Floats) -> float:
    """Probability that a visit differs from the worker's one before in function or product."""
    rates, total_rate, same = np.zeros_like(mean_work), 0.0, 0.0
    for row in range(len(flow.rate)):
        rates[flow.product[row], flow.function[row]] += flow.rate[row]
        total_rate += flow.rate[row]
    if total_rate <= 0.0:
        return 0.0
    for product in range(len(rates)):
        for function in range(rates.shape[1]):
            share = rates[product, function] / total_rate
            same += share * share
    return 1.0 - same


def expected_repeats(scenario: Scenario, wrong: float) -> float:
    """Expected repeated rounds of a request, from the probability that a round goes wrong."""
    rework = scenario.coordination.rework
    again = wrong * (rework.caught + (1.0 - rework.caught) * rework.complaint)
    if again <= 0.0 or again >= 1.0:
        return again * rework.rounds
    return again * (1.0 - power(again, float(rework.rounds))) / (1.0 - again)
