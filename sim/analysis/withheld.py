"""Reasons not to show a figure or not to give a verdict.

Invariant: of several reasons the first one given is told; no reason is an empty text.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.analysis.exact import Flags

UNSTABLE = "unstable: the mean only tells how long the run was"
ALONE = "one replication: no interval possible"
UNRANKED = "too many requests unresolved: no mean is ranked"
UNLIKE = "more customers leave under one structure: compare within_promise instead"


def first_reason(*cases: tuple[Flags, str | Sequence[str]]) -> NDArray[np.object_]:
    """For each row the text of the first case that holds; cases: (flags, one text or one for each row).

    >>> first_reason((np.array([True, False, False]), "a"), (np.array([True, True, False]), "b")).tolist()
    ['a', 'b', '']
    """
    found = np.full(len(cases[0][0]), "", dtype=object)
    for flags, text in reversed(cases):
        told = np.array([text] * len(flags) if isinstance(text, str) else list(text), dtype=object)
        found[flags] = told[flags]
    return found
