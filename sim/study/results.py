"""Reading a result folder, also one that came by e-mail.

Invariant: only Parquet and JSON are read, only regular files inside the folder, and with `verify` only
files whose SHA-256 stands in the manifest.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.study.store.files import sha256_of, unsealed
from sim.study.unit import TABLE_NAME

if TYPE_CHECKING:
    import pandas as pd

LARGEST_MANIFEST = 200_000_000
"""Bytes; a manifest beyond that is no manifest."""


class DamagedResults(Exception):
    """The folder cannot be trusted or read; the text says which file and why."""


@dataclass(frozen=True)
class Results:
    """The tables of a folder as pandas frames.

    `results`: scenario, structure, replication, metric, scope, value, unit. `scenarios`: one row a scenario.
    `extras`: name of the table -> frame. `manifest`: where the results come from.
    """

    folder: Path
    results: "pd.DataFrame"
    scenarios: "pd.DataFrame"
    extras: "dict[str, pd.DataFrame]"
    manifest: dict[str, Any]

    def __repr__(self) -> str:
        """One line for notebooks."""
        done = "" if self.complete else ", not complete"
        return (
            f"<Results {self.folder.name}: {len(self.scenarios)} scenarios, {len(self.results):,} rows{done}>"
        )

    @property
    def complete(self) -> bool:
        """Has everything that was asked for been computed?"""
        return bool(self.manifest.get("complete"))


def load_results(folder: Path | str, *, verify: bool = True) -> Results:
    """The tables of a result folder.

    Raises
    ------
    DamagedResults
        when a file is missing, is no regular file of the folder, or differs from the manifest.
    """
    place = Path(folder)
    if not place.is_dir():
        raise DamagedResults(f"{place.name} is not a folder of results")
    manifest = _manifest(place)
    listed = manifest.get("files", {}) if verify else None
    names = {str(name) for name in manifest.get("tables", ())} | {"results", "scenarios"}
    wanted = sorted(name for name in names if re.fullmatch(TABLE_NAME, name))
    frames = {name: _frame(place / f"{name}.parquet", listed) for name in wanted}
    return Results(place, frames.pop("results"), frames.pop("scenarios"), frames, manifest)


def _manifest(folder: Path) -> dict[str, Any]:
    path = _regular(folder / "manifest.json")
    if path.stat().st_size > LARGEST_MANIFEST:
        raise DamagedResults("manifest.json is too large to be one")
    found = unsealed(path)
    if found is None or not _is_sound(found):
        raise DamagedResults("manifest.json is damaged, or no manifest; run the same command again")
    return found


def _is_sound(manifest: dict[str, Any]) -> bool:
    return isinstance(manifest.get("files", {}), dict) and isinstance(manifest.get("tables", []), list)


def _frame(path: Path, listed: dict[str, Any] | None) -> "pd.DataFrame":
    import pyarrow as pa
    import pyarrow.parquet as pq

    _regular(path)
    if listed is not None and listed.get(path.name, "") != sha256_of(path):
        raise DamagedResults(
            f"{path.name} is not the file that manifest.json lists; run the same command again"
        )
    try:
        table = pq.ParquetFile(path, page_checksum_verification=True).read()
    except (pa.ArrowException, OSError) as error:
        raise DamagedResults(f"{path.name} cannot be read ({error})") from error
    frame: pd.DataFrame = table.to_pandas(ignore_metadata=True)
    return frame


def _regular(path: Path) -> Path:
    if path.is_symlink() or not path.is_file():
        raise DamagedResults(f"{path.name} is missing, or no file of the folder itself")
    return path
