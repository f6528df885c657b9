"""Cases of several classes of requests: priorities, apart or together, unlike lengths, skills, unlike
people, set-ups.

Invariant: each builder turns parameters into overrides and an oracle call from the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.known_answers import readings as read
from sim.known_answers.case import NEUTRAL, Case, exponential, in_hours, setting
from sim.known_answers.laws import moment
from sim.known_answers.oracles import (
    average_wait,
    priority_pool_waits,
    priority_waits,
    setup_station,
    shortest_first_wait,
    skill_routing,
    unlike_pair,
)

Law = Mapping[str, Any]
LETTERS = "abcdefghij"


def class_settings(rates: Sequence[float], works: Sequence[Law]) -> tuple[str, ...]:
    """Overrides of one kind of work for classes a, b, c ...: a segment and a product each, priority in
    order."""
    settings = ["company=queue_classes" if len(rates) > 1 else "company=queue", *NEUTRAL]
    for rank, (name, rate, work) in enumerate(zip(LETTERS, rates, works, strict=False), start=1):
        law = in_hours(work)
        if rank <= 2:
            settings.append(setting(f"company.products.{name}.work.service", law))
            settings.append(setting(f"company.segments.{name}.interarrival", in_hours(exponential(1 / rate))))
        else:
            settings += new_class(name, rank, rate, law)
    return tuple(settings)


def new_class(name: str, rank: int, rate: float, law: Law) -> list[str]:
    """Overrides that add a product and a segment."""
    about = {
        "customers": 1,
        "interarrival": in_hours(exponential(1 / rate)),
        "mix": {name: 1.0},
        "priority": rank,
    }
    product = {"route": ["service"], "work": {"service": law}}
    return [setting(f"company.products.{name}", product), setting(f"company.segments.{name}", about)]


def waits_by_class(count: int) -> dict[str, read.Reading]:
    """Readings Wq1, Wq2 ... of the classes."""
    return {f"Wq{rank}": read.wait_of(name) for rank, name in enumerate(LETTERS[:count], start=1)}


def priority_case(
    name: str, rates: Sequence[float], works: Sequence[Law], servers: int, precision: float | None = None
) -> Case:
    """Several classes, the highest first: Cobham for one server and any work, for several if exponential of
    mean 1."""

    def exact() -> dict[str, float]:
        waits = priority_waits(rates, works) if servers == 1 else priority_pool_waits(rates, 1.0, servers)
        load = math.fsum(r * moment(w, 1) for r, w in zip(rates, works, strict=True)) / servers
        named = {f"Wq{rank}": wait for rank, wait in enumerate(waits, start=1)}
        return named | {"Wq_avg": average_wait(rates, waits), "util": load}

    more = (
        "structure=pooled",
        f"staffing.headcount={servers}",
        "people.dispatch_request=segment_priority",
    )
    return Case(
        name=name,
        family="priorities",
        title=f"{len(rates)} classes by priority, {servers} servers",
        overrides=class_settings(rates, works) + more,
        arrival_rate=math.fsum(rates),
        exact=exact,
        readings=waits_by_class(len(rates)) | {"Wq_avg": read.wait, "util": read.utilisation},
        precision=precision,
        load=math.fsum(rates) / servers,
    )


def shortest_case(name: str, rate: float) -> Case:
    """M/M/1 that takes the shortest waiting job."""
    more = ("structure=pooled", "staffing.headcount=1", "people.dispatch_request=shortest")
    return Case(
        name=name,
        family="priorities",
        title="shortest job first",
        overrides=class_settings([rate], [exponential(1.0)]) + more,
        arrival_rate=rate,
        exact=lambda: {"Wq": shortest_first_wait(rate, 1.0), "util": rate},
        readings={"Wq": read.wait, "util": read.utilisation},
        load=rate,
    )


def roster(skills: Sequence[Sequence[int]], paces: Sequence[float]) -> str:
    """People of one department, each with the classes they may do in order of preference, and a time
    factor."""
    people = {}
    for place, (order, pace) in enumerate(zip(skills, paces, strict=True), start=1):
        ranked = [{"cells": {"products": [LETTERS[kind]]}, "rank": rank} for rank, kind in enumerate(order)]
        people[f"person{place}"] = {"department": "everyone", "skills": ranked, "pace": pace}
    return setting("staffing.roster", people)


def skill_case(
    name: str,
    title: str,
    rates: Sequence[float],
    skills: Sequence[Sequence[int]],
    paces: Sequence[float] | None = None,
    precision: float | None = None,
) -> Case:
    """People with lists of classes they may do, in order of preference; all work has mean 1."""
    factors = paces or [1.0] * len(skills)
    load = math.fsum(rates) / math.fsum(1 / pace for pace in factors)
    more = ("structure=pooled", f"staffing.headcount={len(skills)}", roster(skills, factors))
    return Case(
        name=name,
        family="skills",
        title=title,
        overrides=class_settings(rates, [exponential(1.0)] * len(rates)) + more,
        arrival_rate=math.fsum(rates),
        exact=lambda: skill_routing(rates, [1 / pace for pace in factors], skills),
        readings=waits_by_class(len(rates)) | {"Wq": read.wait, "util": read.utilisation},
        precision=precision,
        load=load,
    )


def pair_case(name: str, rate: float, slow: float) -> Case:
    """Two unlike people before one queue; whoever has been free longest takes the next request."""
    people = {
        "quick": {"department": "service", "pace": 1.0},
        "slow": {"department": "service", "pace": 1 / slow},
    }
    more = ("structure=function", "staffing.headcount=2", setting("staffing.roster", people))
    return Case(
        name=name,
        family="unlike people",
        title=f"a pair, one of them working at {slow:g} of the other's rate",
        overrides=class_settings([rate], [exponential(1.0)]) + more,
        arrival_rate=rate,
        exact=lambda: unlike_pair(rate, 1.0, slow, "longest"),
        readings={"Wq": read.wait, "W": read.response, "p_wait": read.waits, "util": read.utilisation},
        load=rate / (1 + slow),
    )


def setup_case(name: str, rates: Sequence[float], works: Sequence[Law], setup: float) -> Case:
    """A fixed set-up whenever one person changes from one product to another."""
    total = math.fsum(rates)
    more = (
        "structure=pooled",
        "staffing.headcount=1",
        f"people.switch_hours={in_hours({'mean': setup})['mean']}",
    )

    def exact() -> dict[str, float]:
        return setup_station(total, [rate / total for rate in rates], works, setup)

    return Case(
        name=name,
        family="set-ups",
        title=f"{len(rates)} kinds of work, set-up of {setup:g}",
        overrides=class_settings(rates, works) + more,
        arrival_rate=total,
        exact=exact,
        readings={"Wq": read.wait, "W": read.response, "p_wait": read.waits, "util": read.utilisation},
        load=exact()["util"],
    )


def class_cases() -> Iterator[Case]:
    """Every case of several classes."""
    one, fixed = exponential(1.0), {"law": "deterministic", "mean": 0.5}
    yield priority_case("V12a", [0.3, 0.4], [one, one], 1, 857326.9)
    yield priority_case("V12-three", [0.2, 0.3, 0.3], [one, one, one], 1)
    yield priority_case("V12-unlike", [0.6, 0.4], [fixed, {"law": "lognormal", "mean": 1.2, "cv": 1.2}], 1)
    yield priority_case("V12b", [1.0, 1.4], [one, one], 3)
    yield shortest_case("V12-shortest", 0.8)
    yield skill_case("V23", "one specialist, one who helps out", [0.7, 0.7], [[0], [1, 0]])
    yield skill_case(
        "V24", "a closed chain of two skills each", [0.8] * 3, [[0, 1], [1, 2], [2, 0]], precision=3668984.3
    )
    yield skill_case("V25", "two specialists and a generalist", [0.7, 0.9], [[0], [1], [1, 0]])
    yield pair_case("V28", 1.2, 0.5)
    yield setup_case("V29", [0.3, 0.3], [one, one], 0.4)
    yield setup_case("V29-fixed", [0.4, 0.2], [fixed, one], 0.3)
