"""All cases of ``orgdes verify``, in the order in which they are shown.

Invariant: names are unique; a case is found by its name or by the start of it.
"""

from __future__ import annotations

from functools import cache

from sim.known_answers.case import Case, Trace
from sim.known_answers.class_cases import class_cases
from sim.known_answers.learning_cases import learning_cases
from sim.known_answers.loyalty_cases import customer_cases, loyalty_cases
from sim.known_answers.network_cases import network_cases
from sim.known_answers.pool_cases import pool_cases
from sim.known_answers.special_cases import special_cases
from sim.known_answers.station_cases import station_cases
from sim.known_answers.trace_cases import trace_cases


@cache
def cases() -> tuple[Case, ...]:
    """Every statistical case."""
    made = (station_cases(), special_cases(), class_cases(), pool_cases(), network_cases(), customer_cases())
    return tuple(case for group in made for case in group)


@cache
def traces() -> tuple[Trace, ...]:
    """Every case whose numbers are all known beforehand."""
    return (*trace_cases(), *learning_cases(), *loyalty_cases())


def named(start: str) -> list[Case | Trace]:
    """Cases whose name begins with ``start``.

    >>> [case.name for case in named("V13")]
    ['V13', 'V13-three']
    """
    everything: list[Case | Trace] = [*traces(), *cases()]
    return [case for case in everything if case.name.startswith(start)]
