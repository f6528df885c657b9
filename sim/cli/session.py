"""What one run of the command carries from the command line through Hydra to the study and back.

Invariant: nothing is global; where Hydra runs it, it hangs on the task function that Hydra passes around.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.arguments import Arguments
from sim.cli.progress import Lines, Shown, progress
from sim.config.compose import Composer
from sim.config.override import Override
from sim.config.plan import Asked, Plan
from sim.report.presentation import PLAIN, Presentation

if TYPE_CHECKING:
    from sim.study.design import Row


@dataclass
class Session:
    """A run of the command: what was asked, and how it ended."""

    arguments: Arguments = field(default_factory=Arguments)
    typed: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    given: list[Override] = field(default_factory=list)
    """The overrides that passed their checks."""
    asked: Asked = field(init=False)
    plan: Plan | None = None
    jobs: list[list[str]] = field(default_factory=list)
    """The overrides of every scenario."""
    notes: list[str] = field(default_factory=list)
    checked: "tuple[list[list[str]], list[Row]] | None" = None
    codes: list[int] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)

    dress: Presentation = PLAIN
    composer: Composer = field(init=False)
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
