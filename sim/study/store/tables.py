"""The tables of a finished sweep, put together from its batches.

Invariant: rows stand in the order of scenarios, replications and the unit's own rows, so that equal
designs give equal files whoever computed them, in whatever order.
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
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
ROWS_AT_A_TIME = 20_000
RESULTS = "results"


def write_tables(
    folder: Path,
    batches: Path,
    units: Sequence[Unit],
    finished: dict[str, Finished],
    structures: Sequence[str],
) -> None:
    """Write `results.parquet` and a file for every extra table.

    `units` in table order; those that are not finished well are left out.
    """
    done = [unit for unit in units if unit.key in finished and finished[unit.key].status == "ok"]
    writers: dict[str, _Writer] = {}
    fields = _fields([batches / name for name in sorted({finished[unit.key].batch for unit in done})])
    for start in range(0, max(len(done), 1), UNITS_AT_A_TIME):
        part = done[start : start + UNITS_AT_A_TIME]
        whole = _gathered(batches, part, finished, fields)
        for name, columns in fields.items():
            table = _flattened(whole, name, columns, part, structures)
            if name not in writers:
                writers[name] = _Writer(folder, RESULTS if name == "metrics" else name, table.schema)
            writers[name].write(table)
    for writer in writers.values():
        writer.close()


def write_rows(folder: Path, name: str, rows: Callable[[], Iterator[dict[str, Any]]]) -> None:
    """Write dictionaries with possibly different keys as `<name>.parquet`; lists and the like become JSON.

    `rows` is gone through twice, first for the kinds of the columns, so that not all rows are held at once.
    """
    kinds: dict[str, set[type]] = {}
    for row in rows():
        for key, value in row.items():
            kinds.setdefault(key, set()).add(_kind(value))
    columns = {key: _arrow_type(found) for key, found in kinds.items()}
    schema = pa.schema(list(columns.items()))
    writer = _Writer(folder, name, schema)
    for part in _parts(rows(), ROWS_AT_A_TIME):
        cells = [pa.array([_cell(row.get(key), kind) for row in part], kind) for key, kind in columns.items()]
        writer.write(pa.table(cells, schema=schema))
    writer.close()


class _Writer:
    """A Parquet file that gets its name when it is complete."""

    def __init__(self, folder: Path, name: str, schema: pa.Schema) -> None:
        self._final = folder / f"{name}.parquet"
        self._temporary = folder / temporary_name()
        self._writer = pq.ParquetWriter(self._temporary, schema, compression="zstd", write_page_checksum=True)

    def write(self, table: pa.Table) -> None:
        self._writer.write_table(table)

    def close(self) -> None:
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


def _parts(rows: Iterator[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    while part := list(islice(rows, size)):
        yield part


def _kind(value: Any) -> type:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63:
        return str
    return type(value)


def _arrow_type(kinds: set[type]) -> pa.DataType:
    """The narrowest kind of column for such values: whole numbers, numbers, truth values, else text."""
    known = kinds - {type(None)}
    if known == {int}:
        return pa.int64()
    if known == {bool}:
        return pa.bool_()
    return pa.float64() if known and known <= {int, float} else pa.string()


def _cell(value: Any, kind: pa.DataType) -> Any:
    if value is None:
        return None
    if kind == pa.string():
        return value if isinstance(value, str) else json.dumps(value)
    return float(value) if kind == pa.float64() else value
