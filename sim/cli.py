"""The `orgdes` command: the first word chooses a command, everything else is a run.

Invariant: cheap to import; a command's modules are imported when it is chosen.
"""

import sys
from collections.abc import Sequence
from importlib import import_module

from sim.door.commands import COMMANDS
from sim.door.interrupts import noted, was_interrupted


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line; returns its exit code: 0 fine, 1 something failed, 2 bad input, 130 interrupted."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words and words[0] in ("--help", "-h", "help"):
        from sim.door.help import help_text

        print(help_text(words[1:]))
        return 0
    module = COMMANDS["run"]
    if words and words[0] in COMMANDS:
        module = COMMANDS[words.pop(0)]
    with noted():
        try:
            return int(import_module(module).main(words))
        except KeyboardInterrupt:
            pass
        except Exception:  # of an interruption in their middle some libraries make other errors
            if not was_interrupted():
                raise
    print("\ninterrupted", file=sys.stderr)
    return 130


if __name__ == "__main__":
    sys.exit(main())
