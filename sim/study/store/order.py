"""Runs of many batches, put in table order without holding them all.

Invariant: every wanted run comes out exactly once, in the order asked for, however batches cut the work.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from sim.study.design import Run
from sim.study.store.batch import decode
from sim.study.store.files import temporary_name
from sim.study.store.folder import Finished

RUNS_AT_A_TIME = 2_500
MOST_PARTS = 200
IN_MEMORY = 100_000_000
"""Bytes of batches whose rows can wait in memory, where they take about ten times as much."""
PLACE = "place"


def in_order(
    folder: Path, batches: Path, runs: Sequence[Run], finished: dict[str, Finished], schema: pa.Schema
) -> Iterator[tuple[Sequence[Run], pa.Table]]:
    """Stretches of the runs, each with a table of one row a run: columns of `schema`, null where absent.

    Every batch is read once; where runs may not fit into memory, their rows wait in temporary files of the
    folder, one for every stretch. Stretches depend on the number of runs alone, so that files do too.
    """
    size = max(RUNS_AT_A_TIME, -(-len(runs) // MOST_PARTS))
    place: dict[str, list[int]] = {}  # rows that say the same share a key and what was computed under it
    for number, run in enumerate(runs):
        place.setdefault(run.key, []).append(number)
    parts = max(1, -(-len(runs) // size))
    names = sorted({finished[run.key].batch for run in runs})
    large = sum((batches / name).stat().st_size for name in names) > IN_MEMORY
    shelves = [
        _Shelf(folder, schema.append(pa.field(PLACE, pa.int64())), on_disk=large and parts > 1)
        for _ in range(parts)
    ]
    for name in names:
        for number, table in _sorted_out(_wanted(batches, name, place, finished, schema), size):
            shelves[number].put(table)
    for number, shelf in enumerate(shelves):
        whole = shelf.take()
        order = np.argsort(whole.column(PLACE).to_numpy(), kind="stable")
        yield runs[number * size : (number + 1) * size], whole.combine_chunks().take(order)


class _Shelf:
    """Rows that wait for the others of their stretch."""

    def __init__(self, folder: Path, schema: pa.Schema, on_disk: bool) -> None:
        self._schema = schema
        self._rows: list[pa.Table] = []
        self._path = folder / temporary_name() if on_disk else None
        compressed = pa.ipc.IpcWriteOptions(compression="lz4")
        self._file = pa.ipc.new_file(str(self._path), schema, options=compressed) if on_disk else None

    def put(self, table: pa.Table) -> None:
        if self._file is None:
            self._rows.append(table)
        else:
            self._file.write_table(table)

    def take(self) -> pa.Table:
        if self._file is None or self._path is None:
            return pa.concat_tables([self._schema.empty_table(), *self._rows])
        self._file.close()
        with pa.OSFile(str(self._path)) as source:
            whole = pa.ipc.open_file(source).read_all()
        self._path.unlink()
        return whole


def _wanted(
    batches: Path, name: str, place: dict[str, list[int]], finished: dict[str, Finished], schema: pa.Schema
) -> pa.Table:
    """The runs of a batch that are wanted from it, with their places."""
    table = decode(batches / name)
    keys = table.column("key").to_pylist()
    held = {key: row for row, key in enumerate(keys) if key in place and finished[key].batch == name}
    rows = [row for key, row in held.items() for _ in place[key]]
    if rows != list(range(len(keys))):
        table = table.take(rows)
    places = pa.array([number for key in held for number in place[key]], pa.int64())
    return _shaped(table, schema).append_column(pa.field(PLACE, pa.int64()), places)


def _shaped(table: pa.Table, schema: pa.Schema) -> pa.Table:
    def column(field: pa.Field) -> Any:
        if field.name in table.schema.names:
            return table.column(field.name).cast(field.type)
        return pa.nulls(table.num_rows, field.type)

    return pa.table([column(field) for field in schema], schema=schema)


def _sorted_out(table: pa.Table, size: int) -> Iterator[tuple[int, pa.Table]]:
    """The rows of a table by the stretch they belong to."""
    stretch = table.column(PLACE).to_numpy() // size
    for number in np.unique(stretch).tolist():
        mine = stretch == number
        yield number, table if mine.all() else table.filter(pa.array(mine))
