"""The tables of a finished sweep, put together from its batches.

Invariant: rows stand in the order of scenarios, replications and the unit's own rows, so that equal
designs give equal files whoever computed them, in whatever order.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.study.design import Unit
from sim.study.store.batch import FACTS, METRICS, decode
from sim.study.store.files import sync_folder, temporary_name
from sim.study.store.folder import Finished

UNITS_AT_A_TIME = 200_000
RESULTS = "results"


def write_tables(
    folder: Path,
    batches: Path,
    units: Sequence[Unit],
    finished: dict[str, Finished],
    structures: Sequence[str],
) -> dict[str, int]:
    """Write `results.parquet` and a file for every extra table; give the number of rows of each.

    `units` in table order; those that are not finished well are left out.
    """
    done = [unit for unit in units if unit.key in finished and finished[unit.key].status == "ok"]
    writers: dict[str, _Writer] = {}
    fields = _fields([batches / name for name in sorted({finished[unit.key].batch for unit in done})])
    try:
        for start in range(0, max(len(done), 1), UNITS_AT_A_TIME):
            part = done[start : start + UNITS_AT_A_TIME]
            whole = _gathered(batches, part, finished, fields)
            for name, columns in fields.items():
                table = _flattened(whole, name, columns, part, structures)
                if name not in writers:
                    writers[name] = _Writer(folder, RESULTS if name == "metrics" else name, table.schema)
                writers[name].write(table)
    finally:
        rows = {name: writer.close() for name, writer in writers.items()}
    return rows


def write_table(folder: Path, name: str, table: pa.Table) -> None:
    """Write one table as `<name>.parquet`."""
    writer = _Writer(folder, name, table.schema)
    writer.write(table)
    writer.close()


class _Writer:
    """A Parquet file that gets its name when it is complete."""

    def __init__(self, folder: Path, name: str, schema: pa.Schema) -> None:
        self._final = folder / f"{name}.parquet"
        self._temporary = folder / temporary_name()
        self._writer = pq.ParquetWriter(self._temporary, schema, compression="zstd", write_page_checksum=True)
        self._rows = 0

    def write(self, table: pa.Table) -> None:
        self._writer.write_table(table)
        self._rows += table.num_rows

    def close(self) -> int:
        self._writer.close()
        with self._temporary.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(self._temporary, self._final)
        sync_folder(self._final.parent)
        return self._rows


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


def _gathered(
    batches: Path, part: Sequence[Unit], finished: dict[str, Finished], fields: dict[str, list[pa.Field]]
) -> pa.Table:
    """One row for every unit of the part, in its order, with all columns of all tables."""
    position = {unit.key: number for number, unit in enumerate(part)}
    schema = pa.schema([field for columns in fields.values() for field in columns])
    found, places = [schema.empty_table()], [np.empty(0, np.int64)]
    for name in sorted({finished[unit.key].batch for unit in part}):
        table = decode(batches / name)
        keys = table.column("key").to_pylist()
        wanted = [finished[key].batch == name if key in position else False for key in keys]
        rows = np.flatnonzero(wanted)
        places.append(np.array([position[keys[row]] for row in rows], np.int64))
        found.append(_shaped(table.take(rows), schema))
    order = np.argsort(np.concatenate(places), kind="stable")
    return pa.concat_tables(found).take(order).combine_chunks()


def _shaped(table: pa.Table, schema: pa.Schema) -> pa.Table:
    def column(field: pa.Field) -> Any:
        if field.name in table.schema.names:
            return table.column(field.name).cast(field.type)
        return pa.nulls(table.num_rows, field.type)

    return pa.table([column(field) for field in schema], schema=schema)


def _flattened(
    whole: pa.Table, name: str, columns: Sequence[pa.Field], part: Sequence[Unit], structures: Sequence[str]
) -> pa.Table:
    lengths = pc.fill_null(pc.list_value_length(whole.column(columns[0].name)), 0).to_numpy()
    unit = np.repeat(np.arange(len(part)), lengths)
    scenario = np.array([each.index for each in part], np.int32)[unit]
    replication = np.array([each.replication for each in part], np.int32)[unit]
    front: dict[str, Any] = {"scenario": scenario}
    if name == "metrics":
        front["structure"] = pa.array(structures, pa.string()).take(pa.array(scenario))
    front["replication"] = replication
    own = {field.name.partition(".")[2]: pc.list_flatten(whole.column(field.name)) for field in columns}
    if name == "metrics":
        own = {column: own[column] for column in METRICS}
    return pa.table(front | own)


def scenario_rows(rows: Iterator[dict[str, Any]]) -> pa.Table:
    """A table of dictionaries with possibly different keys; values that are no plain cells become JSON."""
    listed = list(rows)
    keys = dict.fromkeys(key for row in listed for key in row)
    return pa.table({key: _cells([row.get(key) for row in listed]) for key in keys})


def _cells(values: list[Any]) -> pa.Array:
    import json

    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float} and kinds:
        if kinds == {int} and all(value is None or abs(value) < 2**63 for value in values):
            return pa.array(values, pa.int64())
        if float in kinds:
            return pa.array([None if value is None else float(value) for value in values], pa.float64())
    if kinds == {bool}:
        return pa.array(values, pa.bool_())
    texts = [value if value is None or isinstance(value, str) else json.dumps(value) for value in values]
    return pa.array(texts, pa.string())
