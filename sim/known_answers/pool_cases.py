"""Cases of departments against pools: alike work, unlike groups, unlike work, specialists who are faster.

Invariant: both sides of a comparison have the same requests and the same people; only the structure differs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from sim.known_answers import readings as read
from sim.known_answers.case import NEUTRAL, Case, exponential, in_hours, setting
from sim.known_answers.class_cases import LETTERS, Law, class_settings, waits_by_class
from sim.known_answers.oracles import (
    average_wait,
    break_even,
    general_station,
    helping_pair,
    pooling,
    unequal_pooling,
    unlike_pool,
)


def split_settings(kinds: int, rate: float, work: Law) -> tuple[str, ...]:
    """One stream of requests, divided evenly over ``kinds`` products that are alike."""
    product = {"route": ["service"], "work": {"service": in_hours(work)}}
    return (
        "company=queue",
        *NEUTRAL,
        setting("company.products", dict.fromkeys(LETTERS[:kinds], product)),
        setting("company.segments.a.mix", dict.fromkeys(LETTERS[:kinds], 1 / kinds)),
        setting("company.segments.a.interarrival", in_hours(exponential(1 / rate))),
    )


def pooling_cases(kinds: int, people: int, load: float, precision: float | None = None) -> Iterator[Case]:
    """The same people and work in ``kinds`` departments, in one pool, and as one fast server."""
    rate, name = load * kinds * people, f"V18-k{kinds}" + (f"c{people}" if people > 1 else "")
    answer = pooling(kinds, people, load)
    ways = {
        "sep": ("apart", "product", kinds * people, 1.0),
        "pool": ("in one pool", "pooled", kinds * people, 1.0),
        "fast": ("as one fast server", "pooled", 1, 1 / (kinds * people)),
    }
    for way, (title, structure, servers, work) in ways.items():
        values = {f"Wq_{way}": read.wait, f"W_{way}": read.response, "util": read.utilisation}
        yield Case(
            name=f"{name}-{way}",
            family="pooling",
            title=f"{kinds} x {people} people, {title}",
            overrides=(
                *split_settings(kinds, rate, exponential(work)),
                f"structure={structure}",
                f"staffing.headcount={servers}",
            ),
            arrival_rate=rate,
            exact=lambda: answer | {"util": load},
            readings={key: reading for key, reading in values.items() if key in answer or key == "util"},
            precision=precision,
            load=load,
        )


def helping_case(name: str, rates: tuple[float, float], means: tuple[float, float], threshold: int) -> Case:
    """P7: two departments of one person each; who is idle helps while enough wait in the other one."""
    answer = helping_pair(rates, (1 / means[0], 1 / means[1]), threshold)
    helping = setting("people.helping", {"enabled": True, "threshold": threshold})
    works = [exponential(mean) for mean in means]
    return Case(
        name=name,
        family="pooling",
        title=f"two departments that help each other when {threshold} wait",
        overrides=(*class_settings(rates, works), "structure=product", "staffing.headcount=2", helping),
        arrival_rate=sum(rates),
        exact=lambda: answer | {"util": (answer["util1"] + answer["util2"]) / 2},
        readings=waits_by_class(2) | {"helped": read.helped, "util": read.utilisation},
        load=(answer["util1"] + answer["util2"]) / 2,
    )


def break_even_case(name: str, kinds: int, people: int, load: float) -> Case:
    """Departments that work just so much faster that their total time equals that of the pool."""
    answer = break_even(kinds, people, load)
    speed = 1 + answer["speedup_pct_for_equal_W"] / 100
    rate = load * kinds * people
    return Case(
        name=name,
        family="pooling",
        title=f"{kinds} x {people} people, {100 * (speed - 1):.1f} % faster: as good as the pool",
        overrides=(
            *split_settings(kinds, rate, exponential(1 / speed)),
            "structure=product",
            f"staffing.headcount={kinds * people}",
        ),
        arrival_rate=rate,
        exact=lambda: {"W_pool": answer["W_pool"], "util": load / speed},
        readings={"W_pool": read.response, "util": read.utilisation},
        load=load,
    )


def unequal_cases(name: str, rates: Sequence[float], servers: Sequence[int]) -> Iterator[Case]:
    """Groups of unlike size and load, apart and in one pool."""
    answer = unequal_pooling(rates, servers, 1.0)
    base = class_settings(rates, [exponential(1.0)] * len(rates))
    workers = dict(zip(LETTERS, servers, strict=False))
    apart = ("structure=product", "staffing.allocation=explicit", setting("staffing.workers", workers))
    pool = ("structure=pooled", f"staffing.headcount={sum(servers)}")
    load = math.fsum(rates) / sum(servers)
    titles = {"sep": "apart", "pool": "in one pool"}
    ways: dict[str, tuple[tuple[str, ...], dict[str, read.Reading]]] = {
        "sep": (apart, waits_by_class(len(rates)) | {"Wq_sep_mean": read.wait}),
        "pool": (pool, {"Wq_pool": read.wait}),
    }
    for way, (more, values) in ways.items():
        yield Case(
            name=f"{name}-{way}",
            family="pooling",
            title=f"groups of {' and '.join(map(str, servers))}, {titles[way]}",
            overrides=base + more,
            arrival_rate=math.fsum(rates),
            exact=lambda: answer | {"util": load},
            readings=values | {"util": read.utilisation},
            load=max(rate / people for rate, people in zip(rates, servers, strict=True)),
        )


def unlike_cases(
    name: str, rates: Sequence[float], means: Sequence[float], precision: float | None = None
) -> Iterator[Case]:
    """Jobs of unlike length, a server for each kind against one pool: pooling can lose."""
    works = [exponential(mean) for mean in means]
    base, count = class_settings(rates, works), len(rates)
    load = math.fsum(rate * mean for rate, mean in zip(rates, means, strict=True)) / count

    def apart() -> dict[str, float]:
        waits = [general_station(rate, work)["Wq"] for rate, work in zip(rates, works, strict=True)]
        named = {f"Wq{rank}": wait for rank, wait in enumerate(waits, start=1)}
        return named | {"Wq_sep_mean": average_wait(rates, waits), "util": load}

    yield Case(
        name=f"{name}-sep",
        family="unlike work",
        title=f"jobs of length {' and '.join(f'{mean:g}' for mean in means)}, apart",
        overrides=(*base, "structure=product", f"staffing.headcount={count}"),
        arrival_rate=math.fsum(rates),
        exact=apart,
        readings=waits_by_class(count) | {"Wq_sep_mean": read.wait, "util": read.utilisation},
        precision=precision,
        load=load,
    )
    yield Case(
        name=f"{name}-pool",
        family="unlike work",
        title=f"jobs of length {' and '.join(f'{mean:g}' for mean in means)}, in one pool",
        overrides=(*base, "structure=pooled", f"staffing.headcount={count}"),
        arrival_rate=math.fsum(rates),
        exact=lambda: unlike_pool(rates, means, count),
        readings={"Wq_pool": read.wait, "p_wait": read.waits, "util": read.utilisation},
        precision=precision,
        load=load,
    )


def pool_cases() -> Iterator[Case]:
    """Every case of this file."""
    yield from pooling_cases(2, 1, 0.8, 1291690.5)
    yield from pooling_cases(4, 1, 0.8, 1291690.5)
    yield from pooling_cases(10, 1, 0.8, 1291690.5)
    yield from pooling_cases(3, 4, 0.85)
    yield from unequal_cases("V19", [0.7, 3.4], [1, 4])
    yield from unlike_cases("V20a", [5 / 6, 1 / 12], [1.0, 10.0], 6317912.9)
    yield from unlike_cases("V20-mild", [0.8, 0.4], [1.0, 2.0])
    yield helping_case("P7-three", (0.8, 0.4), (1.0, 1.0), 3)
    yield helping_case("P7-unlike", (0.7, 0.5), (1.0, 1.25), 2)
    yield break_even_case("V46-k2c2r80", 2, 1, 0.8)
    yield break_even_case("V46-k4c20r80", 4, 5, 0.8)
