"""How loaded a department will be: work expected a week over hours that people have.

Invariant: analytic and deterministic; simulation checks it, nothing in the simulation depends on it but the
staffing rule and the experience people start with.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import questions
from sim.jit import compiled
from sim.mechanisms import telling
from sim.mechanisms.forgetting import seasoned_cases
from sim.mechanisms.learning import handicap_of, total_cases
from sim.organisation.traffic import Traffic
from sim.world.customer_model import CustomerModel

Floats = NDArray[np.float64]
Record = Any
ROUNDS = 6


@dataclass(frozen=True)
class ExpectedLoad:
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


class ExpectedLoads(NamedTuple):
    """Rows of several numbers of workers: experience by function, product and segment, defects, the rest."""

    by_function: Floats
    by_product: Floats
    by_segment: Floats
    defect: Floats
    found: Floats

    def of(self, row: int) -> ExpectedLoad:
        """What to expect with the number of workers of a row."""
        load, hours, paced = self.found[row].tolist()
        cases = self.by_function[row], self.by_product[row], self.by_segment[row]
        return ExpectedLoad(load, cases, self.defect[row], hours, paced)


def total(values: Floats) -> float:
    """Sum that rounds once: the same bits on every processor, in every version."""
    return math.fsum(values.ravel().tolist())


@compiled
def unfamiliarities(numbers: Record, cases: Floats) -> Floats:
    """Unfamiliarity at each level of experience on one axis, related experience included."""
    together = total_cases(cases)
    values = np.empty(len(cases))
    for place in range(len(cases)):
        counted = questions.cases_counted(numbers, cases[place], together)
        values[place] = questions.unfamiliar_with(numbers, counted)
    return values


@compiled
def unfamiliar_version(
    numbers: Record, by_product: Floats, product: int, by_segment: Floats, segment: int
) -> float:
    """Unfamiliarity with a segment's own version of a product (C10)."""
    counted = questions.cases_counted(numbers, by_product[product], total_cases(by_product))
    held = questions.of_version(numbers, counted, by_segment[segment], total_cases(by_segment))
    return questions.unfamiliar_with(numbers, held)


@compiled
def segment_unfamiliarities(numbers: Record, cases: Floats) -> Floats:
    """The same on the axis of segments, where a shared record helps (K2)."""
    values = unfamiliarities(numbers, cases)
    for place in range(len(values)):
        values[place] = questions.with_record(numbers, values[place])
    return values


def experience_of(
    numbers: Record,
    model: CustomerModel,
    function: NDArray[np.int64],
    product: NDArray[np.int64],
    segment: NDArray[np.int64],
    rate: Floats,
) -> tuple[Floats, Floats, Floats]:
    """Experience of somebody who does `rate` cases a week of the given cells, as people.start says."""
    cases = np.empty(len(model.functions)), np.empty(len(model.products)), np.empty(len(model.segments))
    for axis, own in zip((function, product, segment), cases, strict=True):
        season(own, axis, rate, 1.0, numbers)
    return cases


def expected_loads(
    traffic: Traffic,
    model: CustomerModel,
    numbers: Record,
    workers: Sequence[int],
    available: Sequence[float],
    scale: float,
    repeats: float,
    helped: Floats,
) -> ExpectedLoads:
    """Expected loads of a department for several numbers of people, all of average pace.

    For people who differ see `ExpectedLoad.load_with`.

    Parameters
    ----------
    workers, available : numbers of people, and hours a week that so many have for requests.
    scale : factor on demand.
    repeats : expected repeated visits per first visit (rework and returns), >= 0.
    helped : (P, S) a coordinator's unfamiliarity with the segment, which replaces a greater one; 1 without.
    """
    sizes = len(model.functions), len(model.products), len(model.segments), len(traffic.rate), 3
    tables = [np.empty((len(workers), size)) for size in sizes]
    people = np.array(workers), np.array(available)
    known = model.knowledge, model.mean_work, helped
    settle_loads(traffic, *known, numbers, *people, scale, repeats, *tables)
    return ExpectedLoads(*tables)


