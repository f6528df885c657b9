"""What one run of the command carries from the command line through Hydra to the study and back.

Invariant: it hangs on the task function that Hydra passes around, so that nothing is global.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.door.arguments import Arguments
from sim.door.plan import Setting
from sim.door.sweep import Axes
from sim.door.telling import Refused


@dataclass
class Session:
    """A run of the command: what was asked, and how it ended."""

    arguments: Arguments = field(default_factory=Arguments)
    axes: Axes | None = None
    origins: dict[str, str] = field(default_factory=dict)
    codes: list[int] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)
    refused: Refused | None = None

    @property
    def setting(self) -> Setting:
        """What the plan of a sweep needs to know of the command line."""
        return Setting(self.arguments.config_dir, self.arguments.yes)

    @property
    def exit_code(self) -> int:
        """The gravest of all endings: 130 before 2 before 1 before 0."""
        return max(self.codes, default=0)

    def places_of(self, index: int) -> dict[str, str]:
        """Key -> place of the settings of scenario number `index` that nobody typed."""
        return {**self.origins, **(self.axes.origins(index) if self.axes else {})}

    def refuse(self, refusal: Refused) -> SystemExit:
        """The exception that leaves Hydra without a traceback."""
        self.refused = refusal
        self.codes.append(2)
        return SystemExit(2)


def session_of(task: Any) -> Session:
    """The session that a task function carries; a new one when Hydra was started by somebody else."""
    found = getattr(task, "session", None)
    return found if isinstance(found, Session) else Session()
