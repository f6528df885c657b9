"""A comparison laid out for reading: groups ("settings"), and in each the structures beside one another.

Invariant: nothing here is computed from raw results; a withheld value is None, so that neither the
screen nor the page can print it by accident.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sim.report.wording import Measure, briefly

STATUS_OK: Final = "ok"
STATUS_SHORT: Final = "short"
SPEED: Final = "response_time_mean"
RECOMMENDATION: Final = "Recommendation"


class Finding(NamedTuple):
    """One sentence of the answer or a few, under a label; the headline has none."""

    text: str
    label: str = ""

    @property
    def sentence(self) -> str:
        """Label and text in one line."""
        return f"{self.label}: {self.text}" if self.label else self.text


@dataclass(frozen=True)
class Estimate:
    """A mean over replications and the ends of its 95 % interval (NaN where there is none)."""

    mean: float
    low: float = math.nan
    high: float = math.nan

    @property
    def half_width(self) -> float:
        """Half the width of the interval, NaN without one."""
        return (self.high - self.low) / 2


@dataclass(frozen=True)
class Cell:
    """One measure of one structure, and how it differs from the reference structure.

    `outcome` (better, worse, more, less, alike, unsettled), `verdict` and `brief` are those of the analysis,
    and so is whether the change `matters`; `reason` says why there is no value, interval or difference.
    """

    value: Estimate | None
    difference: Estimate | None = None
    relative: Estimate | None = None
    outcome: str = ""
    verdict: str = ""
    reason: str = ""
    brief: str = ""
    matters: bool = True

    @property
    def same(self) -> bool:
        """Whether there is no difference from the reference in any replication."""
        gap = self.difference
        return gap is not None and gap.mean == gap.low == gap.high == 0

    @property
    def tone(self) -> str:
        """better or worse, for colours; nothing where the change is too small to matter."""
        return self.outcome if self.outcome in ("better", "worse") and self.matters else ""


@dataclass(frozen=True)
class Column:
    """One structure in one setting: a scenario. `reasons` say why it is not plainly ok.

    `start_up`: weeks after which it is steady, where that is shown to be later than the warm-up, of `weeks`;
    the first that is measured is `first_week`.
    """

    scenario: str
    structure: str
    status: str = STATUS_OK
    reasons: tuple[str, ...] = ()
    headcount: float = math.nan
    workers: float = math.nan
    replications: int = 0
    is_ranked: bool = True
    label: str = ""
    start_up: float = math.nan
    weeks: int = 0
    first_week: int = 1

    @property
    def is_told(self) -> bool:
        """Whether its means may be told at all; `short` ones are, though they are not ranked."""
        return self.status in (STATUS_OK, STATUS_SHORT)

    @property
    def is_ok(self) -> bool:
        """Whether there is nothing to say about it."""
        return self.status == STATUS_OK


@dataclass(frozen=True)
class Line:
    """One measure across the structures of a setting, in the order of its columns."""

    measure: Measure
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Loss:
    """The segment a structure serves worst by a measure, compared with the reference, and the verdict."""

    structure: str
    measure: str
    segment: str
    verdict: str


@dataclass(frozen=True)
class Lead:
    """The structure that serves best by one measure and its relative lead over the runner-up (0 to 1).

    `settled`: the best beats every other, by as much as matters. `wins`: a settled lead sound enough for a
    map. `alike`: nobody beats anybody, and that is shown; `same`: there is no difference at all. `by_little`:
    the best surely beats every other, but whether by as much as matters is open. `points`: the lead in
    points, where the measure is told in points.
    """

    structure: str
    lead: float
    settled: bool = False
    wins: bool = False
    alike: bool = False
    by_little: bool = False
    same: bool = False
    points: float | None = None


@dataclass(frozen=True)
class ComparisonGroup:
    """A setting: everything but the structure held fixed. `keys` are the swept keys and their values here.

    `leads`: measure name -> who leads, where two structures or more can be ranked. `summary`: the answer in
    lines with fixed lead words.
    """

    keys: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...] = ()
    leads: Mapping[str, Lead] = field(default_factory=dict)
    losses: tuple[Loss, ...] = ()
    summary: tuple[Finding, ...] = ()

    @property
    def details(self) -> tuple[Finding, ...]:
        """The findings that the summary does not say."""
        lead = self.leads.get(SPEED)
        alone = len(self.columns) == 1
        said = {RECOMMENDATION, ""} if alone or (lead and lead.settled) else {RECOMMENDATION}
        return tuple(each for each in self.findings if not self.summary or each.label not in said)

    @property
    def label(self) -> str:
        """The swept keys with their values, or nothing when there is only one setting."""
        return ", ".join(f"{key} = {briefly(value)}" for key, value in self.keys)

    @property
    def reference(self) -> str:
        """The structure the others are compared with: the first."""
        return self.columns[0].structure if self.columns else ""

    def line(self, name: str) -> Line | None:
        """The line of the measure with this name, or None."""
        return next((line for line in self.lines if line.measure.name == name), None)


@dataclass(frozen=True)
class Layout:
    """The whole comparison. `method` is one sentence a fact: kind of study, cut, replications ... `legend`:
    what letters before names stand for."""

    groups: tuple[ComparisonGroup, ...]
    method: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    structures: tuple[str, ...] = field(default=())
    summary: tuple[Finding, ...] = ()
    legend: tuple[str, ...] = ()

    @property
    def scenarios(self) -> int:
        """How many scenarios there are, shown or withheld."""
        return sum(len(group.columns) for group in self.groups)
