"""The debugging aid: of two histories it names the first event that differs, so that it can be looked up.

A real history is doctored at one place; the text has to lead there.
"""

import copy
import dataclasses
import math
from functools import cache

import numpy as np
import pytest

from sim.replication import simulate
from sim.trajectory import DECISION, DONE, REWORK, Table, Trajectory
from tests.engines.first_difference import difference, first_difference, same
from tests.scenarios import checked, exponential, workshop

LIVELY = (
    ("coordination.exception_share", 0.3),
    ("coordination.empowered_share", 0.0),
    ("coordination.decision", exponential(0.5)),
    ("coordination.defects.base", 0.3),
    ("staffing.managers", True),
    ("experiment.horizon_weeks", 2),
    ("experiment.warm_up_weeks", 0),
    ("experiment.drain_weeks", 1),
)
TITLES = ("simpy", "compiled")


@cache
def history() -> Trajectory:
    """A workshop with decisions and rework for two weeks."""
    return simulate(checked(workshop(*LIVELY)))


def doctored(**tables: Table) -> Trajectory:
    """The history with other tables."""
    other = copy.copy(history())
    for name, table in tables.items():
        object.__setattr__(other, name, table)  # a trajectory is frozen
    return other


def edited(table: str, row: int, field: str, value: object) -> Trajectory:
    """The history with one other value."""
    changed = getattr(history(), table).copy()
    changed[field][row] = value
    return doctored(**{table: changed})


def told(other: Trajectory) -> str:
    found = difference(history(), other, TITLES)
    assert found is not None
    return found


def middle(rows: Table) -> int:
    """A row that has others before and after it."""
    places = np.flatnonzero(rows)
    assert len(places) > 2
    return int(places[len(places) // 2])


def a_visit() -> int:
    visits = history().visits
    return middle((visits["worker"] >= 0) & (visits["passage"] == REWORK) & ~np.isnan(visits["end"]))


def asked(row: Table) -> str:
    """The request of a row, as people call it."""
    return f"{history().names['customer'][row['customer']]} request {row['number']}"


def step(row: Table) -> str:
    function = history().names["function"][row["function"]]
    return f"{asked(row)}, visit {row['visit']}, step {row['step']} ({function}), step"


def test_equal_histories_give_nothing() -> None:
    assert difference(history(), copy.deepcopy(history())) is None


def test_two_engines_that_agree_give_nothing() -> None:
    assert first_difference(checked(workshop(*LIVELY))) is None


def test_another_end_of_a_step_is_named_with_its_hour_and_both_values() -> None:
    row = a_visit()
    visit = history().visits[row]
    later = math.nextafter(visit["end"], math.inf)
    hour = visit["end"].item()
    assert told(edited("visits", row, "end", later)) == (
        f"hour {hour!r}: visits, {step(visit)}: end {hour!r} (simpy), {later!r} (compiled)"
    )


@pytest.mark.parametrize("field", ["worker", "work", "u_function"])
def test_another_value_at_a_start_is_placed_at_the_start(field: str) -> None:
    row = a_visit()
    visit = history().visits[row]
    hour, value = visit["start"].item(), visit[field].item()
    assert told(edited("visits", row, field, value + 1)) == (
        f"hour {hour!r}: visits, {step(visit)}: {field} {value!r} (simpy), {value + 1!r} (compiled)"
    )


def test_another_status_is_placed_where_the_request_was_over() -> None:
    row = middle(history().requests["status"] == DONE)
    request = history().requests[row]
    assert told(edited("requests", row, "status", 2)) == (
        f"hour {request['done'].item()!r}: requests, {asked(request)}: status 1 (simpy), 2 (compiled)"
    )


def test_a_count_has_no_hour() -> None:
    request = history().requests[5]
    count = request["handoffs"].item()
    assert told(edited("requests", 5, "handoffs", count + 1)) == (
        f"requests, {asked(request)}: handoffs {count} (simpy), {count + 1} (compiled)"
    )


def test_a_duty_is_named_by_its_person_and_request() -> None:
    duties = history().duties
    row = middle(duties["kind"] == DECISION)
    duty = duties[row]
    person = history().names["person"][duty["worker"]]
    text = told(edited("duties", row, "end", duty["end"] + 0.5))
    assert text.startswith(
        f"hour {duty['end'].item()!r}: duties, {person}, decision for {asked(duty)} number "
    )
    assert text.endswith(f": end {duty['end'].item()!r} (simpy), {duty['end'].item() + 0.5!r} (compiled)")


def test_a_person_is_named() -> None:
    person = history().people[1]
    assert told(edited("people", 1, "cases", person["cases"] + 1)) == (
        f"people, {history().names['person'][1]}: "
        f"cases {person['cases'].item()!r} (simpy), {person['cases'].item() + 1!r} (compiled)"
    )


def test_a_missing_visit_is_named_with_who_lacks_it() -> None:
    row = a_visit()
    visit = history().visits[row]
    shorter = doctored(visits=np.delete(history().visits, row))
    hour = visit["start"].item()
    assert told(shorter) == f"hour {hour!r}: visits, {step(visit)}: missing in compiled"
    assert difference(shorter, history(), TITLES) == (
        f"hour {hour!r}: visits, {step(visit)}: missing in simpy"
    )


def test_a_missing_request_is_named_at_its_arrival() -> None:
    request = history().requests[7]
    shorter = doctored(requests=np.delete(history().requests, 7))
    assert told(shorter) == (
        f"hour {request['arrival'].item()!r}: requests, {asked(request)}: missing in compiled"
    )


def test_rows_with_each_others_content_are_named_at_the_earlier_of_the_two() -> None:
    visits = history().visits.copy()
    first, second = sorted((a_visit(), 3), key=lambda row: float(visits["start"][row]))
    for field in ("worker", "start", "end"):
        visits[field][[first, second]] = visits[field][[second, first]]
    assert told(doctored(visits=visits)).startswith(
        f"hour {history().visits['start'][first].item()!r}: visits, {step(history().visits[first])}: "
    )


def test_rows_in_another_order_are_no_other_event_and_told() -> None:
    visits = history().visits.copy()
    visits[[3, 4]] = visits[[4, 3]]
    assert told(doctored(visits=visits)) == (
        "the rows of visits are the same; their order, their number or a type differs"
    )


def test_a_row_that_stands_twice_is_told() -> None:
    requests = history().requests
    assert told(doctored(requests=np.concatenate([requests, requests[-1:]]))).startswith(
        "the rows of requests are the same; their order, their number"
    )


def test_another_end_of_the_run_is_told() -> None:
    longer = dataclasses.replace(history(), end=history().end + 40.0)
    assert told(longer) == f"the whole history: end {history().end!r} (simpy), {longer.end!r} (compiled)"


def test_the_sign_of_a_zero_counts() -> None:
    row = middle(history().visits["switch"] == 0.0)
    other = edited("visits", row, "switch", -0.0)
    assert not same(history(), other)
    assert "switch 0.0 (simpy), -0.0 (compiled)" in told(other)


def test_of_several_differences_the_first_in_time_is_named() -> None:
    visits = history().visits.copy()
    ended = np.flatnonzero(~np.isnan(visits["end"]))
    by_end = ended[np.argsort(visits["end"][ended], kind="stable")]
    early, late = by_end[3], by_end[-3]
    for row in (late, early):
        visits["end"][row] += 100.0
    visits["start"][late] += 100.0
    requests = history().requests.copy()
    requests["status"][np.nanargmax(requests["done"])] = 3
    assert told(doctored(visits=visits, requests=requests)).startswith(
        f"hour {history().visits['end'][early].item()!r}: visits, "
    )
