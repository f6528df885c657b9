"""Files and overrides damaged at random: each is accepted or refused in words, none crashes or hangs."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.cli.arguments import read_arguments
from sim.cli.preflight import preflight
from sim.cli.session import Session
from sim.config.diagnostics import Refused

Own = Callable[[str, str | bytes], Path]
PIECES = (
    "{", "}", "[", "]", ":", "- ", "\n", "  ", "\t", "&a ", "*a", "!!str ", "${x}", "null", "true",
    ".nan", ".inf", "-1", "0", "1e400", "010", "12:30", "NO", '"', "'", "#", "law: ", "mean: ",
    "{law: none}", "_target_", "<<", "???", "é", "\u202e", "\x07", "99999999999999999999", "[]",
    "{}", "~", "|", ">", "---", "...", "%", "@", "`", "0x1F", "1_000",
)  # fmt: skip
KEYS = (
    "demand.scale", "structure", "staffing.headcount", "company", "experiment.seed",
    "coordination.handoff", "customers.grouping", "structure.blocks", "structure.departments",
    "staffing.workers", "hydra.sweeper.params", "sweep.samples", "sweep.design", "demand.surges",
    "staffing.roster", "study", "x", "company.segments.private.mix", "people.ownership",
    "structure.coordinators", "company.profile.hour_of_day", "hydra.sweep.dir",
)  # fmt: skip
VALUES = (
    "1", "-1", "nan", "inf", "[]", "{}", "[1,2]", "{a: 1}", "{a: {b: [c]}}", "null", "true", "a,b",
    "range(1,3)", "interval(0,1)", "glob(*)", "choice(1,2)", '"x"', "'y'", "function",
    "matrix,pooled", "x y", "${a}", "[", "}", "tag(a,1)", "sort(3,1)", "int(3.2)",
    "[{functions: all, group_by: [segment]}]", "1e5", "0x1", "é", "{law: none}", ".", "..", "/",
    "{group_by: [segment]}", "\\", ",", "=", "()", "f(x)",
)  # fmt: skip


def damaged(text: str, chance: random.Random) -> str:
    """A text with one to three pieces put in, words replaced, or lines lost, doubled or moved."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        lines, kind = text.split("\n"), chance.random()
        number = chance.randrange(len(lines))
        if kind < 0.3:
            place = chance.randrange(len(text))
            text = text[:place] + chance.choice(PIECES) + text[place + chance.choice((0, 0, 1, 3)) :]
        elif kind < 0.6:
            word = chance.choice(list(re.finditer(r"[\w.]+", text)))
            text = text[: word.start()] + chance.choice(PIECES) + text[word.end() :]
        else:
            lines[number] = chance.choice(
                ("", "  " + lines[number], lines[number][2:], f"{lines[number]}\n{lines[number]}")
            )
            text = "\n".join(lines)
    return text


def checked(argv: list[str]) -> str:
    """What the command says about a command line, empty when it lets it through."""
    try:
        preflight(Session(read_arguments(argv), tuple(argv)))
        said = ""
    except Refused as refusal:
        said = str(refusal)
    return said


def check_damaged_files(own: Own, company_text: str, seed: int, count: int) -> None:
    chance = random.Random(seed)
    for _ in range(count):
        own("company/odd.yaml", damaged(company_text, chance).encode())
        said = checked(["--config-dir", "mine", "company=odd", "structure=function"])
        assert said == "" or said.endswith("nothing was run.")


def check_damaged_lines(seed: int, count: int) -> None:
    chance = random.Random(seed)
    for _ in range(count):
        argv = [
            chance.choice(("", "", "", "+", "~", "++"))
            + chance.choice(KEYS)
            + chance.choice(("=", "=", "=", "", ".x=", "@p="))
            + chance.choice(VALUES)
            for _ in range(chance.choice((1, 2, 3)))
        ]
        said = checked(argv)
        assert said == "" or said.endswith("nothing was run."), argv


def test_some_damaged_files_are_told_in_words(own: Own, company_text: str) -> None:
    check_damaged_files(own, company_text, 0, 12)


def test_some_damaged_command_lines_are_told_in_words(here: Path) -> None:
    check_damaged_lines(0, 12)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 41))
def test_many_damaged_files_are_told_in_words(seed: int, own: Own, company_text: str) -> None:
    check_damaged_files(own, company_text, seed, 150)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 41))
def test_many_damaged_command_lines_are_told_in_words(seed: int, here: Path) -> None:
    check_damaged_lines(seed, 100)
