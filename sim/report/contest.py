"""Who is best by a measure, against whom that is settled, and of whom the reasons are told.

Invariant: nobody is singled out for a lower mean that chance may have given.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sim.analysis.differences import DEPARTURES
from sim.analysis.verdict import more_replications
from sim.report.layout_records import Estimate
from sim.report.wording import decimals, listed, number, quoted, written

Row = Mapping[Any, Any]
Facts = Mapping[tuple[int, str], Row]

LIKED, OUTCOME = "satisfaction_mean", "satisfaction_outcome"
KEPT, COST, ROOM = "within_promise", "cost", "room"
FROM, HANDOFFS = "satisfaction_from_", "handoffs_mean"
ABANDONED, BALKED = "abandoned", "balked"
DECIDED: Final = ("better", "worse")
CHEAPER: Final = 0.01
"""Share of a cost below which a difference is none to speak of."""
MOST_TOLD: Final = 3
TOLERATED: Final = 10.0
"""Per cent or points that a cheaper structure may at worst be behind: beyond, it is too early to choose."""


@dataclass(frozen=True)
class CompanyRows:
    """Rows of a comparison by (scenario, metric), contests and keys by setting; company scope only.

    `rivals`: for each (setting, metric) the best against the others, the next best first. `gaps`: for each
    scenario the hours a request more than under the reference, by kind of time. `leavers`: the segment of
    which most leave, with the share, by scenario.
    """

    names: Mapping[int, str]
    estimates: Facts
    differences: Facts
    rivals: Mapping[tuple[int, str], Sequence[Row]]
    losers: Facts
    keys: Mapping[int, tuple[tuple[str, str], ...]]
    gaps: Mapping[int, Mapping[str, float]] = field(default_factory=dict)
    leavers: Mapping[int, tuple[str, float]] = field(default_factory=dict)

    def mean(self, scenario: int, metric: str) -> float:
        """A mean, NaN where there is none or it must not be told."""
        row = self.estimates.get((scenario, metric))
        return float(row["mean"]) if row and not row["withheld"] else math.nan

    def outcome(self, scenario: int, metric: str) -> str:
        """How a scenario differs from the reference, in one word; nothing for the reference itself."""
        row = self.differences.get((scenario, metric))
        return str(row["outcome"]) if row else ""

    def named(self, scenario: int) -> str:
        """What a scenario is called, in quotation marks."""
        return quoted(self.names[scenario])

    def value(self, scenario: int, metric: str, unit: str) -> str:
        """A mean with half its interval; unit: h, of 100, or % for shares."""
        row = self.estimates[scenario, metric]
        mean = Estimate(float(row["mean"]), float(row["low"]), float(row["high"]))
        return " ".join(written(mean, "share" if unit == "%" else "")).strip() + f" {unit}"


class Contest(NamedTuple):
    """The best of a setting by a metric, and its rivals by what is known of them."""

    metric: str
    best: int
    ahead: tuple[Row, ...]
    alike: tuple[Row, ...]
    open: tuple[Row, ...]

    @property
    def tied(self) -> tuple[int, ...]:
        """The best and whoever may be as good."""
        return (self.best, *(int(row["rival"]) for row in (*self.alike, *self.open)))

    @property
    def settled(self) -> bool:
        """Whether the best is ahead of all others, by as much as matters."""
        return not self.alike and not self.open

    @property
    def by_little(self) -> bool:
        """Whether the best is surely ahead of all others, and only open is if by as much as matters."""
        return bool(self.open) and all(row["low"] > 0 for row in self.open)


def contest(found: CompanyRows, group: int, metric: str) -> Contest | None:
    """The contest of a setting; None where fewer than two compete."""
    rows = found.rivals.get((group, metric))
    if not rows:
        return None
    parts = [
        tuple(row for row in rows if row["outcome"] in words)
        for words in (("ahead",), ("alike", "same"), ("open",))
    ]
    return Contest(metric, int(rows[0]["scenario"]), *parts)


def who_leads(found: CompanyRows, held: Contest, does: str, what: str, unit: str) -> str:
    """Who does something best, by how much, or between whom that is open and what would settle it."""
    best, value = found.named(held.best), found.value(held.best, held.metric, unit)
    behind = f", {apart(found, held.ahead[0])}" if held.ahead else ""
    if held.settled:
        return f"{best} {does}: {what} {value}{behind}."
    ahead = f" {best} is {apart(found, held.ahead[0])}{_others(found, held.ahead[1:])}." if held.ahead else ""
    if not held.open:
        return f"{_alike(found, held, does, what, value)}{ahead}"
    if held.by_little and not held.alike:
        margin, unit = float(held.open[0]["margin"]), held.open[0]["told_in"]
        rivals = listed([apart(found, row) for row in held.open[:MOST_TOLD]])
        return (
            f"{best} {does}, though hardly by as much as matters ({margin:g} {unit}): {what} {value}, "
            f"{rivals}.{ahead}"
        )
    rivals = listed([apart(found, row) for row in held.open[:MOST_TOLD]])
    more = f" and {len(held.open) - MOST_TOLD} others" if len(held.open) > MOST_TOLD else ""
    further = more_replications(max(float(row["further"]) for row in held.open))
    alike = f" {_alike(found, held, does, what, value)}" if held.alike else ""
    return (
        f"Which structure {does} is not settled: {best} has the best {what}, {value}, but that "
        f"is not sure: {rivals}{more}; about {further} would settle it.{ahead}{alike}"
    )


def _others(found: CompanyRows, ahead: Sequence[Row]) -> str:
    return f", and ahead of {listed([found.named(int(row['rival'])) for row in ahead])}" if ahead else ""


def _alike(found: CompanyRows, held: Contest, does: str, what: str, value: str) -> str:
    names = listed([found.named(held.best), *(found.named(int(row["rival"])) for row in held.alike)])
    if all(row["outcome"] == "same" for row in held.alike):
        return f"{names} are the same here: {what} {value}."
    margin = max(float(row["margin"]) for row in held.alike)
    unit = "point" if margin == 1 and held.alike[0]["told_in"] == "points" else held.alike[0]["told_in"]
    alone = "No structure" if not held.ahead else "No structure alone"
    of_best = f"({what} {value} under {found.named(held.best)})"
    return f"{alone} {does}: {names} differ by less than {margin:g} {unit} {of_best}."


def apart(found: CompanyRows, row: Row) -> str:
    """The distance from the best to a rival, with its interval.

    >>> row = {"effect": 23.4, "low": 22.1, "high": 25.9, "told_in": "%", "rival": 1, "outcome": "ahead"}
    >>> apart(CompanyRows({1: "matrix"}, {}, {}, {}, {}, {}), row)
    '23 % ahead of “matrix” (95 % CI 22 to 26 %)'
    """
    unit = f" {row['told_in']}".rstrip()
    ends = [float(row[end]) for end in ("effect", "low", "high")]
    digits = max(decimals((ends[2] - ends[1]) / 2, ends[0]) - 1, 0 if abs(ends[0]) >= 10 else 1)
    digits += number(ends[1], digits) == number(ends[2], digits) and ends[1] < ends[2]
    size, low, high = (number(end, digits) for end in ends)
    if row["outcome"] == "ahead" and not ends[1] > 0:
        pairs = f"in {row['agreeing']} of {row['pairs']} replications"
        return f"ahead of {found.named(int(row['rival']))} {pairs}, by how much is not settled"
    return f"{size}{unit} ahead of {found.named(int(row['rival']))} (95 % CI {low} to {high}{unit})"


class Shortlist(NamedTuple):
    """Of whom why, cost and losers are told, and what they are preferred for (nothing: they are fastest)."""

    scenarios: tuple[int, ...]
    reason: str = ""
    tied: tuple[int, ...] = ()


def shortlist(found: CompanyRows, group: int, first: str) -> Shortlist:
    """The best, where that is settled; else of the tied the better liked or the cheaper one, else each."""
    held = contest(found, group, first)
    if held is None:
        return Shortlist(())
    if held.settled:
        return Shortlist((held.best,))
    tied, liked = set(held.tied), contest(found, group, LIKED)
    if liked and liked.best in tied and not tied & set(liked.tied[1:]):
        return Shortlist((liked.best,), "better liked", held.tied)
    costs = sorted((found.mean(scenario, COST), scenario) for scenario in tied)
    behind = [float(row["high"]) for row in held.open if int(row["rival"]) == costs[0][1]]
    close = (not behind or behind[0] < TOLERATED) and _as_many_served(found, tied)
    if close and all(math.isfinite(cost) for cost, _ in costs) and costs[0][0] < (1 - CHEAPER) * costs[1][0]:
        return Shortlist((costs[0][1],), "cheaper", held.tied)
    if held.by_little and not held.alike:
        return Shortlist((held.best,))
    return Shortlist(held.tied[:MOST_TOLD], "", held.tied)


def _as_many_served(found: CompanyRows, scenarios: set[int]) -> bool:
    """Whether about as many customers leave or are turned away everywhere: serving fewer is cheaper."""
    left = [
        math.fsum(share for metric in (ABANDONED, BALKED) if math.isfinite(share := found.mean(own, metric)))
        for own in scenarios
    ]
    return max(left) - min(left) <= DEPARTURES
