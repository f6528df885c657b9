"""The comparison work as a Ciw network: nodes for departments, customer classes for priorities, reneging,
rework.

Covers: priority classes, reneging, class change (work done again has no patience), routing back to the start.
"""

from __future__ import annotations

import random
from typing import Any

import ciw
from work import (
    ARRIVALS_PER_HOUR,
    CLASS_SHARES,
    CLASSES,
    PATIENCE,
    PRODUCT_FACTORS,
    REWORK,
    logarithms,
    people_per_department,
)


class Steps(ciw.dists.Distribution):  # type: ignore[misc]
    """Work of one step or the sum of several, scaled by the product drawn at the first service."""

    def __init__(self, steps: range) -> None:
        self.log_means, self.log_spread = logarithms()
        self.steps = steps

    def sample(self, t: float | None = None, ind: Any = None) -> float:
        """Hours of work for this individual."""
        if not hasattr(ind, "factor"):
            ind.factor = random.choice(PRODUCT_FACTORS)
        hours = (random.lognormvariate(self.log_means[step], self.log_spread) for step in self.steps)
        return float(ind.factor * sum(hours))


def network(by: str) -> Any:
    """The company as a Ciw network."""
    people = people_per_department(by)
    nodes = len(people)
    works = [Steps(range(n, n + 1)) for n in range(nodes)] if by == "function" else [Steps(range(4))] * nodes
    again = [f"{name} again" for name in CLASSES]
    entrances = [node == 0 or by != "function" for node in range(nodes)]
    rate = ARRIVALS_PER_HOUR / sum(entrances)
    arrivals = {
        name: at_entrances(entrances, rate * part) for name, part in zip(CLASSES, CLASS_SHARES, strict=True)
    }
    patience = dict.fromkeys(CLASSES, at_entrances(entrances, 1 / PATIENCE))
    return ciw.create_network(
        arrival_distributions=arrivals | {name: [None] * nodes for name in again},
        service_distributions=dict.fromkeys((*CLASSES, *again), works),
        number_of_servers=people,
        routing={name: back_to_start(by, nodes) for name in (*CLASSES, *again)},
        priority_classes={CLASSES[0]: 0, again[0]: 0, CLASSES[1]: 1, again[1]: 1},
        class_change_matrices=[
            changes(again, done=node == nodes - 1 or by != "function") for node in range(nodes)
        ],
        reneging_time_distributions=patience | {name: [None] * nodes for name in again},
    )


def at_entrances(entrances: list[bool], rate: float) -> list[Any]:
    """An exponential law with this rate at every node where requests enter."""
    return [ciw.dists.Exponential(rate) if entrance else None for entrance in entrances]


def back_to_start(by: str, nodes: int) -> list[list[float]]:
    """Chances to go from node to node: on along the line, and after the last step back to the first."""
    chances = [[0.0] * nodes for _ in range(nodes)]
    for node in range(nodes):
        if by != "function":
            chances[node][node] = REWORK
        elif node + 1 < nodes:
            chances[node][node + 1] = 1.0
        else:
            chances[node][0] = REWORK
    return chances


def changes(again: list[str], done: bool) -> dict[str, dict[str, float]]:
    """Class after a node: once the last step is ``done`` a request belongs to the class without patience."""
    names = [*CLASSES, *again]
    after = [*again, *again] if done else names
    return {
        name: {to: float(to == target) for to in names} for name, target in zip(names, after, strict=True)
    }


def run(by: str, requests: int, seed: int = 1) -> list[float]:
    """Simulate about ``requests``; return the response times of the resolved."""
    ciw.seed(seed)
    random.seed(seed)
    simulation = ciw.Simulation(network(by))
    simulation.simulate_until_max_time(requests / ARRIVALS_PER_HOUR)
    began: dict[int, float] = {}
    ended: dict[int, float] = {}
    left = set()
    for record in simulation.get_all_records():
        name = record.id_number
        began[name] = min(began.get(name, record.arrival_date), record.arrival_date)
        ended[name] = max(ended.get(name, record.exit_date), record.exit_date)
        if record.record_type == "renege":
            left.add(name)
    return [ended[name] - began[name] for name in ended if name not in left]
