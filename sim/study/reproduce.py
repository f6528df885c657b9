"""Does a result folder come out the same on this machine? A sample of its replications, computed again.

Invariant: equal means equal to the last bit, in every table; the folder is only read.
"""

import math
import random
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.study.batch import diagnosis, work_function
from sim.study.fingerprint import model_fingerprint
from sim.study.options import WORK, Progress, Silent
from sim.study.run import Columns, RunTables

if TYPE_CHECKING:
    from sim.study.results import Results

FEWEST = 20
"""Replications that are computed again even of a small folder."""
METRICS = "metrics"
RUN = ["scenario", "replication"]
Cells = dict[str, list[str]]


@dataclass(frozen=True)
class Reproduction:
    """What computing again has shown.

    `replications`: all that the folder holds. `checked`: (scenario, replication) of those computed again.
    `different`: (scenario, replication, what differs or went wrong, in words). `same_model`: does the folder
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
    """Compute a share of the folder's replications again, at least FEWEST or all, drawn at random.

    Parameters
    ----------
    seed : of the sample; None draws another one every time, so that nobody can know what will be looked at.

    Raises
    ------
    DamagedResults
        when the folder cannot be read, any file is not the one its manifest lists, or it holds none.
    ValueError
        when the share is not above 0 and at most 1.
    """
    from sim.study.results import load_results, verified

    if not 0.0 < share <= 1.0:
        raise ValueError(f"the share to compute again is {share}; it must be above 0 and at most 1")
    progress = progress or Silent()
    verified(Path(folder), everything=True)
    loaded = load_results(folder, verify=False)
    stored, runs = _by_run(loaded)
    count = min(len(runs), max(FEWEST, math.ceil(share * len(runs))))
    chosen = runs if count == len(runs) else sorted(random.Random(seed).sample(runs, count))
    progress.start(len(chosen), 0)
    different: list[tuple[int, int, str]] = []
    for run in chosen:
        different += [(*run, found) for found in _compared(loaded, stored, run, work)]
        progress.advance(1)
    same_model = loaded.manifest.get("model") == model_fingerprint()
    return Reproduction(len(runs), tuple(chosen), tuple(different), same_model)


def _by_run(loaded: "Results") -> tuple[dict[str, Any], list[tuple[int, int]]]:
    """The tables by scenario and replication, and these pairs; others, as of staffing, follow from them."""
    from sim.study.results import DamagedResults

    tables: dict[str, Any] = {METRICS: loaded.results.drop(columns="structure"), **loaded.extras}
    stored: dict[str, Any] = {
        name: table.groupby(RUN) for name, table in tables.items() if {*RUN} <= {*table.columns}
    }
    runs = sorted((int(scenario), int(number)) for scenario, number in stored[METRICS].indices)
    if not runs:
        raise DamagedResults("the folder holds no finished replication")
    return stored, runs


def _compared(loaded: "Results", stored: dict[str, Any], run: tuple[int, int], work: str) -> list[str]:
    """What comes out otherwise, or went wrong."""
    from sim.model.check import BadScenario
    from sim.study.results import DamagedResults, scenario_of

    plain = scenario_of(loaded.scenarios, run[0])
    try:
        return _different(stored, run, work_function(work)(plain, run[1]))
    except BadScenario as wrong:
        raise DamagedResults(f"scenario {run[0]} is none that can be run: {wrong}") from wrong
    except Exception as error:  # what was computed there fails here
        return [diagnosis(error)]


def _different(stored: dict[str, Any], run: tuple[int, int], again: RunTables) -> list[str]:
    from sim.study.store.batch import metric_columns

    computed: dict[str, Columns] = {METRICS: metric_columns(again.metrics), **again.extras}
    before = {name: groups.get_group(run) for name, groups in stored.items() if run in groups.indices}
    names = sorted({*before, *computed}, key=lambda name: (name != METRICS, name))
    return [
        difference
        for name in names
        if (difference := _difference(name, _columns(before.get(name)), _columns(computed.get(name))))
    ]


def _difference(name: str, stored: Cells, computed: Cells) -> str:
    """The first cell that differs, to the last bit, and how many more; empty when none does."""
    if stored == computed or not any([*stored.values(), *computed.values()]):
        return ""
    rows = {len(next(iter(table.values()), [])) for table in (stored, computed)}
    if set(stored) != set(computed) or len(rows) > 1:
        return f"{name}: stored {_size(stored)}, computed {_size(computed)}"
    cells = [
        (row, column)
        for row in range(rows.pop())
        for column in stored
        if stored[column][row] != computed[column][row]
    ]
    row, column = cells[0]
    which = [
        text for key in ("metric", "scope", "kind", "segment", "week") if (text := _cell(stored, key, row))
    ]
    where = " ".join(which) if name == METRICS else f"{name}, row {row} ({', '.join(which)})"
    unit = _cell(stored, "unit", row) if column == "value" else ""
    label = "" if name == METRICS and column == "value" else f" {column}"
    more = f"; {len(cells) - 1:,} more cells of it differ" if len(cells) > 1 else ""
    return (
        f"{where}{label}: stored {stored[column][row]}, computed {computed[column][row]} {unit}".strip()
        + more
    )


def _size(table: Cells) -> str:
    return f"{len(next(iter(table.values()), []))} rows of {len(table)} columns"


def _cell(table: Cells, column: str, row: int) -> str:
    return table[column][row].strip("'") if column in table else ""


def _columns(table: Any) -> Cells:
    """The cells of a table as text that tells floats apart to the last bit, and NaN from nothing."""
    if table is None:
        return {}
    names = sorted(str(name) for name in table if name not in ("scenario", "replication"))
    return {name: [repr(_plain(value)) for value in table[name]] for name in names}


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
