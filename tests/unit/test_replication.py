"""One replication: a pure function of scenario and number, in sorted tables with names for all ids."""

from typing import Any

import numpy as np
import pytest

from sim.replication import Engine, prepare, simulate
from sim.trajectory import BALKED, DONE, OPEN, STATUS, Trajectory, canonical
from tests.scenarios import QUICK, by_axes, changed, checked, exponential, office, workshop

Change = tuple[str, Any]
LIVELY: list[Change] = [
    ("customers.patience", True), ("company.segments.private.patience", exponential(20.0)),
    ("experiment.horizon_weeks", 10),
]  # fmt: skip


@pytest.fixture(scope="module")
def played() -> Trajectory:
    return simulate(checked(office("default", "front_back", *LIVELY)), 2, QUICK)


TABLES = ("requests", "visits", "duties", "people")


@pytest.mark.parametrize("table", TABLES)
def test_the_same_replication_is_the_same_bytes(table: str, played: Trajectory) -> None:
    again = simulate(checked(office("default", "front_back", *LIVELY)), 2, QUICK)
    assert getattr(again, table).tobytes() == getattr(played, table).tobytes()


@pytest.mark.parametrize("table", TABLES)
def test_another_replication_is_another_history(table: str, played: Trajectory) -> None:
    other = simulate(checked(office("default", "front_back", *LIVELY)), 3, QUICK)
    assert getattr(other, table).tobytes() != getattr(played, table).tobytes()


def test_requests_are_sorted_by_customer_and_number(played: Trajectory) -> None:
    table = played.requests
    assert (np.lexsort((table["number"], table["customer"])) == np.arange(len(table))).all()


def test_visits_are_sorted_by_request_and_passage_through_its_steps(played: Trajectory) -> None:
    table = played.visits
    order = np.lexsort((-table["kind"], table["step"], table["visit"], table["number"], table["customer"]))
    assert (order == np.arange(len(table))).all()


def test_people_are_sorted_by_number(played: Trajectory) -> None:
    assert played.people["person"].tolist() == list(range(len(played.people)))


@pytest.mark.parametrize(
    ("table", "field"),
    [
        ("requests", "segment"), ("requests", "product"), ("requests", "status"), ("requests", "customer"),
        ("visits", "function"), ("visits", "department"), ("visits", "worker"), ("visits", "kind"),
        ("visits", "passage"), ("people", "role"), ("people", "person"),
    ],
)  # fmt: skip
def test_every_id_has_a_name(table: str, field: str, played: Trajectory) -> None:
    ids = getattr(played, table)[field]
    assert ids.min() >= -1
    assert ids.max() < len(played.names[field])


def test_customers_are_named_by_segment_and_number_inside_it(played: Trajectory) -> None:
    first = checked(office("default", "front_back")).company.segments["private"].customers
    assert played.names["customer"][first] == "small_business 0"


def test_a_request_that_is_over_has_its_end(played: Trajectory) -> None:
    table = played.requests
    assert np.isnan(table["done"]).tolist() == (table["status"] == OPEN).tolist()


def test_done_requests_were_begun_before(played: Trajectory) -> None:
    table = played.requests[played.requests["status"] == DONE]
    assert (table["arrival"] <= table["first_start"]).all()
    assert (table["first_start"] <= table["done"]).all()


def test_impatient_customers_leave(played: Trajectory) -> None:
    assert STATUS.index("abandoned") in set(played.requests["status"].tolist())


def test_all_who_came_before_the_end_are_told(played: Trajectory) -> None:
    assert played.requests["arrival"].max() < played.end


def test_play_ends_with_a_week(played: Trajectory) -> None:
    assert played.end % 40.0 == 0.0
    assert played.horizon <= played.end <= played.horizon + 4 * 40.0


@pytest.mark.parametrize(("kind", "warm_up"), [("long_run", 80.0), ("terminating", 0.0)])
def test_warm_up_is_cut_off_long_runs_only(kind: str, warm_up: float) -> None:
    assert simulate(checked(workshop(("experiment.kind", kind))), 0, QUICK).warm_up == warm_up


def test_a_scenario_is_prepared_once() -> None:
    one, other = checked(workshop()), checked(workshop())
    assert one is not other
    assert prepare(one)[1] is prepare(other)[1]


def test_another_scenario_is_prepared_anew() -> None:
    one, other = checked(workshop()), checked(workshop(("staffing.headcount", 7)))
    assert prepare(one)[1] is not prepare(other)[1]


def test_further_replications_leave_the_first_ones_as_they_are() -> None:
    few, many = (checked(workshop(("experiment.replications", number))) for number in (2, 9))
    for number in range(2):
        assert (
            simulate(few, number, QUICK).requests.tobytes()
            == simulate(many, number, QUICK).requests.tobytes()
        )


def test_a_best_staff_is_a_staff_of_the_same_size() -> None:
    plain = workshop(("experiment.horizon_weeks", 6), ("experiment.engine", QUICK))
    best = prepare(checked(changed(plain, ("staffing.allocation", "best"))))[1]
    assert (best.workers, best.headcount) == (prepare(checked(plain))[1].workers, 6)


def test_nan_and_zero_have_one_pattern_of_bits() -> None:
    table = np.zeros(3, [("x", "f8"), ("y", "i4")])
    table["x"] = [-0.0, np.copysign(np.nan, -1.0), 1.0]
    canonical(table)
    assert table["x"].tobytes() == np.array([0.0, np.nan, 1.0]).tobytes()


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_without_places_to_wait_in_nobody_waits_for_who_lacks_the_skill(engine: Engine) -> None:
    """Two people, each for one product: an idle colleague who may not do the work is no place to wait in."""
    skills = {"ann": "shirt", "bea": "coat"}
    roster = {
        name: {"department": "everyone", "skills": [{"cells": {"products": [product]}}]}
        for name, product in skills.items()
    }
    changes = [("staffing.roster", roster), ("staffing.waiting_room", 0), ("experiment.horizon_weeks", 8)]
    played = simulate(checked(workshop(*changes, structure=by_axes())), 0, engine)
    first = np.unique(played.visits[["customer", "number"]], return_index=True)[1]
    assert (played.requests["status"] == BALKED).any()
    assert (played.visits["start"] == played.visits["queued"])[first].all()
