"""Everything at the same instant: both engines settle it alike, and it does happen in what is compared."""

import random
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import given

from sim.mechanisms.queue_order import REQUEST_KEYS
from sim.model.scenario import Scenario
from sim.replication import simulate
from sim.trajectory import ABANDONED, BALKED, COORDINATION, DECISION, MEETING, Table, Trajectory
from tests.engines.first_difference import first_difference
from tests.properties.models import generated, models
from tests.scenarios import Plain, by_axes, checked, fixed, segment, workshop
from tests.strategies import scenario

CLOCKWORKS = range(24)


def clockwork(number: int) -> Scenario:
    """A workshop in which every length is a whole number of hours: all that happens coincides."""
    pick = random.Random(number).choice
    every = {
        "interarrival": fixed(pick([2.0, 4.0])),
        "requests_per_year": None,
        "patience": fixed(pick([0.0, 1.0, 2.0])),
    }
    axes = pick([(), ("function",), ("segment",), ("product", "segment"), ("function", "segment")])
    structure = {**by_axes(*axes), "coordinators": pick([None, {"group_by": ["segment"]}])}
    return checked(
        workshop(
            *(
                (f"company.products.{name}.work", {"cut": fixed(1.0), "sew": fixed(pick([0.0, 1.0, 2.0]))})
                for name in ("shirt", "coat")
            ),
            ("company.segments.town", segment(2, 0.0, batch=fixed(pick([1.0, 3.0])), **every)),
            ("company.segments.village", segment(3, 0.0, priority=2, **every)),
            (
                "customers",
                {
                    "patience": True,
                    "patience_until": pick(["first_touch", "resolution"]),
                    "misgrouped": 0.3,
                    "excluded": 0.2,
                    "triage_share": 1.0,
                    "claim": fixed(1.0),
                },
            ),
            ("coordination.handoff", fixed(pick([0.0, 1.0, 2.0]))),
            ("coordination.decision", fixed(pick([0.0, 1.0]))),
            ("coordination.exception_share", pick([0.0, 0.5])),
            ("coordination.share_cross", 0.5),
            ("coordination.meetings.base_hours", pick([0.0, 5.0])),
            ("coordination.defects.base", pick([0.0, 0.3])),
            ("coordination.rework", {"caught": 0.5, "rounds": 2, "share": 1.0, "return_delay": fixed(2.0)}),
            ("coordination.matrix", {"coordination_hours": pick([0.0, 1.0]), "conflict": 0.3}),
            ("people.ownership", pick(["owner", "relay"])),
            ("people.dispatch_request", pick(list(REQUEST_KEYS))),
            ("people.dispatch_worker", pick(["longest_idle", "same_worker", "most_proficient"])),
            ("staffing.waiting_room", pick([None, 0, 2])),
            ("staffing.headcount", 9),
            ("staffing.managers", True),
            (
                "experiment",
                {
                    "kind": "terminating",
                    "horizon_weeks": 2,
                    "warm_up_weeks": 0,
                    "drain_weeks": 1,
                    "seed": number,
                },
            ),
            structure=structure,
        )
    )


@cache
def ticked(number: int) -> Trajectory:
    return simulate(clockwork(number), 0, "compiled")


def ends(history: Trajectory) -> Table:
    """Instants at which a step was over."""
    return np.asarray(history.visits["end"][history.visits["worker"] >= 0])


def gone(history: Trajectory) -> Table:
    """Instants at which patience was over."""
    return np.asarray(history.requests["done"][history.requests["status"] == ABANDONED])


def duties(history: Trajectory, kind: int, field: str) -> Table:
    return np.asarray(history.duties[field][history.duties["kind"] == kind])


def moved(history: Trajectory) -> Table:
    """Instants at which a request reached another department."""
    return np.asarray(history.visits["queued"][history.visits["handoff"] > 0.0])


def meet(one: Table, other: Table) -> bool:
    return len(np.intersect1d(one, other)) > 0


def repeats(instants: Table) -> bool:
    known = instants[~np.isnan(instants)]
    return len(np.unique(known)) < len(known)


COINCIDENCES: dict[str, Callable[[Trajectory], bool]] = {
    "arrivals": lambda h: repeats(h.requests["arrival"]),
    "requests of one customer": lambda h: repeats(
        h.requests["arrival"] + 1e6 * h.requests["customer"].astype(float)
    ),
    "completions": lambda h: repeats(ends(h)),
    "arrival and completion": lambda h: meet(h.requests["arrival"], ends(h)),
    "patience and completion": lambda h: meet(gone(h), ends(h)),
    "patience and arrival": lambda h: meet(gone(h), h.requests["arrival"]),
    "patience of several": lambda h: repeats(gone(h)),
    "meeting and completion": lambda h: meet(duties(h, MEETING, "start"), ends(h)),
    "meeting's end and arrival": lambda h: meet(duties(h, MEETING, "end"), h.requests["arrival"]),
    "handoff and completion": lambda h: meet(moved(h), ends(h)),
    "handoff and arrival": lambda h: meet(moved(h), h.requests["arrival"]),
    "decision and completion": lambda h: meet(duties(h, DECISION, "end"), ends(h)),
    "coordination and completion": lambda h: meet(duties(h, COORDINATION, "end"), ends(h)),
    "review and completion": lambda h: bool((ends(h) % 40.0 == 0.0).any()),
    "steps that take no time": lambda h: bool((h.visits["end"] == h.visits["start"]).any()),
    "no room and completion": lambda h: meet(h.requests["done"][h.requests["status"] == BALKED], ends(h)),
    "nothing but whole hours": lambda h: (
        len(ends(h)) > 20 and bool((ends(h)[~np.isnan(ends(h))] % 1.0 == 0.0).all())
    ),
}


@pytest.mark.parametrize("what", COINCIDENCES)
def test_what_can_coincide_does_coincide_in_clockwork(what: str) -> None:
    assert any(map(COINCIDENCES[what], map(ticked, CLOCKWORKS)))


@pytest.mark.parametrize("number", CLOCKWORKS)
def test_engines_agree_on_clockwork(number: int) -> None:
    assert first_difference(clockwork(number)) is None


@pytest.mark.parametrize("seed", range(21, 60, 3))
def test_engines_agree_on_more_companies_of_whole_hours(seed: int) -> None:
    """Random companies divisible by 3, as in test_equality.py."""
    assert first_difference(scenario(seed)) is None


@generated
@given(models(ties=True))
def test_engines_agree_where_times_are_small_binary_fractions(plain: Plain) -> None:
    assert first_difference(checked(plain)) is None
