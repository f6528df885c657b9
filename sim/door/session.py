"""What one run of the command carries from the command line through Hydra to the study and back.

Invariant: it hangs on the task function that Hydra passes around, so that nothing is global.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.door.arguments import Arguments
from sim.door.compose import Composer
from sim.door.copies import Copies
from sim.door.plan import Plan
from sim.door.progress import Lines, Shown, progress
from sim.door.telling import Refused

if TYPE_CHECKING:
    from hydra.core.config_loader import ConfigLoader

    from sim.study.design import Row
    from sim.study.nursery import Nursery

MANY = 1000
"""Replications of a sweep that will keep several processes busy, however small they are."""
MOST_A_CORE = 4
"""Workers of a core that are started before everything is checked; whoever wants more waits for them."""


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
    nursery: "Nursery | None" = None
    workers: "Nursery | None" = None
    copies: Copies | None = None
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

    def prepare_workers(
        self, experiment: Mapping[str, Any], composer: Composer, jobs: Sequence[Sequence[str]]
    ) -> None:
        """Start the workers of a large sweep, so that they are ready when all scenarios have been checked.

        Copies of this process check some of them.
        """
        from sim.study.backends import cores
        from sim.study.nursery import Nursery

        count: Any = experiment.get("replications")
        width: Any = experiment.get("jobs")
        known = isinstance(count, int) and isinstance(width, int) and experiment.get("backend") == "local"
        width = (width or cores()) if known else 1
        large = count * len(jobs) >= MANY if known else False
        if not large or not 1 < width <= MOST_A_CORE * cores() or not (self.nursery or Nursery.possible()):
            self.dismiss_workers()
            return
        if len(jobs) >= MANY:
            self.copies = Copies(composer, jobs, min(width, cores()) - 1)
            self.copies.begin()
        self.workers, self.nursery = self.nursery or Nursery(), None
        try:
            self.workers.begin(width)
        except OSError:  # workers are started one by one then
            self.dismiss_workers()

    def dismiss_workers(self) -> None:
        """End the workers that were started ahead, whatever they do."""
        for nursery in (self.workers, self.nursery):
            if nursery is not None:
                nursery.close(now=True)
        self.workers = self.nursery = None
        if self.copies is not None:
            self.copies.close()
        self.copies = None

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
            f"{path.parent.name}/{path.name}": path.read_text(encoding="utf-8")
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
