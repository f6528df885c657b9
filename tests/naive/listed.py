"""Exact values of textbook cases by plain ways: chains of states, sums, integrals, bisection, traces by hand.

    python -m tests.naive.listed        # writes tests/known_answers/exact_values.json

Invariant: independent of the package under test, and of its formulas: no Erlang, no Pollaczek and Khinchine.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from decimal import Decimal, getcontext
from functools import partial
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from scipy.integrate import quad

from tests.naive.chains import State, average, stationary
from tests.naive.queues import starts_at_any_free_server

FILE = Path(__file__).parents[1] / "known_answers" / "exact_values.json"
Values = dict[str, float]
getcontext().prec = 40


class Ladder:
    """Customers in a system that changes by one at a time: chances by balance of neighbouring states."""

    def __init__(self, birth: Callable[[int], float], death: Callable[[int], float], top: int):
        weights = [1.0]
        for n in range(top):
            weights.append(weights[-1] * birth(n) / death(n + 1))
        total = math.fsum(weights)
        self.chances = [weight / total for weight in weights]

    def mean(self, value: Callable[[int], float]) -> float:
        """Mean of a value over the states."""
        return math.fsum(chance * value(n) for n, chance in enumerate(self.chances))


def servers(rate: float, speed: float, count: int, top: int = 900) -> Ladder:
    """Endless room before some servers."""
    return Ladder(lambda _: rate, lambda n: speed * min(n, count), top)


def waits(rate: float, speed: float, count: int) -> Values:
    """Waits of arrivals, who see the chances of all times: whoever is ahead goes first."""
    ladder = servers(rate, speed, count)
    wait = ladder.mean(lambda n: max(0, n - count + 1) / (count * speed))
    found = {"Wq": wait, "W": wait + 1 / speed, "p_wait": ladder.mean(lambda n: n >= count)}
    queue, inside = ladder.mean(lambda n: max(0, n - count)), ladder.mean(lambda n: n)
    return found | {"Lq": queue, "L": inside, "util": ladder.mean(lambda n: min(n, count)) / count}


def longer(stages: int, speed: float, time: float) -> float:
    """Chance that so many exponential stages take longer than a time: fewer events of a Poisson stream."""
    term, total = math.exp(-speed * time), 0.0
    for stage in range(stages):
        total += term
        term *= speed * time / (stage + 1)
    return total


def within(time: float, rate: float, speed: float, count: int) -> float:
    """Share that waits at most so long."""
    ladder = servers(rate, speed, count, 700)
    return 1 - ladder.mean(lambda n: longer(n - count + 1, count * speed, time) if n >= count else 0.0)


def root(falling: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function is zero."""
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return (low + high) / 2


def one_server(rate: float) -> Values:
    ladder, found = servers(rate, 1.0, 1), waits(rate, 1.0, 1)
    square = ladder.mean(lambda n: (n + 1) + (n + 1) ** 2)
    late = root(lambda time: ladder.mean(lambda n: longer(n + 1, 1.0, time)) - 0.05, 0.0, 100.0)
    about = {"W_p95": late, "sdW": math.sqrt(square - found["W"] ** 2)}
    return _of(found, "Wq W Lq L p_wait") | about | {"P_L_ge_5": ladder.mean(lambda n: n >= 5)}


def several(rate: float, count: int) -> Values:
    found = _of(waits(rate, 1.0, count), "p_wait Wq W Lq util")
    return found | {"SL_0p5": within(0.5, rate, 1.0, count)}


def call_centre() -> Values:
    rate, speed = 0.1, 1 / 240
    agents = next(count for count in range(25, 60) if within(20.0, rate, speed, count) >= 0.8)
    found = waits(rate, speed, agents)
    fewer = agents - 1
    return {
        "min_agents": float(agents),
        "SL20": within(20.0, rate, speed, agents),
        "ASA_s": found["Wq"],
        "occ": found["util"],
        "p_wait": found["p_wait"],
        "SL20_one_fewer": within(20.0, rate, speed, fewer),
        "ASA_s_one_fewer": waits(rate, speed, fewer)["Wq"],
    }


def no_room() -> Values:
    ladder = Ladder(lambda _: 10.0, lambda n: n, 12)
    return {"P_block": ladder.chances[12], "carried": ladder.mean(lambda n: n)}


def little_room() -> Values:
    ladder = Ladder(lambda _: 4.0, lambda n: min(n, 4), 10)
    queue, lost = ladder.mean(lambda n: max(0, n - 4)), ladder.chances[10]
    wait = queue / (4.0 * (1 - lost))
    return {"P_block": lost, "Lq": queue, "Wq_accepted": wait, "util": ladder.mean(lambda n: min(n, 4)) / 4}


