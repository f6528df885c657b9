"""What one run of the command carries from the command line through Hydra to the study and back.

Invariant: it hangs on the task function that Hydra passes around, so that nothing is global.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.door.arguments import Arguments
from sim.door.compose import Composer
from sim.door.plan import Plan
from sim.door.progress import Lines, Shown, progress
from sim.door.telling import Refused

if TYPE_CHECKING:
    from hydra.core.config_loader import ConfigLoader

    from sim.study.design import Row


@dataclass
class Session:
    """A run of the command: what was asked, and how it ended."""

    arguments: Arguments = field(default_factory=Arguments)
    typed: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    plan: Plan | None = None
    notes: list[str] = field(default_factory=list)
    checked: "tuple[list[list[str]], list[Row]] | None" = None
    codes: list[int] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)
    refused: Refused | None = None

    composer: Composer | None = None
    watch: Shown | Lines = field(default_factory=progress)
    announced: bool = False

    def announce_compiling(self) -> None:
        """Say so when the first function is compiled; the first look at an organisation may do it."""
        from sim import jit

        if not self.announced:
            jit.on_first_compile(
                lambda: self.watch.message("compiling the engine, once; this can take a minute")
            )
        self.announced = True

    def composer_over(self, loader: "ConfigLoader", config_name: str) -> Composer:
        """The composer that checked the command line; one over Hydra's loader when others started Hydra."""
        if self.composer is None:
            self.composer = Composer(loader, config_name)
        return self.composer

    @property
    def exit_code(self) -> int:
        """The gravest of all endings: 130 before 2 before 1 before 0."""
        return max(self.codes, default=0)

    def places_of(self, index: int) -> dict[str, str]:
        """Key -> place of the settings of scenario number `index` that nobody typed."""
        return {**self.plan.origins, **self.plan.axes.origins(index)} if self.plan else {}

    def provenance(self) -> dict[str, Any]:
        """What results keep of the request: the command as typed, the user's own files, no folders."""
        from sim.study.provenance import without_paths

        command = ["orgdes", *map(without_paths, self.typed)]
        files = {
            f"{path.parent.name}/{path.name}": without_paths(path.read_text(encoding="utf-8"))
            for path in self.files
            if path.is_file()
        }
        return {"command": command, "user_files": files} if self.typed or files else {}

    def refuse(self, refusal: Refused) -> SystemExit:
        """The exception that leaves Hydra without a traceback."""
        self.refused = refusal
        self.codes.append(2)
        return SystemExit(2)


def session_of(task: Any) -> Session:
    """The session that a task function carries; a new one when Hydra was started by somebody else."""
    found = getattr(task, "session", None)
    return found if isinstance(found, Session) else Session()
