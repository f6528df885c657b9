"""The organisation as arrays: seats, desks, paces, waiting rooms, and what depends on the segment."""

from typing import Any

import numpy as np
import pytest

from sim.draws import root
from sim.mechanisms.queue_order import REQUEST_KEYS
from sim.organisation import Organisation, build_organisation, seated
from sim.organisation.build import LONGEST_IDLE, MOST_PROFICIENT, NO_DESK, SAME_WORKER
from sim.trajectory import COORDINATOR, GENERAL_MANAGER, MANAGER, WORKER
from sim.world import build_customer_model
from tests.scenarios import Plain, by_axes, checked, office, workshop

Change = tuple[str, Any]
Numbers = np.ndarray[Any, Any]


def organisation(plain: Plain) -> Organisation:
    scenario = checked(plain)
    return build_organisation(scenario, build_customer_model(scenario))


def test_work_depends_on_the_segment_where_departments_do() -> None:
    front_back = {
        "name": "x",
        "blocks": [
            {"functions": "front", "group_by": ["segment"]},
            {"functions": "back", "group_by": ["product"]},
        ],
    }
    found = organisation(workshop(("staffing.headcount", 8), structure=front_back)).assignment
    assert found.grouped.tolist() == [[True, True], [False, False]]


def test_departments_cover_the_functions_of_their_cells() -> None:
    assert organisation(workshop()).assignment.functions_covered == [1, 1]
    assert organisation(workshop(structure=by_axes("product"))).assignment.functions_covered == [2, 2]


@pytest.mark.parametrize("structure", ["function", "customer", "product", "pooled", "front_back"])
def test_workers_have_the_first_seats_in_every_structure(structure: str) -> None:
    found, seats, _ = dealt(structure)
    assert sorted(seats[: found.workers].tolist()) == list(range(found.workers))


def dealt(structure: str, replication: int = 0, *changes: Change) -> tuple[Organisation, Numbers, Numbers]:
    scenario = checked(office("default", structure, *changes))
    found = build_organisation(scenario, build_customer_model(scenario))
    return found, *seated(scenario, found, root(1, replication))


def paces(structure: str, replication: int = 0, *changes: Change) -> tuple[Organisation, Numbers]:
    found, _, pace = dealt(structure, replication, *changes)
    return found, pace


def test_a_seat_has_the_same_pace_in_every_structure() -> None:
    one, other = (
        dict(zip(seats[: found.workers].tolist(), pace.tolist(), strict=False))
        for found, seats, pace in (dealt("function"), dealt("product"))
    )
    shared = one.keys() & other.keys()
    assert {seat: one[seat] for seat in shared} == {seat: other[seat] for seat in shared}


def speeds(structure: str, replication: int) -> list[float]:
    """Mean speed of each department over that of the company."""
    found, pace = paces(structure, replication, ("staffing.headcount", 23))
    speed = 1.0 / pace[: found.workers]
    return [float(own.mean() / speed.mean()) for own in np.split(speed, found.first_worker[1:-1])]


@pytest.mark.parametrize("structure", ["function", "customer", "product"])
def test_every_department_has_its_share_of_the_companys_speed(structure: str) -> None:
    """To within 2 to 3 % in the root of the mean square; dealt by luck alone it would be 9 %."""
    off = np.array([speeds(structure, number) for number in range(20)]) - 1.0
    assert np.sqrt((off**2).mean()) < 0.04


def test_a_department_of_one_has_somebody_like_the_average() -> None:
    staff = {"cut": 1, "sew": 11}
    changes = [("staffing.allocation", "explicit"), ("staffing.workers", staff), ("people.speed_cv", 0.3)]
    scenario = checked(workshop(*changes))
    found = build_organisation(scenario, build_customer_model(scenario))
    speed = np.array([1.0 / seated(scenario, found, root(1, number))[1][:12] for number in range(20)])
    assert np.abs(speed[:, 0] - speed.mean(axis=1)).mean() < 0.05


def test_people_differ_between_replications() -> None:
    assert not (paces("pooled", 0)[1] == paces("pooled", 1)[1]).all()


def test_paces_have_mean_one_and_the_given_spread() -> None:
    drawn = np.concatenate(
        [paces("pooled", replication, ("staffing.headcount", 600))[1][:500] for replication in range(4)]
    )
    # 2000 draws: three standard errors of the mean are 0.0134, of the spread about 0.01
    assert drawn.mean() == pytest.approx(1.0, abs=0.014)
    assert drawn.std() == pytest.approx(0.2, abs=0.012)


def test_people_who_do_not_differ_have_pace_one() -> None:
    assert set(paces("pooled", 0, ("people.speed_cv", 0.0))[1].tolist()) == {1.0}


def test_managers_and_coordinators_have_pace_one() -> None:
    found, pace = paces("matrix")
    assert set(pace[found.workers :].tolist()) == {1.0}


def test_a_pace_given_in_the_roster_is_kept() -> None:
    roster = {"ann": {"department": "cut", "pace": 0.8}, "bea": {"department": "sew"}}
    scenario = checked(workshop(("staffing.roster", roster), ("people.speed_cv", 0.3)))
    found = build_organisation(scenario, build_customer_model(scenario))
    pace = seated(scenario, found, root(1, 0))[1]
    assert pace[0] == 0.8
    assert pace[1] != 1.0


