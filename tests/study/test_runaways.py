"""A replication that runs away or loses its numbers ends with its reason, whatever the engine; others go on.

The numbers are those of the list of faults that a sweep has to survive.
"""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import replication
from sim.engines.output import BudgetExceeded
from sim.replication import Engine, simulate
from sim.study.results import load_results
from sim.study.run import compute_run
from sim.study.session import Row
from sim.world import World, build_world
from tests.scenarios import Plain, by_axes, changed, checked, fixed, workshop
from tests.study.designs import run

REAL = "sim.study.run:compute_run"
ENGINES: tuple[Engine, ...] = ("simpy", "compiled")
FOR_EVER = workshop(
    *(
        (f"company.products.{name}.work", {"cut": fixed(0.0), "sew": fixed(0.0)})
        for name in ("shirt", "coat")
    ),
    ("coordination.defects.base", 1.0),
    ("experiment.budgets.instant", 50),
    structure=by_axes(),
)
"""Work that takes no time, always goes wrong and is done again at once, ten thousand times."""
OVERLOADED = workshop(("demand.scale", 6.0), ("experiment.horizon_weeks", 4), ("experiment.drain_weeks", 0))
"""Three times what the people can do."""


def reason(plain: Plain, *changes: tuple[str, Any], engine: Engine) -> str:
    with pytest.raises(BudgetExceeded) as stopped:
        simulate(checked(plain, *changes), 0, engine)
    return str(stopped.value)


def test_18_a_loop_that_takes_no_time_is_stopped_at_its_instant() -> None:
    first = simulate(checked(FOR_EVER, ("coordination.defects.base", 0.0))).requests["arrival"].min()
    told = {reason(FOR_EVER, engine=engine) for engine in ENGINES}
    assert told == {f"instant: more than 50 rounds at hour {first:g}"}


@pytest.mark.parametrize("limit", [1, 100, 700])
def test_too_many_events_stop_both_engines_at_the_same_hour(limit: int) -> None:
    told = {reason(OVERLOADED, ("experiment.budgets.events", limit), engine=engine) for engine in ENGINES}
    assert len(told) == 1
    assert told.pop().startswith(f"events: more than {limit} by hour ")


@pytest.mark.parametrize("engine", ENGINES)
def test_19_a_slow_replication_is_stopped(engine: Engine) -> None:
    told = reason(OVERLOADED, ("experiment.budgets.seconds", 1e-9), engine=engine)
    assert told == "seconds: more than 1e-09 by hour 40"


@pytest.mark.parametrize("engine", ENGINES)
def test_20_a_replication_that_takes_too_much_memory_is_stopped(engine: Engine) -> None:
    told = reason(OVERLOADED, ("experiment.budgets.megabytes", 1.0), engine=engine)
    assert told == "megabytes: more than 1 by hour 40"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_budget_that_is_not_used_up_changes_nothing(engine: Engine) -> None:
    tight = checked(OVERLOADED, ("experiment.budgets.events", 100_000))
    assert simulate(tight, 0, engine).visits.tobytes() == simulate(checked(OVERLOADED)).visits.tobytes()


def test_runaways_are_named_and_all_others_finish(tmp_path: Path) -> None:
    budgets = ({"events": 100}, {"seconds": 1e-9}, {"megabytes": 1.0})
    one: tuple[str, Any] = ("experiment.replications", 1)
    plains = [
        changed(FOR_EVER, one),
        *(
            workshop(one, ("experiment.budgets", budget), ("experiment.seed", n))
            for n, budget in enumerate(budgets)
        ),
        workshop(one, ("experiment.seed", 9)),
    ]
    outcome = run(
        [Row(plain, (f"row={n}",)) for n, plain in enumerate(plains)], tmp_path / "sweep", work=REAL
    )
    found = load_results(tmp_path / "sweep")
    reasons = ("instant", "events", "seconds", "megabytes")
    assert list(found.scenarios["status"]) == [*(f"stopped: {each}" for each in reasons), "ok"]
    assert (outcome.exit_code, set(found.results["scenario"])) == (1, {4})


WRONG = {"step_work": "visits.work", "promise": "requests.promise"}


@pytest.fixture
def planted(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """One value of the world is no number; the field where it shows."""
    field, value = request.param
    build = build_world

    def broken(*given: Any) -> World:
        world = build(*given)
        values = getattr(world, field).copy()
        values[len(values) // 2] = value
        return dataclasses.replace(world, **{field: values})

    monkeypatch.setattr(replication, "build_world", broken)
    return WRONG[field]


PLANTED = [(field, value) for field in WRONG for value in (np.nan, np.inf)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("planted", PLANTED, indirect=True, ids=str)
def test_26_what_is_no_number_fails_the_replication_by_name(planted: str, engine: Engine) -> None:
    plain = workshop(("experiment.horizon_weeks", 4), ("experiment.engine", engine))
    with pytest.raises(ArithmeticError, match=f"^{planted} is not a finite number everywhere$"):
        compute_run(plain, 0)


@pytest.mark.parametrize("planted", [("step_work", np.nan)], indirect=True, ids=str)
def test_26_and_is_never_averaged_in(planted: str, tmp_path: Path) -> None:
    plain = workshop(("experiment.replications", 1), ("experiment.engine", "compiled"))
    outcome = run([Row(plain, ("seed=1",))], tmp_path / "sweep", work=REAL)
    found = load_results(tmp_path / "sweep")
    assert outcome.exit_code == 1
    assert planted in found.scenarios["message"].iloc[0]
    assert len(found.results) == 0
