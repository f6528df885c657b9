"""The experience people start with: what learning and forgetting would have settled at in this structure.

Invariant: experience follows from the work a person would get; no structure is given any for free.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.model.laws import law_mean
from sim.model.scenario import Scenario
from sim.organisation.flow import Flow
from sim.organisation.load import experience_of, unfamiliar
from sim.organisation.staffing import Plan
from sim.world.market import Market

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Axes = tuple[Floats, Floats, Floats]
COORDINATOR_LOAD = 0.85
"""Coordinators are added until each is no busier than this; assumption, D."""


@dataclass(frozen=True)
class DeskWork:
    """What a desk is asked for: cells, cases a week, hours per case, and whether knowledge matters for it."""

    function: Integers
    product: Integers
    segment: Integers
    rate: Floats
    hours: Floats
    deciding: NDArray[np.bool_]


def starting_experience(
    scenario: Scenario, market: Market, plan: Plan, desks: list[DeskWork], sizes: list[int]
) -> tuple[Axes, Floats]:
    """Experience of every person at the start, and the expected load of every desk.

    Returns
    -------
    ((N, F), (N, P), (N, S)) cases, and (K,) load of the managers', coordinators' and general manager's desks.
    """
    people = [
        plan.outlooks[department].cases for department, size in enumerate(plan.workers) for _ in range(size)
    ]
    loads = []
    for work, size in zip(desks, sizes, strict=True):
        cases = experience_of(scenario, market, work.function, work.product, work.segment, work.rate / size)
        people += [cases] * size
        loads.append(_load(scenario, market, work, cases, size))
    function, product, segment = (
        np.array([person[axis] for person in people], np.float64).reshape(len(people), -1)
        for axis in range(3)
    )
    return (function, product, segment), np.array(loads)


def _load(scenario: Scenario, market: Market, work: DeskWork, cases: Axes, size: int) -> float:
    weights = market.knowledge[work.function]
    u = np.stack(
        [
            unfamiliar(scenario, axis)[ids]
            for axis, ids in zip(cases, (work.function, work.product, work.segment), strict=True)
        ],
        axis=1,
    )
    handicap = np.where(work.deciding, (weights * u).sum(axis=1), 0.0)
    return float(np.dot(work.rate * work.hours, 1.0 + handicap)) / (size * scenario.week)


def coordinators_needed(scenario: Scenario, flows: list[Flow], groups: int) -> list[int]:
    """Coordinators of each group: as many as their coordination takes at demand as usual, at least one."""
    hours = [0.0] * groups
    for flow in flows:
        for group in range(groups):
            hours[group] += (
                float(_passed(scenario, flow, group, 0.0).sum())
                * scenario.coordination.matrix.coordination_hours
            )
    return [max(1, math.ceil(own / (COORDINATOR_LOAD * scenario.week))) for own in hours]


def _passed(scenario: Scenario, flow: Flow, group: int, repeats: float) -> Floats:
    """Arrivals and handoffs a week that a coordinator sees, by row of the flow."""
    matrix = scenario.structure.coordinators
    axis = flow.segment if matrix is not None and matrix.group_by[0] == "segment" else flow.product
    visits = flow.rate * scenario.demand.scale * (1.0 + repeats)
    return np.asarray(np.where(flow.crossing | (flow.prior <= 0.0), visits, 0.0) * (axis == group))


def desk_work(
    scenario: Scenario, market: Market, plan: Plan, flows: list[Flow], groups: int
) -> list[DeskWork]:
    """Work of every desk in order: managers, coordinators, the general manager (where there are managers)."""
    policy = scenario.coordination
    decision = law_mean(policy.decision)
    cross = policy.share_cross
    asked = [
        flow.rate
        * scenario.demand.scale
        * (1.0 + plan.repeats)
        * market.exception_share[flow.function]
        * (1.0 - policy.empowered_share)
        for flow in flows
    ]
    desks = [
        _together(
            market,
            [
                (flows[d], asked[d] * np.where(flows[d].prior > 0.0, 1.0 - cross, 1.0), decision, True)
                for d in members
            ],
        )
        for members in plan.desks.of_departments
    ]
    for group in range(groups):
        parts = []
        for flow in flows:
            passed = _passed(scenario, flow, group, plan.repeats)
            parts.append((flow, passed, policy.matrix.coordination_hours, False))
            parts.append(
                (
                    flow,
                    np.where(passed > 0.0, flow.rate, 0.0) * scenario.demand.scale * policy.matrix.conflict,
                    decision,
                    True,
                )
            )
        desks.append(_together(market, parts))
    general = [
        (flow, rate * cross * (flow.prior > 0.0), decision, True)
        for flow, rate in zip(flows, asked, strict=True)
    ]
    return [*desks, _together(market, general)]


def _together(market: Market, parts: list[tuple[Flow, Floats, float, bool]]) -> DeskWork:
    function, product, segment = (
        np.concatenate([getattr(part[0], name) for part in parts])
        for name in ("function", "product", "segment")
    )
    rate = np.concatenate([part[1] for part in parts])
    hours = np.concatenate([np.full(len(part[1]), part[2]) for part in parts])
    deciding = np.concatenate([np.full(len(part[1]), part[3]) for part in parts])
    return DeskWork(function, product, segment, rate, hours, deciding)
