"""Cases of one station: laws of arrivals and work, numbers of people, waiting rooms, patience, batches,
profiles.

Invariant: each builder turns parameters into overrides and an oracle call from the same numbers, so that a
case with other parameters is one more line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sim.known_answers import readings as read
from sim.known_answers.case import NEUTRAL, UNIT, Case, exponential, in_hours, setting
from sim.known_answers.laws import moment
from sim.known_answers.oracles import (
    batch_pool,
    batch_station,
    fewest_servers,
    general_station,
    limited_room,
    markov_station,
    renewal_station,
    response_quantile,
    response_transform,
    served_within,
)
from sim.known_answers.readings import Reading

Law = Mapping[str, Any]
Exact = Callable[[], Mapping[str, float]]
QUEUE = {"Wq": read.wait, "W": read.response, "p_wait": read.waits, "util": read.utilisation}
NUMBERS = {"L": read.number, "Lq": read.queue_length}


def station_settings(gap: Law, work: Law, servers: int, unit: float = UNIT) -> tuple[str, ...]:
    """Overrides of one station with one class of requests; laws in units of the case."""
    return (
        "company=queue",
        "structure=function",
        *NEUTRAL,
        f"staffing.headcount={servers}",
        setting("company.segments.a.interarrival", in_hours(gap, unit)),
        setting("company.products.a.work.service", in_hours(work, unit)),
    )


def station_case(
    name: str,
    family: str,
    title: str,
    gap: Law,
    work: Law,
    servers: int,
    exact: Exact,
    readings: Mapping[str, Reading] = QUEUE,
    more: tuple[str, ...] = (),
    precision: float | None = None,
    batch: float = 1.0,
    unit: float = UNIT,
) -> Case:
    """One station with settings beyond the two laws and the number of servers in ``more``."""
    rate = batch / moment(gap, 1)
    return Case(
        name=name,
        family=family,
        title=title,
        overrides=station_settings(gap, work, servers, unit) + more,
        arrival_rate=rate,
        exact=exact,
        readings=readings,
        precision=precision,
        load=rate * moment(work, 1) / servers,
        unit=unit,
    )


def markov_case(name: str, rate: float, servers: int, precision: float | None = None) -> Case:
    """M/M/c with work of mean 1."""
    return station_case(
        name, "M/M/c", f"M/M/{servers} at {rate / servers:g}", exponential(1 / rate), exponential(1.0),
        servers, lambda: markov_station(rate, 1.0, servers), QUEUE | NUMBERS, precision=precision,
    )  # fmt: skip


def single_server_case(name: str, rate: float, precision: float) -> Case:
    """M/M/1 with the whole distribution: quantile, spread, tail of the number, a discounted mean."""

    def exact() -> dict[str, float]:
        station = markov_station(rate, 1.0)
        return station | {
            "W_p95": response_quantile(0.95, rate, 1.0),
            "sdW": station["W"],
            "P_L_ge_5": rate**5,
            "mean_sat": response_transform(0.1, rate, 1.0),
        }

    more = {
        "W_p95": read.response_share(0.95),
        "sdW": read.response_spread,
        "P_L_ge_5": read.time_with(5),
        "mean_sat": read.response_discounted(0.1),
    }
    return station_case(
        name, "M/M/1", f"M/M/1 at {rate:g}", exponential(1 / rate), exponential(1.0), 1, exact,
        QUEUE | NUMBERS | more, precision=precision,
    )  # fmt: skip


def service_level_case() -> Case:
    """Erlang C staffing: the smallest staff that serves 80 % within 20 seconds (unit: a second)."""
    rate, work, target, within = 0.1, 240.0, 0.8, 20.0
    servers = fewest_servers(target, within, rate, 1 / work)

    def exact() -> dict[str, float]:
        station = markov_station(rate, 1 / work, servers)
        return {
            "SL20": served_within(within, rate, 1 / work, servers),
            "ASA_s": station["Wq"],
            "occ": station["util"],
            "p_wait": station["p_wait"],
        }

    readings = {
        "SL20": read.started_within(within),
        "ASA_s": read.wait,
        "occ": read.utilisation,
        "p_wait": read.waits,
    }
    return station_case(
        "V03", "M/M/c", f"360 calls an hour of 240 s, {servers} agents for 80/20", exponential(1 / rate),
        exponential(work), servers, exact, readings, precision=10081519.2, unit=1 / 3600,
    )  # fmt: skip


def loss_case(name: str, work: Law, rate: float, servers: int, precision: float | None = None) -> Case:
    """M/G/c/c: no place to wait, insensitive to the law of work."""

    def exact() -> dict[str, float]:
        full = limited_room(rate, 1.0, servers, servers)
        return {"P_block": full["P_block"], "carried": rate * (1 - full["P_block"])}

    return station_case(
        name, "loss", f"M/G/{servers}/{servers}, {work['law']} work", exponential(1 / rate), work, servers,
        exact, {"P_block": read.refused, "carried": read.busy}, ("staffing.waiting_room=0",), precision,
    )  # fmt: skip


def room_case(name: str, rate: float, servers: int, places: int, precision: float | None = None) -> Case:
    """M/M/c/K: arrivals that find the waiting room full are refused."""
    readings = {
        "P_block": read.refused,
        "Lq": read.queue_length,
        "Wq_accepted": read.wait,
        "util": read.utilisation,
    }
    more = (f"staffing.waiting_room={places - servers}",)
    return station_case(
        name, "loss", f"M/M/{servers}/{places}", exponential(1 / rate), exponential(1.0), servers,
        lambda: limited_room(rate, 1.0, servers, places), readings, more, precision,
    )  # fmt: skip


def general_case(name: str, rate: float, work: Law, precision: float | None = None) -> Case:
    """M/G/1, Pollaczek-Khinchine."""
    return station_case(
        name, "M/G/1", f"M/G/1, {work['law']} work", exponential(1 / rate), work, 1,
        lambda: general_station(rate, work), QUEUE | NUMBERS, precision=precision,
    )  # fmt: skip


def renewal_case(name: str, gap: Law, servers: int, precision: float | None = None) -> Case:
    """GI/M/c with work of mean 1: what arrivals see differs from what time shows."""
    return station_case(
        name, "GI/M/c", f"GI/M/{servers}, {gap['law']} gaps", gap, exponential(1.0), servers,
        lambda: renewal_station(gap, 1.0, servers), QUEUE, precision=precision,
    )  # fmt: skip


def batch_case(name: str, batch_rate: float, sizes: Mapping[int, float], work: Law, servers: int) -> Case:
    """M[X]/G/1, or M[X]/M/c with work of mean 1."""
    mean_size = sum(size * chance for size, chance in sizes.items())
    law = {"law": "empirical", "values": [float(size) for size in sizes], "weights": list(sizes.values())}

    def exact() -> dict[str, float]:
        if servers == 1:
            return batch_station(batch_rate, dict(sizes), work)
        return batch_pool(batch_rate, dict(sizes), 1.0, servers)

    return station_case(
        name, "batches", f"batches of {mean_size:g} on average, {servers} servers", exponential(1 /
        batch_rate), work, servers, exact, more=(setting("company.segments.a.batch", law),), batch=mean_size,
    )  # fmt: skip


def station_cases() -> Iterator[Case]:
    """Every case of one station."""
    yield single_server_case("V01-0.5", 0.5, 326524.0)
    yield single_server_case("V01-0.8", 0.8, 1291690.5)
    yield single_server_case("V01-0.9", 0.9, 4458226.4)
    yield markov_case("V02-c2", 1.4, 2, 898740.98)
    yield markov_case("V02-c5", 4.0, 5, 2336085.2)
    yield markov_case("V02-c10", 9.0, 10, 7489132.0)
    yield markov_case("V02-c20", 12.0, 20)
    yield service_level_case()
    for law in (
        exponential(1.0),
        {"law": "deterministic", "mean": 1.0},
        {"law": "lognormal", "mean": 1.0, "cv": 2.0},
    ):
        yield loss_case(f"V04a-{law['law']}", law, 10.0, 12, 258056.9)
    yield room_case("V04b", 4.0, 4, 10, 147880.9)
    yield room_case("V04b-c1", 0.9, 1, 4)
    yield general_case("V05-D", 0.8, {"law": "deterministic", "mean": 1.0}, 645845.3)
    yield general_case("V05-E2", 0.8, {"law": "erlang", "mean": 1.0, "stages": 2}, 968767.9)
    yield general_case("V05-LN", 0.8, {"law": "lognormal", "mean": 1.0, "cv": 1.5}, 2098997.1)
    yield general_case("V05-gamma", 0.7, {"law": "gamma", "mean": 1.0, "cv": 0.7})
    yield general_case("V05-H2", 0.7, {"law": "hyperexponential", "mean": 1.0, "cv": 1.5})
    yield general_case("V05-uniform", 0.7, {"law": "uniform", "low": 0.2, "high": 1.8})
    yield general_case(
        "V05-empirical", 0.7, {"law": "empirical", "values": [0.5, 3.0], "weights": [4.0, 1.0]}
    )
    yield renewal_case("V07-D", {"law": "deterministic", "mean": 1.25}, 1, 645845.3)
    yield renewal_case("V07-E3", {"law": "erlang", "mean": 1.25, "stages": 3}, 1)
    yield renewal_case("V07-H2", {"law": "hyperexponential", "mean": 1.25, "cv": 1.5}, 1)
    yield renewal_case("V07-D-c3", {"law": "deterministic", "mean": 0.4}, 3)
    yield renewal_case("V07-U-c2", {"law": "uniform", "low": 0.2, "high": 1.0}, 2)
    yield batch_case("V08-pairs", 0.35, {2: 1.0}, exponential(1.0), 1)
    yield batch_case("V08-mixed", 0.3, {1: 0.5, 2: 0.25, 4: 0.25}, {"law": "deterministic", "mean": 1.0}, 1)
    yield batch_case("V08-c3", 1.0, {1: 0.5, 3: 0.5}, exponential(1.0), 3)
