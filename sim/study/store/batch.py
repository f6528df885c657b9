"""Batch files: the runs a worker has finished, one row a run, its tables as lists.

Invariant: encoding loses nothing of a run's tables, and a batch can be read without any other file.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.study.run import Columns

FACTS = pa.schema(
    [
        ("key", pa.string()),
        ("status", pa.string()),
        ("message", pa.string()),
        ("seconds", pa.float64()),
    ]
)
"""Columns every batch has; all others are called `table.column`."""

METRICS = ("metric", "scope", "value", "unit")


@dataclass(frozen=True)
class RunRecord:
    """A finished run: how it ended and the tables it left."""

    key: str
    status: str = "ok"
    message: str = ""
    seconds: float = 0.0
    tables: dict[str, Columns] = field(default_factory=dict)


def metric_columns(rows: Sequence[tuple[str, str, float, str]]) -> Columns:
    """The metric rows of a run as columns."""
    metric, scope, value, unit = zip(*rows, strict=True) if rows else ((), (), (), ())
    return {"metric": list(metric), "scope": list(scope), "value": np.array(value, float), "unit": list(unit)}


def encode(records: Sequence[RunRecord], design: str) -> bytes:
    """The Parquet file of some finished runs of the sweep that `design` names."""
    return parquet_bytes(_table(records).replace_schema_metadata({b"orgdes.design": design.encode()}))


def _table(records: Sequence[RunRecord]) -> pa.Table:
    columns: dict[str, Any] = {
        "key": [record.key for record in records],
        "status": [record.status for record in records],
        "message": [record.message for record in records],
        "seconds": [record.seconds for record in records],
    }
    names = ((name, column) for record in records for name in record.tables for column in record.tables[name])
    for name, column in dict.fromkeys(names):
        columns[f"{name}.{column}"] = _lists([record.tables.get(name, {}).get(column) for record in records])
    return pa.table(columns)


def parquet_bytes(table: pa.Table) -> bytes:
    """A table as a Parquet file with checksums of its pages."""
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", write_page_checksum=True)
    return buffer.getvalue()


def decode(path: Path, columns: list[str] | None = None) -> pa.Table:
    """A batch file, its pages checked.

    Raises
    ------
    pyarrow.ArrowException, OSError
        when the file is damaged.
    """
    return pq.ParquetFile(path, page_checksum_verification=True).read(columns)


def design_of(table: pa.Table) -> str:
    """The sweep a batch belongs to."""
    return str((table.schema.metadata or {}).get(b"orgdes.design", b"").decode())


def taken(path: Path, keys: Sequence[str], design: str) -> bytes:
    """Some runs of a batch as a batch of the sweep that `design` names."""
    table = decode(path)
    mine = table.filter(pc.is_in(table.column("key"), pa.array(keys, pa.string())))
    return parquet_bytes(mine.replace_schema_metadata({b"orgdes.design": design.encode()}))


def holds(path: Path, record: RunRecord) -> bool:
    """Does a batch hold this run with exactly these tables? How long it took does not count."""
    table = decode(path)
    stored = table.filter(pc.equal(table.column("key"), record.key)).to_pylist()
    again = _table([record]).to_pylist()
    # As text: NaN equals NaN there, and floats are told apart to the last bit.
    return bool(stored) and _telling(stored[-1]) == _telling(again[0])


def _telling(row: dict[str, Any]) -> str:
    return repr(
        sorted((name, value) for name, value in row.items() if name != "seconds" and value is not None)
    )


def _lists(parts: list[Any]) -> pa.Array:
    arrays = [None if part is None else _array(part) for part in parts]
    ends = np.cumsum([0, *(0 if array is None else len(array) for array in arrays)])
    offsets = pa.array(ends, pa.int32())
    present = [array for array in arrays if array is not None]
    kind = pa.unify_schemas(
        [pa.schema([("", array.type)]) for array in present], promote_options="permissive"
    ).types[0]
    values = pa.concat_arrays([array.cast(kind) for array in present])
    missing = pa.array([array is None for array in arrays])
    return pa.ListArray.from_arrays(offsets, values, mask=missing)


def _array(values: Any) -> pa.Array:
    plain = values if isinstance(values, list) else np.asarray(values)
    if isinstance(plain, np.ndarray) and plain.dtype.kind in "UO":
        plain = plain.tolist()
    # A column without rows has no kind of its own: the batches that have rows decide.
    return pa.array(plain, pa.null()) if isinstance(plain, list) and not plain else pa.array(plain)
