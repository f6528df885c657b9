"""The parts of the response time: exact for each request, adding up in every scope."""

from typing import Any

import numpy as np
import pytest

from sim.analysis.decomposition import broken_rows, decomposition, gap
from sim.analysis.measured import Measured
from sim.trajectory import OPEN, Trajectory
from tests.analysis.conftest import ANALYSIS
from tests.analysis.synthetic import Request, random_history, trajectory


def hours(table: dict[str, Any], scope: str) -> dict[tuple[str, str], float]:
    columns = zip(table["scope"], table["kind"], table["passage"], table["hours"], strict=True)
    return {(kind, passage): value for place, kind, passage, value in columns if place == scope}


def test_the_worked_example_is_decomposed_as_by_hand(worked: Trajectory) -> None:
    expected = {
        ("queue", "first"): 0.875, ("work", "first"): 2.5, ("work", "rework"): 0.25,
        ("by_function", "first"): 0.25, ("reread", "first"): 0.125, ("handoff", "first"): 2.0,
        ("decision_wait", "first"): 0.5, ("decision", "first"): 0.25,
    }  # fmt: skip
    assert hours(decomposition(Measured(worked)), "company") == expected


def test_parts_add_up_to_the_response_time_of_every_resolved_request(worked: Trajectory) -> None:
    assert not len(broken_rows(worked))


def test_a_missing_interval_is_found(worked: Trajectory) -> None:
    worked.visits["handoff"][1] -= 2.0**-30
    assert broken_rows(worked).tolist() == [0]


@pytest.mark.parametrize("seed", range(3))
def test_random_histories_add_up_bit_for_bit(seed: int) -> None:
    assert not len(broken_rows(random_history(seed)))


@pytest.mark.parametrize("scope", ["company", "segment:private", "segment:business"])
def test_the_rows_of_a_scope_add_up_to_its_mean_response(scope: str) -> None:
    measured = Measured(random_history(4))
    segment = measured.requests.integers("segment")
    own = measured.resolved & ((scope == "company") | (segment == (scope == "segment:business")))
    mean = measured.response[own].mean()
    assert sum(hours(decomposition(measured), scope).values()) == pytest.approx(mean, rel=1e-12)


def test_departments_and_the_outside_add_up_to_the_company() -> None:
    table = decomposition(Measured(random_history(5)))
    places = ("department:intake", "department:analysis", "outside")
    apart = sum(sum(hours(table, place).values()) for place in places)
    assert apart == pytest.approx(sum(hours(table, "company").values()), rel=1e-12)


def test_the_gap_between_two_structures_adds_up() -> None:
    first, second = Measured(random_history(6)), Measured(random_history(6, slower=1.5))
    found = gap(first, second)
    change = second.response[second.resolved].mean() - first.response[first.resolved].mean()
    assert sum(found.table["difference"]) == pytest.approx(change, rel=1e-9)


def test_the_gap_counts_requests_resolved_under_one_structure_only() -> None:
    both = [Request(0, 0, 0.0).visit(0, work=1.0), Request(1, 0, 5.0).visit(0, work=2.0)]
    late = [Request(0, 0, 0.0).visit(0, work=4.0), Request(1, 0, 5.0, status=OPEN)]
    found = gap(*(Measured(trajectory(requests, [(0, 0)])) for requests in (both, late)))
    assert (found.paired, found.only_first, found.only_second) == (1, 1, 0)
    assert found.table["difference"] == [3.0]


def test_requests_are_paired_by_the_name_of_the_customer() -> None:
    first = trajectory([Request(0, 0, 0.0).visit(0, work=1.0)], [(0, 0)])
    two = [Request(place, 0, 0.0).visit(0, work=9.0 - 3 * place) for place in range(2)]
    second = trajectory(two, [(0, 0)])
    second.names["customer"][:] = ["newcomer/0", "private/0"]
    assert gap(Measured(first), Measured(second)).table["difference"] == [5.0]


def test_a_structure_compared_with_itself_has_no_gap(worked: Trajectory) -> None:
    assert not np.any(gap(Measured(worked), Measured(worked)).table["difference"])


def test_waits_belong_to_the_department_that_makes_wait() -> None:
    told = Request(0, 0, 0.0).visit(0, queue=1.0, work=1.0).visit(1, queue=3.0, work=1.0, **ANALYSIS)
    table = decomposition(Measured(trajectory([told], [(0, 0), (0, 1)])))
    assert hours(table, "department:analysis")["queue", "first"] == 3.0
