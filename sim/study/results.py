"""Reading a result folder, also one that came by e-mail.

Invariant: only Parquet and JSON are read, only regular files inside the folder, and with `verify` only
files whose SHA-256 stands in the manifest.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from sim.study.batch import diagnosis
from sim.study.run import TABLE_NAME
from sim.study.store.files import opened, sha256_of, unsealed

if TYPE_CHECKING:
    import pandas as pd

LARGEST_MANIFEST = 200_000_000
"""Bytes; a manifest beyond that is no manifest."""
MOST_CELLS, MOST_BYTES = 400_000_000, 8_000_000_000
"""Rows times columns of a table, and bytes in memory: forty thousand scenarios of twenty replications."""
KINDS = {"whole numbers": ("int",), "numbers": ("double", "float"), "text": ("string",)}
"""What a column may hold, and words in the names of Arrow's types that hold it."""
KEYS = {"scenario": "whole numbers", "replication": "whole numbers"}
OF_SCENARIOS = {"scenario": "whole numbers", "structure": "text", "people": "whole numbers"}
COLUMNS = {
    "staffing": OF_SCENARIOS,
    "frontier": OF_SCENARIOS,
    "selection": {
        **dict.fromkeys(("scenario", "world", "people", "replications", "size", "most"), "whole numbers"),
        **dict.fromkeys(("metric", "name", "structure", "state", "told_in"), "text"),
        **dict.fromkeys(("above", "margin", "scale"), "numbers"),
    },
    "search": {
        **dict.fromkeys(("scenario", "looked_at", "left_out"), "whole numbers"),
        **dict.fromkeys(("structure", "words", "config_dir", "limits"), "text"),
    },
    "turns": {
        **dict.fromkeys(("scenario", "structures"), "whole numbers"),
        **dict.fromkeys(("metric", "role", "key", "what", "unit", "source", "grade"), "text"),
        **dict.fromkeys(("value", "now", "low", "high"), "numbers"),
    },
    "unknowns": {
        **dict.fromkeys(("scenario", "structures", "trajectory"), "whole numbers"),
        **dict.fromkeys(("metric", "role"), "text"),
    },
    "unknown_inputs": {
        **dict.fromkeys(("scenario", "left_out"), "whole numbers"),
        **dict.fromkeys(("key", "what", "unit", "source", "grade"), "text"),
        **dict.fromkeys(("now", "low", "high"), "numbers"),
    },
    "crossover": {
        **dict.fromkeys(("scenario", "structures", "x", "y"), "whole numbers"),
        **dict.fromkeys(("metric", "x_key", "y_key", "x_what", "y_what", "x_unit", "y_unit"), "text"),
        **dict.fromkeys(
            (f"{axis}_{name}" for axis in "xy" for name in ("value", "now", "low", "high")), "numbers"
        ),
    },
    "results": {
        **KEYS,
        **dict.fromkeys(("structure", "metric", "scope", "unit"), "text"),
        "value": "numbers",
    },
    "scenarios": {
        "scenario": "whole numbers",
        **dict.fromkeys(("name", "structure", "status", "config"), "text"),
    },
}
"""Columns that a table must have, whoever wrote it; others have KEYS."""


class DamagedResults(Exception):
    """The folder cannot be trusted or read; `found` says of each file that is wrong what it is."""

    def __init__(self, *found: str) -> None:
        super().__init__("; ".join(found))
        self.found = found


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


def joined(first: Results, second: Results) -> Results:
    """The scenarios of two folders as if they were of one, those in both once."""
    import pandas as pd

    new = second.scenarios[~second.scenarios["digest"].isin(first.scenarios["digest"])]
    numbers = {own: len(first.scenarios) + place for place, own in enumerate(new["scenario"])}

    def both(one: "pd.DataFrame", other: "pd.DataFrame") -> "pd.DataFrame":
        rows = other[other["scenario"].isin(numbers)]
        return pd.concat([one, rows.assign(scenario=rows["scenario"].map(numbers))], ignore_index=True)

    extras = {
        name: both(table, second.extras[name])
        for name, table in first.extras.items()
        if name in second.extras
    }
    return Results(
        first.folder,
        both(first.results, second.results),
        both(first.scenarios, second.scenarios),
        extras,
        first.manifest,
    )


def load_results(folder: Path | str, *, verify: bool = True) -> Results:
    """The tables of a result folder.

    Raises
    ------
    DamagedResults
        when a file is missing, is no regular file of the folder, differs from the manifest, or holds no
        table of a study.
    """
    place = Path(folder)
    manifest = verified(place) if verify else _manifest(place)
    frames = {name: read_table(place, name) for name in _tables(manifest)}
    known = set(frames["scenarios"]["scenario"])
    for name, frame in frames.items():
        if strange := set(frame["scenario"]) - known:
            raise DamagedResults(
                f"{name}.parquet has a scenario {min(strange)} that scenarios.parquet has not"
            )
    return Results(place, frames.pop("results"), frames.pop("scenarios"), frames, manifest)


