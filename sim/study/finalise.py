"""The end of a session: tables, scenario list, manifest.

Invariant: a manifest that says complete is written last, after every file it lists.
"""

import hashlib
import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from sim.study import provenance
from sim.study.design import Design, Run, portable
from sim.study.fingerprint import stream_version
from sim.study.options import Options
from sim.study.run import TABLE_NAME, Columns
from sim.study.store.files import sealed, sha256_of, unsealed, write_safely
from sim.study.store.folder import BATCHES, JOURNAL, QUARANTINE, Store
from sim.study.store.lock import NAME as LOCK

MANIFEST = "manifest.json"
FORMAT = 2
PRODUCTS = (
    "summary.csv",
    "staffing.csv",
    "frontier.csv",
    "selection.csv",
    "structures/",
    "turns.csv",
    "crossover.csv",
    "unknowns.csv",
    "drivers.csv",
    "rules.csv",
    "report.html",
    "report.xlsx",
    "screen.json",
    "figures/",
)
"""What `finish` makes from the tables."""
UNLISTED = (MANIFEST, LOCK, JOURNAL)
"""Files the manifest says nothing about: itself, and those that change without it."""


@dataclass(frozen=True)
class Ending:
    """A session whose computing has ended."""

    design: Design
    store: Store
    runs: Sequence[Run]
    options: Options
    started: str

    def status(self, run: Run) -> str:
        """How a run ended; "missing" when it has not been computed."""
        found = self.store.finished.get(run.key)
        return found.status if found else "missing"

    @cached_property
    def request(self) -> str:
        """Digest of everything the tables are to show."""
        total = hashlib.sha256()
        for run in self.runs:
            total.update(f"{run.key} {self.status(run)}\n".encode())
        for row in self.design.rows:
            total.update(f"{row.label}\n{row.infeasible}\n".encode())
        return total.hexdigest()


def finalise(
    ending: Ending,
    finish: Callable[[Path], None] | None,
    *,
    always: bool,
    more: Mapping[str, Columns] | None = None,
) -> None:
    """Write the tables, let `finish` add to them where there is something to tell, and seal the folder.

    Unless `always`, nothing is written when the folder holds all of it already. `more`: further tables, with
    the number of a scenario in each row.
    """
    from sim.study.store.scenarios import write_scenarios
    from sim.study.store.tables import write_table, write_tables

    folder = ending.store.folder
    if not always and _stands(ending):
        return
    structures = [row.structure for row in ending.design.rows]
    tables = write_tables(folder, ending.store.batches, ending.runs, ending.store.finished, structures)
    write_scenarios(folder, [portable(row.scenario) for row in ending.design.rows], _row_facts(ending))
    for name, columns in (more or {}).items():
        write_table(folder, name, columns)
    tables += list(more or {})
    _remove_old_tables(folder, {*tables, "scenarios"})
    about = _about(ending) | {"tables": [*tables, "scenarios"]}
    _write_manifest(folder, about | {"complete": False})
    if finish is not None and any(ending.status(run) == "ok" for run in ending.runs):
        finish(folder)
    missing = any(ending.status(run) == "missing" for run in ending.runs)
    _write_manifest(folder, about | {"complete": not missing, "files": dict(_files(folder))})


def reseal(folder: Path) -> None:
    """List the files anew that `finish` makes, after it has made them again; all others stay as they were."""
    manifest = unsealed(folder / MANIFEST) or {}
    made = dict(_files(folder, PRODUCTS))
    kept = {name: known for name, known in manifest.get("files", {}).items() if not _of(name, PRODUCTS)}
    _write_manifest(folder, manifest | {"files": kept | made})


def replay(ending: Ending, run: Run) -> str:
    """The command that repeats one run and shows what happens."""
    which = (f"--scenario={run.index}", f"--replication={run.replication}")
    return shlex.join(["orgdes", "replay", ending.store.folder.name, *which])


