"""Result tables as a study stores them, made from numbers instead of simulations.

Invariant: same seed, same numbers; scenarios share the noise of a replication like paired worlds do.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from tests.analysis.synthetic import plain_scenario

UNITS = {"response_time_mean": "h", "wait_mean": "h", "cost": "money/year", "capacity": "factor"}


@dataclass
class Stored:
    """Results in the making; `add` one scenario after another."""

    results: pd.DataFrame = field(default_factory=pd.DataFrame)
    scenarios: pd.DataFrame = field(default_factory=pd.DataFrame)
    extras: dict[str, pd.DataFrame] = field(default_factory=dict)

    def add(
        self,
        structure: str,
        metrics: Mapping[str, Any],
        experiment: Mapping[str, Any] | None = None,
        status: str = "ok",
        keys: Mapping[str, Any] | None = None,
    ) -> int:
        """A scenario with the values of its replications; metrics: "name" or "name scope" to values."""
        number = len(self.scenarios)
        run = {"kind": "long_run", "horizon_weeks": 52, "warm_up_weeks": 8, **(experiment or {})}
        swept = dict(keys or {})
        about: dict[str, Any] = {"scenario": number, "structure": structure, "status": status, "message": ""}
        about |= {"overrides": " ".join(f"{key}={value}" for key, value in swept.items())}
        about |= {"swept": json.dumps({key: str(value) for key, value in swept.items()})}
        about |= {"config": json.dumps(plain_scenario(**run)), "structure.name": structure} | swept
        self.scenarios = pd.concat([self.scenarios, pd.DataFrame([about])], ignore_index=True)
        for name, values in metrics.items():
            metric, _, scope = name.partition(" ")
            unit = UNITS.get(metric, "0 to 100" if metric.startswith("satisfaction") else "share")
            self._append_metric(number, structure, metric, scope or "company", unit, values)
        return number

    def _append_metric(
        self, number: int, structure: str, metric: str, scope: str, unit: str, values: Sequence[float]
    ) -> None:
        facts = {"scenario": number, "structure": structure, "metric": metric, "scope": scope, "unit": unit}
        rows = pd.DataFrame({**facts, "replication": np.arange(len(values)), "value": list(values)})
        self.results = pd.concat([self.results, rows], ignore_index=True)

    def extra(self, table: str, number: int, replication: int, **columns: Any) -> None:
        """Append rows to an extra table of one replication."""
        rows = pd.DataFrame({"scenario": number, "replication": replication, **columns})
        known = [self.extras[table]] if table in self.extras else []
        self.extras[table] = pd.concat([*known, rows], ignore_index=True)


def noise(seed: int, replications: int = 10, spread: float = 1.0) -> np.ndarray[Any, Any]:
    """Normal noise of the replications, mean 0."""
    return np.random.default_rng(seed).normal(0.0, spread, replications)
