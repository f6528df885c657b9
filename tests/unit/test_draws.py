"""Draws: every address its own number, uniform, independent of its neighbours, the same compiled or not."""

from __future__ import annotations

import inspect
import itertools
import os
import re
import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim import draws
from sim.draws import (
    PURPOSE_WORK,
    child,
    children,
    root,
    text_key,
    uniform,
    uniforms,
    uniforms_at,
    word,
)
from sim.jit import compiled, is_compiled

STEPS, VISITS = 10, 5
PURPOSES = 10
REQUESTS = 10
CUSTOMERS = 100 if is_compiled() else 4
HOPELESS = 1e-5  # chance of a false alarm; the seeds are fixed, so an alarm stays

# SplitMix64 seeded with 1234567, as published with xoshiro's and Java's reference code.
PUBLISHED = [
    6457827717110365317,
    3203168211198807973,
    9817491932198370423,
    4593380528125082431,
    16408922859458223821,
]


@compiled
def words_of_world(state: int, customers: int, words: NDArray[np.uint64]) -> None:
    """Fill words, shape (customers, REQUESTS, PURPOSES, STEPS, VISITS), as the engines address them."""
    for c in range(customers):
        for n in range(REQUESTS):
            request = child(child(state, c), n)
            for p in range(PURPOSES):
                for s in range(STEPS):
                    for v in range(VISITS):
                        words[c, n, p, s, v] = word(request, p + 1, s, v)


def world(seed: int, replication: int) -> NDArray[np.uint64]:
    words = np.zeros((CUSTOMERS, REQUESTS, PURPOSES, STEPS, VISITS), np.uint64)
    words_of_world(root(seed, replication), CUSTOMERS, words)
    return words


@pytest.fixture(scope="module")
def words() -> NDArray[np.uint64]:
    return world(1, 0)


@pytest.fixture(scope="module")
def values(words: NDArray[np.uint64]) -> NDArray[np.float64]:
    return (words >> np.uint64(12)).astype(np.float64) * 2.0**-52 + 2.0**-53


def test_a_million_addresses_over_seeds_and_replications_have_a_million_words() -> None:
    worlds = [world(seed, replication) for seed in (0, 1) for replication in (0, 1)]
    assert len(np.unique(np.concatenate([w.ravel() for w in worlds]))) == 4 * worlds[0].size


def test_a_hundred_thousand_customers_have_different_states() -> None:
    assert len(np.unique(children(root(1, 0), 100_000))) == 100_000


def test_children_are_the_published_splitmix64_sequence() -> None:
    assert [child(1234567, key) for key in range(5)] == [value >> 1 for value in PUBLISHED]


def test_words_of_successive_visits_are_splitmix64_from_their_step() -> None:
    step = (PURPOSE_WORK << 32) + 3
    base = splitmix(77 + (step + 1) * 0x9E3779B97F4A7C15)
    expected = [splitmix(base + (visit + 1) * 0x9E3779B97F4A7C15) for visit in range(4)]
    assert [int(word(77, PURPOSE_WORK, 3, visit)) for visit in range(4)] == expected


def splitmix(z: int) -> int:
    """The mixing function, in Python's unbounded whole numbers."""
    z &= 2**64 - 1
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
    return z ^ (z >> 31)


def test_uniforms_fill_the_unit_interval_evenly(values: NDArray[np.float64]) -> None:
    counts = np.bincount((values.ravel() * 1000).astype(np.int64), minlength=1000)
    assert stats.chisquare(counts).pvalue > HOPELESS


@pytest.mark.parametrize("axis", range(5), ids=["customer", "request", "purpose", "step", "visit"])
def test_neighbours_are_uncorrelated(values: NDArray[np.float64], axis: int) -> None:
    left, right = pairs(values, axis)
    assert abs(np.corrcoef(left, right)[0, 1]) * np.sqrt(len(left)) < 4.5


@pytest.mark.parametrize("axis", range(5), ids=["customer", "request", "purpose", "step", "visit"])
def test_neighbours_fill_the_unit_square_evenly(values: NDArray[np.float64], axis: int) -> None:
    left, right = pairs(values, axis)
    cells = (left * 16).astype(np.int64) * 16 + (right * 16).astype(np.int64)
    assert stats.chisquare(np.bincount(cells, minlength=256)).pvalue > HOPELESS