def verified(folder: Path, *, everything: bool = False) -> dict[str, Any]:
    """The manifest of a folder, whose tables are the listed ones; with `everything`, all listed files.

    Whoever rewrites a file and seals a manifest over it passes: to find that takes computing it again.

    Raises
    ------
    DamagedResults
        with all that is wrong.
    """
    if not folder.is_dir():
        raise DamagedResults(f"{folder.name} is not a folder of results")
    strange = [
        f"{name} is a link, a pipe or a device, no file of the folder itself" for name in _strange(folder)
    ]
    if strange:
        raise DamagedResults(*strange)
    manifest = _manifest(folder)
    listed: dict[str, Any] = manifest.get("files", {})
    if not listed:
        raise DamagedResults("manifest.json lists no files: the run that wrote it was not finished")
    names = {f"{name}.parquet" for name in _tables(manifest)} | (set(listed) if everything else set())
    damage = [wrong for name in sorted(names) if (wrong := _damage(folder, name, listed))]
    if damage:
        raise DamagedResults(*damage)
    return manifest


def read_table(folder: Path, name: str) -> "pd.DataFrame":
    """A table of a folder, its pages checked and its columns those of such a table.

    Raises
    ------
    DamagedResults
        when it is none, or larger than this machine can hold.
    """
    import pyarrow as pa

    try:
        table = _table(folder / f"{name}.parquet")
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        raise DamagedResults(f"{name}.parquet cannot be read ({diagnosis(error)})") from error
    if wrong := _wrong_columns(table, COLUMNS.get(name, KEYS)):
        raise DamagedResults(f"{name}.parquet holds no table of a study: {wrong}")
    frame: pd.DataFrame = table.to_pandas(ignore_metadata=True)
    return frame


def scenario_of(scenarios: "pd.DataFrame", number: int) -> dict[str, Any]:
    """The settings of a scenario of a folder.

    Raises
    ------
    DamagedResults
        when what is stored is none.
    """
    try:
        plain = json.loads(str(scenarios.set_index("scenario").at[number, "config"]))
        if not isinstance(plain, dict):
            raise TypeError("it is no mapping of settings")
    except (KeyError, TypeError, ValueError, RecursionError) as wrong:
        raise DamagedResults(f"scenario {number} cannot be read: {diagnosis(wrong)}") from wrong
    return plain


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    if not path.exists():
        raise DamagedResults("manifest.json is missing")
    if path.stat().st_size > LARGEST_MANIFEST:
        raise DamagedResults("manifest.json is too large to be one")
    found = unsealed(path)
    if found is None or not _is_sound(found):
        raise DamagedResults("manifest.json is damaged, or no manifest")
    return found


def _is_sound(manifest: dict[str, Any]) -> bool:
    return isinstance(manifest.get("files", {}), dict) and isinstance(manifest.get("tables", []), list)


def _tables(manifest: dict[str, Any]) -> list[str]:
    names = {str(name) for name in manifest.get("tables", ())} | {"results", "scenarios"}
    return sorted(name for name in names if re.fullmatch(TABLE_NAME, name))


def _strange(folder: Path, above: str = "") -> Iterator[str]:
    """What is neither a file nor a folder; links are not followed to find out more."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                yield from _strange(folder / entry.name, f"{above}{entry.name}/")
            elif not entry.is_file(follow_symlinks=False):
                yield f"{above}{entry.name}"


def _damage(folder: Path, name: str, listed: dict[str, Any]) -> str:
    if name not in listed:
        return f"{name} is not listed in manifest.json"
    if PurePath(name).is_absolute() or ".." in PurePath(name).parts:
        return f"{name} is listed in manifest.json and lies elsewhere"
    try:
        same = sha256_of(folder / name) == listed[name]
    except FileNotFoundError:
        return f"{name} is missing"
    except OSError as error:
        return f"{name} cannot be read ({error.strerror})"
    return "" if same else f"{name} is not the file that manifest.json lists"


def _table(path: Path) -> Any:
    """Read piece by piece, so that a small file that unpacks into an enormous table is given up in time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with opened(path) as source:
        file = pq.ParquetFile(source, page_checksum_verification=True)
        cells, size, parts = file.metadata.num_rows * file.metadata.num_columns, 0, []
        if cells > MOST_CELLS:
            raise ValueError(f"{file.metadata.num_rows:,} rows are more than a study has")
        for part in file.iter_batches():
            size += part.nbytes
            if size > MOST_BYTES:
                raise ValueError(f"it unpacks into more than {MOST_BYTES // 10**9} GB")
            parts.append(part)
        return pa.Table.from_batches(parts, file.schema_arrow)


def _wrong_columns(table: Any, wanted: dict[str, str]) -> str:
    for column, kind in wanted.items():
        if table.schema.names.count(column) != 1:
            return f"it has no column {column}"
        field = table.schema.field(column)
        if not any(text in str(field.type) for text in KINDS[kind]) or table.column(column).null_count:
            return f"its column {column} is not {kind} throughout"
    return ""
