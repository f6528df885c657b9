"""Addressed random numbers: a draw is a pure function of (seed, replication, keys, purpose, step, visit).

Invariant: no state, no order. A draw depends on its address alone, so a changed structure, horizon or number
of replications moves no other draw by a bit. Every link of the chain is a SplitMix64 step (Steele, Lea and
Flood 2014): the address advances a Weyl sequence, a bijection mixes it. Battery: experiments/verification.
"""

from __future__ import annotations

import functools
import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.jit import compiled

STREAM_VERSION = 1  # raised whenever the same address would give another number

# Purposes: what a draw decides. Values are for ever; new ones go at the end.
PURPOSE_ARRIVAL = 1  # time to the customer's next request
PURPOSE_BATCH = 2  # number of requests that come together
PURPOSE_PRODUCT = 3  # what the request is about
PURPOSE_WORK = 4  # work content of a step
PURPOSE_DEFECT = 5  # the step goes wrong
PURPOSE_CAUGHT = 6  # the defect is found inside the company
PURPOSE_RETURN_DELAY = 7  # time until the customer comes back with a defect
PURPOSE_COMPLAINT = 8  # a customer with a defect speaks up
PURPOSE_EXCEPTION = 9  # the step needs a decision
PURPOSE_EMPOWERED = 10  # the worker may decide alone
PURPOSE_DECISION = 11  # time the decision takes
PURPOSE_CROSS = 12  # the decision belongs to the general manager
PURPOSE_CONFLICT = 13  # both bosses of a matrix want a say
PURPOSE_HANDOFF = 14  # delay between departments
PURPOSE_OUTSIDE = 15  # length of a step outside the company
PURPOSE_CLAIM = 16  # wait of an excluded customer
PURPOSE_MISGROUPED = 17  # the customer is put in a wrong group
PURPOSE_EXCLUDED = 18  # the customer is put in no group
PURPOSE_WRONG_SEGMENT = 19  # which wrong group
PURPOSE_CORRECTED = 20  # the record is drawn anew after a request
PURPOSE_PATIENCE = 21  # how long the customer waits
PURPOSE_ATTRIBUTE = 22  # an attribute of the customer; step = number of the attribute
PURPOSE_SPEED = 23  # speed of a seat
PURPOSE_SHARE = 24  # a share that is split at random
PURPOSE_DECISION_SECOND = 25  # time of the second boss's decision
PURPOSE_VISIT = 26  # the product's request includes this step
PURPOSE_THINNING = 27  # an arrival is kept under the demand profile
PURPOSE_CHANGE = 28  # time to the customer's next change; visit = number of the change
PURPOSE_COMES = 29  # a drawn request comes about
PURPOSE_CASE = 30  # which past case the request is like
PURPOSE_ILL = 31  # illness of a person begins or goes on; step = day of the week, visit = week
PURPOSE_HOLIDAY = 32  # when a person has holiday; step = which one, visit = year
PURPOSE_PART_TIME = 33  # a person works part-time
PURPOSE_LEAVES = 34  # a person leaves; step = generation in the seat, visit = week
PURPOSE_FILL = 35  # how long a seat is empty; visit = generation
PURPOSE_ADOPTS = 36  # a person adopts a culture; step 1: has it at the start; visit = week
PURPOSE_REQUIRED = 40  # a defect breaks what the customer requires
PURPOSE_CAUSE = 41  # time to the next system cause of defects in a function; visit = number of the cause
PURPOSE_INCOMPLETE = 42  # the request lacks something
PURPOSE_ANSWER = 43  # time until the customer has brought it
PURPOSE_FAILS = 44  # hours of work until a workplace fails; visit = failures so far
PURPOSE_REPAIR = 45  # how long its repair takes; visit = failures before
PURPOSE_NEED = 46  # hours until a worker needs an internal service; step = service, visit = needs so far
PURPOSE_SERVICE = 47  # how long serving it takes; step = service, visit = needs before
PURPOSE_STAYS = 50  # a customer stays; visit = week
PURPOSE_JOINS = 51  # how much it takes until a prospect becomes a customer
PURPOSE_KNOWN = 52  # a department knows of another's request; step = department
PURPOSE_MISJUDGED = 53  # the value of a customer is misjudged; visit = week
PURPOSE_DRIFTS = 54  # how a segment's need moves; visit = week

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_ONE = np.uint64(1)
_12 = np.uint64(12)
_27 = np.uint64(27)
_30 = np.uint64(30)
_31 = np.uint64(31)
_32 = np.uint64(32)
_HALF_STEP = 2.0**-53
_DOMAIN = (0x6F726764, 0x65730000 + STREAM_VERSION)  # "orgdes" and the version, apart from any other user


