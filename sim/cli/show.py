"""What `--cfg`, `--info`, `--hydra-help` and tab completion print.

Invariant: `--cfg job` shows the scenario that would be run, composed by the same code.
"""

import os
from argparse import Namespace

from sim.cli.arguments import Arguments
from sim.cli.launch import hydra_over
from sim.cli.session import Session
from sim.config.compose import composer_for
from sim.config.diagnostics import COMMAND_LINE, Refused, diagnostic
from sim.config.override import complaints, reason_of
from sim.config.values import at_path


def show(session: Session) -> None:
    """Print what was asked for, of the first scenario of the sweep.

    Raises
    ------
    Refused
        when there is no such part.
    """
    flags, name = session.arguments.flags, session.arguments.config_name
    settings = [item.text for item in session.given if item.key.startswith(("hydra", "sweep."))]
    overrides = [*settings, *session.jobs[0]]
    if "--info" in flags:
        hydra_over(session.composer).show_info(flags["--info"], name, overrides)
    elif "--hydra-help" in flags:
        from hydra._internal.utils import get_args_parser

        hydra_over(session.composer).hydra_help(None, get_args_parser(), Namespace(overrides=[]))
    elif flags["--cfg"] == "job":
        print(_heading(session) + _job(session, overrides, flags.get("--package", "_global_")), end="")
    else:
        package = flags.get("--package")
        try:
            hydra_over(session.composer).show_cfg(
                name, overrides, flags["--cfg"], package, "--resolve" in flags
            )
        except SystemExit as end:  # it has said so
            raise _no_part(package or "") from end


def complete(arguments: Arguments) -> int:
    """Tab completion, as Hydra does it."""
    if arguments.wrong:
        raise Refused(arguments.wrong)
    if "COMP_LINE" not in os.environ and any(word.startswith("query") for word in arguments.overrides):
        asked = "only a shell asks for completions, with what was typed so far"
        raise Refused(
            [diagnostic(COMMAND_LINE, "--shell-completion", asked, "install=bash or uninstall=bash")]
        )
    hydra = hydra_over(composer_for(arguments.config_dir, arguments.config_name))
    try:
        hydra.shell_completion(arguments.config_name, arguments.overrides)
    except complaints() as problem:
        raise Refused([diagnostic(COMMAND_LINE, "--shell-completion", reason_of(problem))]) from problem
    return 0


def _heading(session: Session) -> str:
    """What the other scenarios have instead."""
    assert session.plan
    axes = session.plan.axes
    lines = (
        [f"The first of {axes.count:,} scenarios, which differ in", *axes.described()]
        if axes.count > 1
        else []
    )
    return "".join(f"# {line}\n" for line in lines)


def _job(session: Session, overrides: list[str], package: str) -> str:
    from omegaconf import OmegaConf

    whole = session.composer.whole(overrides)
    try:
        part = whole if package == "_global_" else at_path(whole, tuple(package.split(".")))
    except KeyError as problem:
        raise _no_part(package) from problem
    return OmegaConf.to_yaml(OmegaConf.create(part)) if isinstance(part, dict | list) else f"{part}\n"


def _no_part(package: str) -> Refused:
    return Refused([diagnostic(COMMAND_LINE, "--package", f"{package} is not in the config")])
