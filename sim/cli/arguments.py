"""The command line of a run, taken apart: Hydra's flags, overrides, and the little that is our own.

Invariant: flags may stand anywhere; what they say against each other is told like every other mistake.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.config.diagnostics import COMMAND_LINE, Diagnostic, diagnostic
from sim.model.mistake import nearest

SWITCHES = {
    "--help": "--help", "-h": "--help",
    "--hydra-help": "--hydra-help",
    "--version": "--version",
    "--resolve": "--resolve",
    "--run": "--run", "-r": "--run",
    "--multirun": "--multirun", "-m": "--multirun",
    "--shell-completion": "--shell-completion", "-sc": "--shell-completion",
    "--yes": "--yes",
}  # fmt: skip
WITH_VALUE = {
    "--cfg": "--cfg", "-c": "--cfg",
    "--package": "--package", "-p": "--package",
    "--config-name": "--config-name", "-cn": "--config-name",
    "--config-dir": "--config-dir", "-cd": "--config-dir",
    "--config-path": "--config-path", "-cp": "--config-path",
    "--experimental-rerun": "--experimental-rerun",
    "--info": "--info", "-i": "--info",
}  # fmt: skip
INFO = ("all", "config", "defaults", "defaults-tree", "plugins", "searchpath")
CHOICES = {"--cfg": ("job", "hydra", "all"), "--info": INFO}
REFUSED = {
    "--config-path": "would hide the shipped configs. Use --config-dir to add a folder of your own",
    "--experimental-rerun": "reads a file that can run code. Give the overrides again",
}

ACTIONS = ("--run", "--multirun", "--cfg", "--info", "--hydra-help", "--shell-completion")
"""What Hydra can be asked for, one at a time."""


@dataclass
class Arguments:
    """Flags with their values (empty for a switch), overrides, and what could not be understood.

    `report`: how the report is dressed. It is no setting of a scenario, so that nothing else depends on it.
    """

    flags: dict[str, str] = field(default_factory=dict)
    overrides: list[str] = field(default_factory=list)
    report: list[str] = field(default_factory=list)
    wrong: list[Diagnostic] = field(default_factory=list)

    @property
    def config_dir(self) -> Path | None:
        """The user's own folder of configs."""
        return Path(self.flags["--config-dir"]) if "--config-dir" in self.flags else None

    @property
    def config_name(self) -> str:
        """Name of the primary config."""
        return self.flags.get("--config-name", "config").removesuffix(".yaml")

    @property
    def yes(self) -> bool:
        """Was a very large sweep meant?"""
        return "--yes" in self.flags

    @property
    def shows_only(self) -> bool:
        """Is Hydra asked to show something instead of running?"""
        return bool({"--cfg", "--info", "--hydra-help", "--shell-completion"} & self.flags.keys())


def read_arguments(argv: Sequence[str]) -> Arguments:
    """Take a command line apart.

    >>> read_arguments(["structure=matrix", "-m", "--config-dir=mine"]).flags
    {'--multirun': '', '--config-dir': 'mine'}
    """
    found = Arguments()
    words = list(argv)
    while words:
        word = words.pop(0)
        name, equals, attached = word.partition("=")
        if name.startswith("report.") and equals:
            found.report.append(word)
        elif not word.startswith("-"):
            found.overrides.append(word)
        elif name in SWITCHES and not equals:
            found.flags[SWITCHES[name]] = ""
        elif name in WITH_VALUE:
            _with_value(found, WITH_VALUE[name], attached if equals else None, words)
        else:
            suggestion = nearest(name, [flag for flag in (*SWITCHES, *WITH_VALUE) if flag.startswith("--")])
            found.wrong.append(
                diagnostic(COMMAND_LINE, word, "unknown option", "", "See orgdes --help", suggestion)
            )
    found.wrong += _wrong_pairs(found)
    if "--run" in found.flags:
        found.overrides.append("hydra.mode=RUN")
    return found


def _wrong_pairs(found: Arguments) -> Iterator[Diagnostic]:
    """Options that exclude or need each other."""
    asked = [flag for flag in ACTIONS if flag in found.flags]
    modes = [text for text in found.overrides if text.startswith("hydra.mode=")]
    if modes and asked[:1] in (["--run"], ["--multirun"]):
        asked.append(modes[0])
    if len(asked) > 1:
        yield diagnostic(COMMAND_LINE, " ".join(asked), "exclude each other", "", "Give one")
    for flag in ("--resolve", "--package"):
        if flag in found.flags and "--cfg" not in found.flags:
            yield diagnostic(
                COMMAND_LINE, flag, "says how to show a config, and needs --cfg", "", "Add --cfg job"
            )


def _with_value(found: Arguments, flag: str, attached: str | None, words: list[str]) -> None:
    choices = CHOICES.get(flag, ())
    if attached is None and flag == "--info" and not (words and words[0] in INFO):
        attached = "all"
    if attached is None and not words:
        found.wrong.append(diagnostic(COMMAND_LINE, flag, "needs a value", ", ".join(choices)))
        return
    value = words.pop(0) if attached is None else attached
    if flag in REFUSED:
        found.wrong.append(diagnostic(COMMAND_LINE, flag, REFUSED[flag]))
    elif choices and value not in choices:
        found.wrong.append(
            diagnostic(
                COMMAND_LINE,
                flag,
                f'unknown choice "{value}"',
                f"Known: {', '.join(choices)}",
                suggestion=nearest(value, choices),
            )
        )
    else:
        found.flags[flag] = value
