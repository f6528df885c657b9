"""What all questions over inputs share: structures as they are now, inputs, the metric that decides.

Invariant: the name of a question follows from its content alone.
"""

import hashlib
from dataclasses import dataclass
from typing import Any, ClassVar

from sim.study.design import Row, canonical, scenario_digest
from sim.turns.inputs import Input


@dataclass(frozen=True)
class Question:
    """Structures as they are now, the inputs that are varied, and the metric that decides who wins."""

    rows: tuple[Row, ...]
    inputs: tuple[Input, ...]
    metric: str
    name: ClassVar[str]

    @property
    def study(self) -> str:
        """First part of the folder's name."""
        return self.name

    @property
    def identity(self) -> str:
        """Name of the question's content."""
        digests = [scenario_digest(row.scenario) for row in self.rows]
        asked = [[own.key, own.low, own.high] for own in self.inputs]
        parts = [self.name, digests, asked, self.metric, *self._more, self.count]
        return hashlib.sha256(canonical(parts).encode()).hexdigest()

    @property
    def count(self) -> int:
        """Replications of every scenario that is told."""
        return int(self.rows[0].scenario["experiment"]["replications"])

    @property
    def _more(self) -> tuple[Any, ...]:
        """What else names the question."""
        return ()
