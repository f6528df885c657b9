"""Commands shown to a reader exist: make targets, subcommands, configuration choices, script files."""

import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.architecture.sources import ROOT, commands, on_pages


def words(page: Path, program: str) -> list[list[str]]:
    """What follows the program, for every command on the page that calls it (also through `uv run`)."""
    lines = [shlex.split(re.sub(r"^(uv run|\.venv/bin/)\s*", "", line)) for line in commands(page)]
    return [line[1:] for line in lines if line[0] == program]


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))


@cache
def usage() -> str:
    return subprocess.run(
        [sys.executable, "-m", "sim.cli", "--help"], capture_output=True, text=True, check=True
    ).stdout


def choices(arguments: list[str]) -> list[Path]:
    """Shipped files that `group=choice` words of a command name; none where it names a folder of its own."""
    if "--config-dir" in arguments:
        return []
    pairs = [word.partition("=")[::2] for word in arguments]
    chosen = [(group, choice) for group, value in pairs for choice in value.split(",")]
    return [ROOT / "configs" / group / f"{choice}.yaml" for group, choice in chosen if is_group(group)]


def is_group(word: str) -> bool:
    return bool(word) and (ROOT / "configs" / word).is_dir()


def no_targets(page: Path) -> set[str]:
    return {word for line in words(page, "make") for word in line if "=" not in word} - make_targets()


def no_subcommands(page: Path) -> set[str]:
    named = {line[0] for line in words(page, "orgdes") if line and re.fullmatch("[a-z][a-z-]*", line[0])}
    return {word for word in named if not re.search(rf"\b{word}\b", usage())}


def no_choices(page: Path) -> list[Path]:
    return [path for line in words(page, "orgdes") for path in choices(line) if not path.is_file()]


def test_make_targets_exist() -> None:
    assert on_pages(no_targets) == {}


def test_subcommands_exist() -> None:
    assert on_pages(no_subcommands) == {}


def test_configuration_choices_exist() -> None:
    assert on_pages(no_choices) == {}


def test_the_continuous_check_runs_a_command_of_the_readme() -> None:
    last = (ROOT / ".ci" / "run").read_text(encoding="utf-8").strip().splitlines()[-1]
    command = last.removeprefix("exec ").removesuffix(" </dev/null")
    assert command in commands(ROOT / "README.md")
