"""docs/known-answers.md lists, for every case, exactly the settings that are run."""

import re
from pathlib import Path

from sim import load_scenario
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


def test_the_settings_listed_are_the_ones_that_run() -> None:
    listed = {name: tuple(found["settings"].splitlines()) for name, found in LISTED.items()}
    assert listed == {case.name: case.overrides for case in EVERYTHING}


def test_the_exact_values_listed_are_those_of_today() -> None:
    today = {case.name: shown(case) for case in EVERYTHING}
    assert {name: found[0] for name, found in LISTED.items()} == today  # else: orgdes verify --show


def test_the_settings_listed_make_a_valid_scenario() -> None:
    scenarios = {name: load_scenario(found["settings"].splitlines()) for name, found in LISTED.items()}
    assert {name: about.people.speed_cv for name, about in scenarios.items() if about.people.speed_cv} == {}
