"""Relations between two runs that hold whatever the true answer is: over generated companies.

Each test changes one thing that must change nothing, or must change the result in a known way.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.model.partition import partition
from sim.organisation import build_organisation
from sim.replication import simulate
from sim.trajectory import ABANDONED, MEETING, OUTSIDE, TRIAGE, Trajectory
from sim.world import build_market
from tests.properties.models import NEUTRAL, NO_MEETINGS, SEGMENTS, generated, models, random_laws, stretched
from tests.scenarios import Plain, by_axes, changed, checked

Table = np.ndarray[Any, Any]
TABLES = ("requests", "visits", "duties", "people")
RESULT = ("customer", "number", "arrival", "first_start", "done", "status", "repeats", "returns")


def run(plain: Plain, *changes: tuple[str, Any]) -> Trajectory:
    return simulate(checked(plain, *changes))


def columns(table: Table, names: tuple[str, ...]) -> list[bytes]:
    return [np.ascontiguousarray(table[name]).tobytes() for name in names]


def same(one: Trajectory, other: Trajectory) -> bool:
    """All tables, byte for byte."""
    return all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in TABLES)


def in_time(played: Trajectory) -> Table:
    """Requests that came before the horizon: how long others are watched depends on the slowest of these."""
    return np.asarray(played.requests[played.requests["arrival"] < played.horizon])


def same_service(one: Trajectory, other: Trajectory) -> bool:
    """What requests lived through, byte for byte, whoever served them."""
    return columns(in_time(one), RESULT) == columns(in_time(other), RESULT)


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


# Names and what nobody uses do not matter.


def explicit(plain: Plain, names: dict[str, str] | None = None, backwards: bool = False) -> Plain:
    """The same departments listed one by one, under other names, in another order."""
    scenario = checked(plain)
    found = partition(scenario.structure, scenario.company)
    boxes = {
        (names or {}).get(name, name): [
            {"functions": [function], "products": [product], "segments": [segment]}
            for function, product, segment in cells
        ]
        for name, cells in found.departments.items()
    }
    if backwards:
        boxes = dict(reversed(boxes.items()))
    structure = {"name": "listed", "departments": boxes}
    return {**plain, "structure": {**structure, "coordinators": plain["structure"].get("coordinators")}}


def departments(plain: Plain) -> list[str]:
    scenario = checked(plain)
    return list(partition(scenario.structure, scenario.company).departments)


@generated
@given(models())
def test_listing_the_departments_changes_nothing(plain: Plain) -> None:
    assert same(run(plain), run(explicit(plain)))


@generated
@given(models())
def test_renaming_departments_changes_nothing_but_names(plain: Plain) -> None:
    names = {name: f"team {number}" for number, name in enumerate(reversed(departments(plain)))}
    one, other = run(plain), run(explicit(plain, names))
    assert same(one, other)
    assert other.names["department"] == [names[name] for name in one.names["department"]]


@generated
@given(models(ties=False))
def test_the_order_of_departments_changes_nothing_for_customers(plain: Plain) -> None:
    plain = settled_staff(changed(plain, ("people.speed_cv", 0.0)))
    assert same_service(run(explicit(plain)), run(explicit(plain, backwards=True)))


@generated
@given(models(), st.sampled_from([(), ("function",), ("segment",)]), st.integers(1, 3))
def test_a_department_nobody_is_routed_to_changes_nothing(
    plain: Plain, axes: tuple[str, ...], idle: int
) -> None:
    plain = changed(plain, ("people.speed_cv", 0.0), ("structure", by_axes(*axes)))
    plain["company"]["products"]["relic"] = plain["company"]["products"]["chair"]  # nobody asks for it
    listed = explicit(plain)
    boxes = {
        name: [box for box in own if box["products"] != ["relic"]]
        for name, own in listed["structure"]["departments"].items()
    }
    route = list(dict.fromkeys(plain["company"]["products"]["relic"]["route"]))
    museum = {**boxes, "museum": [{"functions": route, "products": ["relic"]}]}
    staff = settled_staff(plain)["staffing"]
    closed = changed(staff, ("workers.museum", idle))
    other = changed(listed, ("structure.departments", museum), ("staffing", closed))
    assert same_service(run({**listed, "staffing": staff}), run(other))


def settled_staff(plain: Plain) -> Plain:
    """The same people by number: where departments need them alike, the order decides who gets one more."""
    scenario = checked(plain)
    found = build_organisation(scenario, build_market(scenario))
    workers = dict(zip(found.departments, np.diff(found.first_worker).tolist(), strict=True))
    return changed(plain, ("staffing.allocation", "explicit"), ("staffing.workers", workers))


@generated
@given(models())
def test_two_structures_with_the_same_partition_are_the_same(plain: Plain) -> None:
    plain["company"]["segments"].pop("south")
    pooled, by_segment = ({**plain, "structure": by_axes(*axes)} for axes in ((), ("segment",)))
    assert same(run(pooled), run(by_segment))


@generated
@given(models(ties=False))
def test_the_order_of_segments_changes_nothing_for_customers(plain: Plain) -> None:
    plain = settled_staff(changed(plain, ("people.speed_cv", 0.0)))
    backwards = changed(plain, ("company.segments", {}))
    backwards["company"]["segments"] = dict(reversed(plain["company"]["segments"].items()))

    def told(played: Trajectory) -> dict[tuple[str, int], list[bytes]]:
        names = played.names["customer"]
        return {
            (names[row["customer"]], int(row["number"])): columns(row.reshape(1), RESULT[2:])
            for row in in_time(played)
        }

    assert told(run(plain)) == told(run(backwards))


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


# More people, quicker work: one department, first come first served, one step.


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
        build_organisation(scenario, build_market(scenario)).load[0]
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
