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
MOST_COMPARED = 8


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
    if len(columns) == 1:
        return [
            "One structure only, so nothing is compared; name several, such as structure=function,customer."
        ]
    said = [
        *_lead(found, setting, SPEED, "serves fastest", "mean response time", "h"),
        *_against(found, columns, SPEED, "response time"),
        *_lead(found, setting, LIKED, "satisfies customers most", "satisfaction", "of 100"),
        *_against(found, columns, LIKED, "satisfaction"),
        *_outcome(found, setting),
        *_paying(found, setting),
        *_unranked(columns),
    ]
    return said or ["No structure can be compared here: see the remarks."]


def _lead(found: Found, setting: int, metric: str, does: str, what: str, unit: str) -> Iterator[str]:
    row = found.leaders.get((setting, metric))
    if row is None:
        return
    best, value = quoted(found.names[int(row["scenario"])]), _mean(found, row, unit)
    span = f"({_percent(row['low'])} to {_percent(row['high'])})"
    lead = f"{_percent(row['lead'])} ahead of {quoted(row['runner_up'])} {span}"
    if row["settled"]:
        yield f"{best} {does}: {what} {value}, {lead}."
    else:
        yield f"Which structure {does} is not settled: {best} has the best {what}, {value}, {lead}."


def _against(found: Found, columns: Sequence[Column], metric: str, what: str) -> Iterator[str]:
    """Paired verdicts against the reference, also of structures that are not ranked."""
    said = []
    for column in columns[1 : MOST_COMPARED + 1]:
        row = found.differences.get((int(column.scenario), metric))
        if row is not None and row["outcome"] != "withheld":
            said.append(f"{quoted(column.structure)} {row['verdict']}")
    if said:
        yield f"Compared with {quoted(columns[0].structure)}, {what}: {'; '.join(said)}."


def _outcome(found: Found, setting: int) -> Iterator[str]:
    row = found.leaders.get((setting, OUTCOME))
    if row is not None:
        best, value = quoted(found.names[int(row["scenario"])]), _mean(found, row, "of 100")
        certain = "" if row["settled"] else ", though that is not settled"
        yield f"Counting speed and reliability alone, customers like {best} best{certain} ({value})."


def quoted(name: object) -> str:
    """A name that is not read as part of the sentence."""
    return f"“{name}”"


def _mean(found: Found, row: Row, unit: str) -> str:
    estimate = found.estimates[int(row["scenario"]), str(row["metric"])]
    half = (float(estimate["high"]) - float(estimate["low"])) / 2
    digits = decimals(half, float(estimate["mean"]))
    return f"{number(float(estimate['mean']), digits)} ± {number(half, digits)} {unit}"


def _percent(share: float) -> str:
    percent = 100 * share
    return f"{percent:.0f} %" if abs(percent) >= 10 else f"{percent:.1f} %"


def _paying(found: Found, setting: int) -> Iterator[str]:
    """The segment that the fastest structure serves worst, compared with the reference."""
    speed = found.leaders.get((setting, SPEED))
    loser = found.losers.get((int(speed["scenario"]), SPEED)) if speed else None
    if loser is None:
        return
    best, segment = quoted(found.names[int(loser["scenario"])]), quoted(loser["segment"])
    verdict = loser["verdict"]
    if loser["outcome"] == "worse":
        yield f"Under {best} the segment {segment} loses most, its response time is {verdict}."
    elif loser["outcome"] == "better":
        yield f"No segment waits longer under {best}: even {segment}, which gains least, is {verdict}."
    elif loser["outcome"] == "alike":
        yield f"No segment loses under {best}: even for {segment} there is {verdict}."
    else:
        yield f"Whether a segment loses under {best} is open: {segment} gains least ({verdict})."


def _unranked(columns: Sequence[Column]) -> Iterator[str]:
    out = [f"{quoted(column.structure)} ({column.status})" for column in columns if not column.is_ranked]
    if out:
        yield f"Not ranked: {', '.join(out)}; the remarks say why."
