"""What people carry from week to week; the flow of work reads and adds to it, the review ages it.

Invariant: arrays are made once per replication and never rebound.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.memory import apart
from sim.model.scenario import Scenario
from sim.organisation.build import Organisation
from sim.organisation.seats import seated

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class State:
    """N people.

    Arrays that are written lie apart, because replications may be played in threads.

    Attributes
    ----------
    by_function, by_product, by_segment : (N, F), (N, P), (N, S) experience in cases.
    seat, pace : (N,) number of the seat and its time factor.
    cases : (N,) steps and decisions done.
    retention : share of experience a week keeps.
    """

    by_function: Floats
    by_product: Floats
    by_segment: Floats
    seat: NDArray[np.int64]
    pace: Floats
    cases: Floats
    retention: float


def starting_state(scenario: Scenario, organisation: Organisation, origin: int) -> State:
    """State at the start of a replication; `origin` is the root of its draws."""
    function, product, segment = (apart(axis) for axis in organisation.experience)
    people = len(organisation.role)
    seat, pace = seated(scenario, organisation, origin)
    retention = float(organisation.planner.numbers[0].weekly_retention)
    return State(
        function, product, segment, seat, pace * organisation.tempo, apart(np.zeros(people)), retention
    )
