"""What is to be computed: scenarios, taken apart into runs (a scenario and one replication).

Invariant: a run's key names its content (scenario without run settings, replication, code of the
model), so that equal keys mean equal results and more replications add to what is there.
"""

import hashlib
import json
import math
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from typing import Any, Final

from sim.study.fingerprint import model_fingerprint
from sim.study.options import WORK

RUN_SETTINGS = frozenset(
    {
        "replications",
        "precision",
        "precision_metrics",
        "most_replications",
        "select",
        "indifference",
        "jobs",
        "backend",
        "address",
        "engine",
        "keep",
        "skip_infeasible",
        "keep_going",
        "budgets",
    }
)
"""Settings of `experiment` that say how a scenario is run, and leave its results as they are."""

DESIGNED: Final = re.compile(r"(company|structure|staffing)\b")
"""What is designed, and for whom: where it changes, people are spread anew; else the staff of now is held."""

MACHINE_SETTINGS = frozenset({"jobs", "backend", "address", "keep_going"})
"""Run settings that belong to one machine or one evening; folders do not keep them."""


@dataclass(frozen=True)
class Row:
    """One scenario of a design, complete and checked.

    `overrides` are the dotted settings that distinguish it, as typed on the command line; `infeasible`
    holds the reason when the combination is impossible: such a row is listed and not run.
    """

    scenario: dict[str, Any]
    overrides: tuple[str, ...] = ()
    name: str = ""
    infeasible: str = ""

    @property
    def structure(self) -> str:
        """Name of the structure, empty when the scenario has none."""
        return str(self.scenario.get("structure", {}).get("name", ""))

    @property
    def label(self) -> str:
        """What tables call the scenario: its name, else its overrides, else its structure."""
        return self.name or " ".join(self.overrides) or self.structure

    @property
    def in_short(self) -> "Row":
        """The same, of which summaries alone are kept: for what a search looks at and does not tell."""
        experiment = self.scenario["experiment"] | {"keep": "summary"}
        return replace(self, scenario=self.scenario | {"experiment": experiment})

    @property
    def replications(self) -> int:
        """How many replications are asked for; none of an infeasible row."""
        return 0 if self.infeasible else int(self.scenario.get("experiment", {}).get("replications", 1))


@dataclass(frozen=True)
class Run:
    """The smallest piece of work: one replication of one scenario."""

    key: str
    index: int
    replication: int


@dataclass(frozen=True)
class Design:
    """All rows of a sweep with the names of their content."""

    rows: tuple[Row, ...]
    digests: tuple[str, ...]
    work: str
    fingerprint: str = field(repr=False)

    @classmethod
    def of(cls, rows: Sequence[Row], work: str = WORK) -> "Design":
        """A design of these rows, computed by the function that `work` names."""
        digests = tuple(scenario_digest(row.scenario) for row in rows)
        return cls(tuple(rows), digests, work, model_fingerprint())

    @cached_property
    def identity(self) -> str:
        """Name of the sweep's content: it stays when replications are added or the model's code changes."""
        return hashlib.sha256("\n".join(self.digests).encode()).hexdigest()

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """All runs in table order: by scenario, then by replication."""
        return tuple(
            self.run(index, replication)
            for index, row in enumerate(self.rows)
            for replication in range(row.replications)
        )

    def schedule(self) -> Iterator[Run]:
        """All runs in the order of work: replications outside, scenarios strided over the whole design.

        Whatever has been finished when a sweep is interrupted is therefore spread over all scenarios.
        """
        counts = [row.replications for row in self.rows]
        first = [0, *accumulate(counts)]
        order = balanced_order(len(self.rows))
        for replication in range(max(counts, default=0)):
            for index in order:
                if replication < counts[index]:
                    yield self.runs[first[index] + replication]

    def with_all(self, held: Container[str], most: int) -> "Design":
        """The same with every replication that is held, `most` of a row at most: what is there never goes."""
        rows = []
        for index, row in enumerate(self.rows):
            more = range(row.replications, 0 if row.infeasible else most)
            there = [number for number in more if self.run(index, number).key in held]
            experiment = {**row.scenario.get("experiment", {}), "replications": max(there, default=0) + 1}
            rows.append(replace(row, scenario={**row.scenario, "experiment": experiment}) if there else row)
        return replace(self, rows=tuple(rows))

    def run(self, index: int, replication: int) -> Run:
        """One replication of a row, whether it is asked for or not."""
        # What is kept decides which tables a run leaves, though not what they say.
        kept = str(self.rows[index].scenario.get("experiment", {}).get("keep", ""))
        parts = "\n".join((self.digests[index], str(replication), kept, self.fingerprint, self.work))
        return Run(hashlib.sha256(parts.encode()).hexdigest()[:32], index, replication)


def balanced_order(count: int) -> list[int]:
    """The numbers 0 to count-1, each once, every stretch of them spread evenly over the range.

    Steps of the golden ratio around a circle never leave a large gap; the numbers are the places of the
    steps, counted along the circle.

    >>> balanced_order(8)
    [0, 5, 2, 7, 4, 1, 6, 3]
    """
    golden = (math.sqrt(5.0) - 1.0) / 2.0
    along = sorted(range(count), key=lambda step: (step * golden) % 1.0)
    order = [0] * count
    for place, step in enumerate(along):
        order[step] = place
    return order


def canonical(plain: Any) -> str:
    """JSON without spare space, in the order of the settings.

    The order stays, because it is content: the first segment, the first function.

    >>> canonical({"b": 1, "a": [True, None]})
    '{"b":1,"a":[true,null]}'
    """
    return json.dumps(plain, separators=(",", ":"), allow_nan=False, ensure_ascii=False)


def portable(plain: Mapping[str, Any]) -> dict[str, Any]:
    """A scenario as it is kept: without the settings of the machine it ran on."""
    experiment = {
        key: value for key, value in plain.get("experiment", {}).items() if key not in MACHINE_SETTINGS
    }
    return {**plain, "experiment": experiment}


def scenario_digest(plain: Mapping[str, Any]) -> str:
    """SHA-256 of what determines a scenario's results, its seed included, its run settings left out."""
    experiment = {key: value for key, value in plain.get("experiment", {}).items() if key not in RUN_SETTINGS}
    return hashlib.sha256(canonical({**plain, "experiment": experiment}).encode()).hexdigest()
