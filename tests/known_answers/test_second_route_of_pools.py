"""Pools, pairs, skills, set-ups and networks: a plainer way to the same answers."""

import math
import random
from collections.abc import Iterator
from statistics import fmean

import pytest

from sim.known_answers import oracles as exact
from sim.known_answers.recursions import served_in_order
from tests.naive.chains import State, average, stationary
from tests.naive.queues import (
    arrival_times,
    draws,
    starts_at_any_free_server,
    waits_with_setups,
)

EXPONENTIAL = {"law": "exponential", "mean": 1.0}


def test_unlike_work_in_one_pool_with_every_queue_spelled_out() -> None:
    rates, means = (0.15, 0.1), (1.0, 2.0)

    def moves(state: State) -> Iterator[tuple[State, float]]:
        serving, line = state
        for kind, rate in enumerate(rates):
            if len(serving) < 2:
                yield (tuple(sorted((*serving, kind))), line), rate
            elif len(line) < 11:
                yield (serving, (*line, kind)), rate
        for place, kind in enumerate(serving):
            rest = serving[:place] + serving[place + 1 :]
            after = (tuple(sorted((*rest, line[0]))), line[1:]) if line else (rest, line)
            yield after, 1 / means[kind]

    chances = stationary(((), ()), moves)
    queue = average(chances, lambda state: len(state[1]))
    assert exact.unlike_pool(rates, means, 2)["Lq"] == pytest.approx(queue, rel=1e-5)


@pytest.mark.parametrize("servers", [1, 2, 4])
def test_alike_work_in_one_pool_is_erlang_c(servers: int) -> None:
    rate = 0.8 * servers
    pool = exact.unlike_pool([rate / 3, 2 * rate / 3], [1.0, 1.0], servers)
    assert pool["Wq_pool"] == pytest.approx(exact.markov_station(rate, 1.0, servers)["Wq"], rel=1e-9)


@pytest.mark.parametrize(("favourite", "first"), [("fast", 0), ("slow", 1)])
def test_an_unlike_pair_as_a_chain(favourite: str, first: int) -> None:
    rates = (1.0, 0.5)

    def moves(state: State) -> Iterator[tuple[State, float]]:
        busy, line = state
        if len(busy) == 2:
            if line < 150:
                yield (busy, line + 1), 1.1
        else:
            taker = first if first not in busy else 1 - first
            yield (busy | {taker}, 0), 1.1
        for server in busy:
            yield ((busy, line - 1) if line else (busy - {server}, 0)), rates[server]

    chances = stationary((frozenset(), 0), moves)
    queue = average(chances, lambda state: state[1])
    assert exact.unlike_pair(1.1, 1.0, 0.5, favourite)["Wq"] == pytest.approx(queue / 1.1, rel=1e-9)


def test_a_pair_by_longest_free_lies_between_the_favourites() -> None:
    waits = [exact.unlike_pair(1.1, 1.0, 0.4, who)["Wq"] for who in ("fast", "longest", "slow")]
    assert waits == sorted(waits)


def test_skills_for_everything_are_a_pool() -> None:
    everything = exact.skill_routing([1.0, 0.4], [1.0, 1.0], [[0, 1], [0, 1]], 150)
    assert everything["Wq"] == pytest.approx(exact.markov_station(1.4, 1.0, 2)["Wq"], rel=1e-9)


def test_one_skill_each_is_separate_queues() -> None:
    apart = exact.skill_routing([0.3, 0.5], [1.0, 1.0], [[0], [1]], 80)
    assert apart["Wq2"] == pytest.approx(exact.markov_station(0.5, 1.0)["Wq"], rel=1e-9)


def test_setups_one_by_one() -> None:
    count, source = 400_000, random.Random(9)
    kinds = [int(source.random() < 0.3) for _ in range(count)]
    arrivals, works = arrival_times(draws(6, count, 1 / 0.5)), draws(8, count, 1.0)
    waits = waits_with_setups(arrivals, works, kinds, 0.5)
    answer = exact.setup_station(0.5, [0.7, 0.3], [EXPONENTIAL, EXPONENTIAL], 0.5)
    assert answer["Wq"] == pytest.approx(fmean(waits), rel=0.03)


def test_a_network_with_feedback_as_a_chain() -> None:
    external, routing, rates = (0.25, 0.1), ((0.0, 0.6), (0.3, 0.0)), (1.0, 1 / 1.2)

    def moves(state: State) -> Iterator[tuple[State, float]]:
        for place in range(2):
            if state[place] < 50:
                yield added(state, place, 1), external[place]
            if state[place]:
                onward = added(state, place, -1)
                yield onward, rates[place] * (1 - sum(routing[place]))
                if state[1 - place] < 50:
                    yield added(onward, 1 - place, 1), rates[place] * routing[place][1 - place]

    chances = stationary((0, 0), moves)
    number = average(chances, lambda state: sum(state))
    assert exact.open_network(external, routing, rates, [1, 1])["L"] == pytest.approx(number, rel=1e-6)


def added(state: State, place: int, change: int) -> State:
    return (*state[:place], state[place] + change, *state[place + 1 :])


def test_routes_written_out_have_the_traffic_of_the_network() -> None:
    external, routing = [0.25, 0.1], [[0.0, 0.6], [0.3, 0.0]]
    ways = exact.routes(external, routing, least=1e-9)
    listed = exact.network_of_routes(0.35, ways, [1.0, 1.0], [1, 1])
    assert listed["W_total"] == pytest.approx(
        exact.open_network(external, routing, [1.0, 1.0], [1, 1])["W_total"], rel=1e-6
    )


def test_steps_left_out_and_work_done_again() -> None:
    source, visits = random.Random(3), [0, 0]
    for _ in range(200_000):
        steps = [0, 1] if source.random() < 0.5 else [0]
        while True:
            for step in steps:
                visits[step] += 1
            if all(source.random() >= 0.1 for _ in steps):
                break
    answer = exact.route_with_rework(1.0, [1.0, 0.5], [2.0, 2.0], [1, 1], 0.1)
    assert [answer["visits1"], answer["visits2"]] == pytest.approx(
        [count / 200_000 for count in visits], rel=0.01
    )


@pytest.mark.parametrize("servers", [1, 2, 3])
def test_the_sorted_vector_finds_the_first_free_server(servers: int) -> None:
    count = 300
    arrivals, works = arrival_times(draws(10, count, 1 / (0.9 * servers))), draws(11, count, 1.0)
    assert served_in_order(arrivals, works, servers) == starts_at_any_free_server(arrivals, works, servers)


def test_an_hourly_rate_becomes_a_wave() -> None:
    rates = [20 + 10 * math.sin(2 * math.pi * (hour + 0.5) / 1000) for hour in range(1000)]
    stepped = exact.endless_staff(250.0, rates, 100.0)
    assert stepped == pytest.approx(exact.endless_staff_on_a_wave(250.0, 20.0, 10.0, 1000.0, 100.0), rel=1e-4)


@pytest.mark.parametrize("load", [1.0, 1.2])
def test_an_overloaded_station_is_refused(load: float) -> None:
    with pytest.raises(exact.Unstable, match="no steady state"):
        exact.markov_station(load, 1.0)
