"""Apart or together: the same people and the same work, in separate departments or in one pool.

Invariant: work alike, pooling never loses; the break-even speed-up says how much faster specialists must be.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from sim.known_answers.stations import markov_station


def pooling(departments: int, people: int, load: float, service_rate: float = 1.0) -> dict[str, float]:
    """``departments`` of ``people`` each, alike, against one pool of all, and against one fast server.

    >>> answer = pooling(4, 1, 0.8)
    >>> round(answer["Wq_sep"], 12), round(answer["Wq_pool"], 12), round(answer["W_fast"], 12)
    (4.0, 0.745540589734, 1.25)
    """
    rate = load * people * service_rate
    apart = markov_station(rate, service_rate, people)
    pool = markov_station(departments * rate, service_rate, departments * people)
    fast = markov_station(departments * rate, departments * people * service_rate)
    return {
        "Wq_sep": apart["Wq"],
        "Wq_pool": pool["Wq"],
        "W_sep": apart["W"],
        "W_pool": pool["W"],
        "W_fast": fast["W"],
        "ratio_Wq": apart["Wq"] / pool["Wq"],
    }


def unequal_pooling(
    arrival_rates: Sequence[float], servers: Sequence[int], service_rate: float
) -> dict[str, float]:
    """Groups of different size and load apart (mean over all arrivals) and in one pool of all of them.

    >>> answer = unequal_pooling([0.8, 0.8], [1, 1], 1.0)
    >>> round(answer["Wq_sep_mean"], 12), round(answer["Wq_pool"], 12)
    (4.0, 1.777777777778)
    """
    total = math.fsum(arrival_rates)
    groups = [
        markov_station(rate, service_rate, people)
        for rate, people in zip(arrival_rates, servers, strict=True)
    ]
    pool = markov_station(total, service_rate, sum(servers))
    apart = math.fsum(rate * group["Wq"] for rate, group in zip(arrival_rates, groups, strict=True)) / total
    answer = {"Wq_sep_mean": apart, "Wq_pool": pool["Wq"], "pool_over_sep": pool["Wq"] / apart}
    return answer | {f"Wq{place}": group["Wq"] for place, group in enumerate(groups, start=1)}


def break_even(departments: int, people: int, load: float) -> dict[str, float]:
    """How much faster (per cent) separate departments must work to match the pool in total time and in wait.

    >>> answer = break_even(4, 5, 0.8)
    >>> round(answer["speedup_pct_for_equal_W"], 6), round(answer["speedup_pct_for_equal_Wq"], 6)
    (15.939849, 41.3149)
    """
    arriving = load * people
    pool = markov_station(departments * arriving, 1.0, departments * people)
    answer = {
        "W_pool": pool["W"],
        "Wq_pool": pool["Wq"],
        "Wq_split_no_gain": markov_station(arriving, 1.0, people)["Wq"],
    }
    for name in ("W", "Wq"):
        rate = rate_for(name, pool[name], arriving, people)
        answer[f"speedup_pct_for_equal_{name}"] = 100 * (rate - 1)
    speed = 1 + answer["speedup_pct_for_equal_W"] / 100
    return answer | {"handling_time_cut_pct_equal_W": 100 * (1 - 1 / speed)}


def rate_for(name: str, wanted: float, arrival_rate: float, servers: int) -> float:
    """Service rate at which M/M/c has the ``wanted`` value of ``name`` (W or Wq), from 1 upwards.

    >>> round(rate_for("W", 2.5, 0.8, 1), 12)
    1.2
    """
    return falling_root(lambda rate: markov_station(arrival_rate, rate, servers)[name] - wanted, 1.0)


def falling_root(gap: Callable[[float], float], start: float) -> float:
    """Where a falling function that is positive at ``start`` reaches 0, by doubling and bisection.

    >>> round(falling_root(lambda x: 3 - x, 1.0), 12)
    3.0
    """
    low, high = start, 2 * start
    while gap(high) > 0:
        low, high = high, 2 * high
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if gap(middle) > 0 else (low, middle)
    return (low + high) / 2
