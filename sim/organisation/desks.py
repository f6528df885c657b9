"""What managers, coordinators and the general manager are asked for, and how many coordinators that takes.

Invariant: rates follow from the flow of work and the policies; nobody's experience matters here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.model.scenario import Scenario
from sim.organisation.flow import Flow
from sim.organisation.load import total
from sim.schema.laws import law_mean
from sim.world.market import Market

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
COORDINATOR_LOAD = 0.85
"""Coordinators are added until each is no busier than this; assumption, D."""


Part = tuple[Flow, Floats, float, bool]
"""A flow, cases a week by its rows, hours a case, does knowledge matter."""


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
    """Decisions a week, by row of a flow: the manager's, those of two bosses, the general manager's."""

    alone: Floats
    conflict: Floats
    general: Floats


def coordinated_groups(scenario: Scenario, market: Market) -> list[str]:
    """Segments or products that have coordinators, one desk each; none without a matrix."""
    matrix = scenario.structure.coordinators
    if matrix is None:
        return []
    return market.segments if matrix.group_by[0] == "segment" else market.products


def coordinators_needed(scenario: Scenario, flows: list[Flow], groups: int) -> list[int]:
    """Coordinators of each group: as many as their coordination takes at demand as usual, at least one."""
    each = scenario.coordination.matrix.coordination_hours
    hours = [
        math.fsum(total(_passed(scenario, flow, group, 0.0)) * each for flow in flows)
        for group in range(groups)
    ]
    return [max(1, math.ceil(own / (COORDINATOR_LOAD * scenario.week))) for own in hours]


def coordinator_work(
    scenario: Scenario, market: Market, flows: list[Flow], group: int, repeats: float
) -> DeskWork:
    """Work of the coordinators of a segment or product."""
    hours, coordinating = law_mean(scenario.coordination.decision), scenario.coordination.matrix
    parts: list[Part] = []
    seen_again: list[Part] = []
    for flow in flows:
        conflict = _decisions(scenario, market, flow, repeats).conflict
        passed = _passed(scenario, flow, group, repeats)
        taken_on = np.minimum(passed, np.where(flow.entry, flow.rate * scenario.demand.scale, 0.0))
        parts.append((flow, taken_on, coordinating.coordination_hours, False))
        parts.append((flow, np.where(_own(scenario, flow, group), conflict, 0.0), hours, True))
        seen_again.append((flow, passed - taken_on, coordinating.coordination_hours, False))
    return _together(parts, seen_again)


def desk_work(
    scenario: Scenario, market: Market, flows: list[Flow], managed: list[list[int]], repeats: float
) -> list[DeskWork]:
    """Work of every desk in order: managers (where there are any), coordinators, the general manager.

    Parameters
    ----------
    managed : departments of each manager's desk.
    repeats : expected repeated visits per first visit.
    """
    hours = law_mean(scenario.coordination.decision)
    asked = [_decisions(scenario, market, flow, repeats) for flow in flows]
    managers = [
        _together([(flows[d], asked[d].alone + asked[d].conflict, hours, True) for d in members])
        for members in managed
    ]
    coordinators = [
        coordinator_work(scenario, market, flows, group, repeats)
        for group in range(len(coordinated_groups(scenario, market)))
    ]
    general = [(flow, own.general, hours, True) for flow, own in zip(flows, asked, strict=True)]
    return [*managers, *coordinators, _together(general)]


def _passed(scenario: Scenario, flow: Flow, group: int, repeats: float) -> Floats:
    """Arrivals and handoffs a week that a coordinator sees, by row of the flow."""
    visits = flow.rate * scenario.demand.scale * (1.0 + repeats)
    return np.where((flow.crossing | flow.entry) & _own(scenario, flow, group), visits, 0.0)


def _own(scenario: Scenario, flow: Flow, group: int) -> NDArray[np.bool_]:
    """Rows of the segment or product that a coordinator looks after."""
    matrix = scenario.structure.coordinators
    by_segment = matrix is not None and matrix.group_by[0] == "segment"
    return np.asarray((flow.segment if by_segment else flow.product) == group)


def _decisions(scenario: Scenario, market: Market, flow: Flow, repeats: float) -> Decisions:
    policy, matrix = scenario.coordination, scenario.structure.coordinators
    visits = flow.rate * scenario.demand.scale * (1.0 + repeats)
    conflict = visits * (policy.matrix.conflict if matrix else 0.0)
    exceptions = (visits - conflict) * market.exceptions[flow.function] * (1.0 - policy.empowered_share)
    general = exceptions * np.where(flow.toured, policy.share_cross, 0.0)
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
