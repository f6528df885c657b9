"""The simulator reproduces theory: number by number on traces, within 3.5 standard errors where it draws.

False alarms: seeds are fixed, so a case that passes today passes tomorrow; chosen once, with 0.0005 a value.
"""

from functools import cache

import pytest

from sim.config.loading import load_plain
from sim.known_answers.case import Case, Trace
from sim.known_answers.cases import cases, named, traces
from sim.known_answers.verdicts import TIERS, Engine, Judged, Tier, judge, length
from sim.model.check import mistakes

FAST = (
    "V01-0.8",
    "V02-c5",
    "V04a-lognormal",
    "V04b",
    "V05-LN",
    "V07-D-c3",
    "V08-mixed",
    "V09",
    "V10-n5",
    "V11-D",
    "V12-three",
    "V13",
    "V14",
    "V16-three",
    "V17",
    "V17-manager",
    "V19-sep",
    "V20a-pool",
    "V23",
    "V26",
    "V28",
    "V29",
    "V46-k4c20r80",
    "K4",
    "K8",
    "P5",
    "P7-three",
    "P8-one",
    "P8-crew",
)
"""One of each family for every day; `make verify` and `orgdes verify` run them all."""


@cache
def judged(name: str, tier: Tier, engine: Engine, plant: float = 1.0) -> list[Judged]:
    """Verdicts on a case, run once for all tests that look at them."""
    return judge(next(case for case in named(name) if case.name == name), tier, engine, plant)


def failed(name: str, tier: Tier, engine: Engine, plant: float = 1.0) -> list[str]:
    """Values of a case that are off, as text."""
    values = judged(name, tier, engine, plant)
    return [f"{v.value}: {v.estimate:.6g}, not {v.exact:.6g}" for v in values if v.verdict == "fail"]


@pytest.mark.parametrize("case", traces(), ids=lambda case: case.name)
def test_given_numbers_come_out_one_by_one(case: Trace, tier: Tier, engine: Engine) -> None:
    assert failed(case.name, tier, engine) == []


@pytest.mark.parametrize("name", FAST)
def test_theory_is_reproduced(name: str, tier: Tier, engine: Engine) -> None:
    assert failed(name, tier, engine) == []


@pytest.mark.slow
@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_theory_is_reproduced_by_every_case(case: Case, engine: Engine) -> None:
    assert failed(case.name, TIERS["quick"], engine) == []


@pytest.mark.parametrize("name", FAST)
def test_every_case_of_the_fast_suite_tests_something(name: str, tier: Tier, engine: Engine) -> None:
    verdicts = {value.verdict for value in judged(name, tier, engine)}
    assert "pass" in verdicts


def test_an_error_of_three_per_cent_fails_a_trace(tier: Tier, engine: Engine) -> None:
    found = {case.name for case in traces() if failed(case.name, tier, engine, plant=1.03)}
    assert {"V47a-c1", "V47a-c2", "V47b", "V47c", "V47d", "V47f-ABA", "V35"} <= found


@pytest.mark.parametrize("name", ["V02-c10", "V07-D"])
def test_an_error_of_three_per_cent_fails_the_statistics(name: str, engine: Engine) -> None:
    assert failed(name, TIERS["quick"], engine, plant=1.03) != []


@pytest.mark.parametrize("tier", TIERS)
def test_every_case_fits_into_a_run(tier: str) -> None:
    runs = {case.name: load_plain([*case.overrides, *length(case, TIERS[tier])]) for case in cases()}
    assert {name: found for name, plain in runs.items() if (found := mistakes(plain))} == {}
