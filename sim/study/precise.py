"""As precise as asked: replications are added until intervals are narrow enough, or a cap is reached.

Invariant: how many there are follows from the values of the first ones alone, so neither the number of
workers nor an interruption changes it; all scenarios have the same number, so they stay pairs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.study.design import Design
from sim.study.options import Outcome
from sim.study.session import run_design

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

FIRST = 10
"""Replications that are looked at first, at least: the width of fewer says little."""


@dataclass(frozen=True)
class Precision:
    """Half an interval as a share of the mean that metrics of the company must reach, with `most` at most."""

    share: float
    metrics: tuple[str, ...]
    most: int

    @classmethod
    def asked(cls, experiment: Mapping[str, Any]) -> Precision | None:
        """What a scenario's run settings ask for; None where the number of replications is given."""
        share = experiment.get("precision")
        if share is None:
            return None
        return cls(float(share), tuple(experiment["precision_metrics"]), int(experiment["most_replications"]))

    def play(self, design: Design, folder: Path, **how: Any) -> Outcome:
        """Compute a folder like `run_design`, round by round, each with its tables and report."""
        count = min(self.most, max([FIRST, *(row.replications for row in design.rows)]))
        while True:
            outcome = run_design(with_count(design, count), folder, **how)
            if outcome.interrupted or not outcome.complete:
                return outcome
            widths = self._widths(folder, count)
            more = self.next_count(count, max(widths, default=0.0))
            if more == count:
                return replace(outcome, notes=(*outcome.notes, self._told(count, widths)))
            count = more

    def next_count(self, count: int, share: float) -> int:
        """Replications that take half a width (a share of the mean) to what is asked; twice as many at most.

        >>> asked = Precision(0.02, (), 1000)
        >>> asked.next_count(20, 0.01), asked.next_count(20, 0.024), asked.next_count(20, 0.2)
        (20, 29, 40)
        """
        if share <= self.share:
            return count
        enough = math.ceil(count * (share / self.share) ** 2)
        return min(self.most, max(count + 1, min(2 * count, enough)))

    def _widths(self, folder: Path, count: int) -> list[float]:
        """Widest interval of each scenario, of so many replications from the first on."""
        from sim.study.results import load_results

        table = load_results(folder).results
        chosen = table["metric"].isin(self.metrics) & (table["scope"] == "company")
        return widths_of(table[chosen & (table["replication"] < count)])

    def _told(self, count: int, widths: Sequence[float]) -> str:
        """How precise it became."""
        asked = f"within {100 * self.share:g} % ({', '.join(self.metrics)})"
        short = [share for share in widths if share > self.share]
        if not short:
            return f"{count:,} replications: {asked}"
        return (
            f"{count:,} replications, the most allowed (experiment.most_replications={self.most}): "
            f"{len(short)} of {len(widths)} scenarios are not {asked}, the widest is {100 * max(short):.2g} %"
        )


def with_count(design: Design, count: int) -> Design:
    """The same design with another number of replications."""
    rows = [
        replace(
            row, scenario=row.scenario | {"experiment": row.scenario["experiment"] | {"replications": count}}
        )
        for row in design.rows
    ]
    return replace(design, rows=tuple(rows))


def widths_of(table: pd.DataFrame) -> list[float]:
    """Half the widest 95 % interval of each scenario as a share of its mean; undefined ones do not count."""
    from sim.analysis.catalogue import SHARES
    from sim.analysis.estimates import matrix
    from sim.analysis.inference import intervals
    from sim.analysis.shares import share_intervals

    values = matrix(table, ("scenario", "metric"))
    shares = values.keys["metric"].isin(SHARES).to_numpy()
    found: dict[int, float] = {}
    for made, rows in ((intervals, ~shares), (share_intervals, shares)):
        own = made(values.values[rows])
        size = np.where(own.mean != 0, np.abs(own.mean), np.nan)
        half: NDArray[np.float64] = (own.high - own.low) / 2 / size
        for scenario, share in zip(values.keys.loc[rows, "scenario"].tolist(), half.tolist(), strict=True):
            if math.isfinite(share):
                found[scenario] = max(found.get(scenario, 0.0), share)
    return list(found.values())
