"""C13 Entering and leaving markets: a segment opens or closes in a week, and nobody knows it when it opens.

Invariant: without a week nothing changes; what carries over is what people know of functions, of products,
and of segments that the new one overlaps with.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.mechanisms.record import Mechanism

Floats = NDArray[np.float64]

MECHANISM = Mechanism(
    id="C13",
    claim="a company enters the markets that fit its strengths",
    source="assumption",
    section="2.2",
    shown="response time and satisfaction of a segment with `opens`",
    keys=tuple(f"company.segments.<name>.{key}" for key in ("opens", "closes", "overlap")),
    default="off",
)


def is_open(week: NDArray[Any], opens: int, closes: int | None) -> NDArray[np.bool_]:
    """In which weeks customers of a segment ask (C13): from `opens` on, before `closes`.

    >>> is_open(np.arange(4), 1, 3).tolist()
    [False, True, True, False]
    """
    return (week >= opens) & (week < (np.inf if closes is None else closes))


def known_at_start(cases: Floats, overlap: Floats) -> Floats:
    """Cases of each segment that people begin with (C13): of a new one, the most that overlaps carry over.

    `max over o of overlap[s, o] x cases[o]`; of a segment that is open from the start, its own.

    Parameters
    ----------
    cases : (people, segments) that they would have had. overlap : (segments, segments) share that holds for
        the row of what is known of the column, in [0, 1]. Source: assumption.

    >>> known_at_start(np.array([[8.0, 4.0]]), np.array([[1.0, 0.0], [0.25, 0.0]])).tolist()
    [[8.0, 2.0]]
    """
    return np.stack([(cases * row).max(axis=1) for row in overlap], axis=1)


def customers_now(state: Any, week: int) -> NDArray[np.bool_]:
    """Who is a customer, of a segment that is open, in the week to come (C13, C5); (c,)."""
    model, segment = state.model, state.world.customer_segment
    here: NDArray[np.bool_] = ((model.opens <= week) & (week < model.closes))[segment]
    if "C5" in state.kept:
        here &= state.kept["C5"]["present"]
    return here


def overlaps(segments: dict[str, Any]) -> Floats | None:
    """Share of what is known of each segment that holds for each; None where no segment is new."""
    if all(about.opens == 0 for about in segments.values()):
        return None
    rows = [
        [about.overlap.get(other, 0.0) if about.opens else float(other == name) for other in segments]
        for name, about in segments.items()
    ]
    return np.array(rows)