def test_people_of_a_roster_keep_their_names_by_department() -> None:
    roster = {"ann": {"department": "sew"}, "bea": {"department": "cut"}, "cai": {"department": "sew"}}
    assert organisation(workshop(("staffing.roster", roster))).person_names[:3] == ["bea", "ann", "cai"]


def test_people_without_names_are_numbered_by_department() -> None:
    changes = [("staffing.allocation", "explicit"), ("staffing.workers", {"cut": 1, "sew": 2})]
    assert organisation(workshop(*changes)).person_names[:3] == ["cut 1", "sew 1", "sew 2"]


def test_workers_come_first_then_managers_coordinators_and_the_general_manager() -> None:
    found = organisation(office("default", "matrix"))
    assert found.role.tolist() == sorted(found.role.tolist())
    assert set(found.role.tolist()) == {WORKER, MANAGER, COORDINATOR, GENERAL_MANAGER}


def test_every_person_behind_a_desk_belongs_to_exactly_one() -> None:
    found = organisation(office("default", "matrix", ("staffing.headcount", 60)))
    assert found.first_person[0] == found.workers
    assert found.first_person[-1] == len(found.role)
    assert (np.diff(found.first_person) >= 1).all()


def test_every_department_has_a_managers_desk() -> None:
    found = organisation(office("default", "function"))
    roles = [found.role[found.first_person[desk]] for desk in found.manager_desk]
    assert set(roles) == {MANAGER}


def test_coordinators_sit_by_segment_or_by_product() -> None:
    matrices = [
        organisation(workshop(structure={**by_axes("function"), "coordinators": {"group_by": [axis]}}))
        for axis in ("segment", "product")
    ]
    assert [found.coordinator_desk.tolist() for found in matrices] == [[[0, 1], [0, 1]], [[0, 0], [1, 1]]]


def test_coordinators_belong_to_no_department() -> None:
    found = organisation(office("default", "matrix"))
    assert set(found.department[found.role == COORDINATOR].tolist()) == {-1}


def test_managers_belong_to_their_department_unless_they_share() -> None:
    sizes = {"intake": 6, "advice": 6, "assessment": 2, "fulfilment": 2}
    found = organisation(
        office("default", "function", ("staffing", {"allocation": "explicit", "workers": sizes}))
    )
    assert found.department[found.role == MANAGER].tolist() == [0, 1, -1]


def test_desks_are_named_after_what_they_look_after() -> None:
    plain = workshop(structure={**by_axes("function"), "coordinators": {"group_by": ["product"]}})
    assert organisation(plain).desk_names == ["coordinator shirt", "coordinator coat", "general manager"]


def test_without_a_matrix_nobody_coordinates() -> None:
    assert (organisation(workshop()).coordinator_desk == NO_DESK).all()


def test_without_managers_nobody_is_asked() -> None:
    found = organisation(workshop())
    assert found.general_desk == NO_DESK
    assert (found.manager_desk == NO_DESK).all()


@pytest.mark.parametrize(("room", "places"), [(None, [-1, -1]), (0, [0, 0]), (5, [5, 5])])
def test_a_waiting_room_is_places_not_people(room: int | None, places: list[int]) -> None:
    changes = [
        ("staffing.allocation", "explicit"), ("staffing.workers", {"cut": 2, "sew": 4}),
        ("staffing.waiting_room", room),
    ]  # fmt: skip
    assert organisation(workshop(*changes)).places.tolist() == places


@pytest.mark.parametrize("key", REQUEST_KEYS)
def test_each_department_has_the_key_of_its_people(key: str) -> None:
    found = organisation(workshop(("people.dispatch_request", key)))
    assert found.request_key.tolist() == [REQUEST_KEYS.index(key)] * 2


def test_a_shared_key_overrides_the_departments_own() -> None:
    changes = [("coordination.priorities", "shared"), ("coordination.shared_key", "value")]
    found = organisation(workshop(*changes, ("people.dispatch_request", "shortest")))
    assert found.request_key.tolist() == [REQUEST_KEYS.index("value")] * 2


@pytest.mark.parametrize(
    ("rule", "key"),
    [("longest_idle", LONGEST_IDLE), ("same_worker", SAME_WORKER), ("most_proficient", MOST_PROFICIENT)],
)
def test_free_workers_are_chosen_by_the_rule(rule: str, key: int) -> None:
    assert organisation(workshop(("people.dispatch_worker", rule))).worker_key == key


def test_relay_and_owner() -> None:
    assert [organisation(workshop(("people.ownership", own))).relay for own in ("relay", "owner")] == [
        True,
        False,
    ]


def test_renaming_departments_changes_only_their_names() -> None:
    boxes = [[{"functions": ["cut"]}], [{"functions": ["sew"]}]]
    one, other = (
        organisation(workshop(structure={"name": "x", "departments": dict(zip(names, boxes, strict=True))}))
        for names in (("a", "b"), ("z", "y"))
    )
    assert one.load.tolist() == other.load.tolist()
    assert (one.departments, other.departments) == (["a", "b"], ["z", "y"])
