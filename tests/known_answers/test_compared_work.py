"""The work on which tools are compared is the same for all of them."""

import importlib
import math
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sim import load_scenario
from sim.model.scenario import Scenario

FOLDER = Path(__file__).parents[2] / "experiments" / "benchmarks"


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Scripts of the benchmark folder, by name."""
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module


@pytest.fixture
def work(module: Any) -> ModuleType:
    return module("work")  # type: ignore[no-any-return]


@pytest.fixture
def company(module: Any) -> Scenario:
    return load_scenario(module("scenario").overrides("function", 1_000), config_dir=FOLDER / "configs")


def test_requests_come_as_often(work: ModuleType, company: Scenario) -> None:
    segments = company.company.segments.values()
    per_year = math.fsum(segment.customers * (segment.requests_per_year or 0.0) for segment in segments)
    assert per_year / 2080 == pytest.approx(work.ARRIVALS_PER_HOUR, rel=1e-4)


def test_steps_take_as_long(work: ModuleType, company: Scenario) -> None:
    found = [[law.mean for law in product.work.values()] for product in company.company.products.values()]  # type: ignore[union-attr]
    listed = [[factor * mean for mean in work.STEP_MEANS] for factor in work.PRODUCT_FACTORS]
    assert found == [pytest.approx(row) for row in listed]


def test_people_are_as_busy(work: ModuleType) -> None:
    hours = work.ARRIVALS_PER_HOUR * math.fsum(work.STEP_MEANS) / (1 - work.REWORK)
    assert hours / work.PEOPLE == pytest.approx(work.LOAD)


def test_a_share_comes_back(work: ModuleType, company: Scenario) -> None:
    clean = (1 - company.coordination.defects.base) ** len(work.STEP_MEANS)
    assert 1 - clean == pytest.approx(work.REWORK)


def test_the_first_class_is_as_large(work: ModuleType, company: Scenario) -> None:
    rates = {name: segment.requests_per_year or 0.0 for name, segment in company.company.segments.items()}
    first = math.fsum(rate for name, rate in rates.items() if company.company.segments[name].priority == 1)
    assert first / math.fsum(rates.values()) == pytest.approx(work.CLASS_SHARES[0], rel=1e-4)


@pytest.mark.parametrize("by", ["function", "customer"])
@pytest.mark.parametrize("rows", [False, True])
def test_the_idiomatic_model_resolves_nearly_all(module: Any, by: str, rows: bool) -> None:
    outcome = module("idiomatic_simpy").run(by, 400, rows)
    assert 350 < len(outcome.responses) <= 400


def test_a_record_for_each_step(module: Any) -> None:
    outcome = module("idiomatic_simpy").run("customer", 200, True)
    assert len(outcome.rows) >= 4 * len(outcome.responses)


@pytest.mark.parametrize("by", ["function", "customer"])
def test_ciw_does_the_same_work(module: Any, by: str) -> None:
    pytest.importorskip("ciw")
    assert 300 < len(module("ciw_network").run(by, 400)) < 500


@pytest.mark.slow
@pytest.mark.parametrize("by", ["function", "customer"])
def test_the_bare_loop_finds_the_same_response_time(module: Any, by: str, tmp_path: Path) -> None:
    limit = module("limit")
    if limit.compiler() is None:
        pytest.skip("no C++ compiler")
    bare = limit.run(limit.build(tmp_path), by, 300_000)
    outcome = module("idiomatic_simpy").run(by, 60_000)
    assert bare.response == pytest.approx(math.fsum(outcome.responses) / len(outcome.responses), rel=0.05)