def root(seed: int, replication: int) -> int:
    """State of a replication; seed 0 to 2^128 - 1, replication 0 to 2^62.

    The seed goes through NumPy's SeedSequence with a domain tag as spawn key (with one, short seeds are not
    padded into longer ones); the replication is mixed in afterwards, so it is a key, not a position.

    >>> root(1, 0) == root(1, 0), root(1, 0) == root(1, 1), root(1, 0) == root(2**32, 0)
    (True, False, False)
    """
    _check("seed", seed, 2**128)
    _check("replication", replication, 2**62)
    return child(_seed_state(seed), replication)


@functools.lru_cache(maxsize=64)
def _seed_state(seed: int) -> int:
    word: int = np.random.SeedSequence(seed, spawn_key=_DOMAIN).generate_state(1, np.uint64)[0].item()
    return word >> 1


def _check(name: str, number: object, end: int) -> None:
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < end:
        raise ValueError(f"{name} must be a whole number from 0 to {end - 1}, not {number!r}")


def text_key(text: str) -> int:
    """A stable key for a name, 0 to 2^63 - 1, the same on every machine and in every run.

    >>> text_key("retail") == text_key("retail"), 0 <= text_key("") < 2**63
    (True, True)
    """
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


@compiled
def _mix(z: np.uint64) -> np.uint64:
    """SplitMix64's bijection (Stafford's variant 13 of the MurmurHash3 finaliser)."""
    z = (z ^ (z >> _30)) * _FIRST
    z = (z ^ (z >> _27)) * _SECOND
    return z ^ (z >> _31)


@compiled
def child(state: int, key: int) -> int:
    """State of a part of this world: a customer, its request, a person, a week ...

    state: from `root` or `child`. key: 0 to 2^32 - 1 or a `text_key`. Returns 0 to 2^63 - 1.

    >>> child(0, 0) == 0xE220A8397B1DCDAF >> 1  # SplitMix64's published first output for seed 0
    True
    """
    return int(np.int64(_mix(np.uint64(state) + (np.uint64(key) + _ONE) * _GAMMA) >> _ONE))


@compiled
def word(state: int, purpose: int, step: int, visit: int) -> np.uint64:
    """The 64 random bits at an address; purpose 1 to 2^31 - 1, step 0 to 2^32 - 1, visit 0 to 2^62.

    A purpose above 0 keeps words and children apart; the words of successive visits are a SplitMix64 stream.
    """
    key = (np.uint64(purpose) << _32) | np.uint64(step)
    z = _mix(np.uint64(state) + (key + _ONE) * _GAMMA)
    return _mix(z + (np.uint64(visit) + _ONE) * _GAMMA)


@compiled
def uniform(state: int, purpose: int, step: int, visit: int) -> float:
    """The uniform at an address: an odd multiple of 2^-53, so never 0 or 1, and 1 - u is exact.

    >>> 0.0 < uniform(root(1, 0), PURPOSE_WORK, 0, 0) < 1.0
    True
    """
    return (2.0 * float(np.int64(word(state, purpose, step, visit) >> _12)) + 1.0) * _HALF_STEP


@compiled
def children(state: int, count: int) -> NDArray[np.int64]:
    """`child(state, key)` for keys 0 to count - 1."""
    states = np.empty(count, np.int64)
    for key in range(count):
        states[key] = child(state, key)
    return states


@compiled
def uniforms_at(
    states: NDArray[np.int64], purpose: int, steps: NDArray[np.integer[Any]], visit: int
) -> NDArray[np.float64]:
    """`uniform` at a step of each state, shape (len(states),)."""
    values = np.empty(len(states), np.float64)
    for i in range(len(states)):
        values[i] = uniform(states[i], purpose, steps[i], visit)
    return values


@compiled
def uniforms(states: NDArray[np.int64], purpose: int, step: int, visit: int) -> NDArray[np.float64]:
    """`uniform` at the same place of each state, shape (len(states),)."""
    values = np.empty(len(states), np.float64)
    for i in range(len(states)):
        values[i] = uniform(states[i], purpose, step, visit)
    return values