def any_work(left: float) -> Values:
    """Arrivals find as many unfinished works, each met half-way, a geometric number; `left`: mean of one."""
    wait = math.fsum(0.2 * 0.8**n * n * left for n in range(2000))
    return {"Wq": wait, "W": wait + 1, "Lq": 0.8 * wait, "L": 0.8 * (wait + 1), "p_wait": 0.8}


def left_of(survival: Callable[[float], float], *ends: float) -> float:
    """Mean rest of a work of mean 1 met at a random moment: the integral of x times its survival."""
    parts = pairwise(ends)
    return math.fsum(quad(lambda x: x * survival(x), a, b, epsabs=1e-13, limit=400)[0] for a, b in parts)


def lognormal_left() -> float:
    """The same for a lognormal work of mean 1 and coefficient of variation 1.5, over the normal variate."""
    spread = math.sqrt(math.log(1 + 1.5**2))
    z = np.linspace(-14.0, 14.0, 20_001)
    weights = np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return float((np.exp(2 * (spread * z - spread**2 / 2)) * weights).sum() * (z[1] - z[0]) / 2)


def regular_arrivals() -> Values:
    """Seen by arrivals 1.25 apart: the number there, plus oneself, less a Poisson number of ends."""
    size = 160
    gone = [math.exp(-1.25) * 1.25**k / math.factorial(k) for k in range(size + 1)]
    moves = np.zeros((size, size))
    for n in range(size):
        for k in range(n + 1):
            moves[n, min(n + 1 - k, size - 1)] += gone[k]
        moves[n, 0] += 1 - math.fsum(gone[: n + 1])
    system = moves.T - np.eye(size)
    system[-1] = 1.0
    seen = np.linalg.solve(system, np.eye(size)[-1])
    wait, busy = float(seen @ np.arange(size)), float(1 - seen[0])
    return {
        "sigma": float(seen[1] / seen[0]),
        "Wq": wait,
        "p_wait_seen_by_arrivals": busy,
        "time_avg_busy": 0.8,
    }


def wave() -> Values:
    def rate(time: float) -> float:
        return 20.0 + 10.0 * math.sin(2 * math.pi * time / 10.0)

    def inside(time: float) -> float:
        whole = [quad(lambda age: rate(time - age) * math.exp(-age), a, a + 5.0, epsabs=1e-13)[0]
                 for a in range(0, 45, 5)]  # fmt: skip
        return math.fsum(whole)

    found = {f"m({time})": inside(time) for time in (0.0, 2.5, 5.0, 7.5)}
    # It peaks where as many leave as come.
    return found | {"peak_lag_after_lambda_peak": root(lambda t: rate(t) - inside(t), 2.5, 4.5) - 2.5}


def impatient() -> Values:
    ladder = Ladder(lambda _: 5.0, lambda n: min(n, 5) + 0.5 * max(0, n - 5), 200)
    queue = ladder.mean(lambda n: max(0, n - 5))
    served: list[float] = []
    waited: list[float] = []  # by the number ahead in the queue: chance to be served, wait if so
    for ahead in range(196):
        pace = 5.0 + 0.5 * ahead + 0.5
        after, before = (served[-1], waited[-1]) if served else (1.0, 0.0)
        served.append((pace - 0.5) / pace * after)
        waited.append(served[-1] / pace + (pace - 0.5) / pace * before)
    reached = ladder.mean(lambda n: served[n - 5] if n >= 5 else 1.0)
    wait = ladder.mean(lambda n: waited[n - 5] if n >= 5 else 0.0)
    return {
        "P_ab": 0.5 * queue / 5.0,
        "EW_all": queue / 5.0,
        "p_wait": ladder.mean(lambda n: n >= 5),
        "Lq": queue,
        "occ": ladder.mean(lambda n: min(n, 5)) / 5,
        "EW_served": wait / reached,
        "P_served": reached,
    }


def urgent_first() -> Values:
    def moves(state: State) -> Iterator[tuple[State, float]]:
        first, second, busy = state  # waiting of each class; 0: idle, else the class in service
        if busy == 0:
            yield (0, 0, 1), 0.3
            yield (0, 0, 2), 0.4
            return
        if first < 45:
            yield (first + 1, second, busy), 0.3
        if second < 110:
            yield (first, second + 1, busy), 0.4
        after = (first - 1, second, 1) if first else (0, second - 1, 2) if second else (0, 0, 0)
        yield after, 1.0

    chances = stationary((0, 0, 0), moves)
    urgent = average(chances, lambda state: state[0]) / 0.3
    other = average(chances, lambda state: state[1]) / 0.4
    return {
        "Wq1": urgent,
        "Wq2": other,
        "Wq_avg": (0.3 * urgent + 0.4 * other) / 0.7,
        "FCFS_Wq": waits(0.7, 1.0, 1)["Wq"],
    }


