"""Minimally different histories: draws on the way stay what they are, and so does what a change cannot touch.

The random companies and single changes of test_minimal_change.py, played.
"""

from typing import Any

import numpy as np
import pytest

from sim.replication import simulate
from sim.trajectory import DONE, FIRST, OUTSIDE, STEP, WORKER, Table, Trajectory
from tests.properties.one_change import (
    SEEDS,
    another_function,
    another_product,
    another_segment,
    company,
    every_company,
    more_in_one_department,
)
from tests.scenarios import Plain, by_axes, changed, checked

Draws = dict[tuple[str, int, int, int, str], float]
DELAYS = ("claim", "handoff", "outside")


def draws_of(history: Trajectory) -> Draws:
    """What was drawn on the way: contents and delays, by customer, number, visit, step and field.

    Delays that did not happen are left out, because whether they do is no draw.
    """
    found: Draws = {}
    rows = history.visits[(history.visits["kind"] == STEP) | (history.visits["kind"] == OUTSIDE)]
    for row in rows:
        key = (
            history.names["customer"][row["customer"]],
            int(row["number"]),
            int(row["visit"]),
            int(row["step"]),
        )
        found[*key, "work"] = row["work"].item()
        if row["kind"] == OUTSIDE:
            found[*key, "length"] = (row["end"] - row["start"]).item()
        found |= {(*key, name): row[name].item() for name in DELAYS if row[name] > 0.0}
    return {key: value for key, value in found.items() if not np.isnan(value)}


def disagreeing(one: Draws, other: Draws) -> dict[Any, tuple[float, float]]:
    """Draws that both histories needed and that are not the same; they must share some."""
    shared = one.keys() & other.keys()
    assert shared or not one
    return {key: (one[key], other[key]) for key in shared if one[key] != other[key]}


def histories(plain: Plain) -> dict[str, Plain]:
    """The same company with one thing changed."""
    weeks = plain["experiment"]["horizon_weeks"]
    return {
        "structure": changed(plain, ("structure", by_axes("product"))),
        "one department": more_in_one_department(plain),
        "horizon": changed(plain, ("experiment.horizon_weeks", 2 * weeks)),
        "segment": another_segment(plain, 0),
        "function": another_function(plain),
        "ownership": changed(plain, ("people.ownership", "relay"), ("people.learning_rate", 0.9)),
    }


CHANGES = ("structure", "one department", "horizon", "segment", "function", "ownership")


@every_company
@pytest.mark.parametrize("what", CHANGES)
def test_draws_on_the_way_stay_what_they_are(seed: int, what: str) -> None:
    plain = company(seed)
    assert (
        disagreeing(draws_of(simulate(checked(plain))), draws_of(simulate(checked(histories(plain)[what]))))
        == {}
    )


FATE = ("repeats", "returns", "silent")


@every_company
@pytest.mark.parametrize("what", CHANGES)
def test_what_goes_wrong_goes_wrong_whoever_does_it(seed: int, what: str) -> None:
    """Chances that do not depend on people are met or missed by the same requests everywhere."""
    defects = {"base": 0.25, "unfamiliarity": 0.0, "reference": 0.5, "context": 0.0}
    plain = changed(
        company(seed),
        ("coordination.defects", defects),
        ("coordination.rework", {"caught": 0.5, "complaint": 0.5, "rounds": 3, "share": 0.5}),
        ("coordination.exception_share", 0.3),
    )
    one, other = (simulate(checked(each)) for each in (plain, histories(plain)[what]))
    fates = [fate(one), fate(other)]
    shared = fates[0].keys() & fates[1].keys()
    assert {key: fates[0][key] for key in shared} == {key: fates[1][key] for key in shared}


def fate(history: Trajectory) -> dict[tuple[str, int], list[int]]:
    """Repeats, returns, silence and which steps needed a decision, of every resolved request."""
    done = history.requests[history.requests["status"] == DONE]
    names = history.names["customer"]
    told = {(names[row["customer"]], int(row["number"])): [int(row[name]) for name in FATE] for row in done}
    steps = history.visits[(history.visits["kind"] == STEP) & (history.visits["passage"] == FIRST)]
    for row in steps:
        key = names[row["customer"]], int(row["number"])
        if key in told:
            told[key].append(int(row["step"]) if row["decision"] > 0.0 or row["concession"] else -1)
    return told


