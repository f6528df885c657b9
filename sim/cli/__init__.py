"""The `orgdes` command: the first word chooses a command, everything else is a run.

Invariant: cheap to import; a command's modules are imported when it is chosen.
"""

import sys
from collections.abc import Sequence

from sim.cli.commands import RENAMED, run_command
from sim.cli.streams import silence_output, streams_kept_writable, trouble_in_words
from sim.config.interrupts import remembered, was_interrupted


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line; returns its exit code: 0 fine, 1 something failed, 2 bad input, 130 interrupted."""
    with remembered(), streams_kept_writable():
        code = 0
        try:
            code = _command(list(sys.argv[1:] if argv is None else argv))
            sys.stdout.flush()
        except BrokenPipeError:  # whoever reads it has had enough
            silence_output()
        except KeyboardInterrupt:
            return _interrupted()
        except Exception as error:
            if was_interrupted():  # of an interruption in their middle some libraries make other errors
                return _interrupted()
            if not (trouble := trouble_in_words(error)):
                raise
            silence_output()
            print(trouble, file=sys.stderr)
            return 1
        return code


def _command(words: list[str]) -> int:
    if words and words[0] in ("--help", "-h", "help"):
        from sim.cli.commands import help_text

        print(help_text(words[1:]))
        return 0
    if words and (new := RENAMED.get(words[0])):
        print(f"note: orgdes {words[0]} is called orgdes {new} now", file=sys.stderr)
        words[0] = new
    return run_command(words)


def _interrupted() -> int:
    print("\ninterrupted", file=sys.stderr)
    return 130