def tandem() -> Values:
    first, second = waits(0.8, 1.0, 1)["W"], waits(0.8, 0.6, 2)["W"]
    return {"W_total": first + second, "W1": first, "W2": second}


def rework() -> Values:
    ladder = Ladder(lambda _: 0.6, lambda _: 0.75, 900)  # three of four passages are the last
    inside, visits = ladder.mean(lambda n: n), math.fsum(0.25**k for k in range(60))
    total = inside / 0.6
    return {
        "rho": ladder.mean(lambda n: n >= 1),
        "L": inside,
        "W_total": total,
        "visits": visits,
        "W_per_visit": total / visits,
    }


def pooled(count: int) -> Values:
    apart, pool = waits(0.8, 1.0, 1), waits(0.8 * count, 1.0, count)
    return {
        "Wq_sep": apart["Wq"],
        "Wq_pool": pool["Wq"],
        "W_sep": apart["W"],
        "W_pool": pool["W"],
        "W_fast": waits(0.8 * count, float(count), 1)["W"],
        "ratio_Wq": apart["Wq"] / pool["Wq"],
    }


def unlike() -> Values:
    rates, speeds = (5 / 6, 1 / 12), (1.0, 0.1)
    whole = sum(rates)

    def moves(state: State) -> Iterator[tuple[State, float]]:
        short, long, queue = state  # in service of each kind; who waits shows his kind when he begins
        for kind, rate in enumerate(rates):
            if short + long < 2:
                yield (short + (kind == 0), long + (kind == 1), 0), rate
        if short + long == 2 and queue < 2500:
            yield (short, long, queue + 1), whole
        for kind, count in enumerate((short, long)):
            if not count:
                continue
            left = (short - (kind == 0), long - (kind == 1))
            if not queue:
                yield (*left, 0), count * speeds[kind]
            for begun, rate in enumerate(rates if queue else ()):
                after = (left[0] + (begun == 0), left[1] + (begun == 1), queue - 1)
                yield after, count * speeds[kind] * rate / whole

    pool = average(stationary((0, 0, 0), moves), lambda state: state[2]) / whole
    short, long = waits(rates[0], 1.0, 1)["Wq"], 10.0 * waits(10.0 * rates[1], 1.0, 1)["Wq"]
    apart = (rates[0] * short + rates[1] * long) / whole
    return {"Wq_A": short, "Wq_B": long, "Wq_sep_mean": apart, "Wq_pool": pool, "pool_over_sep": pool / apart}


def machines() -> Values:
    ladder = Ladder(lambda n: 0.1 * (10 - n), lambda n: 0.5 * min(n, 2), 10)
    down, queue = ladder.mean(lambda n: n), ladder.mean(lambda n: max(0, n - 2))
    failing = ladder.mean(lambda n: 0.1 * (10 - n))
    return {
        "L_down": down,
        "availability": 1 - down / 10,
        "Lq": queue,
        "Wq": queue / failing,
        "throughput": failing,
        "p_all_up": ladder.chances[0],
    }


def breakdowns() -> Values:
    def moves(state: State) -> Iterator[tuple[State, float]]:
        inside, broken = state
        if inside < 150:
            yield (inside + 1, broken), 0.5
        if broken:
            yield (inside, 0), 0.25
        elif inside:
            yield (inside - 1, 0), 1.0
            yield (inside, 1), 0.05

    inside = average(stationary((0, 0), moves), lambda state: state[0])
    # Of each event while working 1 in 1.05 is the end, the others a repair of 4, after which it goes on.
    once, again = 1 / 1.05 + 0.05 / 1.05 * 4.0, 0.05 / 1.05
    return {"E_completion": math.fsum(once * again**k for k in range(30)), "L": inside, "W": inside / 0.5}


def identities() -> Values:
    found, ladder = waits(2.4, 1.0, 3), servers(2.4, 1.0, 3)
    full = ladder.mean(lambda n: n >= 3)
    return {
        "L_minus_lamW": found["L"] - 2.4 * found["W"],
        "Lq_minus_lamWq": found["Lq"] - 2.4 * found["Wq"],
        "P_arrival_finds_all_busy": full,
        "time_frac_all_busy": full,
        "util": found["util"],
    }


