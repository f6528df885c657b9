"""Are the addressed draws random? Strong tests over the sequences of addresses the engines really use.

Question: are neighbours (customers, requests, purposes, steps, visits, weeks, replications, seeds) uniform
and independent, in high and low bits? Three planted weak generators must fail, or the battery is blind.
Command: python experiments/verification/random_battery.py [--dieharder]; its output is random_battery.txt.
"""

from __future__ import annotations

import argparse
import itertools
import math
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.draws import PURPOSE_ARRIVAL, PURPOSE_WORK, STREAM_VERSION, child, root, word
from sim.jit import compiled

Words = NDArray[np.uint64]
COUNT = 2**22
SUSPICIOUS = 1e-3
FAILED = 1e-6
SEED = 20_240_229


# Sequences of addresses


@compiled
def customers(state: int, words: Words) -> None:
    """First arrival of successive customers."""
    for i in range(len(words)):
        words[i] = word(child(child(state, i), 0), PURPOSE_ARRIVAL, 0, 0)


@compiled
def requests(state: int, words: Words) -> None:
    """Work of the first step of successive requests of one customer."""
    customer = child(state, 5)
    for i in range(len(words)):
        words[i] = word(child(customer, i), PURPOSE_WORK, 0, 0)


@compiled
def purposes(state: int, words: Words) -> None:
    """Successive purposes of one step; a new request every 32."""
    for i in range(len(words)):
        words[i] = word(child(child(state, 5), i >> 5), (i & 31) + 1, 2, 0)


@compiled
def steps(state: int, words: Words) -> None:
    """Successive steps; a new request every 8."""
    for i in range(len(words)):
        words[i] = word(child(child(state, i >> 9), (i >> 3) & 63), PURPOSE_WORK, i & 7, 0)


@compiled
def visits(state: int, words: Words) -> None:
    """Successive visits; a new step every 4, a new request every 32."""
    for i in range(len(words)):
        words[i] = word(child(child(state, 5), i >> 5), PURPOSE_WORK, (i >> 2) & 7, i & 3)


