"""The best of many scenarios that meet the same customers, and which others may be it.

Invariant: only scenarios that are ranked compete; that the best is among those left holds with 95 %.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.analysis.catalogue import judged
from sim.analysis.comparison_groups import comparison_groups
from sim.analysis.differences import scales
from sim.analysis.estimates import Matrix
from sim.analysis.exact import Floats
from sim.analysis.leaders import competitors
from sim.analysis.screening import screen

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.compare import Results

TABLE = "selection"
HANDFUL = 5
"""More scenarios than these are many: the best mean of them owes something to chance."""
NOT_DESIGNED = ("company.", "demand.", "customers.", "people.", "coordination.", "experiment.")
"""Where these differ, nobody chooses between the scenarios, unless that was asked for."""
BY = ("response_time_mean", "satisfaction_mean")
COLUMNS = (
    "scenario", "told", "world", "metric", "name", "structure", "people", "state", "replications", "mean",
    "above", "size", "margin", "told_in", "scale", "most",
)  # fmt: skip
BEST, LEFT, OUT, UNRANKED = "best", "may be the best", "screened out", "not ranked"


class Field(NamedTuple):
    """Scenarios that compete, with (scenarios, replications) values: lower is better."""

    scenarios: tuple[int, ...]
    values: Floats
    unit: str


class Margin(NamedTuple):
    """A difference that does not matter: in the unit of the metric, and as it is told."""

    value: float
    told: float
    told_in: str
    scale: float


@dataclass(frozen=True)
class Choice:
    """The best by a metric, and who else may be it.

    size : scenarios that competed; unranked : those that could not. left : names of those that may be the
    best, the best itself first. margin, within : the difference that does not matter, and by how much another
    may at most be better, in `told_in`. replications : of those left. scenario : the best among fresh
    replications, -1 where there are none. most : replications there may be, 0 where the number was given.
    """

    metric: str
    size: int
    unranked: int
    left: tuple[str, ...]
    margin: float
    within: float
    told_in: str
    replications: int
    scenario: int = -1
    most: int = 0

    @property
    def best(self) -> str:
        """Its name."""
        return self.left[0]

    @property
    def settled(self) -> bool:
        """Whether no other is better by as much as matters."""
        return self.within <= self.margin


def fields(values: Matrix, found: pd.DataFrame, status: pd.DataFrame, metric: str) -> dict[int, Field]:
    """Who competes in each setting by a metric, where two can be ranked."""
    rows = competitors(found, status)
    rows = rows[rows["metric"] == metric].sort_values("row")
    units = found["unit"].to_numpy()
    return {
        int(str(setting)): Field(
            tuple(own["scenario"].tolist()),
            -own["sign"].to_numpy(np.float64)[:, None] * values.values[own["row"].to_numpy(np.int64)],
            str(units[own["row"].iloc[0]]),
        )
        for setting, own in rows.groupby("setting", sort=False)
    }


def margin_of(metric: str, unit: str, mean: float, share: float | None = None) -> Margin:
    """The difference from a mean that does not matter: that of every verdict, or `share` (of 100 points).

    >>> margin_of("response_time_mean", "h", 10.0)
    Margin(value=0.3, told=3.0, told_in='%', scale=10.0)
    >>> margin_of("satisfaction_mean", "0 to 100", 70.0, 0.02)
    Margin(value=2.0, told=2.0, told_in='points', scale=1.0)
    """
    rule = judged(metric) if share is None else judged(metric)._replace(margin=share)
    scale, told, words = scales([rule], [unit], np.array([abs(mean)]))
    return Margin(float(told[0] / scale[0]), float(told[0]), words[0], float(scale[0]))


def best_of_many(
    values: Matrix, found: pd.DataFrame, status: pd.DataFrame, scenarios: pd.DataFrame
) -> list[Choice]:
    """The best by speed and by satisfaction of many that meet the same customers, screened once."""
    if len(scenarios) <= HANDFUL:
        return []
    worlds = dict(zip(scenarios["scenario"].tolist(), _worlds(scenarios), strict=True))
    place = found["scenario"].map(worlds)
    chosen = []
    for metric in BY:
        for world, own in fields(values, found.assign(setting=place), status, metric).items():
            if len(own.scenarios) > HANDFUL:
                together = scenarios[scenarios["scenario"].map(worlds) == world]
                chosen.append(_choice(metric, own, together))
    return chosen


def _worlds(scenarios: pd.DataFrame) -> list[int]:
    """Number of the group of scenarios between which somebody chooses, for each scenario."""
    names = [str(name) for name in scenarios.columns if str(name).startswith(NOT_DESIGNED)]
    varying = [name for name in names if scenarios[name].nunique(dropna=False) > 1]
    if not varying:
        return [0] * len(scenarios)
    return list(scenarios.groupby([scenarios[name].astype(str) for name in varying], sort=False).ngroup())


def _choice(metric: str, own: Field, together: pd.DataFrame) -> Choice:
    shown = screen(own.values, len(own.scenarios), 1)
    names = comparison_groups(together, str(together["scenario"].iloc[0])).names
    margin = margin_of(metric, own.unit, float(shown.mean[shown.best]))
    order = [place for place in np.argsort(shown.mean, kind="stable").tolist() if shown.left[place]]
    return Choice(
        metric,
        len(own.scenarios),
        len(together) - len(own.scenarios),
        tuple(names[own.scenarios[place]] for place in order),
        margin.told,
        float(shown.above.max()) * margin.scale,
        margin.told_in,
        own.values.shape[1],
    )


def names_of(scenarios: Sequence[Mapping[str, Any]]) -> list[str]:
    """What scenarios that compete are called: the structure, and what tells it apart from the others."""
    import pandas as pd

    cells = ({key: _cell(value) for key, value in plain.items()} for plain in scenarios)
    table = pd.DataFrame(list(cells)).assign(scenario=range(len(scenarios)))
    found = comparison_groups(table.assign(structure=table["structure.name"]), "0").names
    return [found[number] for number in range(len(scenarios))]


def _cell(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list | dict) else value


def choices_of(loaded: Results) -> list[Choice]:
    """The choices that a folder holds whose replications were spent where they decided; none of any other."""
    table = loaded.extras.get(TABLE)
    if table is None:
        return []
    found = (own for _, own in table.groupby("world", sort=False))
    return [_stored(own) for own in found if BEST in own["state"].tolist()]


def _stored(own: pd.DataFrame) -> Choice:
    best = own[own["state"] == BEST].iloc[0]
    left = own[own["state"].isin((BEST, LEFT))].sort_values("mean", kind="stable")
    left = left[:: -judged(str(best["metric"])).better.value]
    names = [str(best["name"]), *(str(name) for name in left["name"] if name != best["name"])]
    return Choice(
        str(best["metric"]),
        int(best["size"]),
        int((own["state"] == UNRANKED).sum()),
        tuple(names),
        float(best["margin"]),
        float(left["above"].max() * best["scale"]),
        str(best["told_in"]),
        int(best["replications"]),
        int(best["scenario"]),
        int(best["most"]),
    )
