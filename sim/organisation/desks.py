"""What managers, coordinators and the general manager are asked for, and how many coordinators that takes.

Invariant: rates follow from the flow of work and the policies; nobody's experience matters here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.model.scenario import Scenario
from sim.organisation.load import total
from sim.organisation.traffic import Traffic
from sim.schema.laws import law_mean
from sim.world.customer_model import CustomerModel

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
COORDINATOR_LOAD = 0.85
"""Coordinators are added until each is no busier than this; assumption, D."""


Part = tuple[Traffic, Floats, float, bool]
"""A department's traffic, cases a week by its rows, hours a case, does knowledge matter."""


@dataclass(frozen=True)
class DeskWork:
    """What a desk is asked for: cells, cases a week, hours each; does knowledge matter, does it teach."""

    function: Integers
    product: Integers
    segment: Integers
    rate: Floats
    hours: Floats
    deciding: NDArray[np.bool_]
    taught: NDArray[np.bool_]

    @property
    def cases(self) -> Floats:
        """Cases a week that teach something."""
        return np.where(self.taught, self.rate, 0.0)


@dataclass(frozen=True)
class Decisions:
    """Decisions a week, by row of the traffic: the manager's, those of two bosses, the general manager's."""

    alone: Floats
    conflict: Floats
    general: Floats


def coordinated_groups(scenario: Scenario, model: CustomerModel) -> list[str]:
    """Segments or products that have coordinators, one desk each; none without a matrix."""
    matrix = scenario.structure.coordinators
    if matrix is None:
        return []
    return model.segments if matrix.group_by[0] == "segment" else model.products


def coordinators_needed(scenario: Scenario, all_traffic: list[Traffic], groups: list[str]) -> list[int]:
    """Coordinators of each group: as many as a sweep holds, or their coordination takes, at least one."""
    each, held = scenario.coordination.matrix.coordination_hours, scenario.staffing.held_coordinators
    hours = [
        math.fsum(total(_passed(scenario, traffic, group, 0.0)) * each for traffic in all_traffic)
        for group in range(len(groups))
    ]
    return [
        held.get(name) or max(1, math.ceil(own / (COORDINATOR_LOAD * scenario.week)))
        for name, own in zip(groups, hours, strict=True)
    ]


def coordinator_work(
    scenario: Scenario, model: CustomerModel, all_traffic: list[Traffic], group: int, repeats: float
) -> DeskWork:
    """Work of the coordinators of a segment or product."""
    hours, coordinating = law_mean(scenario.coordination.decision), scenario.coordination.matrix
    parts: list[Part] = []
    seen_again: list[Part] = []
    for traffic in all_traffic:
        conflict = _decisions(scenario, model, traffic, repeats).conflict
        passed = _passed(scenario, traffic, group, repeats)
        taken_on = np.minimum(passed, np.where(traffic.entry, traffic.rate * scenario.demand.scale, 0.0))
        parts.append((traffic, taken_on, coordinating.coordination_hours, False))
        parts.append((traffic, np.where(_own(scenario, traffic, group), conflict, 0.0), hours, True))
        seen_again.append((traffic, passed - taken_on, coordinating.coordination_hours, False))
    return _together(parts, seen_again)


def desk_work(
    scenario: Scenario,
    model: CustomerModel,
    all_traffic: list[Traffic],
    managed: list[list[int]],
    repeats: float,
) -> list[DeskWork]:
    """Work of every desk in order: managers (where there are any), coordinators, the general manager.

    Parameters
    ----------
    managed : departments of each manager's desk.
    repeats : expected repeated visits per first visit.
    """
    hours = law_mean(scenario.coordination.decision)
    asked = [_decisions(scenario, model, traffic, repeats) for traffic in all_traffic]
    managers = [
        _together([(all_traffic[d], asked[d].alone + asked[d].conflict, hours, True) for d in members])
        for members in managed
    ]
    coordinators = [
        coordinator_work(scenario, model, all_traffic, group, repeats)
        for group in range(len(coordinated_groups(scenario, model)))
    ]
    general = [(traffic, own.general, hours, True) for traffic, own in zip(all_traffic, asked, strict=True)]
    return [*managers, *coordinators, _together(general)]


def _passed(scenario: Scenario, traffic: Traffic, group: int, repeats: float) -> Floats:
    """Arrivals and handoffs a week that a coordinator sees, by row of the traffic."""
    visits = traffic.rate * scenario.demand.scale * (1.0 + repeats)
    return np.where((traffic.crossing | traffic.entry) & _own(scenario, traffic, group), visits, 0.0)


def _own(scenario: Scenario, traffic: Traffic, group: int) -> NDArray[np.bool_]:
    """Rows of the segment or product that a coordinator looks after."""
    matrix = scenario.structure.coordinators
    by_segment = matrix is not None and matrix.group_by[0] == "segment"
    return np.asarray((traffic.segment if by_segment else traffic.product) == group)


def _decisions(scenario: Scenario, model: CustomerModel, traffic: Traffic, repeats: float) -> Decisions:
    policy, matrix = scenario.coordination, scenario.structure.coordinators
    visits = traffic.rate * scenario.demand.scale * (1.0 + repeats)
    conflict = visits * (policy.matrix.conflict if matrix else 0.0)
    exceptions = (visits - conflict) * model.exceptions[traffic.function] * (1.0 - policy.empowered_share)
    general = exceptions * np.where(traffic.toured, policy.share_cross, 0.0)
    return Decisions(exceptions - general, conflict, general)


def _together(parts: list[Part], untaught: Sequence[Part] = ()) -> DeskWork:
    """All that a desk is asked for; what is `untaught` takes time and teaches nothing."""
    everything = [*parts, *untaught]
    function, product, segment = (
        np.concatenate([getattr(part[0], name) for part in everything])
        for name in ("function", "product", "segment")
    )
    rate = np.concatenate([part[1] for part in everything])
    hours = np.concatenate([np.full(len(part[1]), part[2]) for part in everything])
    deciding = np.concatenate([np.full(len(part[1]), part[3]) for part in everything])
    lessons = [True] * len(parts) + [False] * len(untaught)
    taught = np.repeat(lessons, [len(part[1]) for part in everything])
    return DeskWork(function, product, segment, rate, hours, deciding, taught)
