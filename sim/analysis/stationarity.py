"""Is there a steady state to speak of? Load, growing queues, drift, precision: one status a scenario.

Invariant: a status other than ok always comes with its reasons; `unstable` is only said of long-run studies.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.comparison_groups import Facts
from sim.analysis.estimates import Matrix, matrix
from sim.analysis.exact import Floats
from sim.analysis.inference import (
    Intervals,
    difference_p,
    equivalence_p,
    intervals,
    standardised,
    t_probability,
)
from sim.analysis.relaxation import BUSY_ENOUGH, FEWEST_TIMES, LASTING, coverage
from sim.analysis.rows import COMPANY
from sim.analysis.suppression import Caveat, literal

if TYPE_CHECKING:
    import pandas as pd

GROWTH_LEVEL, GROWTH = 0.001, 1.20
DRIFT_LEVEL, DRIFT_MARGIN, EQUIVALENCE_LEVEL = 0.01, 0.02, 0.05
WIDEST = 0.10
UNRESOLVED = 0.01
FEWEST_WEEKS = 5
RUNAWAY = 2.0
"""Factor by which the number of customers changes in a run that has no steady state; judgement, D."""
LOADS = ("load", "desk_load")


@dataclass(frozen=True)
class Signs:
    """What speaks against a scenario, each as sentences: endless queues, a biased mean, too short a run."""

    endless: list[Caveat] = field(default_factory=list)
    biased: list[Caveat] = field(default_factory=list)
    brief: list[Caveat] = field(default_factory=list)
    notes: list[Caveat] = field(default_factory=list)
    start_up: float = math.nan
    """Weeks after which it is steady, where its start-up is shown to outlast the warm-up."""


def status_of(
    stored: str, message: str, known: Facts, signs: Signs, share: float = 0.0
) -> tuple[str, list[str]]:
    """Status (ok, short, unstable, or how the run ended, told by its message), the weightiest reason first.

    A terminating study says what happens in its period, so overload and growth are notes there. The width
    of the interval makes no status: runs with luck have narrow ones, and their means are too low.
    """
    if stored != "ok":
        word, _, detail = stored.partition(": ")
        return word, [text for text in (detail, message) if text]
    late: list[str] = (
        [Caveat("{:.1f} % of requests unresolved: no mean is ranked", 100 * share)] if too_many(share) else []
    )
    if not known.long_run:
        return "ok", late + signs.endless + signs.notes
    if signs.endless:
        return "unstable", [*signs.endless, *late, *signs.notes]
    short = signs.biased + signs.brief
    return ("short" if short else "ok"), late + short + signs.notes


def may_be_ranked(status: str, signs: Signs, share_unresolved: float) -> bool:
    """Whether a scenario may lead or be led.

    Not with a start-up bias or more than 1 % unresolved. A wide interval of the mean is no obstacle: a lead
    counts only when the paired difference settles it.
    """
    sound = status == "ok" or (status == "short" and not signs.biased)
    return sound and not too_many(share_unresolved)


def overloaded(values: Matrix) -> dict[int, list[Caveat]]:
    """Departments and desks whose expected load is 1 or more in a replication: no mean has a limit then.

    Where customers can leave, it is the load of the requests that cannot: whoever may leave bounds a queue.
    """
    keys = values.keys
    leaving = keys.loc[keys["metric"] == LASTING[0], "scenario"].unique()
    wanted = np.where(
        keys["scenario"].isin(leaving), *(keys["metric"].isin(names) for names in (LASTING, LOADS))
    )
    found: dict[int, list[Caveat]] = {}
    for row in np.flatnonzero(wanted & (values.values >= BUSY_ENOUGH).any(axis=1)):
        own = values.values[row][np.isfinite(values.values[row])]
        desk = keys["metric"].iloc[row] in (LOADS[1], LASTING[1])
        place = "a manager's or coordinator's desk" if desk else literal(keys["scope"].iloc[row])
        over = int((own >= BUSY_ENOUGH).sum())
        text = f"{place} has more work than hours"
        remark = Caveat(
            f"{text} in {{:.0f}} of {{:.0f}} replications: load up to {{:.2f}}", over, len(own), own.max()
        )
        if over == len(own):
            remark = Caveat(f"{text}: load {{:.2f}}", own.mean())
        found.setdefault(int(keys["scenario"].iloc[row]), []).append(remark)
    return found


def runaway(found: pd.DataFrame) -> dict[int, Caveat]:
    """Scenarios whose customers become half as many or twice as many: a loop that dies or explodes (C5).

    Means then tell how long the run was, as they do for queues without end.
    """
    rows = found[found["scope"] == COMPANY]
    begin, end = (
        dict(zip(own["scenario"], own["mean"], strict=True))
        for own in (rows[rows["metric"] == name] for name in ("customers_start", "customers_end"))
    )
    said = {}
    for scenario, first in begin.items():
        last = end[scenario]
        if last <= first / RUNAWAY or last >= first * RUNAWAY:
            what = "dies out" if last < first else "explodes"
            text = f"the number of customers {what}: {{:.0f}}, later {{:.0f}}"
            said[int(scenario)] = Caveat(text, first, last)
    return said


def brief(found: pd.DataFrame) -> dict[int, Caveat]:
    """Scenarios whose run is short for their load: their intervals cover less, and means may be too low."""
    text = "the run covers {:.0f} relaxation times of its busiest queue, fewer than {:.0f}"
    return {
        scenario: Caveat(text, times, FEWEST_TIMES)
        for scenario, times in coverage(found).items()
        if times < FEWEST_TIMES
    }


def growing(steadiness: pd.DataFrame) -> dict[int, list[Caveat]]:
    """Queues that keep growing: more requests in the last than in the second quarter of the run.

    One-sided paired t over replications at level 0.001, shared by the places looked at in a scenario, and
    growth of the mean by more than 20 %.
    """
    early, late = _pairs(steadiness, "backlog", ["scenario", "scope"])
    change = intervals(late.values - early.values)
    places = early.keys.groupby("scenario")["scope"].transform("size").to_numpy()
    p = t_probability(-standardised(change.mean, change.error), change.n - 1)
    before, after = intervals(early.values).mean, intervals(late.values).mean
    flagged = (p < GROWTH_LEVEL / places) & (after > GROWTH * before)
    found: dict[int, list[Caveat]] = {}
    for row in np.flatnonzero(flagged):
        scenario, scope = (early.keys[key].iloc[row] for key in ("scenario", "scope"))
        where = "the number of open requests" if scope == COMPANY else f"the queue of {literal(scope)}"
        remark = Caveat(f"{where} keeps growing: {{:.1f}}, later {{:.1f}}", before[row], after[row])
        found.setdefault(int(scenario), []).append(remark)
    return found


def _pairs(steadiness: pd.DataFrame, measure: str, keys: list[str]) -> tuple[Matrix, Matrix]:
    rows = steadiness[steadiness["measure"] == measure]
    return matrix(rows, keys, "early"), matrix(rows, keys, "late")


@dataclass(frozen=True)
class Drift:
    """Change from one part of the run to another, replication by replication, relative to the mean.

    scenario: of each row. settled: "equivalent" within 2 %, "drifting" or "not settled".
    """

    scenario: list[int]
    change: Floats
    reach: Floats
    settled: list[str]


def drift(steadiness: pd.DataFrame, measure: str) -> Drift:
    """Warm-up test of one measure (response, unfamiliarity) for all scenarios."""
    early, late = _pairs(steadiness, measure, ["scenario"])
    level = intervals((early.values + late.values) / 2).mean
    return _judged(early.keys["scenario"].tolist(), intervals(late.values - early.values), level)


def _judged(scenario: list[int], change: Intervals, level: Floats) -> Drift:
    margin = DRIFT_MARGIN * np.abs(level)
    moved = (difference_p(change) < DRIFT_LEVEL) & (np.abs(change.mean) > margin)
    alike = (equivalence_p(change, margin) < EQUIVALENCE_LEVEL) | ((level == 0) & (change.deviation == 0))
    settled = np.where(moved, "drifting", np.where(alike, "equivalent", "not settled"))
    scale = np.where(level != 0, np.abs(level), 1.0)
    reach = (change.high - change.low) / 2
    return Drift(scenario, change.mean / scale, reach / scale, settled.tolist())


def drifting(found: Drift, what: str) -> tuple[dict[int, Caveat], dict[int, Caveat]]:
    """Sentences by scenario: (established drift, drift that can neither be shown nor ruled out)."""
    shown: dict[int, Caveat] = {}
    open_question: dict[int, Caveat] = {}
    for row, scenario in enumerate(found.scenario):
        change, reach = 100 * found.change[row], 100 * found.reach[row]
        if found.settled[row] == "drifting":
            text = f"{what} is {{:+.1f}} % in the second half: the warm-up is too short"
            shown[scenario] = Caveat(text, change)
        elif found.settled[row] == "not settled" and math.isfinite(reach):
            text = f"whether the {what} is steady is not shown: {{:+.1f}} % (± {{:.1f}} %)"
            open_question[scenario] = Caveat(f"{text} from the first to the second half", change, reach)
    return shown, open_question


def wide(estimates: pd.DataFrame) -> dict[int, Caveat]:
    """Scenarios whose mean response time has an interval of more than 10 % to either side."""
    rows = estimates[(estimates["metric"] == "response_time_mean") & (estimates["scope"] == COMPANY)]
    half = (rows["high"] - rows["low"]) / 2 / rows["mean"]
    found = zip(rows["scenario"], half, strict=True)
    text = "the interval of the response time is ± {:.0f} %"
    return {scenario: Caveat(text, 100 * share) for scenario, share in found if share > WIDEST}


def first_steady(series: Floats) -> int:
    """Week where the start-up ends by the MSER rule: the cut that makes the rest's mean most certain.

    series: replication averages by week, NaN where nothing arrived. At least 5 weeks are kept. Each week
    is a batch, as MSER-5 batches five observations (White 1997); on single runs the rule biases means, so
    it belongs on the average of replications.

    >>> first_steady(np.array([0.0, 4.0] + [9.0, 11.0, 10.0] * 6))
    2
    """
    known = np.flatnonzero(np.isfinite(series))
    values = series[known]
    last = len(values) - FEWEST_WEEKS
    if last < 1:
        return 0
    spread = [_mser(values[cut:]) for cut in range(last + 1)]
    return int(known[int(np.argmin(spread))])


def _mser(rest: Floats) -> float:
    mean = math.fsum(rest) / len(rest)
    return math.fsum((rest - mean) ** 2) / len(rest) ** 2


def start_up(weekly: Floats, warm_up: int) -> tuple[Caveat | None, Caveat | None]:
    """Whether the start-up outlasts the warm-up: (why the means are biased, what is not shown), else None.

    weekly: response times, shape (weeks, replications), NaN where nothing arrived. The MSER cut of their
    average follows the noise too, most where weeks resemble their neighbours. So a later cut counts only
    where it moves the mean: by the same test, over replications, as a drift between the halves.
    """
    cut = first_steady(intervals(weekly).mean)
    if cut <= warm_up:
        return None, None
    warm, late = (intervals(weekly[start:].T).mean for start in (warm_up, cut))
    found = _judged([0], intervals((late - warm)[None]), intervals(warm[None]).mean)
    change, reach = 100 * found.change[0], 100 * found.reach[0]
    if not math.isfinite(reach):
        return None, None
    moves = ": a cut after {:.0f} of {:.0f} weeks moves the response time by {:+.1f} % (± {:.1f} %)"
    numbers = (cut, len(weekly), change, reach)
    beyond = cut > len(weekly) / 2
    if found.settled[0] == "drifting":
        what = "no steady state found" if beyond else f"the start-up outlasts the warm-up of {warm_up} weeks"
        return Caveat(what + moves, *numbers), None
    if found.settled[0] == "equivalent":
        what = "the MSER rule would cut much later, to little effect"
        return None, Caveat(what + moves, *numbers) if beyond else None
    return None, Caveat("whether the start-up ends with the warm-up is not shown" + moves, *numbers)


def unresolved(estimates: pd.DataFrame) -> dict[int, float]:
    """Mean share of arrivals that were not resolved in time, by scenario."""
    rows = estimates[(estimates["metric"] == "unresolved") & (estimates["scope"] == COMPANY)]
    return dict(zip(rows["scenario"], rows["mean"], strict=True))


def too_many(share: float) -> bool:
    """Whether so many requests are unresolved that means say little: more than 1 %."""
    return share > UNRESOLVED
