"""Does a result folder come out the same on this machine? A sample of its replications, computed again.

Invariant: equal means equal to the last bit, in every table; the folder is only read.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.study.chunk import work_function
from sim.study.design import balanced_order
from sim.study.terms import WORK
from sim.study.unit import Columns, UnitTables


@dataclass(frozen=True)
class Reproduction:
    """What computing again has shown. `different`: (scenario, replication, name of the table)."""

    replications: int
    checked: int
    different: tuple[tuple[int, int, str], ...]

    @property
    def identical(self) -> bool:
        """Were all tables of all checked replications the same?"""
        return not self.different


def reproduce(folder: Path | str, share: float = 0.05, *, work: str = WORK) -> Reproduction:
    """Compute a share of the folder's replications again, at least one, spread evenly over its scenarios.

    Raises
    ------
    DamagedResults
        when the folder cannot be read, or its files are not those its manifest lists.
    ValueError
        when the share is not above 0 and at most 1.
    """
    from sim.study.results import load_results

    if not 0.0 < share <= 1.0:
        raise ValueError(f"the share to compute again is {share}; it must be above 0 and at most 1")
    loaded = load_results(folder)
    configs = loaded.scenarios.set_index("scenario")["config"]
    tables = {"metrics": loaded.results.drop(columns="structure"), **loaded.extras}
    stored: dict[str, Any] = {
        name: frame.groupby(["scenario", "replication"]) for name, frame in tables.items()
    }
    units: list[tuple[int, int]] = sorted(stored["metrics"].indices)
    chosen = [units[place] for place in balanced_order(len(units))[: math.ceil(share * len(units))]]
    different: list[tuple[int, int, str]] = []
    for unit in chosen:
        again = work_function(work)(json.loads(configs[unit[0]]), int(unit[1]))
        different += [(int(unit[0]), int(unit[1]), name) for name in _different(stored, unit, again)]
    return Reproduction(len(units), len(chosen), tuple(different))


def _different(stored: dict[str, Any], unit: tuple[int, int], again: UnitTables) -> list[str]:
    from sim.study.store.batch import metric_columns

    computed: dict[str, Columns] = {"metrics": metric_columns(again.metrics), **again.extras}
    before = {name: groups.get_group(unit) for name, groups in stored.items() if unit in groups.indices}
    return [
        name for name in sorted({*before, *computed}) if _text(before.get(name)) != _text(computed.get(name))
    ]


def _text(table: Any) -> str:
    """The content of a table as text that tells floats apart to the last bit; empty and absent are one."""
    if table is None:
        return ""
    columns = {str(name): list(table[name]) for name in table if name not in ("scenario", "replication")}
    if not any(columns.values()):
        return ""
    return repr({name: [_plain(value) for value in values] for name, values in sorted(columns.items())})


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
