"""A case: settings of a scenario and the exact values it must reproduce.

Invariant: a case holds no number that an oracle can compute; its exact values come from a call, its run
length from the tier, and everything else stands in its overrides, the ones ``docs/known-answers.md`` lists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.known_answers.readings import Reading
from sim.trajectory import Trajectory

UNIT = 0.1
"""Open hours of one unit of time: short units keep horizons far below the longest the time grid allows."""
NEUTRAL = ("people=neutral", "coordination=neutral", "customers=neutral", "staffing=neutral")


@dataclass(frozen=True)
class Case:
    """Settings against exact values, compared statistically.

    Attributes
    ----------
    name, family, title : identifier, family and one line for people.
    overrides : for ``sim.load_scenario``, all of them but the length of the run.
    arrival_rate : all arrivals (closed systems: services) per unit of time; gives the length of the run.
    exact : the values, by name.
    readings : how each value that is compared is read from a trajectory.
    precision : arrivals for a 95 % half-width of 2 % on values that hang on queues; None: from the
    replications.
    load : utilisation, for the length of the warm-up.
    unit : open hours of a unit of time.
    most_arrivals : of a replication, where the model sets a limit (rounds of a request that never ends).
    """

    name: str
    family: str
    title: str
    overrides: tuple[str, ...]
    arrival_rate: float
    exact: Callable[[], Mapping[str, float]]
    readings: Mapping[str, Reading]
    precision: float | None = None
    load: float = 0.8
    unit: float = UNIT
    most_arrivals: int = 1_000_000


@dataclass(frozen=True)
class Trace:
    """Settings whose every number is known beforehand, compared to 1e-9.

    Attributes
    ----------
    exact : the values by name; may look at the trajectory (a recursion fed with its numbers).
    found : the same values as the simulator has them.
    """

    name: str
    family: str
    title: str
    overrides: tuple[str, ...]
    exact: Callable[[Trajectory], Mapping[str, float]]
    found: Callable[[Trajectory], Mapping[str, float]]
    tolerance: float = field(default=1e-9)


def text(value: Any) -> str:
    """A plain value as an override writes it.

    >>> text({"law": "exponential", "mean": 0.1, "of": ["a", 2]})
    '{law: exponential, mean: 0.1, of: [a, 2]}'
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(text(item) for item in value) + "]"
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def setting(key: str, value: Any) -> str:
    """An override.

    >>> setting("company.segments.a.mix", {"a": 1.0})
    'company.segments.a.mix={a: 1.0}'
    """
    return f"{key}={text(value)}"


def exponential(mean: float) -> dict[str, Any]:
    """An exponential law."""
    return {"law": "exponential", "mean": mean}


def in_hours(law: Mapping[str, Any], unit: float = UNIT) -> dict[str, Any]:
    """A law in units of the case written in hours, rounded to 15 digits.

    >>> in_hours({"law": "erlang", "mean": 1.0, "stages": 2})
    {'law': 'erlang', 'mean': 0.1, 'stages': 2}
    """
    scaled = dict(law)
    for key in ("mean", "low", "high"):
        if key in scaled:
            scaled[key] = float(f"{scaled[key] * unit:.15g}")
    if "values" in scaled:
        scaled["values"] = [float(f"{value * unit:.15g}") for value in scaled["values"]]
    return scaled
