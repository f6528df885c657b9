"""`orgdes [overrides] [flags]`: the whole command line checked at once, then handed to Hydra.

Invariant: exit 0 fine, 1 some scenarios failed, 2 bad input and nothing run, 130 interrupted.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from sim.door.arguments import Arguments, read_arguments
from sim.door.interrupts import heard, unheard, was_interrupted
from sim.door.streams import too_little_memory
from sim.door.telling import Refused

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from sim.door.session import Session


def main(argv: Sequence[str]) -> int:
    """Check, compose, run."""
    arguments = read_arguments(argv)
    if "--help" in arguments.flags:
        from sim.door.help import help_text

        print(help_text(argv))
        return 0
    if "--version" in arguments.flags:
        import sim

        print(f"orgdes {sim.__version__}")
        return 0
    try:
        return _run(arguments, argv)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 2


def _run(arguments: Arguments, argv: Sequence[str]) -> int:
    if "--shell-completion" in arguments.flags:
        return _hydra(arguments, arguments.overrides, _task(None))
    if arguments.shows_only:
        _end_quietly_on_closed_pipe()
    from sim.door.preflight import preflight
    from sim.door.session import Session

    if trouble := too_little_memory():
        print(trouble, file=sys.stderr)
        return 1
    session = Session(arguments, tuple(argv))
    given = preflight(session)
    code = _hydra(arguments, [item.text for item in given], _task(session))
    if session.refused:
        raise session.refused
    return session.exit_code or code


def _hydra(arguments: Arguments, overrides: Sequence[str], task: Any) -> int:
    """Hand over to Hydra, which reads the command line of the process."""
    import hydra

    from sim.door.compose import hydra_settings
    from sim.door.shipped import configs, offer_plugin

    offer_plugin()
    before = sys.argv
    sys.argv = ["orgdes", *arguments.hydra_line(overrides)]
    settings: dict[str, Any] = hydra_settings()
    try:
        with unheard():  # the sweeper and the launcher hear again
            hydra.main(config_path=str(configs()), config_name="config", **settings)(task)()
    except SystemExit as end:
        if was_interrupted():
            raise KeyboardInterrupt from None
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        sys.argv = before
    return 0


def _task(session: "Session | None") -> Any:
    """The function that Hydra carries; Hydra's own launcher calls it once for each scenario."""

    def orgdes(config: "DictConfig") -> int:
        from hydra.core.hydra_config import HydraConfig

        from sim.door.session import Session
        from sim.door.single import run_single

        with heard():
            return run_single(session or Session(), config, cast("DictConfig", HydraConfig.get()))

    orgdes.session = session  # type: ignore[attr-defined]
    return orgdes


def _end_quietly_on_closed_pipe() -> None:
    """`orgdes --cfg job | head` is no error."""
    import signal

    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
