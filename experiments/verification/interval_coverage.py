"""How often do intervals hold the true value, and how often are verdicts wrong? Measured on exact answers.

Run from the repository: python experiments/verification/interval_coverage.py, its output is beside it. It
takes about ten minutes of a core; `--repeats 200` is a try.

First the simulator itself: companies that are queues of theory, intervals made as a comparison makes them.
Then what takes more repeats than a simulator has time for: queues by recursion, and shares whose misses are
clumped as those of busy weeks are.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import load_scenario, simulate
from sim.analysis.estimates import Matrix, estimates, with_status
from sim.analysis.inference import difference_p, holm, intervals, sign_p
from sim.analysis.paired import Paired
from sim.analysis.relaxation import FEWEST_TIMES
from sim.analysis.shares import share_intervals
from sim.analysis.verdict import LEVEL, SIGN_LEVEL
from sim.jit import compiled
from sim.known_answers.case import UNIT, exponential, in_hours, setting
from sim.known_answers.observed import Observed
from sim.known_answers.oracles import erlang_c, impatient_station, limited_room
from sim.known_answers.readings import busy, responses
from sim.known_answers.station_cases import station_settings
from sim.study.precise import Precision
from sim.trajectory import ABANDONED, BALKED

Floats = NDArray[np.float64]
REPEATS = 2000
N = 10
WEEK = 40.0


@dataclass(frozen=True)
class Queue:
    """A company of one department; time in units of its mean work.

    times: relaxation times that a replication covers. ends: share of arrivals that leave, and the exact one.
    """

    name: str
    rate: float
    servers: int
    times: float
    more: tuple[str, ...] = ()
    ends: tuple[int, float] | None = None

    @property
    def load(self) -> float:
        """Expected load of the department."""
        return self.rate / self.servers

    @property
    def weeks(self) -> int:
        """Length of the window; without a queue that needs time, some 2,000 arrivals."""
        if self.ends:
            units = 2000 / self.rate
        else:
            units = self.times / (self.servers * (1.0 - math.sqrt(self.load)) ** 2)
        return max(1, math.ceil(units * UNIT / WEEK))

    @property
    def settings(self) -> tuple[str, ...]:
        """Overrides for the simulator."""
        warm_up = max(1, self.weeks // 3)
        return (
            *station_settings(exponential(1 / self.rate), exponential(1.0), self.servers),
            *self.more,
            f"experiment.warm_up_weeks={warm_up}",
            f"experiment.horizon_weeks={warm_up + self.weeks}",
            "experiment.drain_weeks=2",
        )

    def longer_than(self, length: float) -> float:
        """Exact share of response times beyond a length, M/M/c."""
        spare, waits = self.servers - self.rate, erlang_c(self.servers, self.rate)
        if self.servers == 1:
            return math.exp(-spare * length)
        both = (spare * math.exp(-length) - math.exp(-spare * length)) / (spare - 1.0)
        return (1.0 - waits) * math.exp(-length) + waits * both

    def length_for(self, share: float) -> float:
        """The length within which so many are resolved; bisection."""
        low, high = 0.0, 1e4
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (middle, high) if self.longer_than(middle) > 1.0 - share else (low, middle)
        return high

    @property
    def mean(self) -> float:
        """Exact mean response time, M/M/c."""
        return 1.0 + erlang_c(self.servers, self.rate) / (self.servers - self.rate)


PATIENCE = exponential(2.0)
QUEUES = (
    Queue("M/M/1 at 0.8", 0.8, 1, 80.0),
    Queue("M/M/3 at 0.8", 2.4, 3, 40.0),
    Queue("M/M/1 at 0.9", 0.9, 1, 25.0),
    Queue("M/M/1 at 0.9, short", 0.9, 1, 8.0),
    Queue("M/M/1 at 0.5", 0.5, 1, 80.0),
    Queue("M/M/2 at 0.9", 1.8, 2, 25.0),
    Queue("M/M/4 at 0.7", 2.8, 4, 40.0),
    Queue("M/M/10 at 0.8", 8.0, 10, 40.0),
    Queue(
        "M/M/5 with patience", 5.0, 5, 0.0,
        ("customers.patience=true", setting("company.segments.a.patience", in_hours(PATIENCE))),
        (ABANDONED, impatient_station(5.0, 1.0, 5, PATIENCE)["P_ab"]),
    ),
    Queue(
        "M/M/4 with room for 6", 3.0, 4, 0.0, ("staffing.waiting_room=6",),
        (BALKED, limited_room(3.0, 1.0, 4, 10)["P_block"]),
    ),
)  # fmt: skip
SHARES = (0.9, 0.99, 0.996, 0.999)


def truths(queue: Queue) -> dict[tuple[str, str], float]:
    """Exact value by (metric, scope); scopes tell promises apart."""
    if queue.ends:
        name = "abandoned" if queue.ends[0] == ABANDONED else "balked"
        return {(name, "company"): queue.ends[1]}
    known = {("response_time_mean", "company"): queue.mean}
    known[("response_time_p90", "company")] = queue.length_for(0.9)
    known[("utilisation", "company")] = queue.load
    return known | {("within_promise", f"segment:{share}"): share for share in SHARES}


def measured(queue: Queue, replications: int) -> dict[tuple[str, str], Floats]:
    """What theory talks about in every replication, by (metric, scope); hours in units of the case."""
    scenario = load_scenario(list(queue.settings))
    promises = {} if queue.ends else {share: queue.length_for(share) for share in SHARES}
    found: dict[tuple[str, str], list[float]] = {key: [] for key in truths(queue)}
    visits = []
    for replication in range(replications):
        seen = Observed(simulate(scenario, replication), UNIT)
        visits.append(len(seen.visits) * seen.length / seen.high)
        if queue.ends:
            share = seen.chosen(queue.ends[0]).sum() / seen.cohort.sum()
            found[next(iter(found))].append(float(share))
            continue
        lasted = responses(seen)
        found["response_time_mean", "company"].append(float(lasted.mean()))
        found["response_time_p90", "company"].append(float(np.quantile(lasted, 0.9)))
        found["utilisation", "company"].append(busy(seen) / queue.servers)
        for share, length in promises.items():
            found["within_promise", f"segment:{share}"].append(float((lasted <= length).mean()))
    values = {key: np.array(each) for key, each in found.items()}
    return values | {("visits_done", "department:service"): np.array(visits)}


UNITS = {"response_time_mean": "h", "response_time_p90": "h"}


def shown(queue: Queue, values: dict[tuple[str, str], Floats], n: int) -> pd.DataFrame:
    """Estimates of all repeats with n replications each, as a comparison makes them; a repeat a scenario."""
    samples = {key: each[: len(each) // n * n].reshape(-1, n) for key, each in values.items()}
    repeats = len(next(iter(samples.values())))
    samples["load", "department:service"] = np.full((repeats, n), queue.load)
    samples["utilisation", "department:service"] = samples["load", "department:service"]
    keys = [
        (number, "function", metric, scope, UNITS.get(metric, "share"))
        for metric, scope in samples
        for number in range(repeats)
    ]
    columns = ["scenario", "structure", "metric", "scope", "unit"]
    matrix = Matrix(pd.DataFrame(keys, columns=columns), np.concatenate(list(samples.values())))
    facts = {"setting": 0, "label": "", "status": "ok", "replications": n, "kind": "long_run"}
    status = pd.DataFrame({"scenario": range(repeats), **facts})
    table = estimates(matrix)
    if queue.ends:
        table = table[table["metric"] != "load"]  # customers who leave shorten queues
        return table.assign(withheld="")
    return with_status(table, status, matrix)


def of_queues(repeats: int, pools: dict[str, dict[tuple[str, str], Floats]]) -> None:
    """Coverage of what is displayed, by the simulator; `pools` keeps the values for the verdicts."""
    print(f"the simulator against exact answers: {repeats:,} repeats of {N} replications")
    print(f"{'queue':22s} {'value':22s} {'exact':>8s} {'bias %':>7s} displayed covers  t covers  method")
    for queue in QUEUES:
        values = pools[queue.name] = measured(queue, repeats * N)
        table = shown(queue, values, N)
        for (metric, scope), truth in truths(queue).items():
            rows = table[(table["metric"] == metric) & (table["scope"] == scope)]
            there = rows["low"].notna()
            low, high = (rows.loc[there, end].to_numpy() for end in ("low", "high"))
            covered = share_inside(low, high, truth) if there.any() else math.nan
            plain = intervals(values[metric, scope].reshape(-1, N))
            methods = rows["method"].mode()[0]
            what = metric if metric != "within_promise" else f"{metric} {scope.partition(':')[2]}"
            print(
                f"{queue.name:22s} {what:22s} {truth:8.4f} {100 * (rows['mean'].mean() / truth - 1):7.2f}"
                f" {there.mean():9.3f} {covered:6.3f} {share_inside(plain.low, plain.high, truth):9.3f}"
                f"  {methods}",
                flush=True,
            )


def samples_of(pool: Floats, count: int, random: np.random.Generator) -> Floats:
    """So many samples of N replications, without putting back."""
    return random.permutation(pool)[: count * N].reshape(count, N)


def of_families(pools: dict[str, dict[tuple[str, str], Floats]]) -> None:
    """Chance that any of 100 scenarios that are the same as the first is called better or worse."""
    random, trials, many = np.random.default_rng(3), 500, 100
    print(f"\n{many} identical scenarios against the first: share of {trials} trials with a false claim")
    for key in (("response_time_mean", "company"), *(("within_promise", f"segment:{s}") for s in SHARES[:3])):
        pool = pools["M/M/1 at 0.8"][key]
        claims, rows = 0, min(many, len(pool) // N - 1)
        for _ in range(trials):
            first, *others = samples_of(pool, rows + 1, random)
            own = np.array(others)
            paired = Paired(own, np.tile(first, (rows, 1)), np.full(rows, key[0] == "within_promise"))
            adjusted = holm(paired.difference_p(), np.zeros(rows, dtype=np.int64))
            claims += bool((adjusted < LEVEL).any())
        print(f"  {' '.join(key):40s} {claims / trials:.3f}")


def of_equivalence(pools: dict[str, dict[tuple[str, str], Floats]]) -> None:
    """How often "no difference larger than the margin" is said of what differs by twice the margin."""
    random = np.random.default_rng(4)
    print("\nequivalence claimed of what differs by twice the margin (by once the margin)")
    pool = pools["M/M/1 at 0.8"]
    hours = pool["response_time_mean", "company"]
    half = len(hours) // 2 // N * N
    for name, other in (("unpaired", hours[half : 2 * half]), ("with itself", hours[:half])):
        first = hours[:half].reshape(-1, N)
        rates = []
        for times in (2.0, 1.0):
            own = (1.0 + 0.03 * times) * other.reshape(-1, N)
            margin = np.full(len(own), 0.03) * np.abs(first.mean(axis=1))
            rates.append(np.mean(Paired(own, first, np.zeros(len(own), bool)).equivalence_p(margin) < LEVEL))
        print(f"  response time, margin 3 %, {name:12s} {rates[0]:.3f} ({rates[1]:.3f})")
    for best in (1.0, 0.999, 0.99, 0.96):
        for clump in (1.0, 5.0, 20.0):
            rates = []
            for times in (2.0, 1.0):
                first = clumped(best, clump, N, random)
                own = clumped(best - 0.01 * times, clump, N, random)
                p = Paired(own, first, np.ones(REPEATS, bool)).equivalence_p(np.full(REPEATS, 0.01))
                rates.append(np.mean(p < LEVEL))
            what = f"shares from {best:5.3f}, margin 1 point, clumps of {clump:2.0f}"
            print(f"  {what}  {rates[0]:.3f} ({rates[1]:.3f})")


def clumped(share: float, clump: float, n: int, random: np.random.Generator, requests: int = 1000) -> Floats:
    """Shares of replications whose misses come in clumps of a geometric size; shape (REPEATS, n)."""
    clumps = random.poisson(requests * (1 - share) / clump, (REPEATS, n))
    more = random.negative_binomial(np.maximum(clumps, 1), 1 / clump) if clump > 1.0 else 0
    failed = clumps + np.where(clumps > 0, more, 0)
    return 1.0 - np.minimum(failed, requests) / requests


def of_shares() -> None:
    """Coverage of shares near 1 and of their differences; misses in clumps where `clump` is above 1."""
    random = np.random.default_rng(5)
    print("\nshares of 1,000 requests a replication; misses come in clumps of a mean size")
    print("share  clump   n   t covers  displayed covers   difference from a share of 0.999: t, displayed")
    for share in (0.95, 0.99, 0.996, 0.999):
        for clump in (1.0, 5.0, 20.0):
            for n in (10, 20):
                values, other = clumped(share, clump, n, random), clumped(0.999, clump, n, random)
                plain, own = intervals(values), share_intervals(values)
                there = np.isfinite(own.low)
                paired = Paired(values, other, np.ones(REPEATS, bool))
                change = [paired.plain, paired.intervals()]
                cells = [share_inside(each.low, each.high, share - 0.999) for each in change]
                print(
                    f"{share:5.3f} {clump:6.1f} {n:3d} {share_inside(plain.low, plain.high, share):10.3f}"
                    f" {there.mean():9.3f} {share_inside(own.low[there], own.high[there], share):7.3f}"
                    f" {cells[0]:32.3f} {cells[1]:8.3f}"
                )


@compiled
def responses_of(servers: int, load: float, warm_up: float, window: float, seed: int, runs: int) -> Floats:
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
    """Coverage of the mean response time by t at 95, 98 and 99 %; the level that is used is marked."""
    print("\nmean response time, t over replications; relaxation times a replication covers; * as displayed")
    print("servers load times n  bias %   95 %    98 %    99 %")
    for servers, load, longest in ((1, 0.9, 20), (4, 0.8, 80)):
        relaxation = 1 / (servers * (1 - math.sqrt(load)) ** 2)
        truth = expected_response(servers, load)
        for times in (each for each in (2, 5, 10, 20, 40, 80) if each <= longest):
            runs = responses_of(
                servers, load, times * relaxation / 3, times * relaxation, times, REPEATS * 20
            )
            for n in (10, 20):
                values = runs[: REPEATS * n].reshape(REPEATS, n)
                used = 0.99 if times < FEWEST_TIMES else 0.98 if times * n < 800 else 0.95
                used = math.nan if times < 5 else used
                found = [(level, intervals(values, level)) for level in (0.95, 0.98, 0.99)]
                cells = [
                    f"{share_inside(each.low, each.high, truth):.3f}{'*' if level == used else ' '}"
                    for level, each in found
                ]
                bias = 100 * (values.mean() / truth - 1)
                print(
                    f"{servers:7d} {load:4.1f} {times:5d} {n:2d} {bias:6.1f}   {'  '.join(cells)}", flush=True
                )


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


def main() -> None:
    """Measure and print all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    pools: dict[str, dict[tuple[str, str], Floats]] = {}
    of_queues(parser.parse_args().repeats, pools)
    of_families(pools)
    of_equivalence(pools)
    of_shares()
    of_means()
    of_pairs()
    of_stopping()


