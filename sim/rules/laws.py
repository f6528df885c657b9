"""Laws of random durations and numbers: (kind, first, second) and a slice of a table, drawn by one uniform.

Invariant: inverse distribution functions only, so one uniform gives one value, and a larger one a larger
value; Python and compiled code give the same bits. Values are in the unit of the law's parameters.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.jit import compiled
from sim.rules.elementary import exponential, exponential_minus_one, logarithm
from sim.rules.gamma import gamma_quantile
from sim.rules.grid import on_grid
from sim.rules.quantiles import exponential_quantile, hyperexponential_quantile, lognormal_quantile

# kind: first, second
LAW_NONE = 0  # never: infinity
LAW_DETERMINISTIC = 1  # value, -
LAW_EXPONENTIAL = 2  # mean, -
LAW_LOGNORMAL = 3  # mu, sigma of the logarithm
LAW_UNIFORM = 4  # low, high
LAW_ERLANG = 5  # stages, mean of a stage
LAW_GAMMA = 6  # shape, scale
LAW_HYPEREXPONENTIAL = 7  # mean, probability of the longer phase (balanced means)
LAW_EMPIRICAL = 8  # -, -; table: values ascending, then their cumulative weights
LAW_TRACE = 9  # -, -; table: values in order

Table = NDArray[np.float64]


class Encoded(NamedTuple):
    """A law as bare numbers; `values` is what it adds to the table (empty for most)."""

    kind: int
    first: float
    second: float
    values: Table


class Packed(NamedTuple):
    """Several laws as arrays with one entry each, and the table they share."""

    kinds: NDArray[np.int64]
    firsts: NDArray[np.float64]
    seconds: NDArray[np.float64]
    starts: NDArray[np.int64]
    counts: NDArray[np.int64]
    table: Table


@compiled
def draw(
    kind: int, first: float, second: float, table: Table, start: int, count: int, u: float, index: int
) -> float:
    """The value of a law at the uniform u in (0, 1), by inversion (Devroye 1986).

    table, start, count: where the law's values lie (LAW_EMPIRICAL: count values, then count cumulative
    weights). index: number of the draw, used by LAW_TRACE alone; a trace that has run out gives infinity,
    that is, no further arrival.

    >>> draw(LAW_UNIFORM, 2.0, 6.0, np.zeros(0), 0, 0, 0.25, 0)
    3.0
    >>> draw(LAW_EMPIRICAL, 0.0, 0.0, np.array([1.0, 5.0, 0.75, 1.0]), 0, 2, 0.8, 0)
    5.0
    >>> draw(LAW_TRACE, 0.0, 0.0, np.array([1.0, 5.0]), 0, 2, 0.8, 2)
    inf
    """
    if kind < LAW_EMPIRICAL:
        return _from_parameters(kind, first, second, u)
    return _from_table(kind, table, start, count, u, index)


@compiled
def _from_parameters(kind: int, first: float, second: float, u: float) -> float:
    """The laws without a table; apart from the others, because handing an array on costs 10 ns a draw."""
    if kind == LAW_LOGNORMAL:
        return lognormal_quantile(first, second, u)
    if kind == LAW_EXPONENTIAL:
        return exponential_quantile(first, u)
    if kind == LAW_DETERMINISTIC:
        return first
    if kind == LAW_UNIFORM:
        return first + (second - first) * u
    if kind in (LAW_ERLANG, LAW_GAMMA):
        return second * gamma_quantile(first, u)
    if kind == LAW_HYPEREXPONENTIAL:
        return hyperexponential_quantile(first, second, u)
    return math.inf


@compiled
def _from_table(kind: int, table: Table, start: int, count: int, u: float, index: int) -> float:
    """The laws that are lists of values."""
    if kind == LAW_EMPIRICAL:
        return float(table[start + choose(table, start + count, count, u)])
    return float(table[start + index]) if 0 <= index < count else math.inf


@compiled
def law_hours(
    kind: int,
    first: float,
    second: float,
    table: object,
    start: int,
    count: int,
    u: float,
    index: int,
    factor: float,
) -> float:
    """A drawn duration times a factor, on the grid; one that has run out starts again. A definition."""
    place = index % count if count > 0 else index
    return on_grid(draw(kind, first, second, table, start, count, u, place) * factor)  # type: ignore[arg-type]


@compiled
def choose(cumulative: Table, start: int, count: int, u: float) -> int:
    """First i with cumulative[start + i] > u * cumulative[start + count - 1], 0 <= i < count.

    Inversion of a discrete distribution (Devroye 1986).

    cumulative: running sums of weights >= 0, not necessarily up to 1; u in (0, 1). What has weight 0 is
    never chosen.

    >>> weights = np.array([9.0, 0.0, 0.5, 2.0])  # the slice from 1 on: weights 0, 0.5 and 1.5
    >>> choose(weights, 1, 3, 0.2), choose(weights, 1, 3, 0.3)
    (1, 2)
    """
    target = u * cumulative[start + count - 1]
    low = 0
    high = count - 1
    while low < high:
        middle = (low + high) // 2
        if cumulative[start + middle] > target:
            high = middle
        else:
            low = middle + 1
    return low


def cumulative(weights: Sequence[float]) -> Table:
    """Running sums divided by the total, so that the last is exactly 1.

    >>> cumulative([1, 0, 3])
    array([0.25, 0.25, 1.  ])
    """
    sums = []
    total = 0.0
    for weight in weights:
        total += float(weight)
        sums.append(total)
    if not sums or min(weights) < 0 or not 0.0 < total < math.inf:
        raise ValueError("weights must be 0 or more, finite, and not all 0")
    return np.array([s / total for s in sums])


def encode(law: Any) -> Encoded:
    """Bare numbers of a law: an object with `.law` and that law's parameters (mean, cv, stages, low ...).

    A coefficient of variation of 0, or a mean of 0, is deterministic. ValueError for an unknown law.

    >>> from types import SimpleNamespace
    >>> encode(SimpleNamespace(law="erlang", mean=6.0, stages=3))[:3]
    (5, 3.0, 2.0)
    """
    name = getattr(law.law, "value", law.law)
    if name not in _ENCODERS:
        raise ValueError(f"unknown law {name!r}; known: {', '.join(_ENCODERS)}")
    kind, first, second, *values = _ENCODERS[name](law)
    return Encoded(kind, float(first), float(second), values[0] if values else np.zeros(0))


def _deterministic(law: Any) -> tuple[int, float, float]:
    return LAW_DETERMINISTIC, law.mean, 0.0


def _exponential(law: Any) -> tuple[int, float, float]:
    return LAW_EXPONENTIAL, law.mean, 0.0


def _lognormal(law: Any) -> tuple[int, float, float]:
    if law.mean == 0 or law.cv == 0:
        return _deterministic(law)
    variance = logarithm(1.0 + law.cv * law.cv)
    return LAW_LOGNORMAL, logarithm(law.mean) - 0.5 * variance, math.sqrt(variance)


def _gamma(law: Any) -> tuple[int, float, float]:
    if law.mean == 0 or law.cv == 0:
        return _deterministic(law)
    return LAW_GAMMA, 1.0 / (law.cv * law.cv), law.mean * (law.cv * law.cv)


def _hyperexponential(law: Any) -> tuple[int, float, float]:
    if law.cv < 1:
        raise ValueError(f"a hyperexponential law needs a cv of at least 1, not {law.cv}")
    if law.mean == 0:
        return _deterministic(law)
    square = float(law.cv) * law.cv
    half = (square + 1.0) * (1.0 + math.sqrt((square - 1.0) / (square + 1.0)))
    return LAW_HYPEREXPONENTIAL, law.mean, 1.0 / half


def _empirical(law: Any) -> tuple[int, float, float, Table]:
    weights = getattr(law, "weights", None) or [1.0] * len(law.values)
    if len(weights) != len(law.values):
        raise ValueError(f"{len(law.values)} values but {len(weights)} weights")
    pairs = sorted(zip(law.values, weights, strict=True))
    values = np.array([value for value, _ in pairs], np.float64)
    return LAW_EMPIRICAL, 0.0, 0.0, np.concatenate([values, cumulative([weight for _, weight in pairs])])


_ENCODERS: dict[str, Any] = {
    "none": lambda law: (LAW_NONE, 0.0, 0.0),
    "deterministic": _deterministic,
    "exponential": _exponential,
    "lognormal": _lognormal,
    "uniform": lambda law: (LAW_UNIFORM, law.low, law.high),
    "erlang": lambda law: (LAW_ERLANG, law.stages, law.mean / law.stages),
    "gamma": _gamma,
    "hyperexponential": _hyperexponential,
    "empirical": _empirical,
    "trace": lambda law: (LAW_TRACE, 0.0, 0.0, np.array(law.values, np.float64)),
}


def pack(laws: Sequence[Any]) -> Packed:
    """The laws one below the other, with the table they share: arguments for `draw` of law i are row i.

    >>> from types import SimpleNamespace
    >>> packed = pack([SimpleNamespace(law="none"), SimpleNamespace(law="trace", values=[3.0, 4.0])])
    >>> packed.kinds, packed.starts, packed.counts, packed.table
    (array([0, 9]), array([0, 0]), array([0, 2]), array([3., 4.]))
    """
    rows = [encode(law) for law in laws]
    lengths = [len(row.values) for row in rows]
    return Packed(
        kinds=np.array([row.kind for row in rows], np.int64),
        firsts=np.array([row.first for row in rows], np.float64),
        seconds=np.array([row.second for row in rows], np.float64),
        starts=np.cumsum([0, *lengths])[:-1].astype(np.int64),
        counts=np.array([_count(row.kind, len(row.values)) for row in rows], np.int64),
        table=np.concatenate([np.zeros(0), *(row.values for row in rows)]),
    )


def _count(kind: int, length: int) -> int:
    """Number of values in a table slice; an empirical law's slice holds its weights too."""
    return length // 2 if kind == LAW_EMPIRICAL else length


