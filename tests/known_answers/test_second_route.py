"""Every oracle of one station agrees with a plainer way to the same answer: a chain, or single customers."""

import math
import random
from collections.abc import Iterator
from statistics import fmean
from typing import Any

import pytest

from sim.known_answers import oracles as exact
from sim.known_answers.laws import moment, survival
from sim.known_answers.patience import mean_survival
from sim.known_answers.recursions import served_in_order, served_or_gone
from tests.naive.chains import State, average, stationary
from tests.naive.queues import (
    arrival_times,
    draws,
    waits_shortest_first,
)

EXPONENTIAL = {"law": "exponential", "mean": 1.0}


def test_erlang_a_is_a_birth_death_chain() -> None:
    def moves(state: State) -> Iterator[tuple[State, float]]:
        (n,) = state
        if n < 200:
            yield (n + 1,), 5.0
        if n:
            yield (n - 1,), min(n, 5) + 0.5 * max(0, n - 5)

    chances = stationary((0,), moves)
    queue = average(chances, lambda state: max(0, state[0] - 5))
    answer = exact.impatient_station(5.0, 1.0, 5, {"law": "exponential", "mean": 2.0})
    assert answer["Lq"] == pytest.approx(queue, rel=1e-9)
    assert answer["P_ab"] == pytest.approx(0.5 * queue / 5.0, rel=1e-9)


@pytest.mark.parametrize(
    "law", [{"law": "deterministic", "mean": 2.0}, {"law": "uniform", "low": 0.5, "high": 3.0}]
)
def test_impatient_customers_one_by_one(law: dict[str, Any]) -> None:
    count, source = 300_000, random.Random(7)
    arrivals, works = arrival_times(draws(1, count, 1 / 0.9)), draws(2, count, 1.0)
    willing = [2.0 if law["law"] == "deterministic" else source.uniform(0.5, 3.0) for _ in range(count)]
    starts = served_or_gone(arrivals, works, willing)
    left = sum(start is None for start in starts) / count
    assert exact.impatient_station(0.9, 1.0, 1, law)["P_ab"] == pytest.approx(left, rel=0.03)


@pytest.mark.parametrize(
    "law",
    [
        {"law": "exponential", "mean": 2.0},
        {"law": "deterministic", "mean": 2.0},
        {"law": "uniform", "low": 0.5, "high": 3.0},
        {"law": "empirical", "values": [1.0, 4.0], "weights": [1.0, 3.0]},
    ],
)
def test_mean_survival_is_the_integral_of_survival(law: dict[str, object]) -> None:
    step, stays = 1e-4, survival(law)
    integral = step * math.fsum(stays((place + 0.5) * step) for place in range(25_000))
    assert mean_survival(law)(2.5) == pytest.approx(integral, abs=1e-3)


def test_endless_patience_is_no_patience() -> None:
    patient = exact.impatient_station(4.0, 1.0, 5, {"law": "none"})
    assert patient["EW_all"] == pytest.approx(exact.markov_station(4.0, 1.0, 5)["Wq"], rel=1e-9)


def test_pollaczek_khinchine_for_two_stages() -> None:
    def moves(state: State) -> Iterator[tuple[State, float]]:
        n, stage = state
        if n < 250:
            yield (n + 1, stage if n else 1), 0.8
        if n:
            yield ((n, 2) if stage == 1 else (n - 1, 1 if n > 1 else 0)), 2.0

    chances = stationary((0, 0), moves)
    queue = average(chances, lambda state: max(0, state[0] - 1))
    answer = exact.general_station(0.8, {"law": "erlang", "mean": 1.0, "stages": 2})
    assert answer["Lq"] == pytest.approx(queue, rel=1e-9)


