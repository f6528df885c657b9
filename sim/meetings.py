"""When pairs first met: a table of pairs that grows, with a place for each to be found by its number.

Invariant: at most half of the places are taken, so a search soon ends. Open addressing, linear probing (Knuth
1998, section 6.4).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.jit import compiled, inlined

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

FREE = -1
SCATTER = 0x9E3779B1
"""Numbers of neighbours go to places far apart (Knuth 1998: multiplicative hashing)."""


class Meetings(NamedTuple):
    """pair : (2^k,) numbers of pairs, FREE where there is none. first : when they first met, hours.

    together : (1,) how many there are.
    """

    pair: Integers
    first: Floats
    together: Integers


def no_meetings(places: int = 64) -> Meetings:
    """Nobody has met anybody; places: a power of two."""
    return Meetings(np.full(places, FREE, np.int64), np.zeros(places), np.zeros(1, np.int64))


def with_room(met: Meetings, more: int) -> Meetings:
    """The same meetings with room for so many more."""
    places = len(met.pair)
    while places < 2 * (int(met.together[0]) + more):
        places *= 2
    if places == len(met.pair):
        return met
    larger, taken = no_meetings(places), met.pair != FREE
    meet(*larger, met.pair[taken], met.first[taken])
    return larger


@inlined
def place_of(pair: Integers, number: int) -> int:
    """Where a pair stands, or would."""
    last = len(pair) - 1
    place = (number * SCATTER >> 7) & last
    while pair[place] != FREE and pair[place] != number:
        place = (place + 1) & last
    return place


@compiled
def meet(pair: Integers, first: Floats, together: Integers, numbers: Integers, start: Floats) -> Flags:
    """Note meetings, all together; returns which were with somebody known, met before them.

    numbers : (n,) of the pairs, >= 0, below 2^31. start : (n,) when each began. There must be room.

    >>> met, given = no_meetings(), np.array([7, 9, 7])
    >>> meet(*met, given, np.array([2.0, 3.0, 1.0])).tolist()
    [True, False, False]
    >>> meet(*met, np.array([9]), np.array([4.0])).tolist(), int(met.together[0])
    ([True], 2)
    """
    places, known = np.empty(len(numbers), np.int64), np.empty(len(numbers), np.bool_)
    for row in range(len(numbers)):
        place = place_of(pair, numbers[row])
        if pair[place] == FREE:
            pair[place] = numbers[row]
            first[place] = start[row]
            together[0] += 1
        first[place] = min(first[place], start[row])
        places[row] = place
    for row in range(len(numbers)):
        known[row] = start[row] > first[places[row]]
    return known