def of_stopping(repeats: int = REPEATS) -> None:
    """Coverage of the mean where replications are added until the interval is as narrow as asked."""
    random, most = np.random.default_rng(9), 1000
    print(
        "\nreplications added until half the interval is within a share of the mean; replications spread by"
    )
    print("law         spread asked first  covers  replications, mean   not narrow enough")
    for law, shape in (("normal", None), ("gamma", 11.1), ("exponential", 1.0)):
        for asked in (0.1, 0.05):
            for first in (10, 20):
                inside, used, short = [], [], 0
                for _ in range(repeats):
                    values = (
                        random.normal(1, 0.3, most) if shape is None else random.gamma(shape, 1 / shape, most)
                    )
                    count, precision = first, Precision(asked, (), most)
                    while True:
                        found = intervals(values[None, :count])
                        width = float((found.high[0] - found.low[0]) / 2 / found.mean[0])
                        if (more := precision.next_count(count, width)) == count:
                            break
                        count = more
                    inside.append(found.low[0] <= 1.0 <= found.high[0])
                    used.append(count)
                    short += width > asked
                spread = 0.3 if shape is None else 1 / math.sqrt(shape)
                told = f"{np.mean(inside):7.3f} {np.mean(used):20.1f} {short / repeats:19.3f}"
                print(f"{law:11s} {spread:6.2f} {asked:5.2f} {first:5d} {told}", flush=True)


if __name__ == "__main__":
    main()
