"""What must hold after every replication, whatever the company: conservation, one place at a time, sums."""

import math
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from sim.analysis.decomposition import broken_rows
from sim.replication import prepare, simulate
from sim.rules.grid import GRID
from sim.trajectory import ABANDONED, BALKED, DONE, OPEN, OUTSIDE, TRIAGE, Trajectory
from tests.strategies import lively, scenario

SEEDS = range(100, 130)
PARTS = (
    *("claim", "outside", "handoff", "coordination", "work", "by_function", "by_product", "by_segment"),
    *("pace", "switch", "reread", "triage", "decision_wait", "decision"),
)
TIMES = ("queued", "start", "end", *PARTS)


@cache
def played(seed: int) -> Trajectory:
    """The history of a random company, played once for all tests."""
    return simulate(scenario(seed), 0, "compiled")


@pytest.mark.parametrize("seed", SEEDS)
def test_every_request_has_one_fate(seed: int) -> None:
    status = played(seed).requests["status"]
    assert np.isin(status, (OPEN, DONE, ABANDONED, BALKED)).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_who_is_gone_has_a_time_and_who_is_open_has_none(seed: int) -> None:
    requests = played(seed).requests
    assert (np.isnan(requests["done"]) == (requests["status"] == OPEN)).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_step_is_queued_then_started_then_ended(seed: int) -> None:
    visits = played(seed).visits
    ended = visits[~np.isnan(visits["end"])]
    assert (visits["queued"] <= visits["start"]).all()
    assert (ended["start"] <= ended["end"]).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_parts_of_a_request_add_up_to_its_response_time_bit_for_bit(seed: int) -> None:
    history = played(seed)
    spent: dict[tuple[int, int], float] = {}
    for row in history.visits:
        queue = 0.0 if row["kind"] == OUTSIDE else row["start"] - row["queued"]
        total = queue + sum(row[name] for name in PARTS)
        whose = row["customer"].item(), row["number"].item()
        spent[whose] = spent.get(whose, 0.0) + float(total)
    resolved = history.requests[history.requests["status"] == DONE]
    wrong = [row for row in resolved if row["arrival"] + spent[row["customer"], row["number"]] != row["done"]]
    assert wrong == []


@pytest.mark.parametrize("seed", range(15))
def test_the_parts_add_up_when_more_mechanisms_are_on(seed: int) -> None:
    assert broken_rows(simulate(lively(seed), 0, "compiled")).tolist() == []


@pytest.mark.parametrize("seed", SEEDS)
def test_times_lie_on_the_grid(seed: int) -> None:
    visits = played(seed).visits
    values = np.concatenate([visits[name] for name in TIMES])
    ticks = values[~np.isnan(values)] / GRID
    assert (ticks == np.floor(ticks)).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_is_in_two_places_at_once(seed: int) -> None:
    history = played(seed)
    tasks: dict[int, list[tuple[float, float]]] = {}
    for table in (history.visits[history.visits["worker"] >= 0], history.duties):
        for row in table:
            end = history.end if math.isnan(row["end"]) else float(row["end"])
            tasks.setdefault(row["worker"].item(), []).append((float(row["start"]), end))
    for own in tasks.values():
        own.sort()
        assert all(before[1] <= after[0] for before, after in pairwise(own))


@pytest.mark.parametrize("seed", SEEDS)
def test_steps_are_done_where_the_structure_puts_them(seed: int) -> None:
    organisation = prepare(scenario(seed))[1]
    inside = played(seed).visits
    inside = inside[inside["kind"] != OUTSIDE]
    right = organisation.assignment.department_of[inside["function"], inside["product"], inside["segment"]]
    assert ((inside["department"] == right) == (inside["kind"] != TRIAGE)).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_steps_are_done_by_somebody_of_the_department_who_may_do_them(seed: int) -> None:
    organisation = prepare(scenario(seed))[1]
    steps = played(seed).visits
    steps = steps[(steps["worker"] >= 0) & (steps["kind"] != TRIAGE)]
    queue = organisation.queues.queue_of[steps["function"], steps["product"], steps["segment"]]
    at_home = organisation.department[steps["worker"]] == steps["department"]
    assert (at_home & (organisation.queues.rank[steps["worker"], queue] >= 0)).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_number_in_the_company_over_time_is_the_sum_of_the_stays(seed: int) -> None:
    history = played(seed)
    came = history.requests["arrival"].tolist()
    left = np.where(history.requests["status"] == OPEN, history.end, history.requests["done"]).tolist()
    changes = sorted([(time, 1) for time in came] + [(time, -1) for time in left])
    present, area, last = 0, [], 0.0
    for time, change in changes:
        area.append(present * (time - last))
        present, last = present + change, time
    stays = math.fsum(gone - arrived for arrived, gone in zip(came, left, strict=True))
    assert math.isclose(math.fsum(area), stays, rel_tol=1e-12, abs_tol=1e-9)
