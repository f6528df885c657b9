"""Mistakes of sense: things that are each well formed and do not fit together.

Invariant: every check works on the groups it is given and returns mistakes; none raises, none stops another.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from sim.model.base import Record
from sim.model.company import Company, Demand
from sim.model.laws import Empirical, Uniform
from sim.model.levers import Structure
from sim.model.mistake import Mistake, unknown_name
from sim.model.partition import partition, told
from sim.model.policies import CustomerPolicy
from sim.model.scenario import Experiment, Scenario
from sim.model.staffing_checks import of_staffing

LONGEST_HOURS = 2.0**17
NOVICE_YEARS = 5


def of_groups(groups: dict[str, Any]) -> list[Mistake]:
    """Cross-checks over those groups that are well formed."""
    company: Company | None = groups.get("company")
    found = list(_laws(groups))
    if company is not None:
        found += [*_company(company), *_profile(company)]
        if (demand := groups.get("demand")) is not None:
            found += _demand(demand, company, groups.get("experiment"))
        if (structure := groups.get("structure")) is not None:
            found += of_structure(structure, company)
            if (staffing := groups.get("staffing")) is not None and not found:
                found += of_staffing(staffing, structure, company)
        if (customers := groups.get("customers")) is not None:
            found += _customers(customers, company)
        if (experiment := groups.get("experiment")) is not None:
            found += _experiment(experiment, company, groups)
    return found


def _laws(groups: dict[str, Any]) -> Iterator[Mistake]:
    for where, law in _every_record(groups):
        if isinstance(law, Uniform) and law.low > law.high:
            yield Mistake(where, f"low {law.low:g} > high {law.high:g}", "Order is low <= high")
        if isinstance(law, Empirical) and law.weights and len(law.weights) != len(law.values):
            yield Mistake(
                where, f"{len(law.weights)} weights for {len(law.values)} values", "One weight for each value"
            )
        if isinstance(law, Empirical) and law.weights and sum(law.weights) <= 0.0:
            yield Mistake(where, "all weights are 0", "At least one above 0")


def _every_record(node: Any, where: str = "") -> Iterator[tuple[str, Record]]:
    if isinstance(node, Record):
        if where:
            yield where, node
        node = {name: getattr(node, name) for name in type(node).model_fields}
    if isinstance(node, dict):
        for name, child in node.items():
            yield from _every_record(child, f"{where}.{name}" if where else str(name))
    elif isinstance(node, tuple) and node and isinstance(node[0], Record):
        for number, child in enumerate(node):
            yield from _every_record(child, f"{where}.{number}")


def _company(company: Company) -> Iterator[Mistake]:
    if company.facts is not None:
        yield Mistake("company.facts", "stands beside functions, products and segments", "One or the other")
    for kind, names in (
        ("functions", company.functions),
        ("products", company.products),
        ("segments", company.segments),
    ):
        yield from _names(f"company.{kind}", names)
    for name, about in company.products.items():
        where = f"company.products.{name}"
        for function in dict.fromkeys((*about.route, *about.work, *about.visit_share)):
            if function not in company.functions:
                yield unknown_name(where, function, company.functions, "function")
            elif function not in about.route:
                yield Mistake(
                    where,
                    f'"{function}" is given but is not in the route',
                    f"Route: {', '.join(about.route)}",
                    "Add it to the route or remove it",
                )
            elif function not in about.work:
                yield Mistake(
                    f"{where}.work",
                    f'"{function}" has no work content',
                    "",
                    f"Add {function}: {{law: lognormal, mean: ..., cv: ...}}",
                )
        if not any(
            company.functions[step].kind == "work" for step in about.route if step in company.functions
        ):
            yield Mistake(where, "no step of the route is work", "At least one function of kind work")
    for name, segment in company.segments.items():
        where = f"company.segments.{name}"
        if (segment.requests_per_year is None) == (segment.interarrival is None):
            given = "both" if segment.interarrival is not None else "neither"
            yield Mistake(
                where,
                f"{given} of requests_per_year and interarrival are given"
                if given == "both"
                else "neither requests_per_year nor interarrival is given",
                "Exactly one of them",
            )
        law = segment.interarrival
        if (
            law is not None
            and law.law not in ("trace", "empirical", "uniform")
            and getattr(law, "mean", 1.0) <= 0.0
        ):
            yield Mistake(f"{where}.interarrival", "mean 0: infinitely many requests", "Must be > 0")
        if law is not None and law.law != "trace" and _mean(law) <= 0.0:
            yield Mistake(f"{where}.interarrival", "the mean time between requests is 0", "Must be > 0")
        yield from _shares(f"{where}.mix", segment.mix, company.products, "product")
        weights = segment.weights
        total = (
            weights.responsiveness + weights.reliability + weights.assurance + weights.empathy + weights.ease
        )
        if abs(total - 1.0) > 1e-9:
            yield Mistake(f"{where}.weights", f"add up to {total:.12g}", "Must add up to 1")
        for attribute, values in segment.attributes.items():
            yield from _shares(f"{where}.attributes.{attribute}", values, None, "value")


def _mean(law: Any) -> float:
    if law.law == "uniform":
        return 0.5 * float(law.low + law.high)
    return max(law.values) if law.law == "empirical" else float(law.mean)


def _shares(
    where: str, shares: dict[str, float], known: Iterable[str] | None, kind: str
) -> Iterator[Mistake]:
    if known is not None:
        names = list(known)
        for name in shares:
            if name not in names:
                yield unknown_name(where, name, names, kind)
    total = sum(shares.values())
    if abs(total - 1.0) > 1e-9 * max(1, len(shares)):
        missing = f"missing {1.0 - total:.9g}" if total < 1.0 else f"{total - 1.0:.9g} too much"
        yield Mistake(
            where,
            f"sums to {total:.12g}, {missing}",
            "Must sum to 1",
            "Change a share or add what is missing",
        )


def _names(where: str, names: Iterable[str]) -> Iterator[Mistake]:
    seen: dict[str, str] = {}
    for name in names:
        bad = next(
            (letter for letter in name if unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp", "Cs")),
            None,
        )
        if bad is not None:
            yield Mistake(
                where, f"name {name!r} contains U+{ord(bad):04X}, a control character", "Printable characters"
            )
        if not name.strip() or name != name.strip():
            yield Mistake(where, f"name {name!r} is blank or has blanks at its ends", "1 to 64 characters")
        key = unicodedata.normalize("NFC", name).casefold()
        if key in seen:
            yield Mistake(where, f'"{seen[key]}" and "{name}" look the same', "", "Rename one of them")
        seen[key] = name


def _profile(company: Company) -> Iterator[Mistake]:
    per_day = company.clock.hours_per_day
    wanted = (("hour_of_day", per_day), ("day_of_week", company.clock.days_per_week), ("month_of_year", 12))
    for name, length in wanted:
        factors = getattr(company.profile, name)
        if factors and len(factors) != length:
            yield Mistake(
                f"company.profile.{name}", f"{len(factors)} factors", f"{length:g} are needed, or none"
            )
        if factors and not any(factor > 0.0 for factor in factors):
            yield Mistake(
                f"company.profile.{name}", "all factors are 0: nobody would ever come", "At least one above 0"
            )


def _demand(demand: Demand, company: Company, experiment: Experiment | None) -> Iterator[Mistake]:
    for number, surge in enumerate(demand.surges):
        where = f"demand.surges.{number}"
        if surge.from_week >= surge.to_week:
            yield Mistake(
                where,
                f"from_week {surge.from_week} >= to_week {surge.to_week}",
                "A surge lasts at least a week",
            )
        if surge.segment is not None and surge.segment not in company.segments:
            yield unknown_name(where, surge.segment, company.segments, "segment")
    if experiment is not None and experiment.kind == "long_run" and demand.trend_per_year != 0.0:
        yield Mistake(
            "demand.trend_per_year",
            "with a trend there is no steady state",
            "0 in a long_run study",
            "Set experiment.kind=terminating",
        )


def of_structure(structure: Structure, company: Company) -> Iterator[Mistake]:
    """A structure must do every cell exactly once; every uncovered or doubled cell is listed."""
    if bool(structure.blocks) == bool(structure.departments):
        yield Mistake("structure", "needs either blocks or departments", "One of the two")
        return
    yield from _names("structure.departments", structure.departments)
    found = partition(structure, company)
    for where, name, known in found.unknown:
        yield unknown_name(where, name, known, where.rsplit(".", 1)[-1].rstrip("s"))
    for cell in found.uncovered:
        yield Mistake(
            "structure",
            f"nobody does {told(cell)}",
            "Every cell needs one department",
            "Give it to a department, or add a block for the rest",
        )
    for cell, departments in found.doubled.items():
        yield Mistake(
            "structure",
            f"{told(cell)} is done by {' and by '.join(departments)}",
            "Every cell needs one department",
            "Take it from one of them",
        )


def _cell(cell: tuple[str, str, str]) -> str:
    return f"function {cell[0]}, product {cell[1]}, segment {cell[2]}"


def _customers(customers: CustomerPolicy, company: Company) -> Iterator[Mistake]:
    if customers.misgrouped + customers.excluded > 1.0:
        yield Mistake(
            "customers",
            f"misgrouped {customers.misgrouped:g} + excluded {customers.excluded:g} > 1",
            "At most 1 together",
        )
    if customers.grouping is None:
        return
    for name in customers.grouping.by:
        for segment, about in company.segments.items():
            if name not in about.attributes:
                yield unknown_name(
                    f"customers.grouping.by (segment {segment})", name, about.attributes, "attribute"
                )


def _experiment(experiment: Experiment, company: Company, groups: dict[str, Any]) -> Iterator[Mistake]:
    week = company.clock.hours_per_day * company.clock.days_per_week
    warm_up, horizon = experiment.warm_up_weeks, experiment.horizon_weeks
    if warm_up >= horizon:
        yield Mistake(
            "experiment.warm_up_weeks",
            f"warm-up {warm_up} weeks >= horizon {horizon} weeks: nothing would be measured",
            "Less than the horizon",
        )
    hours = (horizon + experiment.drain_weeks) * week
    if hours >= LONGEST_HOURS:
        yield Mistake(
            "experiment.horizon_weeks",
            f"{hours:g} hours with the drain",
            f"Below {LONGEST_HOURS:g} hours",
            "Shorten it, or count time in larger units",
        )
    people = groups.get("people")
    if (
        people is not None
        and experiment.kind == "long_run"
        and people.start != "seasoned"
        and people.learning_rate < 1.0
    ):
        learns = any(
            function.knowledge.function + function.knowledge.product + function.knowledge.segment > 0.0
            for function in company.functions.values()
        )
        if learns and people.knowledge_scale > 0.0 and horizon * week < NOVICE_YEARS * 52 * week:
            yield Mistake(
                "experiment.horizon_weeks",
                f"{people.start} people have no steady state within {horizon} weeks",
                f"At least {NOVICE_YEARS * 52} weeks",
                "Set experiment.kind=terminating or people.start=seasoned",
            )
    if "demand" in groups:
        created = expected_requests(company, groups["demand"], horizon + experiment.drain_weeks)
        if created > experiment.budgets.requests:
            yield Mistake(
                "company.segments",
                f"would create about {created:.2g} requests",
                f"The limit is {experiment.budgets.requests:,} (experiment.budgets.requests)",
                "Check the unit of the rates (per year, or hours between requests)",
            )


def expected_requests(company: Company, demand: Demand, weeks: int) -> float:
    """Requests of a replication, about."""
    week = company.clock.hours_per_day * company.clock.days_per_week
    total = 0.0
    for segment in company.segments.values():
        if segment.interarrival is not None:
            law = segment.interarrival
            if law.law == "trace":
                total += segment.customers * len(law.values)
                continue
            mean = (
                0.5 * (law.low + law.high)
                if law.law == "uniform"
                else sum(law.values) / len(law.values)
                if law.law == "empirical"
                else law.mean
            )
            per_hour = 1.0 / max(mean, 1e-9)
        else:
            per_hour = (segment.requests_per_year or 0.0) / (52.0 * week)
        batch = segment.batch.mean if hasattr(segment.batch, "mean") else 1.0
        total += segment.customers * per_hour * demand.scale * weeks * week * max(1.0, batch)
    return total


def notes(found: Scenario) -> list[str]:
    """What a user should know although it is no mistake."""
    said = []
    if found.experiment.replications < 2:
        said.append("one replication: no interval is possible")
    elif found.experiment.replications < 10:
        said.append(f"{found.experiment.replications} replications: intervals are rough below 10")
    return said
