"""The shape of a metric: (metric, scope, value, unit), scopes as the contract writes them.

Invariant: scopes are `company`, `department:<name>`, `segment:<name>`, `product:<name>`, `function:<name>`.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.analysis.exact import Floats

Row = tuple[str, str, float, str]

COMPANY = "company"


def scopes(kind: str, names: Sequence[str]) -> list[str]:
    """Scopes of one kind.

    >>> scopes("segment", ["private", "business"])
    ['segment:private', 'segment:business']
    """
    return [f"{kind}:{name}" for name in names]


def rows(metric: str, unit: str, places: Sequence[str], values: Floats) -> list[Row]:
    """One row for each place.

    >>> import numpy as np
    >>> rows("utilisation", "share", ["company"], np.array([0.5]))
    [('utilisation', 'company', 0.5, 'share')]
    """
    return [(metric, place, float(value), unit) for place, value in zip(places, values, strict=True)]