def _row_facts(ending: Ending) -> Callable[[int], dict[str, str | int]]:
    """What the scenario table says of a row besides its settings, by its number."""
    by_scenario: dict[int, list[Run]] = {}
    for run in ending.runs:
        by_scenario.setdefault(run.index, []).append(run)

    def facts(index: int) -> dict[str, str | int]:
        row, runs = ending.design.rows[index], by_scenario.get(index, [])
        status, message, worst = _verdict(ending, runs)
        return {
            "scenario": index,
            "name": row.label,
            "structure": row.structure,
            "status": "infeasible" if row.infeasible else status,
            "message": row.infeasible or message,
            "replay": replay(ending, worst) if worst else "",
            "replications": sum(ending.status(run) == "ok" for run in runs),
            "overrides": " ".join(row.overrides),
            "swept": json.dumps(dict(map(_setting, row.overrides)), ensure_ascii=False),
            "digest": ending.design.digests[index],
        }

    return facts


def _setting(override: str) -> tuple[str, str]:
    """Key and value of an override.

    >>> _setting("++staffing.workers={private:7}")
    ('staffing.workers', '{private:7}')
    """
    key, _, value = override.partition("=")
    return key.lstrip("+~"), value


def _verdict(ending: Ending, runs: Sequence[Run]) -> tuple[str, str, Run | None]:
    """Status of a scenario: its first run that did not end well speaks for it."""
    for run in runs:
        status = ending.status(run)
        if status not in ("ok", "missing"):
            return status, ending.store.finished[run.key].message, run
    if any(ending.status(run) == "missing" for run in runs):
        return "incomplete", "not all replications are computed yet; run the same command again", None
    return "ok", "", None


def _about(ending: Ending) -> dict[str, Any]:
    design = ending.design
    seeds = sorted({row.scenario.get("experiment", {}).get("seed", 0) for row in design.rows})
    return {
        "format": FORMAT,
        "study": ending.options.study,
        "design": design.identity,
        "request": ending.request,
        "products": ending.options.products,
        "scenarios": len(design.rows),
        "units": len(ending.runs),
        "seeds": seeds[:100],
        "stream_version": stream_version(),
        "model": design.fingerprint,
        "overrides": sorted({override for row in design.rows[:1000] for override in row.overrides}),
        "configs_sha256": design.identity,
        "versions": provenance.versions(),
        "source": provenance.source(),
        "machine": provenance.machine(),
        "command": provenance.command_line(),
        "started": ending.started,
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
        "sessions": ending.store.sessions,
        "notes": list(ending.store.notes),
        **ending.options.provenance,
    }


def _write_manifest(folder: Path, about: dict[str, Any]) -> None:
    write_safely(folder / MANIFEST, sealed(about))


def _remove_old_tables(folder: Path, present: set[str]) -> None:
    """Take away tables of an earlier run that this one no longer has; files of others stay."""
    before = (unsealed(folder / MANIFEST) or {}).get("tables", [])
    for name in {str(name) for name in before} - present:
        if re.fullmatch(TABLE_NAME, name):
            (folder / f"{name}.parquet").unlink(missing_ok=True)


def _of(name: str, places: Sequence[str]) -> bool:
    return not places or name in places or name.partition("/")[0] + "/" in places


def _files(folder: Path, places: Sequence[str] = ()) -> Iterator[tuple[str, str]]:
    """Name and SHA-256 of the files of a folder, or of some files and folders in it."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        own = path.is_file() and not hidden and name not in UNLISTED
        if own and not name.startswith(f"{QUARANTINE}/") and _of(name, places):
            yield name, path.stem if name.startswith(f"{BATCHES}/") else sha256_of(path)


def _stands(ending: Ending) -> bool:
    """Does the folder already hold exactly what is asked for, undamaged?"""
    manifest = unsealed(ending.store.folder / MANIFEST) or {}
    wanted = {"format": FORMAT, "request": ending.request, "products": ending.options.products}
    current = all(manifest.get(key) == value for key, value in wanted.items())
    if not current or not manifest.get("complete"):
        return False
    listed = manifest.get("files", {})
    # Batches were compared with their names when the folder was opened.
    products = {name: digest for name, digest in listed.items() if not name.startswith(f"{BATCHES}/")}
    return "results.parquet" in products and all(
        (ending.store.folder / name).is_file() and sha256_of(ending.store.folder / name) == digest
        for name, digest in products.items()
    )