def power_of(case: int, rate: str) -> Decimal:
    """case to the power log2(rate), in forty digits."""
    return (Decimal(case).ln() * Decimal(rate).ln() / Decimal(2).ln()).exp()


def wright(rate: str) -> Values:
    times = {case: 10 * power_of(case, rate) for case in range(1, 101)}
    whole = sum(times.values())
    found = {f"T{case}": float(times[case]) for case in (2, 4, 10, 100)}
    slope = float(Decimal(rate).ln() / Decimal(2).ln())
    return {"b": slope} | found | {"cum100": float(whole), "avg100": float(whole / 100)}


def plateau() -> Values:
    return {f"T{case}": float(6 + 4 * power_of(case, "0.85")) for case in (1, 10, 100, 1000)}


def knowledge() -> Values:
    stock = [0.0]
    for _ in range(400):
        stock.append(0.75 * stock[-1] + 20.0)
    slow = math.exp(math.log(0.8) / math.log(2.0) * math.log(stock[-1]))
    half = root(lambda months: math.exp(months * math.log(0.75)) - 0.5, 0.0, 9.0)
    found = {"K1": stock[1], "K6": stock[6], "K12": stock[12], "K_inf": stock[-1]}
    return found | {"T_inf": 10.0 * slow, "half_life_months": half}


def ramp_up() -> Values:
    def part(value: Callable[[float], float], low: float, high: float) -> float:
        return float(quad(lambda age: value(age) * 0.35 * math.exp(-0.35 * age), low, high, epsabs=1e-14)[0])

    share = part(lambda _: 1.0, 0.0, 0.25)
    productive = part(lambda age: 0.5 + 2.0 * age, 0.0, 0.25) + 1 - share
    return {
        "share_in_ramp": share,
        "mean_productivity": productive,
        "extra_heads_pct": 100 / productive - 100,
    }


def _left_over(left: float, kept: float) -> float:
    return left - kept * kept * kept * kept * kept


def serial_loss() -> Values:
    kept = {
        name: root(partial(_left_over, left), 0.0, 1.0)
        for name, left in (("r_verbal", 0.025), ("r_notes", 0.855), ("r_printed", 0.99))
    }
    notes = kept["r_notes"]
    return kept | {
        "notes_after_3": notes * notes * notes,
        "levels_half_r80": root(lambda k: math.exp(k * math.log(0.8)) - 0.5, 0.0, 9.0),
        "r80_after_4": 0.8 * 0.8 * 0.8 * 0.8,
    }


def coordination() -> Values:
    def slowed(n: float) -> float:
        return 1 + 0.05 * (n - 1) + 0.002 * n * (n - 1)

    pairs = {f"channels_{n}": float(len(list(combinations(range(n), 2)))) for n in (5, 10, 50)}
    best = root(lambda n: slowed(n) - n * (0.05 + 0.002 * (2 * n - 1)), 1.0, 100.0)
    return pairs | {"C10": 10 / slowed(10), "C20": 20 / slowed(20), "N_star": best}


def diffusion() -> Values:
    def until(share: float) -> float:
        return float(quad(lambda f: 1 / ((0.03 + 0.38 * f) * (1 - f)), 0.0, share, epsabs=1e-13)[0])

    def reached(time: float) -> float:
        return root(lambda share: time - until(share), 0.0, 0.99)

    found = {f"F{time}": reached(time) for time in (5, 10)}
    return found | {"t_peak": until((0.38 - 0.03) / (2 * 0.38)), "t50": until(0.5)}


def lifetime() -> Values:
    def worth(retention: float, first: int) -> float:
        return math.fsum(100.0 * (retention / 1.1) ** year for year in range(first, 400))

    value = worth(0.8, 1)
    return {
        "CLV_first_margin_after_1yr": value,
        "CLV_first_margin_now": worth(0.8, 0),
        "expected_lifetime": math.fsum(0.8**year for year in range(400)),
        "pct_gain_from_1pct_retention": 100 * (worth(0.808, 1) / value - 1),
        "gain_80_to_85_pct": 100 * (worth(0.85, 1) / value - 1),
    }


def satisfaction() -> Values:
    pleased = servers(0.8, 1.0, 1).mean(lambda n: (1 / 1.1) ** (n + 1))
    return {"servqual": -0.32 - 0.11 + 0.038 + 0.016 + 0.033, "mean_sat": pleased}


