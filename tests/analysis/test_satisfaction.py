"""Satisfaction of whole histories against scores worked out by hand."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from sim.analysis.measured import Measured
from sim.model.scenario import Scenario
from sim.opinions import expected_hours, known_person, request_scores
from sim.trajectory import ABANDONED, DONE, OPEN, Trajectory
from tests.analysis.conftest import ANALYSIS
from tests.analysis.synthetic import Request, scenario, trajectory

WORKERS = [(0, 0), (0, 1)]
RESPONSIVENESS, RELIABILITY, ASSURANCE, EMPATHY, EASE, SATISFACTION, OUTCOME = range(7)


def scores(requests: Sequence[Request], told: Scenario | None = None) -> np.ndarray[Any, Any]:
    return request_scores(told or scenario(), Measured(trajectory(requests, WORKERS)))


def test_the_worked_example_scores_as_by_hand(worked: Trajectory) -> None:
    first = request_scores(scenario(), Measured(worked))[0]
    late = 0.75 + 0.30 * math.log(10.0 / (1.2 * 8.75))
    parts = [late, 1.0, 1.0 - 2.0 * 0.25 / 3.0, 0.5, 0.9]
    assert first[:5] == pytest.approx(parts, rel=1e-12)
    assert first[SATISFACTION] == pytest.approx(20.0 * sum(parts), rel=1e-12)
    assert first[OUTCOME] == pytest.approx(50.0 * (late + 1.0), rel=1e-12)


def test_an_open_request_is_not_judged(worked: Trajectory) -> None:
    assert np.isnan(request_scores(scenario(), Measured(worked))[2]).all()


def test_segment_weights_decide_what_counts() -> None:
    told = scenario()
    weights = dict.fromkeys(("responsiveness", "assurance", "empathy", "ease"), 0.0) | {"reliability": 1.0}
    plain = told.model_dump(mode="json")
    plain["company"]["segments"]["private"]["weights"] = weights
    found = scores([Request(0, 0, 0.0, promise=1.0).visit(0, work=2.0)], scenario(plain))
    assert found[0, SATISFACTION] == found[0, OUTCOME] == 25.0


def test_knowing_somebody_starts_with_the_second_visit_to_the_same_person() -> None:
    first = Request(0, 0, 0.0).visit(0, work=1.0).visit(1, work=1.0, **ANALYSIS).visit(0, work=1.0)
    second = Request(0, 1, 20.0).visit(1, work=1.0)
    other = Request(1, 0, 40.0).visit(0, work=1.0)
    known = known_person(Measured(trajectory([first, second, other], WORKERS)))
    assert known.tolist() == [False, False, True, True, False]


def test_a_request_that_started_later_is_not_known_from_one_with_a_higher_number() -> None:
    late, early = Request(0, 0, 10.0).visit(0, work=1.0), Request(0, 1, 0.0).visit(0, work=1.0)
    assert known_person(Measured(trajectory([late, early], WORKERS))).tolist() == [True, False]


def test_expectations_follow_the_order_of_resolution() -> None:
    slow = Request(0, 0, 0.0).visit(0, queue=19.0, work=1.0)
    quick = Request(0, 1, 1.0).visit(0, work=1.0)
    last = Request(0, 2, 30.0).visit(0, work=1.0)
    expected = expected_hours(scenario(), Measured(trajectory([slow, quick, last], WORKERS)))
    after_quick = 10.0 + 0.2 * (1.2 * 1.0 - 10.0)
    after_slow = after_quick + 0.2 * (1.2 * 20.0 - after_quick)
    between = [math.sqrt(10.0 * will) for will in (after_quick, 10.0, after_slow)]
    assert expected == pytest.approx(between)


def test_without_adaptation_the_promise_stays_the_expectation() -> None:
    slow, last = Request(0, 0, 0.0).visit(0, work=20.0), Request(0, 1, 30.0).visit(0, work=1.0)
    told = scenario(customers={"expectation_adaptation": 0.0})
    assert expected_hours(told, Measured(trajectory([slow, last], WORKERS))).tolist() == [10.0, 10.0]


def test_who_left_unserved_gives_nothing_but_ease() -> None:
    left = Request(0, 0, 0.0, status=ABANDONED, more={"done": 20.0})
    assert scores([left])[0, :5].tolist() == [0.0, 0.0, 0.0, 0.0, 1.0]


def test_waiting_in_vain_for_longer_than_told_makes_leaving_less_easy() -> None:
    left = Request(0, 0, 0.0, status=ABANDONED, more={"done": 20.0}).visit(-1)
    left.visits[0] |= {"start": math.nan, "end": math.nan}
    assert scores([left])[0, EASE] == pytest.approx(0.9)


def test_a_silent_defect_counts_as_a_repeat_in_reliability_only() -> None:
    silent = Request(0, 0, 0.0, more={"silent": 1}).visit(0, work=1.0)
    found = scores([silent])[0]
    assert (found[RELIABILITY], found[EASE]) == (0.25, 1.0)


def test_each_long_wait_counts_as_uninformed() -> None:
    waits = Request(0, 0, 0.0).visit(0, queue=17.0, work=1.0, claim=17.0, decision_wait=16.0)
    assert scores([waits])[0, EASE] == pytest.approx(0.8)


def test_a_long_way_between_departments_is_a_wait_too() -> None:
    moved = Request(0, 0, 0.0).visit(0, work=1.0).visit(1, work=1.0, handoff=17.0, **ANALYSIS)
    assert scores([moved])[0, EASE] == pytest.approx(0.9)


def test_unmet_customisation_lowers_empathy() -> None:
    business = Request(0, 0, 0.0, segment=1).visit(0, work=1.0, u_segment=0.5)
    assert scores([business])[0, EMPATHY] == pytest.approx(0.25 * (1.0 - 0.4 * 0.5))


def test_misgrouped_service_meets_no_customisation() -> None:
    business = Request(0, 0, 0.0, segment=1).visit(0, work=1.0, u_segment=0.5, adapted=0)
    assert scores([business])[0, EMPATHY] == pytest.approx(0.25 * (1.0 - 0.4))


def test_unfamiliarity_is_weighted_by_work() -> None:
    told = Request(0, 0, 0.0).visit(0, work=3.0, u_segment=1.0).visit(0, work=1.0)
    assert scores([told])[0, ASSURANCE] == pytest.approx(1.0 - 0.75 * 0.25)


def test_where_no_knowledge_matters_nobody_lacks_any() -> None:
    told = scenario(people={"knowledge_scale": 0.0})
    strangers = Request(0, 0, 0.0).visit(0, work=1.0, u_function=1.0, u_segment=1.0)
    assert scores([strangers], told)[0, [ASSURANCE, EMPATHY]].tolist() == [1.0, 0.5]


def test_steps_without_work_content_count_equally_where_there_is_no_other() -> None:
    told = Request(0, 0, 0.0).visit(0, u_segment=1.0).visit(0)
    assert scores([told])[0, ASSURANCE] == pytest.approx(1.0 - 0.5 * 0.25)


def test_triage_and_delays_outside_are_no_steps() -> None:
    told = Request(0, 0, 0.0).visit(0, triage=1.0, kind=1, u_segment=1.0)
    told.visit(-1, kind=2, outside=1.0, department=-1).visit(0, work=1.0)
    found = scores([told])[0]
    assert (found[ASSURANCE], found[EMPATHY]) == (1.0, 1.0)


def test_open_requests_among_resolved_ones_are_not_judged() -> None:
    states = [DONE, OPEN] * 3
    requests = [Request(own, 0, 0.0, status=state).visit(0, work=1.0) for own, state in enumerate(states)]
    assert np.isnan(scores(requests)[:, SATISFACTION]).tolist() == [False, True] * 3