@every_company
def test_speeds_go_with_the_seat_however_many_there_are(seed: int) -> None:
    plain = changed(company(seed), ("people.speed_cv", 0.3))
    few, more = (simulate(checked(each)).people for each in (plain, more_in_one_department(plain)))
    by_seat = [
        {int(row["seat"]): row["speed"].item() for row in people if row["role"] == WORKER}
        for people in (few, more)
    ]
    assert by_seat[0].items() < by_seat[1].items()
    assert len(set(by_seat[1].values())) == len(by_seat[1])


TABLES = ("requests", "visits", "duties", "people")


def same(one: Trajectory, other: Trajectory) -> bool:
    return all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in TABLES)


@every_company
def test_replications_are_those_of_a_longer_run(seed: int) -> None:
    plain = company(seed)
    few, many = (checked(plain, ("experiment.replications", count)) for count in (2, 40))
    assert same(simulate(few, 1), simulate(many, 1))
    assert not same(simulate(many, 1), simulate(many, 2))


@every_company
@pytest.mark.parametrize("axes", [(), ("segment",), ("product",)])
def test_a_function_nobody_needs_changes_nothing(seed: int, axes: tuple[str, ...]) -> None:
    plain = changed(company(seed), ("structure", by_axes(*axes)))
    assert same(simulate(checked(plain)), simulate(checked(another_function(plain))))


@every_company
def test_a_product_nobody_asks_for_changes_nothing(seed: int) -> None:
    plain = company(seed)
    assert same(simulate(checked(plain)), simulate(checked(another_product(plain, 0.0))))


@every_company
def test_the_first_half_of_a_longer_run_is_the_shorter_run(seed: int) -> None:
    plain = changed(company(seed), ("experiment.drain_weeks", 0))
    weeks = plain["experiment"]["horizon_weeks"]
    short, long = (
        simulate(checked(plain, ("experiment.horizon_weeks", count))) for count in (weeks, 2 * weeks)
    )
    before, after = seen(short, short.end), seen(long, short.end)
    assert [name for name in before if before[name] != after[name]] == []


LATER = {"end", "decision_wait", "decision", "concession"}
"""What a visit tells about the time after its start."""


def seen(history: Trajectory, until: float) -> dict[str, bytes]:
    """What had happened by then: requests that came, steps that began, with all that was known of them.

    A delay outside has its row when it is over.
    """
    requests, visits, duties = history.requests, history.visits, history.duties
    came = requests[requests["arrival"] < until]
    begun = visits[(visits["start"] < until) & ((visits["kind"] != OUTSIDE) | (visits["end"] < until))]
    over = came[came["done"] < until]
    at_arrival = ("customer", "number", "segment", "product", "arrival", "promise", "recognised")
    at_start = [name for name in begun.dtype.names or () if name not in LATER]
    return {
        **{f"request {name}": np.ascontiguousarray(came[name]).tobytes() for name in at_arrival},
        **{f"visit {name}": np.ascontiguousarray(begun[name]).tobytes() for name in at_start},
        "requests that were over": over.tobytes(),
        "visits of these": begun[np.isin(whose(begun), whose(over))].tobytes(),
        "duties that were over": duties[duties["end"] < until].tobytes(),
    }


def whose(table: Table) -> Any:
    """One number for customer and number."""
    return table["customer"].astype(np.int64) << 32 | table["number"]


def test_the_random_companies_are_lively() -> None:
    """Else nothing above says anything."""
    plains = [company(seed) for seed in SEEDS]
    played = [simulate(checked(plain)) for plain in plains]
    kinds = {kind for history in played for *_, kind in draws_of(history)}
    assert kinds == {"work", "length", *DELAYS}
    assert sum(bool(plain["demand"]["surges"]) for plain in plains) > 2
    assert sum(plain["demand"]["trend_per_year"] > 0.0 for plain in plains) > 2
    assert sum(any(plain["company"]["profile"].values()) for plain in plains) > 2
    assert sum(history.requests["repeats"].any() for history in played) > 10
