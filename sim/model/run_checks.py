"""Mistakes of a run: no steady state, periods in which nothing is measured, far too many requests.

Invariant: what passes can be played to its end within its budgets, as far as that can be told beforehand.
"""

from collections.abc import Iterator

from sim.model.company import Company, Demand, Segment
from sim.model.mistake import Mistake, unknown_name
from sim.model.policies import PeoplePolicy
from sim.model.scenario import Experiment
from sim.schema.laws import Trace, law_mean, weighted_rightly

LONGEST_HOURS = 2.0**17
NOVICE_YEARS = 5
YEAR_WEEKS = 52


def of_demand(demand: Demand, company: Company, experiment: Experiment | None) -> Iterator[Mistake]:
    """Surges and trends that are impossible, or impossible in a study of a steady state."""
    long_run = experiment is not None and experiment.kind == "long_run"
    for number, surge in enumerate(demand.surges):
        where = f"demand.surges.{number}"
        if surge.from_week >= surge.to_week:
            what = f"from_week {surge.from_week} >= to_week {surge.to_week}"
            yield Mistake(where, what, "A surge lasts at least a week")
        elif long_run and experiment is not None and surge.to_week > experiment.warm_up_weeks:
            what = f"with a surge until week {surge.to_week} there is no steady state"
            allowed = f"Over by the end of the warm-up (week {experiment.warm_up_weeks}) in a long_run study"
            yield Mistake(where, what, allowed, "Set experiment.kind=terminating")
        if surge.segment is not None and surge.segment not in company.segments:
            yield unknown_name(where, surge.segment, company.segments, "segment")
    yield from _of_markets(company, experiment)
    if long_run and demand.trend_per_year != 0.0:
        what, todo = "with a trend there is no steady state", "Set experiment.kind=terminating"
        yield Mistake("demand.trend_per_year", what, "0 in a long_run study", todo)


def _of_markets(company: Company, experiment: Experiment | None) -> Iterator[Mistake]:
    """Segments that close before they open, overlap with none, or change while a steady state is measured."""
    steady = experiment if experiment is not None and experiment.kind == "long_run" else None
    for name, about in company.segments.items():
        where, terminating = f"company.segments.{name}", "Set experiment.kind=terminating"
        if about.closes is not None and about.closes <= about.opens:
            what = f"closes in week {about.closes} and opens in week {about.opens}"
            yield Mistake(f"{where}.closes", what, "After it opens")
        elif steady and about.opens > steady.warm_up_weeks:
            what = f"opens in week {about.opens}: there is no steady state"
            allowed = f"At most the warm-up ({steady.warm_up_weeks} weeks)"
            yield Mistake(f"{where}.opens", what, allowed, terminating)
        elif steady and about.closes is not None and about.closes < steady.horizon_weeks:
            what = f"closes in week {about.closes}: there is no steady state"
            yield Mistake(
                f"{where}.closes", what, f"The horizon ({steady.horizon_weeks}) or later", terminating
            )
        others = [other for other in company.segments if other != name]
        for other in about.overlap:
            if other not in others:
                yield unknown_name(f"{where}.overlap", other, others, "segment")


def of_experiment(
    experiment: Experiment, company: Company, demand: Demand | None, people: PeoplePolicy | None
) -> Iterator[Mistake]:
    """Periods and sizes."""
    week = company.clock.hours_per_day * company.clock.days_per_week
    weeks, long_run = experiment.horizon_weeks + experiment.drain_weeks, experiment.kind == "long_run"
    if long_run and experiment.warm_up_weeks >= experiment.horizon_weeks:
        what = f"warm-up {experiment.warm_up_weeks} weeks >= horizon {experiment.horizon_weeks} weeks"
        yield Mistake(
            "experiment.warm_up_weeks", f"{what}: nothing would be measured", "Less than the horizon"
        )
    if weeks * week >= LONGEST_HOURS:
        allowed, todo = f"Below {LONGEST_HOURS:g} hours", "Shorten it, or count time in larger units"
        yield Mistake("experiment.horizon_weeks", f"{weeks * week:g} hours with the drain", allowed, todo)
    if long_run and people is not None and _still_learning(experiment, company, people):
        yield Mistake(
            "experiment.horizon_weeks",
            f"{people.start} people have no steady state within {experiment.horizon_weeks} weeks",
            f"At least {NOVICE_YEARS * YEAR_WEEKS} weeks",
            "Set experiment.kind=terminating or people.start=seasoned",
        )
    created = expected_requests(company, demand, weeks) if demand is not None else 0.0
    if created > experiment.budgets.requests:
        yield Mistake(
            "company.segments",
            f"would create about {created:.2g} requests",
            f"The limit is {experiment.budgets.requests:,} (experiment.budgets.requests)",
            "Check the unit of the rates (per year, or hours between requests)",
        )


def _still_learning(experiment: Experiment, company: Company, people: PeoplePolicy) -> bool:
    """Do people start elsewhere than where they will settle, in a horizon too short to get there?"""
    if people.start == "seasoned" or people.learning_rate >= 1.0 or people.knowledge_scale == 0.0:
        return False
    weights = (function.knowledge for function in company.functions.values())
    learns = any(own.function + own.product + own.segment > 0.0 for own in weights)
    return learns and experiment.horizon_weeks < NOVICE_YEARS * YEAR_WEEKS


def expected_requests(company: Company, demand: Demand, weeks: int) -> float:
    """Requests of a replication of so many weeks, about; 0 for laws that are mistaken themselves."""
    return sum(
        _of_customer(about, demand, company, _demand_weeks(demand, name, about, weeks)) * about.customers
        for name, about in company.segments.items()
    )


def _of_customer(segment: Segment, demand: Demand, company: Company, weeks: float) -> float:
    law, batch = segment.interarrival, 1.0
    if weighted_rightly(segment.batch):
        batch = max(1.0, law_mean(segment.batch))
    if isinstance(law, Trace):
        return len(law.values) * batch
    if law is None:
        return (segment.requests_per_year or 0.0) / YEAR_WEEKS * demand.scale * weeks * batch
    if not weighted_rightly(law) or law_mean(law) <= 0.0:
        return 0.0
    hours = weeks * company.clock.hours_per_day * company.clock.days_per_week
    return hours * demand.scale * batch / law_mean(law)


def _demand_weeks(demand: Demand, segment: str, about: Segment, weeks: int) -> float:
    """Weeks of level demand that this many weeks of trend, surges and an open market amount to."""
    if not demand.surges and demand.trend_per_year == 0.0 and not (about.opens or about.closes):
        return float(weeks)
    total = 0.0
    surges = [surge for surge in demand.surges if surge.segment in (None, segment)]
    for week in range(about.opens, min(weeks, about.closes or weeks)):
        factor = max(0.0, 1.0 + demand.trend_per_year * week / YEAR_WEEKS)
        for surge in surges:
            factor *= surge.factor if surge.from_week <= week < surge.to_week else 1.0
        total += factor
    return total
