"""What service is asked for: metrics with limits, of the company or of a segment.

Invariant: a target that is accepted can be measured, has a good direction, and its limit can be reached by
some company.
"""

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sim.analysis.catalogue import METRICS, SHARES, TIMES, Better
from sim.analysis.cohort import LEFT, ways_to_leave
from sim.analysis.rows import COMPANY
from sim.model.mistake import Mistake, nearest, unknown_name
from sim.model.scenario import Scenario

PREFIX = "target."
SHORT = {"satisfaction": "satisfaction_mean", "response_time": "response_time_mean", "wait": "wait_mean"}
"""What people write -> the metric that is meant."""
ANSWERS = frozenset(
    {"headcount", "cost", "cost_per_resolved", "hidden_people", "hidden_cost", "concessions", "hidden_work"}
)
"""Metrics that have a direction and are no service: they are what the answer tells."""
OF_THE_COMPANY = frozenset({"capacity", "room", "unfamiliarity_mean", "wait_per_visit"})
"""Metrics that no segment has."""
ONLY_DEPARTMENTS = frozenset({"wait_per_visit"})
SERVICE = tuple(
    name
    for name, metric in METRICS.items()
    if metric.better is not Better.NEITHER and name not in ANSWERS | ONLY_DEPARTMENTS
)
UNITS = {**dict.fromkeys(SHARES, "share"), **dict.fromkeys(TIMES, "h")}
FEWEST = 5
"""Replications of a staff from which something can be shown."""
HOW = {
    "abandoned": "Let them lose patience (C14)",
    "balked": "Limit the places to wait (staffing.waiting_room)",
}
RANGES = {"share": (0.0, 1.0), "0 to 100": (0.0, 100.0)}


@dataclass(frozen=True)
class Target:
    """A metric with its limit; `scope` is `company` or `segment:<name>`."""

    metric: str
    limit: float
    scope: str = COMPANY

    @property
    def sign(self) -> int:
        """1 where more is better, -1 where less is."""
        return METRICS[self.metric].better.value

    @property
    def unit(self) -> str:
        """Unit of metric and limit."""
        return unit_of(self.metric)

    @property
    def key(self) -> str:
        """As it is typed, without the limit.

        >>> Target("within_promise", 0.9, "segment:private").key
        'target.private.within_promise'
        """
        segment = self.scope.partition(":")[2]
        return f"{PREFIX}{segment}.{self.metric}" if segment else f"{PREFIX}{self.metric}"


def unit_of(metric: str) -> str:
    """The unit of a metric of service.

    >>> unit_of("within_promise"), unit_of("satisfaction_mean"), unit_of("response_time_p90")
    ('share', '0 to 100', 'h')
    """
    if metric.startswith("satisfaction_"):
        return "0 to 100"
    return UNITS.get(metric, "factor" if metric in ("capacity", "room") else "")


def read_targets(
    given: Sequence[tuple[str, str]], segments: Collection[str] | None
) -> tuple[list[Target], list[Mistake]]:
    """Targets of (key, value) pairs as they are typed, and every mistake in them.

    Parameters
    ----------
    segments : names of the company's segments; None where they are not known, and none is looked up.
    """
    targets: dict[str, Target] = {}
    found: list[Mistake] = []
    for key, value in given:
        target, wrong = _read(key, value, segments)
        found += wrong
        if target is not None and target.key in targets:
            found.append(Mistake(key, "is given twice", "", "Give one limit"))
        if target is not None:
            targets[target.key] = target
    if not given:
        todo = "Give at least one, such as target.within_promise=0.9"
        found.append(Mistake("target", "no service is asked for", "", todo))
    return list(targets.values()), found


def _read(key: str, value: str, segments: Collection[str] | None) -> tuple[Target | None, list[Mistake]]:
    segment, _, name = key.removeprefix(PREFIX).rpartition(".")
    metric = SHORT.get(name, name)
    found = [*_wrong_metric(key, name, metric, segment), *_wrong_segment(key, segment, segments)]
    limit = _number(value)
    if limit is None:
        found.append(Mistake(key, f'"{value}" is no number', "", f"Write {key}=0.9 or the like, one number"))
    elif metric in SERVICE:
        found += _wrong_limit(key, metric, limit)
    if found or limit is None:
        return None, found
    return Target(metric, limit, f"segment:{segment}" if segment else COMPANY), []


def _wrong_metric(key: str, name: str, metric: str, segment: str) -> Iterator[Mistake]:
    if metric in SERVICE:
        if segment and metric in OF_THE_COMPANY:
            yield Mistake(key, f"{name} is not measured by segment", "", f"Write {PREFIX}{name}")
        return
    if metric in ANSWERS:
        yield Mistake(key, f"{name} is no service: it is what the answer tells", _known())
    elif metric in METRICS and metric not in ONLY_DEPARTMENTS:
        yield Mistake(key, f"{name} has no better direction, so it cannot be met", _known())
    else:
        near = nearest(name, [*SERVICE, *SHORT])
        yield Mistake(key, f'unknown metric "{name}"', _known(), suggestion=f"{near}" if near else "")


def _known() -> str:
    return "Known: " + ", ".join(name for name in SERVICE if not name.startswith("satisfaction_from_"))


def _wrong_segment(key: str, segment: str, segments: Collection[str] | None) -> Iterator[Mistake]:
    if segment and segments is not None and segment not in segments:
        yield unknown_name(key, segment, segments, "segment")


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _wrong_limit(key: str, metric: str, limit: float) -> Iterator[Mistake]:
    unit = unit_of(metric)
    low, high = RANGES.get(unit, (0.0, math.inf))
    if not low <= limit <= high:
        allowed = f"{low:g} to {high:g}" if high < math.inf else "0 or more"
        percent = f"Write {limit / 100:g} for {limit:g} %" if unit == "share" and 1.0 < limit <= 100.0 else ""
        yield Mistake(key, f"got {limit:g}", f"{allowed} ({unit or 'a number'})", percent)
    elif unit == "h" and limit == 0.0:
        yield Mistake(key, "got 0", "More than 0 h")
    elif METRICS[metric].better is Better.MORE and limit == low and unit in RANGES:
        yield Mistake(key, f"got {limit:g}, which every company reaches", f"More than {low:g}")
    elif unit == "share" and METRICS[metric].better is Better.MORE and limit == 1.0:
        yield Mistake(key, "got 1: not one request may miss it, which no mean can show", "Below 1")


def unfit(targets: Sequence[Target], scenarios: Sequence[Scenario]) -> Iterator[Mistake]:
    """Why no staff can be looked for: a structure twice, people named one by one, what never happens."""
    names = [scenario.structure.name for scenario in scenarios]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield Mistake("structure", f'"{name}" is there twice', "", "Name each once")
    if min(scenario.experiment.replications for scenario in scenarios) < FEWEST:
        what = f"got {min(scenario.experiment.replications for scenario in scenarios)}"
        yield Mistake("experiment.replications", what, f"{FEWEST} or more: fewer show nothing")
    if any(scenario.staffing.roster for scenario in scenarios):
        what = "the company names its people one by one, so none can be added"
        yield Mistake("staffing.roster", what, "", "Take a company with numbers of people")
    never = LEFT.keys() - ways_to_leave(scenarios[0])
    for target in targets:
        if target.metric in never:
            yield Mistake(target.key, "no customer leaves this company in that way", "", HOW[target.metric])
