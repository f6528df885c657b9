"""Cases with given numbers: every start and end is known, by hand or from a recursion of a few lines.

Invariant: nothing here is statistical; one customer off by more than 1e-9 fails the case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.known_answers.case import NEUTRAL, UNIT, Trace, exponential, in_hours, setting
from sim.known_answers.class_cases import LETTERS
from sim.known_answers.recursions import served_in_order, served_or_gone, set_up_for
from sim.trajectory import ABANDONED, STEP, Trajectory

WEEK = (
    "experiment.kind=terminating",
    "experiment.horizon_weeks=1",
    "experiment.warm_up_weeks=0",
    "experiment.drain_weeks=1",
)


def given(values: Sequence[float]) -> dict[str, Any]:
    """A law that takes these numbers one after the other."""
    return {"law": "trace", "values": list(values)}


def gaps(times: Sequence[float]) -> dict[str, Any]:
    """Arrivals at these times."""
    before = [0.0, *times[:-1]]
    return given([time - last for time, last in zip(times, before, strict=True)])


def one_queue(arrivals: Sequence[float], works: Sequence[float], servers: int) -> tuple[str, ...]:
    """One station with given arrivals and works, hours as they are."""
    return (
        "company=queue",
        "structure=function",
        *NEUTRAL,
        *WEEK,
        f"staffing.headcount={servers}",
        setting("company.segments.a.interarrival", gaps(arrivals)),
        setting("company.products.a.work.service", given(works)),
    )


def steps(trajectory: Trajectory) -> Any:
    """Rows of work in the order of requests and steps."""
    return trajectory.visits[trajectory.visits["kind"] == STEP]


def each(label: str, values: Sequence[float]) -> dict[str, float]:
    """Values named by position: w1, w2 ...

    >>> each("w", [3.0, 4.0])
    {'w1': 3.0, 'w2': 4.0}
    """
    return {f"{label}{place}": float(value) for place, value in enumerate(values, start=1)}


def wait_case(servers: int, arrivals: Sequence[float], works: Sequence[float]) -> Trace:
    """V47a: waits of customers served in order."""
    starts = served_in_order(arrivals, works, servers)
    waits = [start - arrival for start, arrival in zip(starts, arrivals, strict=True)]
    return Trace(
        name=f"V47a-c{servers}",
        family="traces",
        title=f"waits of {len(works)} given customers, {servers} servers",
        overrides=one_queue(arrivals, works, servers),
        exact=lambda trajectory: each("w", waits),
        found=lambda trajectory: each(
            "w", (trajectory.requests["first_start"] - trajectory.requests["arrival"]).tolist()
        ),
    )


def priority_trace() -> Trace:
    """V47b: low 0, low 1, high 2, high 3 with works 4, 2, 3, 1: starts 0, 8, 4, 7."""
    classes = {"a": ([2.0, 3.0], [3.0, 1.0]), "b": ([0.0, 1.0], [4.0, 2.0])}
    settings = [
        setting(key, law)
        for name, (arrivals, works) in classes.items()
        for key, law in (
            (f"company.segments.{name}.interarrival", gaps(arrivals)),
            (f"company.products.{name}.work.service", given(works)),
        )
    ]
    more = ("structure=pooled", "staffing.headcount=1", "people.dispatch_request=segment_priority")
    return Trace(
        name="V47b",
        family="traces",
        title="given customers of two priorities",
        overrides=("company=queue_classes", *NEUTRAL, *WEEK, *more, *settings),
        exact=lambda trajectory: each("start", [0.0, 8.0, 4.0, 7.0]),
        found=lambda trajectory: each("start", starts_in_order_of_arrival(trajectory)),
    )


def starts_in_order_of_arrival(trajectory: Trajectory) -> list[float]:
    """First touch of the requests, sorted by arrival."""
    table = trajectory.requests
    starts: list[float] = table["first_start"][table["arrival"].argsort(kind="stable")].tolist()
    return starts


def patience_trace() -> Trace:
    """V47c: patience 100, 3, 10: the second leaves at 4, the third is served from 5 to 7."""
    arrivals, works, patience = [0.0, 1.0, 2.0], [5.0, 2.0, 2.0], [100.0, 3.0, 10.0]
    starts = served_or_gone(arrivals, works, patience)
    rows = zip(arrivals, works, patience, starts, strict=True)
    ends = [arrival + willing if start is None else start + work for arrival, work, willing, start in rows]
    more = ("customers.patience=true", setting("company.segments.a.patience", given(patience)))
    return Trace(
        name="V47c",
        family="traces",
        title="given customers with given patience",
        overrides=one_queue(arrivals, works, 1) + more,
        exact=lambda trajectory: each("ends", ends) | {"abandoned": float(starts.count(None))},
        found=lambda trajectory: (
            each("ends", trajectory.requests["done"].tolist())
            | {"abandoned": float((trajectory.requests["status"] == ABANDONED).sum())}
        ),
    )


def escalation_trace() -> Trace:
    """V47d: two tiers, a handing-over delay of 0.5: ends 5.5 and 6.5, the second waits 2 at the second
    tier."""
    overrides = (
        "company=queue_line",
        "structure=function",
        *NEUTRAL,
        *WEEK,
        "staffing.headcount=2",
        setting("company.segments.a.interarrival", gaps([0.0, 1.0])),
        setting("company.products.a.work", {"first": given([2.0, 1.0]), "second": given([3.0, 1.0])}),
        "coordination.handoff={law: deterministic, mean: 0.5}",
    )

    def found(trajectory: Trajectory) -> dict[str, float]:
        second = steps(trajectory)[-1]
        return each("end", trajectory.requests["done"].tolist()) | {
            "L2_wait2": float(second["start"] - second["queued"])
        }

    return Trace(
        name="V47d",
        family="traces",
        title="given customers pass two tiers",
        overrides=overrides,
        exact=lambda trajectory: {"end1": 5.5, "end2": 6.5, "L2_wait2": 2.0},
        found=found,
    )


def setup_trace(kinds: str) -> Trace:
    """V47f: a set-up of 0.5 at each change of product, none at the start."""
    works, setup = [1.0] * len(kinds), 0.5
    about = {"customers": 1, "interarrival": given([0.0])}
    segments = {
        name: about | {"mix": {"a": float(kind == "A"), "b": float(kind == "B")}}
        for name, kind in zip(LETTERS, kinds, strict=False)
    }
    return Trace(
        name=f"V47f-{kinds}",
        family="traces",
        title=f"set-ups between requests of kind {', '.join(kinds)}",
        overrides=(
            "company=queue_classes",
            "structure=pooled",
            *NEUTRAL,
            *WEEK,
            "staffing.headcount=1",
            f"people.switch_hours={setup}",
            setting("company.segments", segments),
            *(f"company.products.{name}.work.service={{law: deterministic, mean: 1.0}}" for name in "ab"),
        ),
        exact=lambda trajectory: each("end", set_up_for(kinds, works, setup)),
        found=lambda trajectory: each("end", trajectory.requests["done"].tolist()),
    )


def recursion_case(name: str, gap: Mapping[str, Any], work: Mapping[str, Any], servers: int) -> Trace:
    """Thousands of drawn customers against the recursion fed with their own arrivals and works."""
    overrides = (
        "company=queue",
        "structure=function",
        *NEUTRAL,
        "experiment.kind=terminating",
        f"experiment.horizon_weeks={round(10_000 * gap['mean'] * UNIT / 40)}",
        "experiment.warm_up_weeks=0",
        f"staffing.headcount={servers}",
        setting("company.segments.a.interarrival", in_hours(gap)),
        setting("company.products.a.work.service", in_hours(work)),
    )

    def exact(trajectory: Trajectory) -> Mapping[str, float]:
        arrivals, works = trajectory.requests["arrival"].tolist(), steps(trajectory)["work"].tolist()
        return each("start", served_in_order(arrivals[: len(works)], works, servers))

    return Trace(
        name=name,
        family="recursion",
        title=f"10,000 customers of {servers} servers, one by one",
        overrides=overrides,
        exact=exact,
        found=lambda trajectory: each("start", steps(trajectory)["start"].tolist()),
    )


def trace_cases() -> Iterator[Trace]:
    """Every case with given numbers."""
    arrivals, works = [0.0, 1.0, 2.0, 3.0, 4.0], [4.0, 2.0, 3.0, 1.0, 2.0]
    yield wait_case(1, arrivals, works)
    yield wait_case(2, arrivals, works)
    yield priority_trace()
    yield patience_trace()
    yield escalation_trace()
    yield setup_trace("ABA")
    yield setup_trace("AAB")
    yield recursion_case(
        "V47-recursion-c1", exponential(1.25), {"law": "lognormal", "mean": 1.0, "cv": 1.5}, 1
    )
    yield recursion_case("V47-recursion-c3", exponential(0.4), {"law": "gamma", "mean": 1.0, "cv": 0.8}, 3)
    yield recursion_case(
        "V47-recursion-ties",
        {"law": "deterministic", "mean": 0.5},
        {"law": "erlang", "mean": 1.0, "stages": 2},
        3,
    )
