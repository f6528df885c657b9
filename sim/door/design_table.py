"""Design tables: a CSV or Parquet file in which every row is a scenario and every column a key.

Invariant: a cell is read as the same text would be on the command line; an empty cell leaves the key alone.
"""

import csv
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sim.door.given import Given
from sim.door.telling import COMMAND_LINE, Refused, told


def read_table(path: Path) -> list[list[Given]]:
    """The rows of a design table, each a list of overrides with its line.

    Raises
    ------
    Refused
        when the file cannot be read as a table with a heading.
    """
    place = str(path)
    if not path.is_file():
        raise Refused([told(COMMAND_LINE, "sweep.design", f"file {path} not found (looked in {Path.cwd()})")])
    try:
        records = list(_parquet(path) if path.suffix.lower() in (".parquet", ".pq") else _csv(path))
    except (OSError, UnicodeDecodeError, ValueError, csv.Error) as problem:
        raise Refused([told(place, "sweep.design", f"cannot be read as a table ({problem})")]) from problem
    if not records:
        raise Refused(
            [
                told(
                    place,
                    "sweep.design",
                    "has no rows",
                    "A heading with dotted keys or groups, one row a scenario",
                )
            ]
        )
    return [
        [
            Given(f"{key}={_cell(value)}", f"{place}:{line}")
            for key, value in record.items()
            if not _empty(value)
        ]
        for line, record in records
    ]


def _csv(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        for record in reader:
            if None in record:
                raise ValueError(f"line {reader.line_num} has more cells than the heading")
            yield reader.line_num, {str(key).strip(): value for key, value in record.items()}


def _parquet(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    import pandas

    records: Iterable[dict[Any, Any]] = pandas.read_parquet(path).to_dict(orient="records")
    for number, record in enumerate(records, 1):
        yield number, {str(key): value for key, value in record.items()}


def _empty(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def _cell(value: Any) -> str:
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list):
        return f"[{','.join(map(_cell, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return value.strip() if isinstance(value, str) else repr(value)
