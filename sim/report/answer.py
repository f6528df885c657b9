"""The answer in plain words: who serves best, by how much, who pays for it, what is not settled.

Invariant: a lead is stated as such only where analysis calls it settled; every number has its interval.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.report.view import Column
from sim.report.wording import decimals, number

Row = Mapping[Any, Any]
Facts = Mapping[tuple[int, str], Row]

SPEED, LIKED, OUTCOME = "response_time_mean", "satisfaction_mean", "satisfaction_outcome"


@dataclass(frozen=True)
class Found:
    """Rows of a comparison by (scenario, metric), leaders and keys by setting; company scope only."""

    names: Mapping[int, str]
    estimates: Facts
    differences: Facts
    leaders: Facts
    losers: Facts
    keys: Mapping[int, tuple[tuple[str, str], ...]]

    def mean(self, scenario: int, metric: str) -> float:
        """A mean, NaN where there is none."""
        row = self.estimates.get((scenario, metric))
        return float(row["mean"]) if row else math.nan


def answer(found: Found, setting: int, columns: Sequence[Column]) -> list[str]:
    """The closing paragraph of a setting, a sentence an entry."""
    ranked = [column for column in columns if column.is_ranked]
    if len(columns) == 1:
        return [
            "One structure only, so nothing is compared; name several, such as structure=function,customer."
        ]
    said = (
        []
        if len(ranked) < 2
        else [*_leading(found, setting), *_paying(found, setting, ranked[0] is columns[0])]
    )
    said += [*_unranked(found, columns), *_open(found, columns)]
    return said or ["No structure can be compared here: see the remarks."]


def _unranked(found: Found, columns: Sequence[Column]) -> Iterator[str]:
    """Paired verdicts on structures that take no part in the ranking, and who they are."""
    out = [column for column in columns if not column.is_ranked]
    told = out if columns[0].is_ranked else list(columns[1:])
    for column in told:
        parts = [f"{what} {row['verdict']}" for what, row in _settled(found, column)]
        if parts:
            yield f"{column.structure} compared with {columns[0].structure}: {', '.join(parts)}."
    if out:
        listed = ", ".join(f"{column.structure} ({column.status})" for column in out)
        yield f"Not ranked: {listed}; the remarks say why."


def _settled(found: Found, column: Column) -> Iterator[tuple[str, Row]]:
    for metric, what in (
        (SPEED, "response time"),
        (LIKED, "satisfaction"),
        (OUTCOME, "speed and reliability alone"),
    ):
        row = found.differences.get((int(column.scenario), metric))
        if row is not None and row["outcome"] not in ("withheld", "unsettled"):
            yield what, row


def _leading(found: Found, setting: int) -> Iterator[str]:
    speed, liked = found.leaders.get((setting, SPEED)), found.leaders.get((setting, LIKED))
    if speed:
        yield _lead(found, speed, "serves fastest", "mean response time", "h")
    if liked:
        yield _lead(found, liked, "satisfies customers most", "satisfaction", "of 100")
    outcome = found.leaders.get((setting, OUTCOME))
    if outcome:
        who, value = found.names[int(outcome["scenario"])], _mean(found, outcome, "of 100")
        certain = "" if outcome["settled"] else ", though that is not settled"
        yield f"Counting speed and reliability alone, customers like {who} best{certain} ({value})."


def _lead(found: Found, row: Row, does: str, what: str, unit: str) -> str:
    who, value = found.names[int(row["scenario"])], _mean(found, row, unit)
    span = f"({_percent(row['low'])} to {_percent(row['high'])})"
    lead = f"{_percent(row['lead'])} ahead of {row['runner_up']} {span}"
    if row["settled"]:
        return f"{who} {does}: {what} {value}, {lead}."
    return f"Which structure {does} is not settled: {who} has the best {what} ({value}), {lead}."


def _mean(found: Found, row: Row, unit: str) -> str:
    estimate = found.estimates[int(row["scenario"]), str(row["metric"])]
    half = (float(estimate["high"]) - float(estimate["low"])) / 2
    digits = decimals(half, float(estimate["mean"]))
    return f"{number(float(estimate['mean']), digits)} ± {number(half, digits)} {unit}"


def _percent(share: float) -> str:
    percent = 100 * share
    return f"{percent:.0f} %" if abs(percent) >= 10 else f"{percent:.1f} %"


def _paying(found: Found, setting: int, reference_ranked: bool) -> Iterator[str]:
    """The segment that the fastest structure serves worst, compared with the reference."""
    speed = found.leaders.get((setting, SPEED))
    loser = found.losers.get((int(speed["scenario"]), SPEED)) if speed and reference_ranked else None
    if loser is None:
        return
    who, segment = found.names[int(loser["scenario"])], loser["segment"]
    if loser["outcome"] == "worse":
        yield f"Under {who} the segment {segment} loses most: its response time is {loser['verdict']}."
    elif loser["outcome"] == "better":
        yield f"No segment loses under {who}: even {segment}, which gains least, is {loser['verdict']}."
    else:
        yield f"Whether any segment loses under {who} is open; {segment} gains least ({loser['verdict']})."


def _open(found: Found, columns: Sequence[Column]) -> Iterator[str]:
    """Comparisons with the reference that are not settled yet."""
    said = []
    for metric, what in ((SPEED, "response time"), (LIKED, "satisfaction")):
        for column in columns:
            row = found.differences.get((int(column.scenario), metric))
            if row is not None and row["outcome"] == "unsettled":
                said.append(
                    f"{what} of {column.structure} ({str(row['verdict']).removeprefix('not settled: ')})"
                )
    if said:
        yield f"Not settled against {columns[0].structure}: {', '.join(said)}."
