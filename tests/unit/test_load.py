"""The expected load of a department, by hand and against the simulation."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import questions
from sim.mechanisms.forgetting import MOST_CASES, seasoned_cases
from sim.model.scenario import Scenario
from sim.numbers import numbers_of
from sim.organisation import Organisation, build_organisation
from sim.organisation.load import unfamiliarities
from sim.questions import expected_repeats
from sim.replication import prepare, simulate
from sim.trajectory import MEETING
from sim.world import build_customer_model
from tests.scenarios import QUICK, Plain, by_axes, changed, checked, fixed, office, workshop

Change = tuple[str, Any]
EXPLICIT = [("staffing.allocation", "explicit"), ("staffing.workers", {"cut": 2, "sew": 4})]


def numbers(scenario: Scenario) -> np.ndarray[Any, Any]:
    return numbers_of(scenario).record


def weekly_retention(scenario: Scenario) -> float:
    return float(numbers_of(scenario).plain.weekly_retention)


def meeting_hours(scenario: Scenario, workers: int, partners: int, functions: int) -> float:
    training = scenario.staffing.training_hours_per_function * (functions - 1)
    return questions.meeting_hours(numbers(scenario), workers, partners, training)


def organisation(plain: Plain) -> Organisation:
    scenario = checked(plain)
    return build_organisation(scenario, build_customer_model(scenario))


def loads(*changes: Change, structure: Plain | None = None) -> list[float]:
    """Loads of cutting (40 h of work, 80 h of people) and sewing (80 h of work, 160 h of people)."""
    found: list[float] = organisation(workshop(*EXPLICIT, *changes, structure=structure)).load.tolist()
    return found


def test_load_is_work_over_the_time_people_have() -> None:
    assert loads() == [0.5, 0.5]


def test_load_is_in_proportion_to_demand() -> None:
    assert loads(("demand.scale", 1.5)) == pytest.approx([0.75, 0.75])


def test_meetings_take_from_the_time_people_have() -> None:
    meetings = {"base_hours": 4.0, "per_colleague_hours": 2.0, "per_partner_hours": 6.0}
    # cutting: 4 + 2 x 1 + 6 x 1 = 12 of 40 hours; sewing: 4 + 2 x 3 + 6 = 16
    assert loads(("coordination.meetings", meetings)) == pytest.approx([40 / 56, 80 / 96])


def test_triage_adds_to_the_work_of_the_department_that_finds_out() -> None:
    changes = [("customers.misgrouped", 0.1), ("customers.triage_share", 0.5)]
    plain = workshop(*changes, structure=by_axes("segment"))
    # 20 requests of 3 hours a week each; the first step of 1 hour is 5 % longer
    found = organisation(changed(plain, ("staffing.headcount", 4)))
    assert found.load == pytest.approx([20 * 3.05 / 80] * 2)


def test_beginners_need_the_weights_of_what_they_do_not_know() -> None:
    changes = [
        ("company.functions.cut.knowledge", {"function": 0.5, "product": 0.25, "segment": 0.25}),
        ("people.knowledge_scale", 1.0),
        ("people.learning_rate", 0.8),
        ("people.start", "novice"),
        ("experiment.kind", "terminating"),
        ("company.functions.sew.knowledge", {"function": 0.0, "product": 0.0, "segment": 0.0}),
    ]
    assert loads(*changes) == [1.0, 0.5]


def test_experience_of_the_first_doubling_leaves_the_learning_rate() -> None:
    changes = [
        ("company.functions.cut.knowledge", {"function": 1.0, "product": 0.0, "segment": 0.0}),
        ("company.functions.sew.knowledge", {"function": 0.0, "product": 0.0, "segment": 0.0}),
        ("people", {"learning_rate": 0.8, "beginner_cases": 50.0, "start": "explicit", "start_cases": 50.0}),
        ("people.speed_cv", 0.0),
        ("people.switch_share", 0.0),
        ("experiment.kind", "terminating"),
    ]
    assert loads(*changes) == pytest.approx([0.9, 0.5])


def test_switching_costs_where_another_kind_of_work_came_before() -> None:
    # half of what comes to a department is the other product: 0.5 x 0.2 of the mean work
    assert loads(("people.switch_share", 0.2)) == pytest.approx([0.55, 0.55])


def test_an_owner_switches_at_every_step() -> None:
    changes = [("people.switch_hours", 0.3), ("people.ownership", "owner"), ("staffing.headcount", 6)]
    found = organisation(workshop(*changes, structure=by_axes()))
    assert found.load == pytest.approx([(120 + 80 * 0.3) / 240])


def test_those_who_take_over_read_what_was_done() -> None:
    changes = [("coordination.context_between", 0.75), ("coordination.reread_share", 1.0)]
    # sewing: 40 requests a week, a quarter of one hour of cutting each
    assert loads(*changes) == pytest.approx([0.5, 0.5 + 40 * 0.25 / 160])


def test_whoever_takes_the_next_step_in_relay_is_mostly_somebody_else() -> None:
    changes = [("coordination.context_within", 0.5), ("coordination.reread_share", 1.0)]
    found = organisation(workshop(*changes, ("staffing.headcount", 4), structure=by_axes()))
    assert found.load == pytest.approx([(120 + 40 * 0.5 * 0.75) / 160])


def test_repeats_bring_their_share_of_the_work_again() -> None:
    changes = [
        ("coordination.defects.base", 0.1),
        ("coordination.rework", {"caught": 1.0, "complaint": 0.0, "share": 0.5, "rounds": 1}),
    ]
    # two steps: a request is wrong with 1 - 0.9^2 = 0.19, then half of its work comes again
    assert loads(*changes) == pytest.approx([0.5 * (1 + 0.19 * 0.5)] * 2, rel=1e-5)


@pytest.mark.parametrize(
    ("rounds", "expected"), [(0, 0.0), (1, 0.2), (2, 0.2 + 0.04), (3, 0.2 + 0.04 + 0.008)]
)
def test_repeats_are_a_geometric_series(rounds: int, expected: float) -> None:
    rework = {"caught": 0.4, "complaint": 2 / 3, "share": 1.0, "rounds": rounds}
    scenario = checked(workshop(("coordination.rework", rework)))
    # 0.25 wrong x (0.4 caught + 0.6 x 2/3 come back) = 0.2
    assert expected_repeats(numbers(scenario), 0.25) == pytest.approx(expected)


def test_what_always_fails_comes_back_every_round() -> None:
    rework = {"caught": 1.0, "complaint": 0.0, "share": 1.0, "rounds": 7}
    assert expected_repeats(numbers(checked(workshop(("coordination.rework", rework)))), 1.0) == 7.0


def test_a_step_that_seldom_happens_seldom_goes_wrong() -> None:
    changes = [
        ("coordination.defects.base", 0.1), ("company.products.coat.visit_share", {"sew": 0.5}),
        ("coordination.rework", {"caught": 1.0, "complaint": 0.0, "share": 0.0, "rounds": 1}),
        ("company.segments.town.mix", {"coat": 1.0}), ("company.segments.village.mix", {"coat": 1.0}),
    ]  # fmt: skip
    assert organisation(workshop(*changes)).planner.repeats == pytest.approx(1.0 - 0.9 * 0.95)


@pytest.mark.parametrize(
    ("workers", "partners", "functions", "hours"),
    [(1, 0, 1, 1.0), (11, 0, 1, 1.4), (5, 3, 1, 1.91), (5, 3, 4, 7.91)],
)
def test_meetings_grow_with_colleagues_partners_and_training(
    workers: int, partners: int, functions: int, hours: float
) -> None:
    scenario = checked(office("default", "function", ("staffing.training_hours_per_function", 2.0)))
    assert meeting_hours(scenario, workers, partners, functions) == pytest.approx(hours)


def test_meetings_leave_a_tenth_of_the_week() -> None:
    scenario = checked(office("default", "function", ("coordination.meetings.per_colleague_hours", 1.0)))
    assert meeting_hours(scenario, 100, 0, 1) == 36.0


@pytest.mark.parametrize("kept", [0.5, 0.95, 1.0])
def test_a_months_reviews_keep_what_a_month_keeps(kept: float) -> None:
    scenario = checked(office("default", "function", ("people.retention_per_month", kept)))
    assert weekly_retention(scenario) ** (52 / 12) == pytest.approx(kept)


def test_who_keeps_nothing_starts_every_week_anew() -> None:
    assert (
        weekly_retention(checked(office("default", "function", ("people.retention_per_month", 0.0)))) == 0.0
    )


@given(st.floats(0.0, 100.0), st.floats(0.01, 0.99))
def test_seasoned_is_where_learning_and_forgetting_balance(cases: float, retention: float) -> None:
    found = seasoned_cases(cases, retention)
    assert (found + cases) * retention == pytest.approx(found)


def test_learning_and_forgetting_end_at_the_seasoned_experience() -> None:
    experience = 0.0
    for _ in range(2000):
        experience = (experience + 7.0) * 0.98
    assert seasoned_cases(7.0, 0.98) == pytest.approx(experience)


def test_who_forgets_nothing_knows_all_there_is_to_know() -> None:
    assert [seasoned_cases(cases, 1.0) for cases in (0.0, 3.0)] == [0.0, MOST_CASES]


def test_related_experience_counts_in_part() -> None:
    scenario = checked(
        office("default", "function", ("people.related_weight", 0.5), ("people.beginner_cases", 10.0))
    )
    # 4 + 0.5 x 12 = 10 cases: the first doubling leaves 0.85
    assert unfamiliarities(numbers(scenario), np.array([4.0, 12.0]))[0] == pytest.approx(0.85)


def test_where_work_exceeds_people_experience_comes_from_what_they_can_do() -> None:
    changes = [
        ("people", {"learning_rate": 1.0, "retention_per_month": 0.5, "start": "seasoned", "speed_cv": 0.0}),
        ("people.switch_share", 0.0),
    ]
    usual, twice = (
        organisation(workshop(*EXPLICIT, *changes, ("people.knowledge_scale", 0.0), ("demand.scale", scale)))
        for scale in (2.0, 4.0)
    )
    # both fill the week: the load of 1 and the load of 2 leave the same experience
    assert (usual.load[0], twice.load[0]) == pytest.approx((1.0, 2.0))
    assert twice.experience[0][0] == pytest.approx(usual.experience[0][0])


def test_capacity_is_the_demand_at_which_the_busiest_department_is_full() -> None:
    assert organisation(workshop(*EXPLICIT)).capacity == pytest.approx(2.0, rel=1e-5)


@pytest.mark.parametrize(("hours", "capacity"), [(8.0, 0.5), (0.5, 8.0)])
def test_capacity_does_not_hang_on_todays_demand(hours: float, capacity: float) -> None:
    work = {"cut": fixed(hours), "sew": fixed(hours)}
    products = {name: {"route": ["cut", "sew"], "work": work} for name in ("shirt", "coat")}
    plain = workshop(*EXPLICIT, ("company.products", products), ("demand.scale", 3.0))
    # cutting: 40 requests a week of so many hours for 80 hours of people
    assert organisation(plain).capacity == pytest.approx(0.5 * capacity, rel=1e-5)


def test_capacity_without_work_is_without_end() -> None:
    nothing = {name: {"route": ["cut", "sew"], "work": {"cut": fixed(0.0), "sew": fixed(0.0)}}
               for name in ("shirt", "coat")}  # fmt: skip
    assert organisation(workshop(("company.products", nothing))).capacity >= 1024.0


def test_strangers_make_mistakes_by_the_mean_of_what_matters() -> None:
    changes = [
        ("coordination.defects", {"base": 0.1, "unfamiliarity": 0.2, "reference": 0.5, "context": 0.0}),
        ("coordination.rework", {"caught": 1.0, "complaint": 0.0, "share": 0.0, "rounds": 1}),
        ("people.knowledge_scale", 2.0),
    ]
    # nobody learns, so u is 1 on every axis whatever the weights: 0.1 + 0.2 x 0.5 in each of two steps
    assert organisation(workshop(*changes)).planner.repeats == pytest.approx(1.0 - 0.8 * 0.8)


def test_capacity_is_worked_out_once() -> None:
    found = organisation(workshop(*EXPLICIT))
    assert found.capacity is found.capacity


def test_quick_people_have_less_load_and_more_capacity() -> None:
    found = organisation(workshop(*EXPLICIT))
    quick = np.full(len(found.role), 0.5)
    assert found.load_with(quick) == pytest.approx(0.5 * found.load)
    assert found.capacity_with(quick) == pytest.approx(2.0 * found.capacity)


def test_one_quick_and_one_slow_person_do_what_both_can_do() -> None:
    one = organisation(workshop(*EXPLICIT)).planner.look(0, 2)
    assert one.load_with(np.array([0.5, 2.0])) == pytest.approx(one.load / 1.25)


def test_coordinators_who_know_the_segment_lighten_the_work() -> None:
    plain, matrix = (
        organisation(office("default", name, ("staffing", {**SAME_STAFF}))) for name in ("function", "matrix")
    )
    assert (matrix.load < plain.load).all()


SAME_STAFF = {
    "allocation": "explicit",
    "workers": {"intake": 5, "advice": 6, "assessment": 6, "fulfilment": 5},
}
BAND = 0.03
"""Expected and simulated load differ by at most this part, where people are alike."""
REPLICATIONS = 4
STRUCTURES = ("function", "customer", "product", "front_back", "pooled", "matrix")


def simulated_load(scenario: Scenario, found: Organisation, replication: int) -> np.ndarray[Any, Any]:
    """Busy hours over hours left by meetings, by department, in the observed weeks."""
    played = simulate(scenario, replication)
    begin, end, count = played.warm_up, played.horizon, len(found.departments)

    def inside(table: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        ended = np.where(np.isnan(table["end"]), end, table["end"])
        return np.asarray(np.clip(ended, begin, end) - np.clip(table["start"], begin, end))

    steps = played.visits[played.visits["worker"] >= 0]
    meetings = played.duties[played.duties["kind"] == MEETING]
    busy = np.bincount(steps["department"], weights=inside(steps), minlength=count)
    met = np.bincount(found.department[meetings["worker"]], weights=inside(meetings), minlength=count)
    return np.asarray(busy / ((end - begin) * np.diff(found.first_worker) - met))


@pytest.mark.parametrize("structure", STRUCTURES)
def test_people_are_as_busy_as_expected(structure: str) -> None:
    weeks = [("experiment.horizon_weeks", 104), ("experiment.engine", QUICK), ("people.speed_cv", 0.0)]
    scenario = checked(office("default", structure, *weeks))
    found = prepare(scenario)[1]
    busy = np.mean([simulated_load(scenario, found, number) for number in range(REPLICATIONS)], axis=0)
    assert busy / found.load == pytest.approx(np.ones(len(busy)), abs=BAND)


def test_a_planted_error_of_five_percent_is_outside_the_band() -> None:
    weeks = [("experiment.horizon_weeks", 104), ("experiment.engine", QUICK), ("people.speed_cv", 0.0)]
    scenario = checked(office("default", "pooled", *weeks))
    found = prepare(scenario)[1]
    slower = checked(office("default", "pooled", *weeks, ("people.switch_share", 0.4)))
    busy = np.mean([simulated_load(slower, found, number) for number in range(REPLICATIONS)], axis=0)
    assert abs(busy[0] / found.load[0] - 1.0) > BAND


def test_meetings_take_the_hours_they_are_said_to_take() -> None:
    scenario = checked(office("default", "customer"))
    found = prepare(scenario)[1]
    played = simulate(scenario)
    meetings = played.duties[(played.duties["kind"] == MEETING) & (played.duties["start"] < played.horizon)]
    each = np.bincount(meetings["worker"], meetings["end"] - meetings["start"], minlength=found.workers)
    said = [meeting_hours(scenario, size, 0, 4) for size in np.diff(found.first_worker) for _ in range(size)]
    # the last days' meetings may be put off by a step that is not over
    assert each / 20.0 == pytest.approx(np.array(said), rel=0.02)


def test_meetings_of_a_worker_lie_on_the_grid() -> None:
    found = organisation(office("default", "customer"))
    assert (found.meeting * 2.0**36 == np.round(found.meeting * 2.0**36)).all()
