"""Sweeps of real companies: what is added, reordered or played otherwise leaves every other result."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.study.results import load_results
from sim.study.session import Row
from tests.scenarios import Plain, changed
from tests.strategies import scenario
from tests.study.designs import run

REAL = "sim.study.run:compute_run"
SEEDS = (1, 4, 5, 9)
"""Random companies: each is a scenario, known by its number whatever its place."""
REPLICATIONS = 3


@cache
def _plain(seed: int) -> str:
    return scenario(seed).model_dump_json(exclude_none=True)


def company(seed: int, *changes: tuple[str, Any]) -> Plain:
    return changed(json.loads(_plain(seed)), ("experiment.replications", REPLICATIONS), *changes)


def results(folder: Path, seeds: tuple[int, ...], *changes: tuple[str, Any]) -> pd.DataFrame:
    """What the sweep of these companies leaves, in order of company, replication, metric and scope."""
    design = [Row(company(seed, *changes), (f"company={seed}",)) for seed in seeds]
    assert run(design, folder, work=REAL).exit_code == 0
    found = load_results(folder).results
    named = found.assign(company=found["scenario"].map(dict(enumerate(seeds)))).drop(columns="scenario")
    keys = ["company", "replication", "metric", "scope"]
    return named.sort_values(keys).set_index(keys)


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    return results(tmp_path_factory.mktemp("usual") / "sweep", SEEDS)


def assert_same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    """To the last bit."""
    pd.testing.assert_frame_equal(found, expected, check_exact=True)


def test_further_scenarios_leave_the_results_of_the_others(tmp_path: Path, usual: pd.DataFrame) -> None:
    found = results(tmp_path / "sweep", (7, *SEEDS, 8))
    assert_same(found.loc[list(SEEDS)], usual)


def test_the_order_of_scenarios_changes_no_result(tmp_path: Path, usual: pd.DataFrame) -> None:
    assert_same(results(tmp_path / "sweep", SEEDS[::-1]), usual)


def test_more_replications_begin_with_the_same_ones(tmp_path: Path, usual: pd.DataFrame) -> None:
    found = results(tmp_path / "sweep", SEEDS, ("experiment.replications", REPLICATIONS + 2))
    assert_same(found[found.index.get_level_values("replication") < REPLICATIONS], usual)


def test_both_engines_give_the_same_results(tmp_path: Path, usual: pd.DataFrame) -> None:
    assert_same(results(tmp_path / "sweep", SEEDS, ("experiment.engine", "simpy")), usual)


def test_companies_and_replications_differ(usual: pd.DataFrame) -> None:
    means = usual.xs(("response_time_mean", "company"), level=("metric", "scope"))["value"]
    assert means.nunique() == len(SEEDS) * REPLICATIONS
