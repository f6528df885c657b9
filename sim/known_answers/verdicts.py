"""Run a case and judge it: estimate, interval and verdict for every value.

Invariant: the unit of inference is the replication; a value passes within 3.5 standard errors of the exact
one, and a band wider than 15 % of the value is no test and says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from zlib import crc32

from sim.known_answers.case import Case, Trace
from sim.known_answers.observed import Observed

if TYPE_CHECKING:
    from sim.model.scenario import Scenario

BAND = 3.5
"""Standard errors between estimate and exact value that still pass; chance of a false alarm 0.0005 a
value."""
TOO_WIDE = 0.15
"""A band wider than this share of the value is no test of it."""
LONGEST_HOURS = 119_000.0
"""With a tenth for the warm-up as many weeks as a run may have."""
MOST_SHOWN = 10
"""Traces with more numbers show only the one that is furthest off."""

Engine = Literal["compiled", "simpy"] | None
Verdict = Literal["pass", "fail", "too rough"]


@dataclass(frozen=True)
class Tier:
    """How long to run: replications, at least two, and arrivals of each."""

    replications: int
    arrivals: int


TIERS = {"quick": Tier(10, 20_000), "full": Tier(20, 100_000)}


@dataclass(frozen=True)
class Judged:
    """One value of one case.

    Attributes
    ----------
    half_width : of the 95 % interval over replications; 0 where every number is given.
    band : largest distance from the exact value that passes.
    """

    case: str
    value: str
    exact: float
    estimate: float
    half_width: float
    band: float
    verdict: Verdict


def judge(case: Case | Trace, tier: Tier, engine: Engine = None, plant: float = 1.0) -> list[Judged]:
    """Run a case and judge all its values.

    Parameters
    ----------
    plant : factor on all work contents; anything but 1 is an error that a good suite finds.
    """
    if isinstance(case, Trace):
        return judge_trace(case, engine, plant)
    return judge_case(case, tier, engine, plant)


def judge_trace(case: Trace, engine: Engine, plant: float) -> list[Judged]:
    """Run once and compare every number."""
    from sim import simulate

    trajectory = simulate(loaded(case.overrides, plant), 0, engine)
    exact, found = case.exact(trajectory), case.found(trajectory)
    shown = list(exact)
    if len(exact) > MOST_SHOWN:
        shown = [max(exact, key=lambda name: off(exact[name], found.get(name, math.nan)))]
    return [given_number(case, name, exact[name], found.get(name, math.nan)) for name in shown]


def given_number(case: Trace, name: str, exact: float, found: float) -> Judged:
    """Compare one number that is known beforehand."""
    verdict: Verdict = "pass" if off(exact, found) <= case.tolerance else "fail"
    return Judged(case.name, name, exact, found, 0.0, case.tolerance, verdict)


def off(exact: float, found: float) -> float:
    """Distance, infinite when nothing was found."""
    return math.inf if math.isnan(found) else abs(exact - found)


def judge_case(case: Case, tier: Tier, engine: Engine, plant: float) -> list[Judged]:
    """Run the replications of a tier and compare means over replications."""
    from sim import simulate

    scenario = loaded((*case.overrides, *length(case, tier)), plant)
    samples: dict[str, list[float]] = {name: [] for name in case.readings}
    for replication in range(tier.replications):
        seen = Observed(simulate(scenario, replication, engine), case.unit)
        for name, reading in case.readings.items():
            samples[name].append(reading(seen))
    exact = case.exact()
    observed = tier.replications * min(tier.arrivals, case.most_arrivals)
    return [judged(case, name, exact[name], values, observed) for name, values in samples.items()]


def judged(case: Case, name: str, exact: float, values: Sequence[float], arrivals: int) -> Judged:
    """Compare the mean of the replications with the exact value."""
    estimate = math.fsum(values) / len(values)
    error = standard_error(values)
    if case.precision is not None and follows_rule(name):
        band = rule_band(exact, case.precision, arrivals)
    else:
        band = error * student(len(values) - 1, BAND)
    rough = band > TOO_WIDE * abs(exact)
    verdict: Verdict = "too rough" if rough else "pass" if abs(estimate - exact) <= band else "fail"
    return Judged(case.name, name, exact, estimate, error * student(len(values) - 1, 1.96), band, verdict)


def follows_rule(name: str) -> bool:
    """Does the precision of a case apply: is it a mean wait or number over all classes and stations?

    >>> follows_rule("Wq"), follows_rule("Wq2"), follows_rule("p_wait")
    (True, False, False)
    """
    return name.startswith(("W", "L", "EW", "ASA")) and not name[-1].isdigit()


def rule_band(exact: float, precision: float, arrivals: int) -> float:
    """Band from the arrivals that give a 95 % half-width of 2 %; it shrinks with the square root of arrivals.

    >>> round(rule_band(4.0, 180_000, 180_000), 4)
    0.1429
    """
    return abs(exact) * 0.02 * math.sqrt(precision / arrivals) * BAND / 1.96


def standard_error(values: Sequence[float]) -> float:
    """Standard error of the mean of independent values.

    >>> standard_error([1.0, 3.0])
    1.0
    """
    centre = math.fsum(values) / len(values)
    squares = math.fsum((value - centre) ** 2 for value in values)
    return math.sqrt(squares / (len(values) - 1) / len(values))


def student(freedom: int, normal: float) -> float:
    """The t quantile that has the same tail as a ``normal`` quantile.

    >>> round(student(9, 1.959963984540054), 3)
    2.262
    """
    from scipy.special import ndtr, stdtrit

    return float(stdtrit(freedom, ndtr(normal)))


def length(case: Case, tier: Tier) -> tuple[str, ...]:
    """Settings of a replication of the tier.

    A seed of its own for each case, so that cases do not err together; whole weeks; a tenth of the arrivals
    for warm-up, at least 2,000 (10,000 from a load of 0.9 on).
    """
    week = 40.0
    hours = min(min(tier.arrivals, case.most_arrivals) / case.arrival_rate * case.unit, LONGEST_HOURS)
    least = 10_000 if case.load >= 0.9 else 2_000
    warm_up = max(0.1 * hours, min(least / case.arrival_rate * case.unit, 0.5 * hours))
    weeks = max(2, math.ceil((hours + warm_up) / week))
    return (
        f"experiment.seed={crc32(case.name.encode())}",
        f"experiment.horizon_weeks={weeks}",
        f"experiment.warm_up_weeks={max(1, round(warm_up / week))}",
        f"experiment.drain_weeks={max(1, math.ceil(1000 * case.unit / week))}",
    )


def loaded(overrides: Sequence[str], plant: float) -> Scenario:
    """The scenario of these settings, with the planted error if there is one."""
    from sim import load_scenario

    scenario = load_scenario(list(overrides))
    if plant == 1.0:
        return scenario
    return with_longer_work(scenario, plant)


def with_longer_work(scenario: Scenario, factor: float) -> Scenario:
    """The same scenario with every work content times a factor."""
    from sim.model.check import scenario as checked

    plain = scenario.model_dump(mode="json")
    for segment in plain["company"]["segments"].values():
        segment["complexity"] *= factor
    return checked(plain)
