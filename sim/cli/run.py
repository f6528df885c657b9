"""`orgdes [overrides] [flags]`: the whole command line checked at once, then run, or shown.

Invariant: exit 0 fine, 1 some scenarios failed, 2 bad input and nothing run, 130 interrupted.
"""

import sys
from collections.abc import Sequence

from sim.cli.arguments import Arguments, read_arguments
from sim.cli.streams import too_little_memory
from sim.config.diagnostics import Refused


def main(argv: Sequence[str]) -> int:
    """Check, compose, run."""
    arguments = read_arguments(argv)
    if "--help" in arguments.flags:
        from sim.cli.commands import help_text

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
        from sim.cli.show import complete

        return complete(arguments)
    from sim.cli.launch import is_for_hydra, run_jobs, run_through_hydra
    from sim.cli.preflight import preflight
    from sim.cli.session import Session

    if trouble := too_little_memory():
        print(trouble, file=sys.stderr)
        return 1
    session = Session(arguments, tuple(argv))
    preflight(session)
    if arguments.shows_only:
        from sim.cli.show import show

        show(session)
    elif is_for_hydra(session):
        run_through_hydra(session)
    else:
        run_jobs(session, session.jobs)
    return session.exit_code
