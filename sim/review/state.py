"""What people and customers carry from week to week; the flow reads it and adds to it, the review changes it.

Invariant: arrays are made once per replication and never rebound.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.mechanisms.effects import Effects, on
from sim.mechanisms.feedback import MOST_BORDERS
from sim.mechanisms.markets import known_at_start, overlaps
from sim.mechanisms.record import Mechanism
from sim.memory import apart
from sim.model.scenario import Scenario
from sim.numbers import Numbers
from sim.organisation.build import Organisation
from sim.organisation.seats import seated
from sim.review.judging import Opinions
from sim.world import CustomerModel, World

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class State:
    """N people, n of them workers, the first ones.

    Arrays that are written lie apart, because replications may be played in threads.

    Attributes
    ----------
    by_function, by_product, by_segment : (N, F), (N, P), (N, S) experience in cases.
    seat : (N,) number of the seat. department : (n,) of each worker.
    cases, worked : (N,) steps and decisions done; hours of work begun, meetings included, absence not.
    waited : (N,) hours for which internal services were waited for, of those met.
    signals : (D x F, 8) returns by what a system cause made go wrong and borders crossed, since the review.
    numbers : `Numbers.plain` of the scenario. organisation, model, world : of the replication.
    root : of its draws.
    usual : effects as they are without slow mechanisms. effects : as they are now.
    slow : mechanisms that are on and change effects from week to week.
    opinions : what customers make of requests as they end; None where no mechanism asks.
    kept : what each of them keeps, by id. courtesy : by week, (n,) factor on empathy; empty where all is 1.
    unmet : by week, (P, S) need not met because nobody knew of it; empty where all is 0.
    """

    by_function: Floats
    by_product: Floats
    by_segment: Floats
    seat: NDArray[np.int64]
    department: NDArray[np.int64]
    cases: Floats
    worked: Floats
    waited: Floats
    signals: Floats
    numbers: Any
    organisation: Organisation
    model: CustomerModel
    world: World
    root: int
    usual: Effects
    effects: Effects
    slow: list[Mechanism]
    opinions: Opinions | None
    kept: dict[str, Any] = field(default_factory=dict)
    courtesy: list[Floats] = field(default_factory=list)
    unmet: list[Floats] = field(default_factory=list)

    def hear(self, cause: int, borders: int) -> None:
        """A customer comes back with what a system cause made go wrong (K6)."""
        self.signals[cause, min(borders, MOST_BORDERS)] += 1.0

    def set_effects(self, week: int) -> None:
        """Effects of the week to come, after `week` weeks: from neutral, one mechanism after the other."""
        for effect, usual in zip(self.effects, self.usual, strict=True):
            effect[...] = usual
        for mechanism in self.slow:
            if mechanism.effect is not None:
                mechanism.effect(self, self.effects, week)
        polite = [one.courtesy for one in self.slow if one.courtesy is not None]
        if polite:
            self.courtesy.append(np.ones(len(self.department)))
        for courtesy in polite:
            self.courtesy[-1] *= courtesy(self)
        self.unmet.extend(one.unmet(self) for one in self.slow if one.unmet is not None)


def starting_state(
    scenario: Scenario, model: CustomerModel, world: World, organisation: Organisation, numbers: Numbers
) -> State:
    """State at the start of a replication."""
    function, product, segment = organisation.experience
    carried = overlaps(scenario.company.segments)
    if carried is not None:
        segment = known_at_start(segment, carried)
    people = len(organisation.role)
    seat, pace = seated(scenario, organisation, world.root)
    usual = _usual(model, world, organisation, numbers, pace * organisation.tempo)
    slow = [one for one in on(numbers.plain) if one.keeps is not None or one.effect is not None]
    state = State(
        by_function=apart(function),
        by_product=apart(product),
        by_segment=apart(segment),
        seat=seat,
        department=organisation.department[: organisation.workers],
        cases=apart(np.zeros(people)),
        worked=apart(np.zeros(people)),
        waited=apart(np.zeros(people)),
        signals=apart(np.zeros((usual.defect_base.size, MOST_BORDERS + 1))),
        numbers=numbers.plain,
        organisation=organisation,
        model=model,
        world=world,
        root=world.root,
        usual=usual,
        effects=Effects(*map(apart, usual)),
        slow=slow,
        opinions=Opinions(scenario, world, people) if any(one.asks for one in slow) else None,
    )
    for one in state.slow:
        if one.keeps is not None:
            state.kept[one.id] = one.keeps(state)
    state.set_effects(0)
    return state


def _usual(
    model: CustomerModel, world: World, organisation: Organisation, numbers: Numbers, pace: Floats
) -> Effects:
    """Nothing but people's own pace, and meetings."""
    people, customers = len(organisation.role), len(world.customer_segment)
    sizes = len(organisation.departments), len(model.functions), len(model.products), len(model.segments)
    duties = np.zeros(people)
    duties[: organisation.workers] = organisation.meeting
    return Effects(
        pace=pace,
        care=np.ones(people),
        duty_hours=duties,
        away=np.zeros((people, numbers.plain.days)),
        active=np.ones(customers),
        standing=np.zeros(customers),
        work_factor=np.ones(sizes[2:]),
        defect_base=np.zeros(sizes[:2]),
    )
