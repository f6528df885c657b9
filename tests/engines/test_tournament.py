"""Who finishes next: the tournament tree finds whom a search through everybody finds, for any number."""

import random
from typing import Any, NamedTuple

import numpy as np
import pytest

from sim.engines.compiled.lines import GROUP, NEVER, finishes, has_finished, next_to_finish
from sim.engines.compiled.set_up import tournaments
from sim.jit import compiled
from sim.replication import simulate
from sim.rules.grid import GRID, LONGEST
from tests.engines.first_difference import first_difference
from tests.scenarios import Plain, by_axes, checked, fixed, segment, workshop


class Desk(NamedTuple):
    """What of a company the tournament tree needs."""

    ending: np.ndarray[Any, Any]
    fixed: np.ndarray[Any, Any]


@compiled
def begin(company: Any, person: int, time: float) -> None:
    finishes(company, person, time)


@compiled
def end(company: Any, person: int) -> None:
    has_finished(company, person)


@compiled
def following(company: Any) -> tuple[float, int]:
    return next_to_finish(company)


def desk(people: int) -> Desk:
    """Nobody is at work."""
    leaves, groups = tournaments(people)
    ending = np.full(2 * leaves * groups, NEVER, np.int64)
    fixed = np.array([(leaves, groups)], np.dtype((np.record, [("leaves", "i8"), ("groups", "i8")])))
    return Desk(ending, fixed)


@pytest.mark.parametrize("people", [1, 2, 3, 24, GROUP - 1, GROUP, GROUP + 1, 2 * GROUP + 100])
def test_the_soonest_finishes_next_and_the_first_of_equals(people: int) -> None:
    company, chance, tasks = desk(people), random.Random(people), dict[int, float]()
    now, seen = 0.0, 0
    while seen < 2000:
        for person in range(people):
            if person not in tasks and chance.random() < 0.5:
                length = chance.choice([GRID, 0.5, 1.0, 3.0 * GRID, chance.randrange(2**40) * GRID])
                tasks[person] = now + length
                begin(company, person, tasks[person])
        if tasks:
            wanted = min((time, person) for person, time in tasks.items())
            assert following(company) == wanted
            now, person = wanted
            end(company, person)
            del tasks[person]
            seen += 1


def test_nobody_at_work_and_what_never_ends_come_after_everything() -> None:
    company = desk(3)
    assert following(company)[0] > LONGEST
    begin(company, 2, 7.0 * LONGEST)
    assert following(company) == (LONGEST, 2)
    begin(company, 1, LONGEST - GRID)
    assert following(company) == (LONGEST - GRID, 1)


def crowd() -> Plain:
    """More people in one company than a tournament tree holds, most of them at work at once."""
    return workshop(
        ("staffing.headcount", GROUP + 150),
        *(
            (f"company.products.{name}.work", {"cut": fixed(20.0), "sew": fixed(15.0)})
            for name in ("shirt", "coat")
        ),
        *((f"company.segments.{name}", segment(40, 800.0)) for name in ("town", "village")),
        (
            "experiment",
            {"kind": "terminating", "horizon_weeks": 2, "warm_up_weeks": 0, "drain_weeks": 1, "seed": 3},
        ),
        structure=by_axes("segment"),
    )


def test_engines_agree_on_more_people_than_a_tournament_holds() -> None:
    scenario = checked(crowd())
    assert first_difference(scenario, 0) is None
    workers = simulate(scenario).visits["worker"]
    assert len(np.unique(workers[workers >= GROUP])) > 50