@compiled
def weeks(state: int, words: Words) -> None:
    """Successive weeks (as step) of successive people, ten years each."""
    for i in range(len(words)):
        words[i] = word(child(state, i // 520), PURPOSE_WORK, i % 520, 0)


@compiled
def replications(state: int, words: Words) -> None:
    """The same address in successive replications, which are the children of the seed's state."""
    for i in range(len(words)):
        words[i] = word(child(child(child(state, i), 3), 1), PURPOSE_WORK, 0, 0)


@compiled
def neighbours(state: int, words: Words) -> None:
    """Exclusive or of the words of neighbouring customers: what they have in common would show as zeros."""
    for i in range(len(words)):
        first = word(child(child(state, 2 * i), 0), PURPOSE_WORK, 0, 0)
        words[i] = first ^ word(child(child(state, 2 * i + 1), 0), PURPOSE_WORK, 0, 0)


def seeds(state: int, words: Words) -> None:
    """The same address for successive seeds; slow, so shorter."""
    for i in range(len(words)):
        words[i] = word(child(root(i, 0), 0), PURPOSE_WORK, 0, 0)


# Planted weaknesses


@compiled
def unmixed(state: int, words: Words) -> None:
    """The Weyl sequence without the mixing function."""
    for i in range(len(words)):
        words[i] = np.uint64(state) + np.uint64(i + 1) * np.uint64(0x9E3779B97F4A7C15)


@compiled
def congruential(state: int, words: Words) -> None:
    """Knuth's 64-bit linear congruential generator: good high bits, bad low bits."""
    z = np.uint64(state)
    for i in range(len(words)):
        z = z * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
        words[i] = z


@compiled
def forgetful(state: int, words: Words) -> None:
    """Visits that forget every sixteenth time which visit they are."""
    for i in range(len(words)):
        visit = i - 1 if i & 15 == 15 else i
        words[i] = word(state, PURPOSE_WORK, 0, visit)


SEQUENCES: list[Callable[[int, Words], None]] = [
    customers,
    requests,
    purposes,
    steps,
    visits,
    weeks,
    replications,
    neighbours,
    seeds,
]
PLANTED: list[Callable[[int, Words], None]] = [unmixed, congruential, forgetful]


# Tests: words -> p-value, two-sided where that makes sense


def bits(words: Words) -> float:
    """Ones in each of the 64 bit positions."""
    ones = np.array([np.count_nonzero(words >> np.uint64(b) & np.uint64(1)) for b in range(64)])
    return float(stats.chi2.sf(np.sum((ones - len(words) / 2) ** 2) / (len(words) / 4), 64))


def pairs_high(words: Words) -> float:
    """Pairs of neighbours in 256 x 256 cells, high bytes."""
    return even(cells(words >> np.uint64(56)), 65536)


def pairs_low(words: Words) -> float:
    """Pairs of neighbours in 256 x 256 cells, low bytes."""
    return even(cells(words & np.uint64(255)), 65536)


def cells(byte: Words) -> Words:
    return (byte[:-1:2] << np.uint64(8)) | byte[1::2]


def even(values: Words, categories: int) -> float:
    return float(stats.chisquare(np.bincount(values.astype(np.int64), minlength=categories)).pvalue)


def orders(words: Words) -> float:
    """Order of five neighbours: 120 permutations alike."""
    fives = words[: len(words) // 5 * 5].reshape(-1, 5)
    order = np.argsort(fives, axis=1) @ 5 ** np.arange(5)
    known = sorted(sum(int(d) * 5**k for k, d in enumerate(p)) for p in itertools.permutations(range(5)))
    return float(stats.chisquare(np.bincount(np.searchsorted(known, order), minlength=120)).pvalue)


def gaps(words: Words) -> float:
    """Distances between values in the lowest sixteenth: geometric."""
    longest = 80
    places = np.flatnonzero(words < np.uint64(2**60))
    lengths = np.minimum(np.diff(places) - 1, longest)
    expected = np.append((15 / 16) ** np.arange(longest) / 16, (15 / 16) ** longest)
    return float(stats.chisquare(np.bincount(lengths, minlength=longest + 1), expected * len(lengths)).pvalue)


def runs(words: Words) -> float:
    """Lengths of rising runs, the word after each run thrown away: 1/r! - 1/(r+1)!."""
    counts = np.zeros(8, np.int64)
    count_runs(words, counts)
    expected = np.array([1 / math.factorial(r) - 1 / math.factorial(r + 1) for r in range(1, 8)])
    expected = np.append(expected, 1 / math.factorial(8))
    return float(stats.chisquare(counts, expected * counts.sum()).pvalue)


@compiled
def count_runs(words: Words, counts: NDArray[np.int64]) -> None:
    length = 1
    i = 1
    while i < len(words):
        if words[i] > words[i - 1]:
            length += 1
            i += 1
        else:
            counts[min(length, 8) - 1] += 1
            length = 1
            i += 2


def spaces_high(words: Words) -> float:
    """Marsaglia's birthday spacings, 2^14 birthdays in 2^40 days: equal spacings are Poisson, 1 a year."""
    return birthdays(words >> np.uint64(24))


def spaces_low(words: Words) -> float:
    """The same with the low 40 bits."""
    return birthdays(words & np.uint64(2**40 - 1))


def birthdays(days: Words) -> float:
    years = np.sort(days[: len(days) // 2**14 * 2**14].reshape(-1, 2**14), axis=1)
    spacings = np.sort(np.diff(years, axis=1, prepend=np.uint64(0)), axis=1)
    equal = np.count_nonzero(np.diff(spacings, axis=1) == 0)
    average = float(len(years))
    return min(1.0, 2 * min(stats.poisson.cdf(equal, average), stats.poisson.sf(equal - 1, average)))


def ranks(words: Words) -> float:
    """Ranks of 64 x 64 bit matrices."""
    counts = np.zeros(65, np.int64)
    count_ranks(words[: len(words) // 64 * 64].reshape(-1, 64).copy(), counts)
    share = [rank_share(64), rank_share(63)]
    expected = np.array([*share, 1 - sum(share)]) * counts.sum()
    return float(stats.chisquare([counts[64], counts[63], counts[:63].sum()], expected).pvalue)


def rank_share(rank: int) -> float:
    """Share of the 64 x 64 bit matrices of that rank (Kovalenko 1972)."""
    logs = [2 * math.log1p(-(2.0 ** (i - 64))) - math.log1p(-(2.0 ** (i - rank))) for i in range(rank)]
    return 2.0 ** (rank * (128 - rank) - 64 * 64) * math.exp(math.fsum(logs))


@compiled
def count_ranks(matrices: NDArray[np.uint64], counts: NDArray[np.int64]) -> None:
    for m in range(len(matrices)):
        rows = matrices[m]
        rank = 0
        for column in range(64):
            mask = np.uint64(1) << np.uint64(column)
            pivot = rank
            while pivot < 64 and rows[pivot] & mask == np.uint64(0):
                pivot += 1
            if pivot == 64:
                continue
            held = rows[pivot]
            rows[pivot] = rows[rank]
            rows[rank] = held
            for other in range(rank + 1, 64):
                if rows[other] & mask != np.uint64(0):
                    rows[other] ^= held
            rank += 1
        counts[rank] += 1


def weights(words: Words) -> float:
    """Numbers of ones of neighbours, in four classes each: independent."""
    ones = np.bitwise_count(words).astype(np.int64)
    group = np.digitize(ones, [29, 32, 35])
    share = np.bincount(np.digitize(np.arange(65), [29, 32, 35]), stats.binom.pmf(np.arange(65), 64, 0.5))
    found = np.bincount(group[:-1:2] * 4 + group[1::2], minlength=16)
    return float(stats.chisquare(found, np.outer(share, share).ravel() * found.sum()).pvalue)


def linear(words: Words) -> float:
    """Serial correlation of neighbours, as values."""
    u = words.astype(np.float64)
    n = len(u) - 1
    return float(2 * stats.norm.sf(abs(np.corrcoef(u[:-1], u[1:])[0, 1]) * math.sqrt(n)))


def collisions(words: Words) -> float:
    """Equal whole words: none are expected."""
    return 0.0 if len(np.unique(words)) < len(words) else 1.0


TESTS: list[Callable[[Words], float]] = [
    bits,
    pairs_high,
    pairs_low,
    orders,
    gaps,
    runs,
    spaces_high,
    spaces_low,
    ranks,
    weights,
    linear,
    collisions,
]


# Runs


def battery(sequence: Callable[[int, Words], None]) -> list[float]:
    """p-values of all tests on one sequence; printed as a line."""
    words = np.empty(COUNT // 16 if sequence is seeds else COUNT, np.uint64)
    sequence(root(SEED, 0), words)
    values = [test(words) for test in TESTS]
    cells = "".join(f"{value:>12.2g}" for value in values)
    print(f"{sequence.__name__:<13}{len(words):>8}{cells}", flush=True)
    return values


def header() -> None:
    print(f"{'sequence':<13}{'words':>8}" + "".join(f"{t.__name__:>12}" for t in TESTS))


def own_tests() -> bool:
    print(f"Draws, stream version {STREAM_VERSION}, seed {SEED}; p-values of {len(TESTS)} tests\n")
    header()
    values = [value for sequence in SEQUENCES for value in battery(sequence)[:-1]]
    expected = len(values) * SUSPICIOUS
    low = sum(value < SUSPICIOUS for value in values)
    print(f"\n{len(values)} p-values, smallest {min(values):.2g}")
    print(f"below {SUSPICIOUS:g}: {low}, expected {expected:.1f}")
    print(f"the p-values themselves against a uniform law: p = {stats.kstest(values, 'uniform').pvalue:.2g}")
    print("\nPlanted weak generators; each must have a p-value below 1e-6\n")
    header()
    caught = [min(battery(planted)) < FAILED for planted in PLANTED]
    passed = min(values) > FAILED and all(caught)
    print(f"\nplanted weaknesses caught: {sum(caught)} of {len(caught)}")
    print(f"verdict: {'passed' if passed else 'FAILED'}", flush=True)
    return passed


# dieharder, on the words in the order in which a request meets them

DIEHARDER = (0, 1, 2, 3, 4, 8, 9, 10, 11, 12, 13, 15, 16, 17, 100, 101, 102, 205, 206, 207, 208, 209)


@compiled
def walk(state: int, first: int, words: Words) -> None:
    """Customers in turn, 8 requests each, 4 steps, 8 purposes, 2 visits."""
    for i in range(len(words)):
        at = first + i
        request = child(child(state, at >> 9), (at >> 6) & 7)
        words[i] = word(request, ((at >> 1) & 7) + 1, (at >> 4) & 3, at & 1)


def blocks() -> Iterator[bytes]:
    words = np.empty(2**18, np.uint64)
    for block in itertools.count():
        walk(root(SEED, 0), block * len(words), words)
        yield words.tobytes()


def dieharder(budget: float) -> bool:
    """Each test gets the same endless sequence; stops starting tests when the time is used up."""
    end = time.monotonic() + budget
    print("\ndieharder on the walk through customers, requests, steps, purposes and visits\n", flush=True)
    verdicts: list[str] = []
    for number in DIEHARDER:
        if time.monotonic() > end:
            print(f"time is up before test {number}")
            break
        lines = one_dieharder(number)
        verdicts += [line.split("|")[-1].strip() for line in lines] or ["FAILED"]  # silence is no pass
        print("\n".join(lines) or f"test {number} said nothing", flush=True)
    print("\ndieharder: " + ", ".join(f"{verdicts.count(v)} {v}" for v in ("PASSED", "WEAK", "FAILED")))
    return "FAILED" not in verdicts


def one_dieharder(number: int) -> list[str]:
    command = ["dieharder", "-d", str(number), "-g", "200"]
    with subprocess.Popen(command, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            for block in blocks():
                process.stdin.write(block)
        except BrokenPipeError:  # it has read enough
            pass
        lines = process.stdout.read().decode().splitlines()
    return [line for line in lines if line.rstrip().endswith(("PASSED", "WEAK", "FAILED"))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dieharder", action="store_true", help="also run dieharder, if it is installed")
    parser.add_argument("--seconds", type=float, default=300.0, help="time for dieharder")
    arguments = parser.parse_args()
    passed = own_tests()
    if arguments.dieharder and shutil.which("dieharder"):
        passed &= dieharder(arguments.seconds)
    return 0 if passed else 1


if __name__ == "__main__":
    raise SystemExit(main())
