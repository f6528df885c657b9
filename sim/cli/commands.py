"""The commands of `orgdes`, as one tree of arguments.

Invariant: only the chosen command's module is imported, so that naming all of them costs nothing.
"""

import argparse
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from textwrap import fill
from typing import Any, NamedTuple

from sim.cli.arguments import read_arguments
from sim.config.shipped import GROUPS, configs


class Command(NamedTuple):
    """A command: the module with its `arguments(parser)` and `main(options)`, and a line about it."""

    module: str
    does: str


COMMANDS = {
    "run": Command("sim.cli.run", "simulate and compare; the default, the word may be left out"),
    "staff": Command(
        "sim.cli.staff", "find the fewest people for the same service: orgdes staff target.METRIC=LIMIT ..."
    ),
    "search": Command("sim.cli.search", "find the structure that serves best under limits: orgdes search"),
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
        "sim.cli.replay", "compute one replication again: orgdes replay FOLDER --scenario=N --replication=R"
    ),
    "reproduce": Command(
        "sim.cli.reproduce",
        "compute a sample again and compare to the last bit: orgdes reproduce FOLDER [--all]",
    ),
}
RENAMED = {"chart": "import-people"}
"""Old word -> new word; the old ones go with the next version."""


LIKE_A_RUN = ("run", "staff", "search")
"""Commands that take overrides; they read their words themselves."""


class Parser(argparse.ArgumentParser):
    """Help that cannot be written is an error; argparse keeps silent about it."""

    def print_help(self, file: Any = None) -> None:
        """Write the help, standard output if `file` is missing."""
        print(self.format_help(), end="", file=file, flush=True)


def tree(chosen: str) -> argparse.ArgumentParser:
    """The commands, and the options of the chosen one. Of a run: `sim.cli.arguments`."""
    parser = Parser("orgdes", allow_abbrev=False)
    below = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        branch = below.add_parser(name, help=command.does, allow_abbrev=False)
        if name == chosen:
            import_module(command.module).arguments(branch)
    return parser


def run_command(words: Sequence[str]) -> int:
    """Do what the words ask for; returns the exit code, 2 for words that are not understood."""
    words = _command_first(words)
    chosen = words[0] if words and words[0] in COMMANDS else "run"
    module = import_module(COMMANDS[chosen].module)
    if chosen in LIKE_A_RUN:
        return int(module.main(words[words[:1] == [chosen] :]))
    try:
        words = getattr(module, "arranged", list)(words)
        options = tree(chosen).parse_args(words)
    except SystemExit as stop:
        return int(stop.code or 0)
    return int(module.main(options))


def _command_first(words: Sequence[str]) -> Sequence[str]:
    """The words with the command in front, where only flags and their values stand before it.

    >>> _command_first(["--config-dir", "mine", "staff", "company=mine"])
    ['staff', '--config-dir', 'mine', 'company=mine']
    >>> _command_first(["--config-dir=mine", "staff"]), _command_first(["--config-dir", "staff"])
    (['staff', '--config-dir=mine'], ['--config-dir', 'staff'])
    """
    for place, word in enumerate(words):
        awaits = place and _awaits_a_value(words[place - 1])
        if word in COMMANDS and not awaits:
            return [word, *words[:place], *words[place + 1 :]]
        if not (word.startswith("-") or awaits):
            break
    return words


def _awaits_a_value(word: str) -> bool:
    return word.startswith("-") and "=" not in word


TEXT = """\
orgdes: which way of dividing a company into departments serves its customers best?

usage: orgdes [command] [group=choice ...] [key=value ...] [options]

commands (orgdes COMMAND --help tells more)
{commands}

examples
  orgdes                                    the default company by function, customer, product
  orgdes structure=function,matrix staffing.headcount=20,24,28
  orgdes --config-dir mine company=mine     your own files, here mine/company/mine.yaml
  orgdes study=NAME                         a prepared study

choices (group=choice)
{choices}

sweeps (every combination is run, all with the same customers)
  key=a,b,c  key=range(1,10,3)  group=glob(f*)    values one by one
  key=interval(0.8,1.2)      points in between; sweep.samples=64 sweep.sampler=lhs|sobol
  sweep.design=FILE.csv      a table (CSV, Parquet): one row a scenario, columns are keys
  --yes                      run a sweep of more than a million scenarios

settings
  experiment.replications=30  experiment.seed=7  experiment.jobs=4  experiment.horizon_weeks=104
  sweep.folder=DIR           where results go, instead of results/<study>-<design>
  sweep.figures=false        leave out figures/, the figures of the report as files
  report.title=TEXT          how the report is dressed, also of stored results: orgdes report --help

options (Hydra's)
  --config-dir DIR           add a folder with your own company/, structure/, study/ ... files
  --config-name NAME         another primary config
  --cfg job                  show the composed scenario and stop; --info tells how it was composed
  -m, --multirun             accepted and not needed: every run is a sweep
  --hydra-help               more of Hydra's options
  -sc install=bash           tab completion: eval "$(orgdes -sc install=bash)"
  --version                  version of orgdes

exit codes: 0 fine, 1 some scenarios failed, 2 bad input and nothing run, 130 interrupted
"""
WIDTH = 100


def help_text(argv: Sequence[str] = ()) -> str:
    """The help, with the choices of the shipped configs and of a user's folder."""
    own = read_arguments(list(argv)).config_dir
    folders = [configs(), *([own] if own and own.is_dir() else [])]
    lines = (_line(group, names) for group in GROUPS if (names := choices(group, folders)))
    commands = (f"  {name:<14} {command.does}" for name, command in COMMANDS.items())
    return TEXT.format(choices="\n".join(lines), commands="\n".join(commands)).rstrip()


def choices(group: str, folders: Sequence[Path]) -> list[str]:
    """Names of the files of a group."""
    return sorted({path.stem for folder in folders for path in (folder / group).glob("*.yaml")})


def _line(group: str, names: Sequence[str]) -> str:
    """A group with its choices, wrapped below each other."""
    first, rest = f"  {group:<13}", " " * 15
    return fill(", ".join(names), WIDTH, initial_indent=first, subsequent_indent=rest)