@compiled
def settle_loads(
    traffic: Traffic, knowledge: Floats, mean_work: Floats, helped: Floats, numbers: Record,
    workers: NDArray[np.int64], available: Floats, scale: float, repeats: float, by_function: Floats,
    by_product: Floats, by_segment: Floats, defect: Floats, found: Floats,
) -> None:  # fmt: skip
    """Rows of the five tables for each number of people: a call from Python takes as long as ten of these."""
    for row in range(len(workers)):
        load, hours, paced = settle_load(
            traffic, knowledge, mean_work, helped, numbers, workers[row], available[row], scale, repeats,
            by_function[row], by_product[row], by_segment[row], defect[row],
        )  # fmt: skip
        found[row, 0], found[row, 1], found[row, 2] = load, hours, paced


@compiled
def settle_load(
    traffic: Traffic, knowledge: Floats, mean_work: Floats, helped: Floats, numbers: Record, workers: int,
    available: float, scale: float, repeats: float, by_function: Floats, by_product: Floats,
    by_segment: Floats, defect: Floats,
) -> tuple[float, float, float]:  # fmt: skip
    """Load, hours and those that go with people's pace; fills experience and defect probabilities.

    Overloaded people gain less experience.
    """
    load, hours, paced, throttle, switching = 0.0, 0.0, 0.0, 1.0, switch_chance(traffic, mean_work)
    relay = questions.queues_each_step(numbers)
    for _ in range(ROUNDS):
        each = scale * (1.0 + repeats) * (throttle / workers)
        season(by_function, traffic.function, traffic.rate, each, numbers)
        season(by_product, traffic.product, traffic.rate, each, numbers)
        season(by_segment, traffic.segment, traffic.rate, each, numbers)
        u_function, u_product = unfamiliarities(numbers, by_function), unfamiliarities(numbers, by_product)
        u_segment = segment_unfamiliarities(numbers, by_segment)
        hours = paced = 0.0
        for row in range(len(defect)):
            function, product, segment = traffic.function[row], traffic.product[row], traffic.segment[row]
            of_product = u_product[product]
            if numbers[0].variants_enabled:
                of_product = unfamiliar_version(numbers, by_product, product, by_segment, segment)
            u = u_function[function], of_product, min(u_segment[segment], helped[product, segment])
            weights = knowledge[function, 0], knowledge[function, 1], knowledge[function, 2]
            changed = 1.0 if traffic.crossing[row] else ((workers - 1) / workers if relay else 0.0)
            lost = (1.0 - traffic.kept[row]) * changed if traffic.prior[row] > 0.0 else 0.0
            defect[row] = questions.defect_chance(numbers, u, *weights, 1.0 - lost, 0.0, 1.0)
            handicap = handicap_of(*weights, *u)
            work = questions.expected_work(numbers, traffic.work[row], repeats)
            switch = questions.expected_switch(numbers, mean_work[product, function])
            switch *= switching if traffic.alone[row] or relay else 1.0
            effort = work * (1.0 + handicap + traffic.triage[row]) + switch
            effort += questions.expected_reread(numbers, lost, traffic.prior[row])
            if traffic.entry[row]:  # at first visits only
                effort += telling.expected_informing(numbers) / (1.0 + repeats)
            hours += traffic.rate[row] * scale * (1.0 + repeats) * effort
            paced += traffic.rate[row] * scale * (1.0 + repeats) * work * (1.0 + handicap)
        load = hours / available
        if load <= 1.0:
            break
        throttle = 1.0 / load
    return load, hours, paced


@compiled
def season(cases: Floats, axis: NDArray[np.int64], rate: Floats, each: float, numbers: Record) -> None:
    """Experience on one axis of somebody who does `each` of the rates a week, as people.start says."""
    cases[:] = questions.starting_cases(numbers)
    if not questions.starts_seasoned(numbers):
        return
    for row in range(len(rate)):
        cases[axis[row]] += rate[row] * each
    for place in range(len(cases)):
        cases[place] = seasoned_cases(cases[place], questions.weekly_retention(numbers))


@compiled
def switch_chance(traffic: Traffic, mean_work: Floats) -> float:
    """Probability that a visit differs from the worker's one before in function or product."""
    rates, total_rate, same = np.zeros_like(mean_work), 0.0, 0.0
    for row in range(len(traffic.rate)):
        rates[traffic.product[row], traffic.function[row]] += traffic.rate[row]
        total_rate += traffic.rate[row]
    if total_rate <= 0.0:
        return 0.0
    for product in range(len(rates)):
        for function in range(rates.shape[1]):
            share = rates[product, function] / total_rate
            same += share * share
    return 1.0 - same
