"""P10: people are ill, on holiday, part-time; who is away starts nothing."""

import numpy as np
import pytest

from sim.analysis.metrics import run_tables
from sim.mechanisms.absence import plan_week
from sim.model.scenario import Scenario
from sim.replication import prepare, simulate
from sim.trajectory import ABSENCE, STEP, Trajectory
from tests.scenarios import Plain, checked, workshop

NOBODY: Plain = {"ill": 0.0, "holiday_days": 0.0, "part_time_share": 0.0}


def company(*changes: tuple[str, object], **parameters: float | bool) -> Scenario:
    rules = {"enabled": True, **NOBODY, **parameters}
    return checked(workshop(("people.absence", rules), ("staffing.headcount", 8), *changes))


def away(trajectory: Trajectory) -> float:
    """Share of workers' hours."""
    duties = trajectory.duties[trajectory.duties["kind"] == ABSENCE]
    hours = np.where(np.isnan(duties["end"]), trajectory.end, duties["end"]) - duties["start"]
    return float(hours.sum() / (trajectory.end * (trajectory.people["role"] == 0).sum()))


def planned(weeks: int, people: int = 200, **given: float) -> np.ndarray:
    """(weeks, people, 5) days away."""
    rules: Plain = {"share": 0.0, "spell": 3.0, "holiday_days": 0.0, "part_time_days": 5} | given
    ill, part, days = np.zeros(people, bool), np.ones(people, bool), np.zeros((people, 5), bool)
    found = []
    for week in range(weeks):
        plan_week(np.arange(people), ill, part, days, week, *rules.values())
        found.append(days.copy())
    return np.array(found)


def test_with_nobody_away_nothing_changes() -> None:
    off, neutral = simulate(company(enabled=False), engine="compiled"), simulate(company(), engine="compiled")
    assert off.visits.tobytes() == neutral.visits.tobytes()


def test_in_the_long_run_the_share_of_sick_days_is_as_given() -> None:
    days = planned(104, share=0.1, spell=4.0)[8:]
    assert days.mean() == pytest.approx(0.1, abs=0.01)  # four standard errors


def test_spells_are_as_long_as_given() -> None:
    days = planned(104, share=0.1, spell=4.0).transpose(1, 0, 2).reshape(200, -1).astype(int)
    begun = (np.diff(days, axis=1, prepend=0) == 1).sum()
    assert days.sum() / begun == pytest.approx(4.0, rel=0.05)


def test_everybody_gets_all_the_holidays_of_a_year() -> None:
    assert set(planned(52, holiday_days=28.0).sum(axis=(0, 2)).tolist()) == {28}


def test_part_time_is_so_many_days_a_week() -> None:
    assert set((~planned(3, part_time_days=2)).sum(axis=2).ravel().tolist()) == {2}


def test_nobody_starts_anything_while_away() -> None:
    trajectory = simulate(company(ill=0.2, holiday_days=30.0))
    duties = trajectory.duties[trajectory.duties["kind"] == ABSENCE]
    steps = trajectory.visits[(trajectory.visits["kind"] == STEP) & (trajectory.visits["worker"] >= 0)]
    for absence in duties:
        own = steps[steps["worker"] == absence["worker"]]
        assert not ((own["start"] >= absence["start"]) & (own["start"] < absence["end"])).any()


def test_fewer_hours_make_longer_queues_and_a_higher_utilisation() -> None:
    usual, ill = company(), company(ill=0.2)
    found = []
    for scenario in (usual, ill):
        tables = run_tables(scenario, prepare(scenario)[1], simulate(scenario, engine="compiled"))
        found.append({name: value for name, scope, value, _ in tables["metrics"] if scope == "company"})
    assert found[1]["present_share"] == pytest.approx(0.8, abs=0.08)
    there = found[1]["present_share"]
    assert found[1]["utilisation"] == pytest.approx(found[0]["utilisation"] / there, rel=0.1)
    assert found[1]["wait_mean"] > 1.2 * found[0]["wait_mean"]


def test_expected_loads_reckon_with_it() -> None:
    usual, ill = (prepare(company(ill=share))[1].load for share in (0.0, 0.2))
    assert ill == pytest.approx(usual / 0.8)


@pytest.mark.parametrize(("patient", "moved"), [(0.0, True), (10_000.0, False)])
def test_what_came_back_waits_for_its_owner_as_long_as_it_may(patient: float, moved: bool) -> None:
    changes = [
        ("people.owner_wait_hours", patient),
        ("people.ownership", "owner"),
        ("coordination.defects.base", 0.5),
        ("structure", {"name": "pooled", "blocks": [{"functions": "all", "group_by": []}]}),
    ]
    visits = simulate(company(*changes, ill=0.3), engine="compiled").visits
    done = visits[visits["worker"] >= 0]
    key = done["customer"].astype(np.int64) * 100_000 + done["number"]
    first = {int(one): worker for one, worker in zip(key[::-1], done["worker"][::-1], strict=True)}
    changed = np.array([first[int(one)] for one in key]) != done["worker"]
    assert bool(changed.any()) is moved
