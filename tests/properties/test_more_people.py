"""More people, quicker work, customers under two names: what has to follow, over generated companies."""

import math
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.organisation import build_organisation
from sim.replication import simulate
from sim.world import build_customer_model
from tests.properties.models import NEUTRAL, SEGMENTS, generated, models, random_laws
from tests.properties.relations import in_time, run
from tests.scenarios import QUICK, Plain, by_axes, changed, checked, segment, workshop


@st.composite
def counters(draw: st.DrawFn) -> Plain:
    """One department with one kind of work, busy enough to have queues."""
    plain = draw(models(ties=False, **NEUTRAL))
    step = {"route": ["ask"], "work": {"ask": draw(random_laws())}}
    return changed(
        plain,
        ("company.products", {"bed": step, "chair": step}),
        ("structure", by_axes()),
        ("staffing", {"basis": "workers", "headcount": draw(st.integers(1, 3)), "managers": False}),
        ("demand.scale", 8.0),
        ("experiment.drain_weeks", 8),
    )


def one_more(plain: Plain) -> Plain:
    return changed(plain, ("staffing.headcount", plain["staffing"]["headcount"] + 1))


@generated
@given(counters())
def test_nobody_waits_longer_with_one_more_person(plain: Plain) -> None:
    few, more = in_time(run(plain)), in_time(run(one_more(plain)))
    served = ~np.isnan(few["first_start"])
    assert (more["first_start"][served] <= few["first_start"][served]).all()


@generated
@given(counters(), st.sampled_from([0.3, 0.5, 0.9]))
def test_nobody_leaves_later_when_work_is_quicker(plain: Plain, factor: float) -> None:
    slow, quickly = (
        in_time(run(plain)),
        [(f"company.segments.{name}.complexity", factor) for name in SEGMENTS],
    )
    quick = in_time(run(plain, *quickly))
    over = ~np.isnan(slow["done"])
    assert (quick["done"][over] <= slow["done"][over]).all()


@generated
@given(counters())
def test_people_are_less_busy_when_there_are_more_of_them(plain: Plain) -> None:
    loads = [
        build_organisation(scenario, build_customer_model(scenario)).load[0]
        for scenario in (checked(plain), checked(one_more(plain)))
    ]
    assert loads[1] < loads[0]


@generated
@given(models(ties=False, **NEUTRAL))
def test_nobody_waits_where_there_are_people_without_end(plain: Plain) -> None:
    plain = {**plain, "staffing": {"basis": "workers", "headcount": 500, "managers": False}}
    visits = run(plain).visits
    assert (visits["start"] == visits["queued"]).all()


@generated
@given(models(ties=False, **NEUTRAL))
def test_response_is_the_length_of_the_route_where_there_are_people_without_end(plain: Plain) -> None:
    plain = {**plain, "staffing": {"basis": "workers", "headcount": 500, "managers": False}}
    played = run(plain)
    visits = played.visits[~np.isnan(played.visits["end"])]
    length = np.where(visits["kind"] == 2, visits["end"] - visits["start"], visits["work"])
    totals: dict[tuple[int, int], float] = {}
    for customer, number, hours in zip(visits["customer"], visits["number"], length, strict=True):
        totals[customer, number] = totals.get((customer, number), 0.0) + hours
    done = played.requests[played.requests["status"] == 1]
    for row in done:
        assert row["done"] - row["arrival"] == totals[row["customer"], row["number"]]


REPLICATIONS, MARGIN, Z = 240, 0.05, 3.29
"""Equivalence within 5 %, at one chance of error in a thousand."""
TOWN = {"town": segment(40, 52.0)}


def mean_responses(segments: Plain) -> np.ndarray[Any, Any]:
    """Mean response of each replication of a pooled workshop, three quarters busy, for these customers."""
    changes = [("company.segments", segments), ("experiment.horizon_weeks", 52), ("staffing.headcount", 4)]
    plain = workshop(*changes, ("experiment.engine", QUICK), structure=by_axes())
    played = [simulate(checked(plain), replication).requests for replication in range(REPLICATIONS)]
    return np.array([np.nanmean(requests["done"] - requests["arrival"]) for requests in played])


def alike(one: Plain, other: Plain) -> bool:
    """Whether the means differ by less than the margin, the uncertainty of both added."""
    first, second = mean_responses(one), mean_responses(other)
    uncertain = Z * math.sqrt((first.var(ddof=1) + second.var(ddof=1)) / REPLICATIONS)
    return bool(abs(first.mean() - second.mean()) + uncertain < MARGIN * first.mean())


def test_customers_under_two_names_wait_like_customers_under_one() -> None:
    assert alike(TOWN, {"east": segment(20, 52.0), "west": segment(20, 52.0)})


def test_two_customers_more_would_be_noticed() -> None:
    assert not alike(TOWN, {"east": segment(22, 52.0), "west": segment(20, 52.0)})