@pytest.mark.parametrize("servers", [1, 3])
def test_renewal_arrivals_in_stages(servers: int) -> None:
    rate = 0.8 * servers

    def moves(state: State) -> Iterator[tuple[State, float]]:
        n, stage = state
        if stage < 2:
            yield (n, stage + 1), 3 * rate
        elif n < 150:
            yield (n + 1, 0), 3 * rate
        else:
            yield (n, 0), 3 * rate
        if n:
            yield (n - 1, stage), min(n, servers)

    chances = stationary((0, 0), moves)
    queue = average(chances, lambda state: max(0, state[0] - servers))
    answer = exact.renewal_station({"law": "erlang", "mean": 1 / rate, "stages": 3}, 1.0, servers)
    assert answer["Lq"] == pytest.approx(queue, rel=1e-8)


def test_fixed_gaps_before_three_servers_one_by_one() -> None:
    count = 300_000
    arrivals, works = [0.4 * place for place in range(count)], draws(3, count, 1.0)
    starts = served_in_order(arrivals, works, 3)
    answer = exact.renewal_station({"law": "deterministic", "mean": 0.4}, 1.0, 3)
    waits = [start - arrival for start, arrival in zip(starts, arrivals, strict=True)]
    assert answer["Wq"] == pytest.approx(fmean(waits), rel=0.04)
    assert answer["p_wait"] == pytest.approx(sum(wait > 0 for wait in waits) / count, rel=0.01)


def test_batches_before_three_servers() -> None:
    def moves(state: State) -> Iterator[tuple[State, float]]:
        (n,) = state
        if n < 400:
            yield (n + 1,), 0.5
            yield (n + 3,), 0.5
        if n:
            yield (n - 1,), min(n, 3)

    chances = stationary((0,), moves)
    answer = exact.batch_pool(1.0, {1: 0.5, 3: 0.5}, 1.0, 3)
    assert answer["Lq"] == pytest.approx(average(chances, lambda state: max(0, state[0] - 3)), rel=1e-8)


def test_share_of_batch_members_that_wait() -> None:
    alone = exact.batch_station(0.3, {1: 0.5, 4: 0.5}, EXPONENTIAL)
    pooled = exact.batch_pool(0.3, {1: 0.5, 4: 0.5}, 1.0, 1)
    assert pooled["p_wait"] == pytest.approx(alone["p_wait"], rel=1e-9)


@pytest.mark.parametrize("servers", [1, 2])
def test_priorities_as_a_chain(servers: int) -> None:
    rates = (0.2 * servers, 0.3 * servers)

    def moves(state: State) -> Iterator[tuple[State, float]]:
        busy, high, low = state
        if busy < servers:
            yield (busy + 1, 0, 0), sum(rates)
        else:
            if high < 60:
                yield (busy, high + 1, low), rates[0]
            if low < 60:
                yield (busy, high, low + 1), rates[1]
        if high:
            yield (busy, high - 1, low), busy
        elif low:
            yield (busy, high, low - 1), busy
        elif busy:
            yield (busy - 1, 0, 0), busy

    chances = stationary((0, 0, 0), moves)
    waits = exact.priority_pool_waits(rates, 1.0, servers)
    assert waits[0] == pytest.approx(average(chances, lambda state: state[1]) / rates[0], rel=1e-7)
    assert waits[1] == pytest.approx(average(chances, lambda state: state[2]) / rates[1], rel=1e-7)


def test_priorities_share_out_a_fixed_total() -> None:
    rates = [0.2, 0.3, 0.3]
    works = [EXPONENTIAL, {"law": "deterministic", "mean": 0.5}, {"law": "gamma", "mean": 1.0, "cv": 2.0}]
    loads = [rate * moment(work, 1) for rate, work in zip(rates, works, strict=True)]
    orders = ([0, 1, 2], [2, 1, 0])
    totals = []
    for order in orders:
        waits = exact.priority_waits([rates[kind] for kind in order], [works[kind] for kind in order])
        totals.append(math.fsum(loads[kind] * wait for kind, wait in zip(order, waits, strict=True)))
    assert totals[0] == pytest.approx(totals[1], rel=1e-12)


def test_shortest_first_one_by_one() -> None:
    count = 400_000
    waits = waits_shortest_first(arrival_times(draws(4, count, 1 / 0.7)), draws(5, count, 1.0))
    assert exact.shortest_first_wait(0.7, 1.0) == pytest.approx(fmean(waits), rel=0.03)
