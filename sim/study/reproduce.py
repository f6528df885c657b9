"""Does a result folder come out the same on this machine? A sample of its replications, computed again.

Invariant: equal means equal to the last bit, in every table; the folder is only read.
"""

import json
import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.study.chunk import told, work_function
from sim.study.fingerprint import model_fingerprint
from sim.study.terms import WORK, Progress, Silent
from sim.study.unit import Columns, UnitTables


@dataclass(frozen=True)
class Reproduction:
    """What computing again has shown.

    `replications`: all that the folder holds. `checked`: (scenario, replication) of those computed again.
    `different`: (scenario, replication, name of the table, or what went wrong). `same_model`: does the folder
    come from this version of the model?
    """

    replications: int
    checked: tuple[tuple[int, int], ...]
    different: tuple[tuple[int, int, str], ...]
    same_model: bool = True

    @property
    def identical(self) -> bool:
        """Were all tables of all checked replications the same?"""
        return not self.different

    @property
    def scenarios(self) -> int:
        """How many scenarios were looked at."""
        return len({scenario for scenario, _ in self.checked})

    @property
    def identical_scenarios(self) -> int:
        """How many of them came out the same in everything that was looked at."""
        return self.scenarios - len({scenario for scenario, _, _ in self.different})


def reproduce(
    folder: Path | str,
    share: float = 0.05,
    *,
    seed: int | None = None,
    work: str = WORK,
    progress: Progress | None = None,
) -> Reproduction:
    """Compute a share of the folder's replications again, at least one, drawn at random.

    Parameters
    ----------
    seed : of the sample; None draws another one every time, so that nobody can know what will be looked at.

    Raises
    ------
    DamagedResults
        when the folder cannot be read, its files are not those its manifest lists, or it holds none.
    ValueError
        when the share is not above 0 and at most 1.
    """
    from sim.study.results import load_results

    if not 0.0 < share <= 1.0:
        raise ValueError(f"the share to compute again is {share}; it must be above 0 and at most 1")
    progress = progress or Silent()
    loaded = load_results(folder)
    configs, stored, units = _by_unit(loaded)
    count = math.ceil(share * len(units))
    chosen = units if count == len(units) else sorted(random.Random(seed).sample(units, count))
    progress.start(len(chosen), 0)
    different: list[tuple[int, int, str]] = []
    for unit in chosen:
        different += [(*unit, name) for name in _compared(configs, stored, unit, work)]
        progress.advance(1)
    same_model = loaded.manifest.get("model") == model_fingerprint()
    return Reproduction(len(units), tuple(chosen), tuple(different), same_model)


def _by_unit(loaded: Any) -> tuple[Mapping[int, str], dict[str, Any], list[tuple[int, int]]]:
    """Scenarios as JSON by number, the tables by scenario and replication, and these pairs."""
    from sim.study.results import DamagedResults

    try:
        configs = dict(zip(loaded.scenarios["scenario"].tolist(), loaded.scenarios["config"], strict=True))
        tables = {"metrics": loaded.results.drop(columns="structure"), **loaded.extras}
        stored = {name: table.groupby(["scenario", "replication"]) for name, table in tables.items()}
        units = sorted((int(pair[0]), int(pair[1])) for pair in stored["metrics"].indices)
    except (KeyError, TypeError, ValueError) as wrong:
        raise DamagedResults(f"the tables are not those of a study: {told(wrong)}") from wrong
    if not units:
        raise DamagedResults("the folder holds no finished replication")
    return configs, stored, units


def _compared(
    configs: Mapping[int, str], stored: dict[str, Any], unit: tuple[int, int], work: str
) -> list[str]:
    """Names of the tables that come out otherwise, or what went wrong."""
    from sim.model.check import BadScenario
    from sim.study.results import DamagedResults

    try:
        plain = json.loads(configs[unit[0]])
        if not isinstance(plain, dict):
            raise TypeError("it is no mapping of settings")
    except (KeyError, TypeError, ValueError, RecursionError) as wrong:
        raise DamagedResults(f"scenario {unit[0]} cannot be read: {told(wrong)}") from wrong
    try:
        return _different(stored, unit, work_function(work)(plain, unit[1]))
    except BadScenario as wrong:
        raise DamagedResults(f"scenario {unit[0]} is none that can be run: {wrong}") from wrong
    except Exception as error:  # what was computed there fails here
        return [told(error)]


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
