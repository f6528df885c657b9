"""Long tables turned into (samples, replications), so that statistics are one step for all samples.

Invariant: samples keep the order in which they first appear; the columns are the same replications.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.exact import Floats, Integers

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Matrix:
    """keys: one row a sample. values: (samples, replications), NaN where missing or undefined."""

    keys: pd.DataFrame
    values: Floats


def matrix(table: pd.DataFrame, keys: Sequence[str], values: str = "value", fill: float = np.nan) -> Matrix:
    """The values of a long table by sample and replication; samples are told apart by the key columns."""
    sample, first = _samples(table, keys)
    place, replications = _codes(table, "replication")
    filled = np.full((len(first), replications), fill)
    filled[sample, place] = table[values].to_numpy(np.float64)
    return Matrix(table[list(keys)].iloc[first].reset_index(drop=True), filled)


def _samples(table: pd.DataFrame, keys: Sequence[str]) -> tuple[Integers, Integers]:
    """Sample of each row, and the row where each sample first appears."""
    joined = np.zeros(len(table), dtype=np.int64)
    for key in keys:
        codes, size = _codes(table, key)
        joined = joined * size + codes
    _, first, sample = np.unique(joined, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    order = np.argsort(first, kind="stable")
    rank[order] = np.arange(len(first))
    return rank[sample], first[order]


def _codes(table: pd.DataFrame, key: str) -> tuple[Integers, int]:
    import pandas as pd

    codes, found = pd.factorize(table[key], sort=key == "replication")
    return codes.astype(np.int64), max(len(found), 1)
