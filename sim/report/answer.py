"""The answer in plain words: who serves best, by how much, why, at what cost, who pays for it.

Invariant: a lead is stated as such only where analysis calls it settled; every mean has its interval.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.report.reasons import Pair, hangs_on, why
from sim.report.view import HARDLY, Column, Finding
from sim.report.wording import decimals, number, percent, quoted, without_idle_interval

Row = Mapping[Any, Any]
Facts = Mapping[tuple[int, str], Row]

SPEED, LIKED, OUTCOME = "response_time_mean", "satisfaction_mean", "satisfaction_outcome"
COST, ROOM = "cost", "capacity"
MOST_COMPARED = 8
DECIDED = ("better", "worse")
ADVICE = {
    "short": "A longer run (experiment.horizon_weeks, experiment.replications) or less load helps.",
    "unstable": "They cannot do this work: more people (staffing.headcount) or less demand (demand.scale).",
}


@dataclass(frozen=True)
class Found:
    """Rows of a comparison by (scenario, metric), leaders and keys by setting; company scope only.

    `gaps`: for each scenario the hours a request more than under the reference, by kind of time.
    """

    names: Mapping[int, str]
    estimates: Facts
    differences: Facts
    leaders: Facts
    losers: Facts
    keys: Mapping[int, tuple[tuple[str, str], ...]]
    gaps: Mapping[int, Mapping[str, float]] = field(default_factory=dict)

    def mean(self, scenario: int, metric: str) -> float:
        """A mean, NaN where there is none."""
        row = self.estimates.get((scenario, metric))
        return float(row["mean"]) if row else math.nan

    def outcome(self, scenario: int, metric: str) -> str:
        """How a scenario differs from the reference, in one word; nothing for the reference itself."""
        row = self.differences.get((scenario, metric))
        return str(row["outcome"]) if row else ""


def answer(found: Found, setting: int, columns: Sequence[Column]) -> list[Finding]:
    """What a setting says, the most important first; the first finding is the headline."""
    if len(columns) == 1:
        advice = "name several, such as structure=function,customer"
        return [Finding(f"One structure only, so nothing is compared; {advice}.")]
    said = [
        *_headline(found, setting, columns),
        *_against(found, columns, SPEED, "Response time"),
        *_liked(found, setting, columns),
        *_reasons(found, setting, columns),
        *_cost(found, setting, columns),
        *_paying(found, setting),
        *_unranked(columns),
    ]
    return said or [Finding("No structure can be compared here: see the remarks.")]


def _headline(found: Found, setting: int, columns: Sequence[Column]) -> Iterator[Finding]:
    row = found.leaders.get((setting, SPEED))
    if row is None:
        if any(found.outcome(int(column.scenario), SPEED) in DECIDED for column in columns):
            yield Finding("Which structure serves fastest cannot be told: fewer than two can be ranked.")
        return
    second = _named(columns, str(row["runner_up"]))
    names = {int(row["scenario"]), int(second.scenario)} if second else set()
    if not row["settled"] and second and all(found.outcome(own, SPEED) == "better" for own in names):
        one, two = quoted(found.names[int(row["scenario"])]), quoted(second.structure)
        yield Finding(
            f"{one} or {two}: both serve faster than {quoted(columns[0].structure)}; which is fastest is not "
            f"settled. Mean response times are {_value(found, int(row['scenario']), SPEED, 'h')} and "
            f"{_value(found, int(second.scenario), SPEED, 'h')}, {_apart(row)}."
        )
    else:
        yield Finding(_lead(found, row, "serves fastest", "mean response time", "h"))


def _lead(found: Found, row: Row, does: str, what: str, unit: str) -> str:
    best = quoted(found.names[int(row["scenario"])])
    value = _value(found, int(row["scenario"]), str(row["metric"]), unit)
    lead = f"{percent(row['lead'])} ahead of {quoted(row['runner_up'])} {_span(row)}"
    if row["settled"]:
        return f"{best} {does}: {what} {value}, {lead}."
    return f"Which structure {does} is not settled: {best} has the best {what}, {value}, {lead}."


def _apart(row: Row) -> str:
    return f"{percent(row['lead'])} apart {_span(row)}"


def _span(row: Row) -> str:
    return f"(95 % CI {percent(row['low']).removesuffix(' %')} to {percent(row['high'])})"


def _against(found: Found, columns: Sequence[Column], metric: str, what: str) -> Iterator[Finding]:
    """Paired verdicts against the reference, also of structures that are not ranked."""
    said = []
    for column in columns[1 : MOST_COMPARED + 1]:
        row = found.differences.get((int(column.scenario), metric))
        if row is not None and row["outcome"] != "withheld":
            said.append(f"{quoted(column.structure)} {without_idle_interval(row['verdict'])}")
    if said:
        yield Finding(f"Compared with {quoted(columns[0].structure)}, {'; '.join(said)}.", what)


def _liked(found: Found, setting: int, columns: Sequence[Column]) -> Iterator[Finding]:
    """Who is liked best, with and without what rewards familiarity by definition."""
    said = []
    row, plain = found.leaders.get((setting, LIKED)), found.leaders.get((setting, OUTCOME))
    if row is not None:
        said.append(_lead(found, row, "satisfies customers most", "satisfaction", "of 100"))
    said += [finding.text for finding in _against(found, columns, LIKED, "")]
    if plain is not None:
        best, value = int(plain["scenario"]), _value(found, int(plain["scenario"]), OUTCOME, "of 100")
        certain = "" if plain["settled"] else ", though that is not settled"
        said.append(
            f"Counting speed and reliability alone, customers like {quoted(found.names[best])} best{certain} "
            f"({value})."
        )
    if said:
        yield Finding(" ".join(said), "Satisfaction")


def _reasons(found: Found, setting: int, columns: Sequence[Column]) -> Iterator[Finding]:
    column = _explained(found, setting, columns)
    parts = found.gaps.get(int(column.scenario)) if column else None
    if column is None or not parts or found.outcome(int(column.scenario), SPEED) not in DECIDED:
        return
    pair = Pair(column.structure, columns[0].structure, parts)
    both = (columns[0], column)
    room = [(each.structure, found.mean(int(each.scenario), ROOM)) for each in both]
    yield from why(pair)
    yield from hangs_on(pair, room, [key for key, _ in found.keys.get(setting, ())])


def _explained(found: Found, setting: int, columns: Sequence[Column]) -> Column | None:
    """The fastest structure, or the runner-up where the fastest is the reference; None if unknown."""
    row = found.leaders.get((setting, SPEED))
    if row is None or not columns[0].is_told:
        return None
    best = next((column for column in columns if int(column.scenario) == int(row["scenario"])), None)
    return _named(columns, str(row["runner_up"])) if best is columns[0] else best


def _cost(found: Found, setting: int, columns: Sequence[Column]) -> Iterator[Finding]:
    """What the fastest structure costs beside the reference."""
    row = found.leaders.get((setting, SPEED))
    best = int(row["scenario"]) if row else int(columns[0].scenario)
    change = found.differences.get((best, COST))
    if change is None or change["withheld"] or not math.isfinite(change["relative"]):
        return
    own, other = quoted(found.names[best]), quoted(columns[0].structure)
    spent = f"{number(found.mean(best, COST), 0)} a year in the money of staffing.wages"
    relative = float(change["relative"])
    if abs(relative) < HARDLY:
        yield Finding(f"{own} costs {spent}, within {percent(HARDLY)} of {other}.", "Cost")
    else:
        word = "more" if relative > 0 else "less"
        yield Finding(f"{own} costs {spent}, {percent(abs(relative))} {word} than {other}.", "Cost")


def _named(columns: Sequence[Column], structure: str) -> Column | None:
    return next((column for column in columns if column.structure == structure), None)


def _value(found: Found, scenario: int, metric: str, unit: str) -> str:
    estimate = found.estimates[scenario, metric]
    half = (float(estimate["high"]) - float(estimate["low"])) / 2
    digits = decimals(half, float(estimate["mean"]))
    return f"{number(float(estimate['mean']), digits)} ± {number(half, digits)} {unit}"


def _paying(found: Found, setting: int) -> Iterator[Finding]:
    """The segment that the fastest structure serves worst, compared with the reference."""
    speed = found.leaders.get((setting, SPEED))
    loser = found.losers.get((int(speed["scenario"]), SPEED)) if speed else None
    if loser is None:
        return
    best, segment = quoted(found.names[int(loser["scenario"])]), quoted(loser["segment"])
    verdict = loser["verdict"]
    said = {
        "worse": f"Under {best} the segment {segment} loses most, its response time is {verdict}.",
        "better": f"No segment waits longer under {best}: even {segment}, which gains least, is {verdict}.",
        "alike": f"No segment loses under {best}: even for {segment} there is {verdict}.",
    }
    unsure = f"Whether a segment loses under {best} is open: {segment} gains least ({verdict})."
    yield Finding(said.get(str(loser["outcome"]), unsure), "Who loses")


def _unranked(columns: Sequence[Column]) -> Iterator[Finding]:
    out = [column for column in columns if not column.is_ranked]
    if not out:
        return
    listed = ", ".join(f"{quoted(column.structure)} ({column.status})" for column in out)
    statuses = dict.fromkeys(column.status for column in out)
    advice = "".join(f" {ADVICE[status]}" for status in statuses if status in ADVICE)
    yield Finding(f"{listed}; the remarks say why.{advice}", "Not ranked")
