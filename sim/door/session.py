"""What one run of the command carries from the command line through Hydra to the study and back.

Invariant: it hangs on the task function that Hydra passes around, so that nothing is global.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.door.arguments import Arguments
from sim.door.overrides import Given
from sim.door.telling import Refused


@dataclass
class Session:
    """A run of the command: what was asked, and how it ended."""

    arguments: Arguments = field(default_factory=Arguments)
    given: tuple[Given, ...] = ()
    origins: dict[str, str] = field(default_factory=dict)
    codes: list[int] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)
    refused: Refused | None = None

    @property
    def exit_code(self) -> int:
        """The gravest of all endings: 130 before 2 before 1 before 0."""
        return max(self.codes, default=0)

    def refuse(self, refusal: Refused) -> SystemExit:
        """The exception that leaves Hydra without a traceback."""
        self.refused = refusal
        self.codes.append(2)
        return SystemExit(2)


def session_of(task: Any) -> Session:
    """The session that a task function carries; a new one when Hydra was started by somebody else."""
    found = getattr(task, "session", None)
    return found if isinstance(found, Session) else Session()


def last_words(argv: Sequence[str]) -> str:
    """The command line as one would type it again."""
    import shlex

    return shlex.join(["orgdes", *argv])
