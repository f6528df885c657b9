"""How often do intervals hold the true value, and how often are verdicts wrong? Measured on exact queues.

Run from the repository: python experiments/verification/coverage.py > experiments/verification/coverage.txt

Queues M/M/1 and M/M/4 by recursion, without the simulator, give response times of replications; shares near
1 are clumped as those of busy weeks are. What analysis makes of them is compared with the truth. 2,000
repeats a line.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.inference import difference_p, intervals, share_intervals, sign_p
from sim.analysis.stationarity import FEWEST_TIMES
from sim.analysis.verdict import LEVEL, SIGN_LEVEL
from sim.jit import compiled

Floats = NDArray[np.float64]
REPEATS = 2000
WIDEST = 0.10


@compiled
def responses(servers: int, load: float, warm_up: float, window: float, seed: int, runs: int) -> Floats:
    """Mean response time of each run, service time 1: first come, first served by whoever is free first."""
    np.random.seed(seed)
    found = np.empty(runs)
    for run in range(runs):
        free, now, total, count = np.zeros(servers), 0.0, 0.0, 0
        while True:
            now += np.random.exponential(1.0 / (servers * load))
            if now >= warm_up + window:
                break
            next_free = np.argmin(free)
            free[next_free] = max(now, free[next_free]) + np.random.exponential(1.0)
            if now >= warm_up:
                total += free[next_free] - now
                count += 1
        found[run] = total / count
    return found


def expected_response(servers: int, load: float) -> float:
    """Erlang's formula: service and the mean wait of M/M/c."""
    offered = servers * load
    below = math.fsum(offered**k / math.factorial(k) for k in range(servers))
    waiting = offered**servers / math.factorial(servers) / (1 - load)
    return 1 + waiting / (below + waiting) / (servers * (1 - load))


def share_inside(low: Floats, high: Floats, truth: float) -> float:
    """Share of intervals that hold the truth."""
    return float(np.mean((low <= truth) & (truth <= high)))


def of_means() -> None:
    """Coverage of the mean response time: of all runs, and of those a limit on the width would let pass."""
    print("mean response time, t over replications; limit: runs whose interval is within 10 % of their mean")
    print("servers load times n    coverage  bias %   limit: pass  coverage  bias %")
    for servers in (1, 4):
        for load in (0.8, 0.9):
            relaxation = 1 / (servers * (1 - math.sqrt(load)) ** 2)
            truth = expected_response(servers, load)
            for times in (5, 10, 20, 40):
                for n in (10, 20):
                    window = times * relaxation
                    runs = responses(servers, load, window / 3, window, times * n + servers, REPEATS * n)
                    found = intervals(runs.reshape(REPEATS, n))
                    passed = (found.high - found.low) / 2 <= WIDEST * found.mean
                    low, high, means = found.low[passed], found.high[passed], found.mean[passed]
                    inside = share_inside(low, high, truth) if passed.any() else math.nan
                    bias = means.mean() / truth - 1 if passed.any() else math.nan
                    cells = [
                        f"{servers:7d} {load:4.1f} {times:5d} {n:3d}",
                        f"{share_inside(found.low, found.high, truth):8.3f}",
                        f"{100 * (found.mean.mean() / truth - 1):7.1f}",
                        f"{passed.mean():11.2f}",
                        f"{inside:9.3f} {100 * bias:7.1f}",
                        "short" if times < FEWEST_TIMES else "",
                    ]
                    print(" ".join(cells), flush=True)


def of_shares() -> None:
    """Coverage of shares near 1, t against Wilson; requests fail in clumps where `clump` is above 1."""
    random = np.random.default_rng(5)
    print("\nshares of 400 requests a replication; failures come in clumps of a mean size")
    print("share  clump   n   t: coverage  Wilson: coverage")
    for share in (0.95, 0.99, 0.998):
        for clump in (1.0, 3.0):
            for n in (5, 10, 20):
                clumps = random.poisson(400 * (1 - share) / clump, (REPEATS, n))
                failed = clumps if clump == 1.0 else clumps + random.poisson((clump - 1) * clumps)
                values = 1 - np.minimum(failed, 400) / 400
                plain = intervals(values)
                wilson = share_intervals(values, np.full(REPEATS, 400.0 * n))
                one, other = (share_inside(each.low, each.high, share) for each in (plain, wilson))
                print(f"{share:5.3f} {clump:6.1f} {n:3d} {one:13.3f} {other:17.3f}")


def of_pairs() -> None:
    """How often a difference of 0 is called one, by the t test alone and with the sign test after it."""
    random = np.random.default_rng(7)
    draws: dict[str, Any] = {
        "normal": lambda size: random.standard_normal(size),
        "t with 2 degrees": lambda size: random.standard_t(2, size),
        "difference of exponentials": lambda size: random.exponential(1, size) - random.exponential(1, size),
        "skewed, mean 0, median below": lambda size: np.exp(random.standard_normal(size)) - math.exp(0.5),
    }
    print("\ncalled different though the mean difference is 0; 20,000 repeats")
    print(f"{'pairs':31s}   n   t at 5 %   t, then signs at 1 %")
    for name, draw in draws.items():
        for n in (10, 20):
            values = draw((10 * REPEATS, n))
            by_mean = difference_p(intervals(values)) < LEVEL
            agree = values.mean(axis=1) * np.median(values, axis=1) > 0
            by_pairs = (sign_p(values) < SIGN_LEVEL) & agree
            print(f"{name:31s} {n:3d} {by_mean.mean():10.3f} {(by_mean | by_pairs).mean():14.3f}")


if __name__ == "__main__":
    of_means()
    of_shares()
    of_pairs()