def pairs(values: NDArray[np.float64], axis: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Each value with its neighbour along one part of the address."""
    length = values.shape[axis]
    first = np.take(values, range(length - 1), axis).ravel()
    return first, np.take(values, range(1, length), axis).ravel()


@pytest.mark.parametrize("pair", [((1, 0), (1, 1)), ((1, 0), (2, 0))], ids=["replication", "seed"])
def test_neighbouring_worlds_are_uncorrelated(pair: tuple[tuple[int, int], tuple[int, int]]) -> None:
    left, right = (world(*key).ravel().astype(np.float64) for key in pair)
    assert abs(np.corrcoef(left, right)[0, 1]) * np.sqrt(len(left)) < 4.5


def test_one_changed_bit_of_any_part_of_an_address_changes_half_of_the_word() -> None:
    changed = [
        bin(int(word(*address)) ^ int(word(*flipped(address, part, bit)))).count("1")
        for address in itertools.product((5, 2**61 + 9), (4, 9), (0, 3), (0, 1))
        for part, bits in enumerate((60, 16, 24, 24))
        for bit in range(bits)
    ]
    # each count is binomial(64, 1/2): mean 32, sd 4
    assert abs(np.mean(changed) - 32) < 4.5 * 4 / np.sqrt(len(changed))
    assert min(changed) > 8
    assert max(changed) < 56


def flipped(address: tuple[int, ...], part: int, bit: int) -> tuple[int, int, int, int]:
    parts = list(address)
    parts[part] ^= 1 << bit
    return parts[0], parts[1], parts[2], parts[3]


def test_every_uniform_is_an_odd_multiple_of_the_smallest_step() -> None:
    values = uniforms(children(root(3, 0), 1000), PURPOSE_WORK, 0, 0)
    assert np.all(values * 2.0**53 % 2 == 1)


def test_uniforms_at_steps_are_the_single_draws() -> None:
    states, steps = children(root(3, 0), 3), np.array([2, 0, 7])
    pairs = zip(states.tolist(), steps.tolist(), strict=True)
    expected = [uniform(state, PURPOSE_WORK, step, 1) for state, step in pairs]
    assert uniforms_at(states, PURPOSE_WORK, steps, 1).tolist() == expected


def test_uniforms_are_the_single_draws() -> None:
    states = children(root(3, 0), 50)
    expected = [uniform(int(state), PURPOSE_WORK, 2, 1) for state in states]
    assert uniforms(states, PURPOSE_WORK, 2, 1).tolist() == expected


def test_more_customers_change_no_earlier_customer() -> None:
    assert children(root(1, 0), 10).tolist() == children(root(1, 0), 1000)[:10].tolist()


def test_draws_are_plain_python_numbers() -> None:
    state = child(root(1, 0), 3)
    assert (type(state), type(uniform(state, PURPOSE_WORK, 0, 0))) == (int, float)


def test_roots_of_many_seeds_and_replications_differ() -> None:
    seeds = [0, 1, 2, 2**32, 2**32 + 1, 2**64, 2**96, 2**128 - 1]
    assert len({root(seed, replication) for seed in seeds for replication in range(200)}) == 1600


@pytest.mark.parametrize("seed", [True, None, -1, 2**128, 1.0, "1"])
def test_a_seed_must_be_a_whole_number_in_range(seed: object) -> None:
    with pytest.raises(ValueError, match="seed must be a whole number from 0"):
        root(seed, 0)  # type: ignore[arg-type]


@pytest.mark.parametrize("replication", [True, None, -1, 2**62, 0.0])
def test_a_replication_must_be_a_whole_number_in_range(replication: object) -> None:
    with pytest.raises(ValueError, match="replication must be a whole number from 0"):
        root(1, replication)  # type: ignore[arg-type]


def test_the_key_of_a_text_is_the_start_of_its_sha256() -> None:
    assert text_key("") == 0xE3B0C44298FC1C14 >> 1


SAMPLE = """
import hashlib
from sim.draws import child, root, uniform
from sim.jit import is_compiled
digest = hashlib.sha256()
for replication in range(3):
    for customer in range(50):
        request = child(child(root(2**100 + 7, replication), customer), 2**62 + customer)
        values = [uniform(request, p, p % 7, v) for p in range(1, 28) for v in range(2)]
        digest.update(repr((request, values)).encode())
print(is_compiled(), digest.hexdigest())
"""


def run_sample(jit: str) -> list[str]:
    environment = {**os.environ, "ORGDES_JIT": jit}
    command = [sys.executable, "-W", "error:::sim", "-c", SAMPLE]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.split()


def test_compiled_and_plain_draws_are_the_same_bits() -> None:
    (on, compiled_digest), (off, plain_digest) = run_sample("1"), run_sample("0")
    assert (on, off, compiled_digest) == ("True", "False", plain_digest)


def test_every_purpose_has_a_name_and_a_number_of_its_own() -> None:
    named = re.findall(r"^(PURPOSE_\w+) = (\d+)", inspect.getsource(draws), re.MULTILINE)
    names, numbers = zip(*named, strict=True)
    assert len(set(names)) == len(set(numbers)) == len(named)
