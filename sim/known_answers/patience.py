"""Customers who do not wait for ever: Poisson arrivals, exponential servers, any law of patience.

Invariant: with endless patience the answers are those of M/M/c, and they exist for every load when patience
is finite, because those who leave keep the queue bounded.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

from sim.known_answers.laws import Law, moment, survival
from sim.known_answers.stations import erlang_b

Curve = Callable[[float], float]


def impatient_station(
    arrival_rate: float, service_rate: float, servers: int, patience: Law
) -> dict[str, float]:
    """M/M/c+G: P_ab, p_wait, EW_all, EW_served, Lq, occ.

    With H(x) the integral of the survival of patience, e(x) = exp(lam H(x) - c mu x), J = int e,
    E = 1 / ErlangB(c - 1):  p_wait = lam J / (E + lam J),  P_ab = (1 + (lam - c mu) J) / (E + lam J),
    EW_all = lam int H e / (E + lam J),  wait of the served = lam int x S(x) e / (E + lam J).
    Source: Baccelli, Hebuterne 1981; Zeltyn, Mandelbaum 2005.

    >>> answer = impatient_station(5.0, 1.0, 5, {"law": "exponential", "mean": 2.0})
    >>> round(answer["P_ab"], 9), round(answer["EW_all"], 9), round(answer["p_wait"], 9)
    (0.146131571, 0.292263142, 0.633151305)
    """
    capacity = servers * service_rate
    stays, waited = survival(patience), mean_survival(patience)
    grid = Grid(patience, arrival_rate, capacity)
    weigh = [math.exp(arrival_rate * waited(x) - capacity * x) for x in grid.points]
    mass = grid.integrate(weigh)
    empty = 1 / erlang_b(servers - 1, arrival_rate / service_rate)
    total = empty + arrival_rate * mass
    all_waits = grid.integrate([waited(x) * w for x, w in zip(grid.points, weigh, strict=True)])
    served_waits = grid.integrate([x * stays(x) * w for x, w in zip(grid.points, weigh, strict=True)])
    left = (1 + (arrival_rate - capacity) * mass) / total
    return {
        "P_ab": left,
        "P_served": 1 - left,
        "p_wait": arrival_rate * mass / total,
        "EW_all": arrival_rate * all_waits / total,
        "EW_served": arrival_rate * served_waits / total / (1 - left),
        "Lq": arrival_rate * arrival_rate * all_waits / total,
        "occ": arrival_rate * (1 - left) / capacity,
    }


class Grid:
    """Gauss-Legendre points on panels that end where the survival of patience jumps or bends."""

    def __init__(self, patience: Law, arrival_rate: float, capacity: float) -> None:
        import numpy

        nodes, weights = numpy.polynomial.legendre.leggauss(24)
        edges = panel_edges(patience, arrival_rate, capacity)
        self.points: list[float] = []
        self.weights: list[float] = []
        for low, high in pairwise(edges):
            half = (high - low) / 2
            self.points += [low + half * (node + 1) for node in nodes.tolist()]
            self.weights += [half * weight for weight in weights.tolist()]

    def integrate(self, values: list[float]) -> float:
        """Integral of a function given at ``points``."""
        return math.fsum(value * weight for value, weight in zip(values, self.weights, strict=True))


def panel_edges(patience: Law, arrival_rate: float, capacity: float, panels: int = 400) -> list[float]:
    """Panel edges from 0 to where exp(lam H(x) - c mu x) is negligible, with every jump of patience an
    edge."""
    waited = mean_survival(patience)
    end = moment(patience, 1) if patience["law"] != "none" else 1 / capacity
    while arrival_rate * waited(end) - capacity * end > -46:
        end *= 1.5
    edges = {end * k / panels for k in range(panels + 1)}
    return sorted(edges | {bend for bend in bends(patience) if bend < end})


def bends(patience: Law) -> list[float]:
    """Where the survival of patience is not smooth."""
    match patience["law"]:
        case "deterministic":
            return [float(patience["mean"])]
        case "uniform":
            return [float(patience["low"]), float(patience["high"])]
        case "empirical":
            return [float(value) for value in patience["values"]]
        case _:
            return []


def mean_survival(patience: Law) -> Curve:
    """H(x): integral of the survival of patience from 0 to x, in closed form.

    >>> mean_survival({"law": "deterministic", "mean": 2.0})(5.0)
    2.0
    """
    kind = patience["law"]
    if kind == "none":
        return lambda x: x
    if kind == "exponential":
        return lambda x: patience["mean"] * -math.expm1(-x / patience["mean"])
    if kind == "deterministic":
        return lambda x: min(x, float(patience["mean"]))
    if kind == "uniform":
        low, high = patience["low"], patience["high"]
        return lambda x: min(x, low) + ramp(min(max(x - low, 0.0), high - low), high - low)
    if kind == "empirical":
        values = patience["values"]
        weights = patience.get("weights") or [1.0] * len(values)
        total = math.fsum(weights)
        return lambda x: math.fsum(w * min(x, v) for v, w in zip(values, weights, strict=True)) / total
    raise ValueError(f"no closed patience for the law {kind!r}")


def ramp(passed: float, length: float) -> float:
    """Integral of a survival that falls in a straight line from 1 to 0 over ``length``, after ``passed``."""
    return passed - passed * passed / (2 * length)
