"""How an answer is looked for: confidence, the most people, the range that is shown, replications.

Invariant: settings that are accepted end in an answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.model.mistake import Mistake
from sim.model.typed import Limits, typed_settings

PREFIX = "staff."
LIMITS: Limits = {
    "confidence": (float, 0.5, 0.9999),
    "most": (int, 1, 5000),
    "around": (int, 1, 50),
    "replications": (int, 5, 100_000),
}


@dataclass(frozen=True)
class Settings:
    """How an answer is looked for.

    confidence : with which the fewest people meet all targets. most : people on the payroll at most.
    around : people more and fewer that are shown. replications : of a staff at most.
    """

    confidence: float = 0.95
    most: int = 200
    around: int = 4
    replications: int = 100


def read_settings(given: Mapping[str, str]) -> tuple[Settings, list[Mistake]]:
    """Settings of (key, value) pairs as they are typed, and every mistake in them.

    >>> str(read_settings({"staff.most": "x"})[1][0])
    'staff.most: got x. A whole number from 1 to 5000.'
    """
    return typed_settings(Settings(), PREFIX, LIMITS, given)
