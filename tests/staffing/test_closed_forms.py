"""The fewest servers are those of the formulas: M/M/c by wait and response (V02, V03), Erlang A (V10).

Limits lie half way between what two numbers of servers give, so that chance has no say.
"""

import math
from collections.abc import Callable

import pytest

from sim.known_answers.case import exponential
from sim.known_answers.patience import impatient_station
from sim.known_answers.stations import erlang_c, markov_station
from tests.staffing.conftest import HOURS, Fewest, queue_settings

SLOW = pytest.mark.slow


def late(rate: float, servers: int, time: float) -> float:
    """P(response > time) of M/M/c with services of mean 1: a service, after a wait or none."""
    spare, waits = servers - rate, erlang_c(servers, rate)
    both = (spare * math.exp(-time) - math.exp(-spare * time)) / (spare - 1.0)
    return (1.0 - waits) * math.exp(-time) + waits * both


def between(value: Callable[[int], float], servers: int) -> float:
    """A limit that so many servers meet, and one fewer does not."""
    return math.sqrt(value(servers) * value(servers - 1))


@pytest.mark.parametrize(
    ("rate", "servers"),
    [(1.4, 3), *(pytest.param(*case, marks=SLOW) for case in ((4.0, 6), (9.0, 12), (12.0, 14)))],
)
def test_fewest_servers_for_a_mean_wait(fewest: Fewest, rate: float, servers: int) -> None:
    limit = between(lambda many: markov_station(rate, 1.0, many)["Wq"], servers)
    assert fewest({"wait": limit * HOURS}, queue_settings(rate)) == servers


@pytest.mark.parametrize(("rate", "servers", "time"), [(4.3, 6, 2.5), pytest.param(8.6, 11, 3.0, marks=SLOW)])
def test_fewest_servers_for_a_share_within_promise(
    fewest: Fewest, rate: float, servers: int, time: float
) -> None:
    limit = 1.0 - between(lambda many: late(rate, many, time), servers)
    promise = f"company.segments.a.promise_hours={time * HOURS:.15g}"
    assert fewest({"within_promise": limit}, [*queue_settings(rate), promise]) == servers


@pytest.mark.parametrize(
    ("rate", "servers", "patience"),
    [(5.0, 5, 2.0), *(pytest.param(*case, marks=SLOW) for case in ((8.0, 7, 1.0), (8.0, 10, 2.0)))],
)
def test_fewest_servers_for_a_share_that_gives_up(
    fewest: Fewest, rate: float, servers: int, patience: float
) -> None:
    def left(many: int) -> float:
        return impatient_station(rate, 1.0, many, exponential(patience))["P_ab"]

    limit = between(left, servers)
    assert fewest({"abandoned": limit}, queue_settings(rate, patience)) == servers
