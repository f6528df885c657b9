"""What replications measured, as the tables that analysis reads.

Invariant: a row of the scenarios is a row that was asked for, in its order.
"""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.study.bench import Figures
from sim.study.design import Row

if TYPE_CHECKING:
    import pandas as pd

LOADS: Final = frozenset({"load", "desk_load", "lasting_load", "lasting_desk_load"})
COMPANY: Final = "company"


class Frames(NamedTuple):
    """Results as analysis reads them."""

    results: "pd.DataFrame"
    scenarios: "pd.DataFrame"
    extras: dict[str, "pd.DataFrame"]


def frames(
    rows: Sequence[Row], measured: Sequence[Sequence[Figures | None]], units: Mapping[str, str]
) -> Frames:
    """What was measured of the company, and expected loads, as tables; a row of `rows` is a scenario."""
    import pandas as pd

    cells = [
        (scenario, rows[scenario].structure, number, metric, scope, value, units[metric])
        for scenario, own in enumerate(measured)
        for number, figures in enumerate(own)
        for (metric, scope), value in (figures or {}).items()
        if scope == COMPANY or metric in LOADS
    ]
    names = ("scenario", "structure", "replication", "metric", "scope", "value", "unit")
    columns = zip(*cells, strict=True) if cells else ([] for _ in names)
    results = pd.DataFrame(dict(zip(names, map(list, columns), strict=True)))
    scenarios = pd.DataFrame(
        {
            "scenario": range(len(rows)),
            "structure": [row.structure for row in rows],
            "status": ["ok" if all(own) else "stopped: budget" for own in measured],
            "config": [json.dumps(row.scenario) for row in rows],
        }
    )
    return Frames(results, scenarios, {})
