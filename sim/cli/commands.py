"""The commands of `orgdes`, as one tree of arguments.

Invariant: only the chosen command's module is imported, so that naming all of them costs nothing.
"""

import argparse
from collections.abc import Sequence
from importlib import import_module
from typing import NamedTuple


class Command(NamedTuple):
    """A command: the module with its `arguments(parser)` and `main(options)`, and a line about it."""

    module: str
    does: str


COMMANDS = {
    "run": Command("sim.cli.run", "simulate and compare; the default, the word may be left out"),
    "fit": Command(
        "sim.fit.command",
        "turn a ticket log (CSV or XES) into a company of your own: orgdes fit LOG --name NAME",
    ),
    "import-people": Command(
        "sim.cli.import_people",
        "turn a table of people and departments into a structure: orgdes import-people TABLE",
    ),
    "verify": Command("sim.known_answers.command", "compare the simulator with known exact answers"),
    "report": Command(
        "sim.cli.report", "write summary and report of a results folder again: orgdes report FOLDER"
    ),
    "replay": Command(
        "sim.cli.replay",
        "compute one replication again: orgdes replay FOLDER --scenario=N --replication=R",
    ),
    "reproduce": Command(
        "sim.cli.reproduce",
        "compute a sample again and compare to the last bit: orgdes reproduce FOLDER [--all]",
    ),
}
RENAMED = {"chart": "import-people"}
"""Old word -> new word; the old ones go with the next version."""


def tree(chosen: str) -> argparse.ArgumentParser:
    """The commands, and the options of the chosen one. Of a run: `sim.cli.arguments`."""
    parser = argparse.ArgumentParser("orgdes", allow_abbrev=False)
    below = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        branch = below.add_parser(name, help=command.does, allow_abbrev=False)
        if name == chosen:
            import_module(command.module).arguments(branch)
    return parser


def run_command(words: Sequence[str]) -> int:
    """Do what the words ask for; returns the exit code, 2 for words that are not understood."""
    chosen = words[0] if words and words[0] in COMMANDS else "run"
    module = import_module(COMMANDS[chosen].module)
    if chosen == "run":
        return int(module.main(words[words[:1] == ["run"] :]))
    try:
        options = tree(chosen).parse_args(words)
    except SystemExit as stop:
        return int(stop.code or 0)
    return int(module.main(options))