def break_even(departments: int, agents: int) -> Values:
    pool = waits(0.8 * departments * agents, 1.0, departments * agents)

    def gain(name: str) -> float:
        def later(faster: float) -> float:
            return waits(0.8 * agents, 1 + faster, agents)[name] - pool[name]

        return root(later, 0.0, 1.0)

    whole = gain("W")
    return {
        "W_pool": pool["W"],
        "Wq_pool": pool["Wq"],
        "Wq_split_no_gain": waits(0.8 * agents, 1.0, agents)["Wq"],
        "speedup_pct_for_equal_W": 100 * whole,
        "speedup_pct_for_equal_Wq": 100 * gain("Wq"),
        "handling_time_cut_pct_equal_W": 100 * (1 - 1 / (1 + whole)),
    }


def in_order() -> Values:
    arrivals, works = [0.0, 1.0, 2.0, 3.0, 4.0], [4.0, 2.0, 3.0, 1.0, 2.0]
    return {
        f"c{count}_w{number}": start - arrival
        for count in (1, 2)
        for number, (start, arrival) in enumerate(
            zip(starts_at_any_free_server(arrivals, works, count), arrivals, strict=True), 1
        )
    }


def _of(found: Values, names: str) -> Values:
    return {name: found[name] for name in names.split()}


LISTED: dict[str, Callable[[], Values]] = {
    **{f"V01-{rate}": partial(one_server, rate) for rate in (0.5, 0.8, 0.9)},
    "V02-c2": lambda: several(1.4, 2),
    "V02-c5": lambda: several(4.0, 5),
    "V02-c10": lambda: several(9.0, 10),
    "V03": call_centre,
    "V04a": no_room,
    "V04b": little_room,
    "V05-D": lambda: any_work(left_of(lambda x: float(x < 1), 0.0, 1.0)),
    "V05-E2": lambda: any_work(left_of(lambda x: (1 + 2 * x) * math.exp(-2 * x), 0.0, 5.0, 40.0)),
    "V05-LN": lambda: any_work(lognormal_left()),
    "V07-D": regular_arrivals,
    "V09": wave,
    "V10-n5": impatient,
    "V12a": urgent_first,
    "V13": tandem,
    "V14": rework,
    **{f"V18-k{count}": partial(pooled, count) for count in (2, 4, 10)},
    "V20a": unlike,
    # The chain of skills itself has no plainer way; its two ends have.
    "V24": lambda: {"Wq_1skill": waits(0.8, 1.0, 1)["Wq"], "Wq_allskills": waits(2.4, 1.0, 3)["Wq"]},
    "V26": machines,
    "V27b": breakdowns,
    "V33": identities,
    "V34-80": lambda: wright("0.8"),
    "V34-90": lambda: wright("0.9"),
    "V35": plateau,
    "V36": knowledge,
    "V38": ramp_up,
    "V39": lambda: {"vacancy_share": (30 / 365) / (1 / 0.35 + 30 / 365)},
    "V40": serial_loss,
    "V41": coordination,
    "V42": diffusion,
    "V43": lifetime,
    "V45": satisfaction,
    "V46-k2c2r80": lambda: break_even(2, 1),
    "V46-k4c20r80": lambda: break_even(4, 5),
    "V47a": in_order,
    # By hand. Low, low, high, high come at 0, 1, 2, 3 and take 4, 2, 3, 1: high ones first from 4 on.
    "V47b": lambda: {"start1": 0.0, "start2": 8.0, "start3": 4.0, "start4": 7.0},
    # Come at 0, 1, 2, take 5, 2, 2, wait at most for ever, 3, 10: the second leaves at 4.
    "V47c": lambda: {
        "job2_leaves_at": 4.0,
        "job3_start": 5.0,
        "job3_end": 7.0,
        "served": 2.0,
        "abandoned": 1.0,
    },
    # Come at 0 and 1, first desk 2 and 1, half an hour on the way, second desk 3 and 1: ready at 5.5 and 6.5.
    "V47d": lambda: {"end1": 5.5, "end2": 6.5, "sojourn1": 5.5, "sojourn2": 5.5, "L2_wait2": 2.0},
    # A, B, A at 0, each 1, and 0.5 at each change.
    "V47f": lambda: {"end1": 1.0, "end2": 2.5, "end3": 4.0, "end_if_grouped_A_A_B": 3.5},
}


def table() -> dict[str, Any]:
    """All of them."""
    return {name: values() for name, values in LISTED.items()}


if __name__ == "__main__":
    FILE.write_text(json.dumps(table(), indent=1) + "\n", encoding="utf-8")
