"""docs/known-answers.md lists, for every case, exactly the settings that are run."""

import re
from pathlib import Path

import pytest

from sim import load_scenario
from sim.known_answers.case import Case, Trace
from sim.known_answers.cases import named
from sim.known_answers.command import shown

PAGE = Path(__file__).parents[2] / "docs" / "known-answers.md"
BLOCK = re.compile(
    r"^### (?P<name>\S+)\n\n(?P<about>[^\n]+)\n\n```text\n(?P<settings>.*?)\n```$", re.MULTILINE | re.DOTALL
)
LISTED = {match["name"]: match for match in BLOCK.finditer(PAGE.read_text(encoding="utf-8"))}
EVERYTHING = named("")


def test_every_case_is_listed_and_nothing_else() -> None:
    assert list(LISTED) == [case.name for case in EVERYTHING]


@pytest.mark.parametrize("case", EVERYTHING, ids=lambda case: case.name)
def test_the_settings_listed_are_the_ones_that_run(case: Case | Trace) -> None:
    assert tuple(LISTED[case.name]["settings"].splitlines()) == case.overrides


@pytest.mark.parametrize("case", EVERYTHING, ids=lambda case: case.name)
def test_the_exact_values_listed_are_those_of_today(case: Case | Trace) -> None:
    assert LISTED[case.name][0] == shown(case)  # else: put the output of `orgdes verify --show` there


@pytest.mark.parametrize("name", LISTED)
def test_the_settings_listed_make_a_valid_scenario(name: str) -> None:
    scenario = load_scenario(LISTED[name]["settings"].splitlines())
    assert scenario.people.speed_cv == 0.0
