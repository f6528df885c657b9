"""The tables of a finished sweep, put together from its batches.

Invariant: rows stand in the order of scenarios, replications and the run's own rows, so that equal
designs give equal files whoever computed them, in whatever order.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.study.design import Run
from sim.study.run import Columns
from sim.study.store.batch import FACTS, METRICS
from sim.study.store.files import sync_folder, temporary_name
from sim.study.store.folder import Finished
from sim.study.store.order import in_order

RESULTS = "results"


def write_tables(
    folder: Path,
    batches: Path,
    runs: Sequence[Run],
    finished: dict[str, Finished],
    structures: Sequence[str],
) -> list[str]:
    """Write `results.parquet` and a file for every extra table; gives the names of the tables.

    `runs` in table order; those that are not finished well are left out.
    """
    done = [run for run in runs if run.key in finished and finished[run.key].status == "ok"]
    writers: dict[str, TableFile] = {}
    fields = _fields([batches / name for name in sorted({finished[run.key].batch for run in done})])
    schema = pa.schema([field for columns in fields.values() for field in columns])
    for part, whole in in_order(folder, batches, done, finished, schema):
        for name, columns in fields.items():
            table = _flattened(whole, name, columns, part, structures)
            if name not in writers:
                writers[name] = TableFile(folder, RESULTS if name == "metrics" else name, table.schema)
            writers[name].write(table)
    for writer in writers.values():
        writer.close()
    return [RESULTS if name == "metrics" else name for name in fields]


def write_table(folder: Path, name: str, columns: Columns) -> None:
    """Write a small table that no run has left: column -> values."""
    table = pa.table({column: pa.array(values) for column, values in columns.items()})
    writer = TableFile(folder, name, table.schema)
    writer.write(table)
    writer.close()


class TableFile:
    """A Parquet file that gets its name when it is complete."""

    def __init__(self, folder: Path, name: str, schema: pa.Schema) -> None:
        self._final = folder / f"{name}.parquet"
        self._temporary = folder / temporary_name()
        self._writer = pq.ParquetWriter(self._temporary, schema, compression="zstd", write_page_checksum=True)

    def write(self, table: pa.Table) -> None:
        """Add rows."""
        self._writer.write_table(table)

    def close(self) -> None:
        """Put the file under its final name."""
        self._writer.close()
        with self._temporary.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(self._temporary, self._final)
        sync_folder(self._final.parent)


def _fields(files: Sequence[Path]) -> dict[str, list[pa.Field]]:
    """Tables and their columns over all batches; the metrics come first and always exist."""
    empty = pa.schema(
        [(f"metrics.{name}", pa.list_(pa.float64() if name == "value" else pa.string())) for name in METRICS]
    )
    schemas = [pq.read_schema(file).remove_metadata() for file in files]
    whole = pa.unify_schemas([empty, *schemas], promote_options="permissive")
    tables: dict[str, list[pa.Field]] = {}
    for field in whole:
        if field.name not in FACTS.names:
            tables.setdefault(field.name.partition(".")[0], []).append(field)
    return {name: tables[name] for name in ["metrics", *sorted(set(tables) - {"metrics"})]}


def _flattened(
    whole: pa.Table, name: str, columns: Sequence[pa.Field], part: Sequence[Run], structures: Sequence[str]
) -> pa.Table:
    lengths = pc.fill_null(pc.list_value_length(whole.column(columns[0].name)), 0).to_numpy()
    run = np.repeat(np.arange(len(part)), lengths)
    scenario = np.array([each.index for each in part], np.int32)[run]
    replication = np.array([each.replication for each in part], np.int32)[run]
    front: dict[str, Any] = {"scenario": scenario}
    if name == "metrics":
        front["structure"] = pa.array(structures, pa.string()).take(pa.array(scenario))
    front["replication"] = replication
    own = {field.name.partition(".")[2]: pc.list_flatten(whole.column(field.name)) for field in columns}
    if name == "metrics":
        own = {column: own[column] for column in METRICS}
    return pa.table(front | own)
