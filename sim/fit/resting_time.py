"""Tickets that rest: the part of the time in system that neither work, queues nor waits outside explain.

Invariant: resting is the same in every structure, because a log of one structure cannot show what moves it.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

from sim.fit.events import NOWHERE, Floats
from sim.fit.tickets import Tickets

SHARES = tuple(part / 20 for part in range(1, 21))
SPREADS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0)
LEVELS = np.arange(1, 20) / 20
SMALLEST_HOURS = 0.5
"""A resting time shorter than this on average is none."""
MOST_SAMPLES = 20_000
PLASTIC = 1.324717957244746
"""The root of x ** 3 = x + 1."""


@dataclass(frozen=True)
class RestingTime:
    """A share of the tickets rests for lognormal open hours, before their work in function `before`."""

    share: float
    mean: float
    cv: float
    before: str


def fit(real: Floats, simulated: Floats, before: str) -> RestingTime | None:
    """The resting time that brings simulated times in system nearest to the real ones; None where nothing is
    left over.

    The means agree by construction; share and spread are those, of a grid, with the least mean distance of
    the logarithms of 19 quantiles. A resting time is taken to be independent of all else.
    """
    missing = float(real.mean() - simulated.mean())
    if missing < SMALLEST_HOURS:
        return None
    base = simulated[:: max(1, len(simulated) // MOST_SAMPLES)]
    chance, normal = _numbers(len(base))
    target = np.log1p(np.quantile(real, LEVELS))
    best = min(
        product(SHARES, SPREADS),
        key=lambda one: (_distance(base, chance, normal, missing / one[0], one[0], one[1], target), one),
    )
    return RestingTime(best[0], missing / best[0], best[1], before)


def longest_gap(tickets: Tickets) -> str:
    """The function that tickets reach after the longest wait inside the company, the first one apart."""
    order = sorted(tickets.functions, key=lambda name: tickets.position[name])
    if len(order) == 1:
        return order[0]
    gaps: dict[str, list[float]] = {name: [] for name in order[1:]}
    last: dict[int, tuple[float, bool]] = {}
    roles, events = tickets.roles, tickets.events
    rows = zip(events.ticket.tolist(), events.activity.tolist(), tickets.function.tolist(), strict=True)
    for index, (ticket, activity, function) in enumerate(rows):
        if function == NOWHERE:
            continue
        name = tickets.functions[function]
        now, (before, inside) = float(tickets.moment[index]), last.get(ticket, (0.0, False))
        if inside and name in gaps:
            gaps[name].append(now - before)
        here = events.activities[activity]
        last[ticket] = (now, here not in roles.outside and here not in roles.resolving)
    return max(gaps, key=lambda name: (float(np.mean(gaps[name])) if gaps[name] else 0.0, name))


def _numbers(count: int) -> tuple[Floats, Floats]:
    """Evenly spread uniform and normal numbers, without chance (the R2 sequence of Roberts 2018)."""
    from scipy.special import ndtri

    place = np.arange(1, count + 1)
    return (0.5 + place / PLASTIC) % 1.0, ndtri((0.5 + place / (PLASTIC * PLASTIC)) % 1.0)


def _distance(
    base: Floats, chance: Floats, normal: Floats, mean: float, share: float, cv: float, target: Floats
) -> float:
    spread = np.sqrt(np.log1p(cv * cv))
    resting = np.where(chance < share, mean * np.exp(spread * normal - spread * spread / 2), 0.0)
    return round(float(np.abs(np.log1p(np.quantile(base + resting, LEVELS)) - target).mean()), 9)
