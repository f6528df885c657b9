"""The table of scenarios: one row a scenario, its settings as dotted columns.

Invariant: groups of settings that many scenarios share are looked at once, so that a sweep over one lever
costs as much as that lever.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from sim.schema.paths import flat
from sim.study.design import RUN_SETTINGS, canonical
from sim.study.store.tables import TableFile

ROWS_AT_A_TIME = 5_000


@dataclass(frozen=True)
class _Group:
    """One group of settings: its different contents, and which of them every scenario has."""

    texts: list[str]
    columns: dict[str, pa.Array]
    which: list[int | None]


def write_scenarios(
    folder: Path, scenarios: Sequence[Mapping[str, Any]], about: Callable[[int], Mapping[str, str | int]]
) -> None:
    """Write `scenarios.parquet`: what `about` says of each, its settings, and all of it as JSON in `config`.

    Run settings have no column of their own. Values that are no plain cells become JSON.
    """
    names = dict.fromkeys(name for plain in scenarios for name in plain)
    groups = {name: _group(scenarios, name) for name in names}
    writer: TableFile | None = None
    for start in range(0, len(scenarios), ROWS_AT_A_TIME):
        numbers = range(start, min(start + ROWS_AT_A_TIME, len(scenarios)))
        table = _part(groups, numbers, about)
        writer = writer or TableFile(folder, "scenarios", table.schema)
        writer.write(table)
    if writer is not None:
        writer.close()


def _part(groups: dict[str, _Group], numbers: range, about: Callable[[int], Mapping[str, Any]]) -> pa.Table:
    front = [about(number) for number in numbers]
    columns = {key: pa.array([row[key] for row in front]) for key in front[0]}
    for group in groups.values():
        which = pa.array([group.which[number] for number in numbers], pa.int32())
        columns |= {key: values.take(which) for key, values in group.columns.items()}
    columns["config"] = pa.array([_config(groups, number) for number in numbers], pa.string())
    return pa.table(columns)


def _group(scenarios: Sequence[Mapping[str, Any]], name: str) -> _Group:
    texts: dict[str, int] = {}
    flats: list[dict[str, Any]] = []
    which: list[int | None] = []
    for plain in scenarios:
        if name not in plain:
            which.append(None)
            continue
        text = canonical(plain[name])
        if text not in texts:
            texts[text] = len(texts)
            flats.append(dict(_settings(name, plain[name])))
        which.append(texts[text])
    keys = dict.fromkeys(key for content in flats for key in content)
    columns = {key: _column([content.get(key) for content in flats]) for key in keys}
    return _Group(list(texts), columns, which)


def _settings(name: str, content: Any) -> Iterator[tuple[str, Any]]:
    for key, value in flat({name: content}).items():
        if name != "experiment" or key.split(".")[1] not in RUN_SETTINGS:
            yield key, value


def _config(groups: dict[str, _Group], number: int) -> str:
    parts = (
        f"{json.dumps(name, ensure_ascii=False)}:{group.texts[place]}"
        for name, group in groups.items()
        if (place := group.which[number]) is not None
    )
    return "{" + ",".join(parts) + "}"


def _column(values: list[Any]) -> pa.Array:
    """The narrowest kind of column for such values: whole numbers, numbers, truth values, else text."""
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool} or (kinds == {int} and all(value is None or abs(value) < 2**63 for value in values)):
        return pa.array(values)
    if float in kinds and kinds <= {int, float}:
        return pa.array([None if value is None else float(value) for value in values])
    texts = [value if value is None or isinstance(value, str) else json.dumps(value) for value in values]
    return pa.array(texts, pa.string())
