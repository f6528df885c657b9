"""P7: who has nothing to do takes work from a long queue elsewhere."""

from typing import Any

import numpy as np
import pytest

from sim.analysis.metrics import run_tables
from sim.model.scenario import Scenario
from sim.replication import prepare, simulate
from sim.trajectory import STEP, Table, Trajectory
from tests.scenarios import by_axes, checked, office, workshop


def company(structure: str = "customer", **parameters: Any) -> Scenario:
    return checked(office("default", structure, ("people.helping", {"enabled": True, **parameters})))


def played(structure: str = "customer", **parameters: Any) -> Trajectory:
    return simulate(company(structure, **parameters), engine="compiled")


def steps(history: Trajectory) -> Table:
    found: Table = history.visits[(history.visits["kind"] == STEP) & np.isfinite(history.visits["start"])]
    return found


def abroad(history: Trajectory) -> Table:
    """Steps done by somebody of another department."""
    home = history.people["department"][steps(history)["worker"]]
    found: Table = steps(history)[home != steps(history)["department"]]
    return found


def test_where_nobody_ever_waits_so_long_nothing_changes() -> None:
    off, patient = played(enabled=False), played(threshold=1_000_000)
    assert off.visits.tobytes() == patient.visits.tobytes()


def test_the_lower_the_threshold_the_more_is_helped() -> None:
    few, some, many = (len(abroad(played(threshold=threshold))) for threshold in (20, 5, 1))
    assert few < some < many


def test_helping_shortens_the_wait() -> None:
    alone, helped = (played(enabled=on, threshold=2).parts()["queue"].mean() for on in (False, True))
    assert helped < alone


def test_helpers_know_less_of_what_they_help_with() -> None:
    history = played(threshold=1)
    assert abroad(history)["u_segment"].mean() > steps(history)["u_segment"].mean() + 0.05


def test_work_stays_with_the_department_that_it_belongs_to() -> None:
    scenario = company(threshold=1)
    found = steps(simulate(scenario, engine="compiled"))
    cells = prepare(scenario)[1].assignment.department_of
    assert (cells[found["function"], found["product"], found["segment"]] == found["department"]).all()


def test_helpers_of_the_same_side_help_no_other() -> None:
    scenario = company("front_back", threshold=1, who="same_side")
    history = simulate(scenario, engine="compiled")
    sides = [{scenario.company.functions[name].side for name in names}
             for names in prepare(scenario)[1].assignment.covered]  # fmt: skip
    helped = abroad(history)
    home = history.people["department"][helped["worker"]]
    assert all(sides[one] & sides[other] for one, other in zip(home, helped["department"], strict=True))


def test_departments_that_exchange_no_work_are_no_neighbours() -> None:
    assert len(abroad(played("customer", threshold=1, who="neighbours"))) == 0


def test_the_share_helped_is_told() -> None:
    scenario = company(threshold=1)
    tables = run_tables(scenario, prepare(scenario)[1], simulate(scenario, engine="compiled"))
    found = {name: value for name, scope, value, _ in tables["metrics"] if scope == "company"}
    assert 0.0 < found["helped_share"] < 1.0


def test_context_is_lost_as_at_a_border() -> None:
    changes = ("coordination.reread_share", 1.0), ("coordination.context_between", 0.5)
    helping = ("people.helping", {"enabled": True, "threshold": 1})
    relay, by_product = ("people.ownership", "relay"), by_axes("product")
    alone, helped = (
        simulate(checked(workshop(*changes, relay, *more, structure=by_product)), engine="compiled")
        for more in ((), (helping,))
    )
    assert alone.visits["reread"].sum() == 0.0
    assert helped.visits["reread"].sum() > 0.0


def test_two_departments_that_help_at_once_are_nearly_a_pool() -> None:
    """Work of a step does not depend on who does it: waits come near those of one queue."""
    by_product, pooled = by_axes("product"), by_axes()
    helping = ("people.helping", {"enabled": True, "threshold": 1})
    apart, helped, pool = (
        simulate(checked(workshop(("experiment.horizon_weeks", 60), *more, structure=structure)),
                 engine="compiled").parts()["queue"].mean()
        for more, structure in (((), by_product), ((helping,), by_product), ((), pooled))
    )  # fmt: skip
    assert helped < 0.7 * apart
    assert helped == pytest.approx(pool, rel=0.25)