def mean(kind: int, first: float, second: float, table: Table, start: int, count: int) -> float:
    """Expected value of an encoded law; a trace counts as its average, LAW_NONE as infinity.

    >>> mean(LAW_ERLANG, 3.0, 2.0, np.zeros(0), 0, 0)
    6.0
    """
    if kind in (LAW_EMPIRICAL, LAW_TRACE):
        return _average(kind, table, start, count, _values(table, start, count))
    if kind == LAW_LOGNORMAL:
        return exponential(first + 0.5 * second * second)
    if kind == LAW_UNIFORM:
        return 0.5 * (first + second)
    if kind in (LAW_ERLANG, LAW_GAMMA):
        return first * second
    return math.inf if kind == LAW_NONE else first


def variance(kind: int, first: float, second: float, table: Table, start: int, count: int) -> float:
    """Variance of an encoded law; of a trace, about its average; of LAW_NONE, not a number.

    >>> variance(LAW_ERLANG, 3.0, 2.0, np.zeros(0), 0, 0)
    12.0
    """
    if kind in (LAW_EMPIRICAL, LAW_TRACE):
        values = _values(table, start, count)
        away = values - _average(kind, table, start, count, values)
        return _average(kind, table, start, count, away * away)
    if kind == LAW_LOGNORMAL:
        return exponential_minus_one(second * second) * exponential(2.0 * first + second * second)
    if kind == LAW_UNIFORM:
        return (second - first) * (second - first) / 12.0
    if kind in (LAW_ERLANG, LAW_GAMMA):
        return first * second * second
    if kind == LAW_HYPEREXPONENTIAL:
        return first * first * (0.5 / second + 0.5 / (1.0 - second) - 1.0)
    return {LAW_EXPONENTIAL: first * first, LAW_DETERMINISTIC: 0.0}.get(kind, math.nan)


def _values(table: Table, start: int, count: int) -> Table:
    return table[start : start + count]


def _average(kind: int, table: Table, start: int, count: int, values: Table) -> float:
    """Mean of the values under the weights of the law's slice."""
    weights = np.full(count, 1.0 / count)
    if kind == LAW_EMPIRICAL:
        weights = np.diff(table[start + count : start + 2 * count], prepend=0.0)
    return math.fsum((weights * values).tolist())
