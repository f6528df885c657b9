"""Moments, transforms and survival of the laws a scenario can name, for the exact answers.

Invariant: a law is the plain mapping of the configuration (``{"law": "erlang", "mean": 2, "stages": 3}``),
so an exact answer and a simulated one are made from the same words. Independent of the samplers it helps to
test.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

Law = Mapping[str, Any]


def moment(law: Law, order: int) -> float:
    """First (``order`` 1) or second (2) moment of a law.

    >>> moment({"law": "uniform", "low": 0.0, "high": 2.0}, 2).__round__(12)
    1.333333333333
    """
    if law["law"] in ("empirical", "trace"):
        return math.fsum(chance * value**order for value, chance in atoms(law))
    mean = (law["low"] + law["high"]) / 2 if law["law"] == "uniform" else law["mean"]
    return float(mean) if order == 1 else float(mean * mean * (1 + squared_variation(law)))


def squared_variation(law: Law) -> float:
    """Squared coefficient of variation (variance over squared mean).

    >>> squared_variation({"law": "erlang", "mean": 3.0, "stages": 4})
    0.25
    """
    match law["law"]:
        case "deterministic":
            return 0.0
        case "exponential":
            return 1.0
        case "erlang":
            return 1.0 / float(law["stages"])
        case "uniform":
            spread = law["high"] - law["low"]
            return float(spread * spread / 3 / (law["high"] + law["low"]) ** 2)
        case "lognormal" | "gamma" | "hyperexponential":
            return float(law["cv"]) ** 2
        case _:
            mean = moment(law, 1)
            return moment(law, 2) / (mean * mean) - 1


def atoms(law: Law) -> list[tuple[float, float]]:
    """Pairs (value, chance) of a law with finitely many values.

    >>> atoms({"law": "empirical", "values": [1, 3], "weights": [3, 1]})
    [(1.0, 0.75), (3.0, 0.25)]
    """
    if law["law"] == "deterministic":
        return [(float(law["mean"]), 1.0)]
    values = law["values"]
    weights = law.get("weights") or [1.0] * len(values)
    total = math.fsum(weights)
    return [(float(value), weight / total) for value, weight in zip(values, weights, strict=True)]


def balanced_branches(mean: float, cv: float) -> list[tuple[float, float]]:
    """Pairs (chance, rate) of the two-branch hyperexponential with balanced means. Source: Whitt 1982.

    >>> branches = balanced_branches(2.0, 1.5)
    >>> round(sum(chance / rate for chance, rate in branches), 12)
    2.0
    """
    squared = cv * cv
    first = (1 + math.sqrt((squared - 1) / (squared + 1))) / 2
    return [(chance, 2 * chance / mean) for chance in (first, 1 - first)]


def transform(law: Law) -> Callable[[float], float]:
    """Laplace transform E[exp(-s X)] as a function of s >= 0; lognormal has none in closed form.

    >>> transform({"law": "exponential", "mean": 0.5})(2.0)
    0.5
    """
    kind = law["law"]
    if kind == "exponential":
        return lambda s: 1 / (1 + s * law["mean"])
    if kind in ("erlang", "gamma"):
        shape = 1 / squared_variation(law)
        return lambda s: float((1 + s * law["mean"] / shape) ** -shape)
    if kind == "uniform":
        low, high = law["low"], law["high"]
        return lambda s: 1.0 if s == 0 else (math.exp(-s * low) - math.exp(-s * high)) / (s * (high - low))
    if kind == "hyperexponential":
        branches = balanced_branches(law["mean"], law["cv"])
        return lambda s: math.fsum(chance * rate / (rate + s) for chance, rate in branches)
    if kind in ("deterministic", "empirical", "trace"):
        return lambda s: math.fsum(chance * math.exp(-s * value) for value, chance in atoms(law))
    raise ValueError(f"no closed transform for the law {kind!r}")


def survival(law: Law) -> Callable[[float], float]:
    """Chance that the law exceeds x, for patience: exponential, deterministic, uniform, hyperexponential,
    Erlang, empirical and none.

    >>> survival({"law": "deterministic", "mean": 2.0})(1.9)
    1.0
    """
    kind = law["law"]
    if kind == "none":
        return lambda x: 1.0
    if kind == "exponential":
        return lambda x: math.exp(-x / law["mean"])
    if kind == "uniform":
        return lambda x: min(1.0, max(0.0, (law["high"] - x) / (law["high"] - law["low"])))
    if kind == "hyperexponential":
        branches = balanced_branches(law["mean"], law["cv"])
        return lambda x: math.fsum(chance * math.exp(-rate * x) for chance, rate in branches)
    if kind == "erlang":
        return lambda x: erlang_survival(x, law["mean"], law["stages"])
    if kind in ("deterministic", "empirical"):
        return lambda x: math.fsum(chance for value, chance in atoms(law) if value > x)
    raise ValueError(f"no closed survival for the law {kind!r}")


def erlang_survival(x: float, mean: float, stages: int) -> float:
    """Chance that a sum of ``stages`` exponentials of total ``mean`` exceeds x.

    >>> erlang_survival(0.0, 1.0, 3)
    1.0
    """
    scaled = x * stages / mean
    terms = [1.0]
    for stage in range(1, stages):
        terms.append(terms[-1] * scaled / stage)
    return math.exp(-scaled) * math.fsum(terms)
