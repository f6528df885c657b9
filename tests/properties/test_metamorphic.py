"""Relations between two runs that hold whatever the true answer is: over generated companies.

Each test changes one thing that must change nothing, or must change the result in a known way. More of them:
test_names_and_order.py, test_more_people.py, test_minimal_change.py, test_minimal_histories.py.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import given

from sim.trajectory import ABANDONED, MEETING, OUTSIDE, TRIAGE, Trajectory
from tests.properties.models import NEUTRAL, NO_MEETINGS, generated, models, stretched
from tests.properties.relations import RESULT, Table, columns, in_time, run, same_service
from tests.scenarios import Plain, by_axes, changed

# Time has no natural unit.

HOURS = {
    "people": ("switch_hours", "owner_wait_hours"),
    "coordination": ("handoff", "decision", "rework.return_delay", "matrix.coordination_hours"),
    "customers": ("claim",),
}


def slower(plain: Plain, factor: float) -> Plain:
    """The same company on a clock that runs slower: every duration times the factor, every rate divided."""
    result = changed(plain, ("company.clock", {"hours_per_day": 4.0 * factor, "days_per_week": 5}))
    for product in result["company"]["products"].values():
        product["work"] = {name: stretched(law, factor) for name, law in product["work"].items()}
    for segment in result["company"]["segments"].values():
        segment["interarrival"] = stretched(segment["interarrival"], factor)
        segment["patience"] = stretched(segment.get("patience", {"law": "none"}), factor)
        segment["promise_hours"] = 40.0 * factor
    meetings = result["coordination"]["meetings"]
    result["coordination"]["meetings"] = {name: hours * factor for name, hours in meetings.items()}
    result["people"].setdefault("owner_wait_hours", 8.0)
    for group, paths in HOURS.items():
        for path in paths:
            *inside, last = path.split(".")
            node = result[group]
            for key in inside:
                node = node[key]
            node[last] = (
                stretched(node[last], factor) if isinstance(node[last], dict) else node[last] * factor
            )
    return result


def times(played: Trajectory) -> Table:
    return np.stack([in_time(played)[name] for name in ("arrival", "first_start", "done")])


@generated
@given(models(ties=True, people=NEUTRAL["people"]))
def test_slower_clocks_show_exactly_the_same_day(plain: Plain) -> None:
    plain = changed(plain, ("customers.patience", False), ("coordination.meetings", NO_MEETINGS))
    one, other = run(slower(plain, 1.0)), run(slower(plain, 2.0))
    assert np.array_equal(2.0 * times(one), times(other), equal_nan=True)


@generated
@given(models(ties=False))
def test_slower_clocks_show_the_same_day_but_for_the_grid_of_time(plain: Plain) -> None:
    plain = changed(plain, ("customers.patience", False))
    one, other = run(slower(plain, 1.0)), run(slower(plain, 2.0))
    assert np.allclose(2.0 * times(one), times(other), rtol=0.0, atol=1e-7, equal_nan=True)


# What happens with probability 0, takes 0 hours or comes later.


@generated
@given(models(structure=by_axes("segment")))
def test_a_last_step_that_never_happens_is_a_missing_step(plain: Plain) -> None:
    chair = plain["company"]["products"]["chair"]
    route = [name for name in chair["route"] if name != "make"]
    work = {name: chair["work"][name] for name in route}
    never = {**work, "make": {"law": "exponential", "mean": 3.0}}
    shorter = {"route": route, "work": work}
    longer = {"route": [*route, "make"], "work": never, "visit_share": {"make": 0.0}}
    one, other = (run(plain, ("company.products.chair", product)) for product in (shorter, longer))
    assert same_service(one, other)


@generated
@given(models(ties=True, **NEUTRAL))
def test_a_step_in_between_that_never_happens_is_a_missing_step(plain: Plain) -> None:
    work = {name: {"law": "deterministic", "mean": hours} for name, hours in (("ask", 0.5), ("make", 1.0))}
    straight = {"route": ["ask", "make"], "work": work}
    around = {
        "route": ["ask", "look", "make"],
        "work": {**work, "look": {"law": "deterministic", "mean": 9.0}},
        "visit_share": {"look": 0.0},
    }
    plain = changed(plain, ("company.products.bed", straight), ("structure", by_axes()))
    assert same_service(
        run(plain, ("company.products.chair", straight)), run(plain, ("company.products.chair", around))
    )


@generated
@given(models(ties=False, **NEUTRAL))
def test_borders_that_cost_nothing_are_no_borders_where_nobody_waits(plain: Plain) -> None:
    crowd = {"basis": "workers", "headcount": 500, "managers": False}
    one, other = (
        run({**plain, "staffing": crowd, "structure": by_axes(*axes)})
        for axes in ((), ("function", "segment"))
    )
    assert same_service(one, other)


@generated
@given(models())
def test_a_longer_horizon_leaves_the_first_weeks_as_they_are(plain: Plain) -> None:
    short, long = (
        run(plain, ("experiment.horizon_weeks", weeks), ("experiment.drain_weeks", 0)) for weeks in (1, 3)
    )
    assert begun(long, short.end) == begun(short, short.end)


def begun(played: Trajectory, until: float) -> list[bytes]:
    """Requests that came and were over before the end of the shorter run, and what was done for them."""
    requests = played.requests[played.requests["done"] < until]
    visits = played.visits[played.visits["end"] < until]
    return [
        *columns(requests, RESULT),
        *columns(visits, ("customer", "number", "step", "visit", "worker", "queued", "start", "end")),
    ]


@generated
@given(models(ties=False))
def test_the_luck_of_decisions_leaves_the_luck_of_work_as_it_is(plain: Plain) -> None:
    one, other = (run(plain, ("coordination.exception_share", share)) for share in (0.0, 0.5))

    def work(played: Trajectory) -> dict[tuple[int, int, int], float]:
        first = played.visits[(played.visits["visit"] == 0) & (played.visits["kind"] == 0)]
        return {(row["customer"], row["number"], row["step"]): row["work"] for row in first}

    before, after = work(one), work(other)
    shared = before.keys() & after.keys()
    assert {key: before[key] for key in shared} == {key: after[key] for key in shared}


# The relations above say something only if the generated companies are lively.

HAPPENS: dict[str, Callable[[Trajectory], Any]] = {
    "handoff": lambda played: played.requests["handoffs"].any(),
    "rework": lambda played: (played.visits["passage"] == 1).any(),
    "return": lambda played: played.requests["returns"].any(),
    "abandoned": lambda played: (played.requests["status"] == ABANDONED).any(),
    "silent defect": lambda played: played.requests["silent"].any(),
    "triage": lambda played: (played.visits["kind"] == TRIAGE).any(),
    "outside": lambda played: (played.visits["kind"] == OUTSIDE).any(),
    "claim": lambda played: played.visits["claim"].any(),
    "queue": lambda played: (played.visits["start"] > played.visits["queued"]).any(),
    "switch": lambda played: played.visits["switch"].any(),
    "reread": lambda played: played.visits["reread"].any(),
    "pace": lambda played: played.visits["pace"].any(),
    "learning": lambda played: (played.visits["u_function"] < 1.0).any(),
    "decision": lambda played: played.visits["decision"].any(),
    "waiting for a decision": lambda played: played.visits["decision_wait"].any(),
    "concession": lambda played: played.visits["concession"].any(),
    "coordination": lambda played: played.visits["coordination"].any(),
    "meeting": lambda played: (played.duties["kind"] == MEETING).any(),
    "the same instant": lambda played: len(np.unique(played.visits["end"])) < len(played.visits),
}


def test_everything_happens_in_some_generated_company() -> None:
    seen: set[str] = set()

    @generated
    @given(models())
    def watch(plain: Plain) -> None:
        played = run(plain)
        seen.update(name for name, happens in HAPPENS.items() if happens(played))

    watch()
    assert set(HAPPENS) - seen == set()
