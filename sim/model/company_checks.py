"""Mistakes inside a company: routes, rates, shares, names and patterns that do not fit together.

Invariant: every check returns mistakes; none raises, whatever else is wrong with the company.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from sim.model.company import Clock, Company, Product, Recorded, Segment
from sim.model.mistake import Mistake, unknown_name
from sim.rules.opening import HOURS as CLOCK_HOURS
from sim.schema.laws import Trace, law_mean, weighted_rightly

UNSEEN = ("Cc", "Cf", "Zl", "Zp", "Cs")
"""Unicode categories of characters that cannot be seen."""


def of_company(company: Company) -> Iterator[Mistake]:
    """Everything that is wrong with a well-formed company."""
    if company.facts is not None:
        yield Mistake("company.facts", "stands beside functions, products and segments", "One or the other")
    yield from of_names("company.name", (company.name,))
    yield from of_names("company.functions", company.functions)
    yield from of_names("company.products", company.products)
    yield from of_names("company.segments", company.segments)
    for name, product in company.products.items():
        yield from _of_product(f"company.products.{name}", product, company)
    for name, segment in company.segments.items():
        yield from _of_segment(f"company.segments.{name}", segment, company)
    yield from _of_profile(company)
    yield from _of_clock(company.clock)


def _of_product(where: str, product: Product, company: Company) -> Iterator[Mistake]:
    for function in dict.fromkeys((*product.route, *product.work, *product.visit_share)):
        if function not in company.functions:
            yield unknown_name(where, function, company.functions, "function")
        elif function not in product.route:
            what, route = f'"{function}" is given but is not in the route', ", ".join(product.route)
            yield Mistake(where, what, f"Route: {route}", "Add it to the route or remove it")
        elif function not in product.work:
            todo = f"Add {function}: {{law: lognormal, mean: ..., cv: ...}}"
            yield Mistake(f"{where}.work", f'"{function}" has no work content', "", todo)
    if product.recorded is not None:
        yield from _of_recorded(f"{where}.recorded", product.recorded, product, company)
    known = [company.functions[step] for step in product.route if step in company.functions]
    if known and all(function.kind != "work" for function in known):
        yield Mistake(where, "no step of the route is work", "At least one function of kind work")


def _of_recorded(where: str, past: Recorded, product: Product, company: Company) -> Iterator[Mistake]:
    """Lists of one length, names that are there, and at least one step of each case."""
    lengths = {name: len(getattr(past, name)) for name in ("function", "work", "wait", "alongside", "person")}
    if set(lengths.values()) != {sum(past.steps)} or len(past.hour) != len(past.steps):
        told = ", ".join(f"{count} of {name}" for name, count in lengths.items())
        yield Mistake(where, f"{told}, {len(past.hour)} of hour", f"{sum(past.steps)}, and {len(past.steps)}")
    elif min(past.steps) < 1 or min((*past.work, *past.wait, *past.hour)) < 0.0:
        yield Mistake(
            where, "a case without steps, or time below 0", "At least one step, times of at least 0"
        )
    elif not (min(past.function) >= 0 and max(past.function) < len(past.functions)):
        yield Mistake(f"{where}.function", "counts beyond functions", f"0 to {len(past.functions) - 1}")
    elif not (min(past.person) >= -1 and max(past.person) < len(past.people)):
        yield Mistake(f"{where}.person", "counts beyond people", f"-1 to {len(past.people) - 1}")
    for name in past.functions:
        if name not in product.route:
            yield unknown_name(f"{where}.functions", name, product.route, "function")
    waiting = company.functions.get(past.waiting)
    if waiting is None or waiting.kind != "delay":
        delays = [name for name, function in company.functions.items() if function.kind == "delay"]
        yield unknown_name(f"{where}.waiting", past.waiting, delays, "delay")
    if any(one.recorded is None for one in company.products.values()):
        yield Mistake(where, "stands beside products that are not recorded", "All products, or none")


def _of_segment(where: str, segment: Segment, company: Company) -> Iterator[Mistake]:
    yield from _of_rate(where, segment)
    yield from _of_shares(f"{where}.mix", segment.mix, company.products, "product")
    weights = segment.weights.model_dump()
    total = sum(weights.values())
    if abs(total - 1.0) > 1e-9:
        yield Mistake(f"{where}.weights", f"add up to {total:.12g}", "Must add up to 1")
    for attribute, values in segment.attributes.items():
        yield from _of_shares(f"{where}.attributes.{attribute}", values, None, "value")


def _of_rate(where: str, segment: Segment) -> Iterator[Mistake]:
    law = segment.interarrival
    if segment.requests_per_year is not None and law is not None:
        yield Mistake(where, "both of requests_per_year and interarrival are given", "Exactly one of them")
    if segment.requests_per_year is None and law is None:
        yield Mistake(where, "neither requests_per_year nor interarrival is given", "Exactly one of them")
    endless = (
        law is not None and not isinstance(law, Trace) and weighted_rightly(law) and law_mean(law) <= 0.0
    )
    if endless:
        yield Mistake(f"{where}.interarrival", "the mean time between requests is 0", "Must be > 0")


def _of_shares(
    where: str, shares: Mapping[str, float], known: Iterable[str] | None, kind: str
) -> Iterator[Mistake]:
    if known is not None:
        names = list(known)
        yield from (unknown_name(where, name, names, kind) for name in shares if name not in names)
    total = sum(shares.values())
    if abs(total - 1.0) > 1e-9 * max(1, len(shares)):
        missing = f"missing {1.0 - total:.9g}" if total < 1.0 else f"{total - 1.0:.9g} too much"
        todo = "Change a share or add what is missing"
        yield Mistake(where, f"sums to {total:.12g}, {missing}", "Must sum to 1", todo)


def of_names(where: str, names: Iterable[str]) -> Iterator[Mistake]:
    """Names with unseen characters or blanks at their ends, and names that look alike."""
    seen: dict[str, str] = {}
    for name in names:
        bad = next((letter for letter in name if unicodedata.category(letter) in UNSEEN), None)
        if bad is not None:
            what = f"name {name!r} contains U+{ord(bad):04X}, a control character"
            yield Mistake(where, what, "Printable characters")
        elif name != name.strip() or not name:
            yield Mistake(where, f"name {name!r} is blank or has blanks at its ends", "1 to 64 characters")
        key = unicodedata.normalize("NFC", name).casefold()
        if key in seen:
            yield Mistake(where, f'"{seen[key]}" and "{name}" look the same', "", "Rename one of them")
        seen.setdefault(key, name)


def _of_profile(company: Company) -> Iterator[Mistake]:
    hours, days = company.clock.hours_per_day, company.clock.days_per_week
    wanted = (("hour_of_day", hours), ("day_of_week", float(days)), ("month_of_year", 12.0))
    for name, length in wanted:
        where, factors = f"company.profile.{name}", getattr(company.profile, name)
        if factors and not length.is_integer():
            what = f"{len(factors)} factors for days of {length:g} open hours"
            yield Mistake(where, what, "A whole number of hours a day, or no factors")
        elif factors and len(factors) != length:
            yield Mistake(where, f"{len(factors)} factors", f"{length:g} are needed, or none")
        if factors and not any(factor > 0.0 for factor in factors):
            yield Mistake(where, "all factors are 0: nobody would ever come", "At least one above 0")


def _of_clock(clock: Clock) -> Iterator[Mistake]:
    where = "company.clock"
    if clock.week and (len(clock.week) != CLOCK_HOURS or not any(clock.week)):
        what = f"{len(clock.week)} shares, {sum(share > 0.0 for share in clock.week)} of them above 0"
        yield Mistake(f"{where}.week", what, f"{CLOCK_HOURS} shares, Monday 0:00 first, one of them above 0")
    try:
        monday = date.fromisoformat(clock.begins).weekday() == 0
    except ValueError:
        monday = False
    if not monday:
        yield Mistake(f"{where}.begins", f'"{clock.begins}" is no Monday', "A date such as 2024-01-01")
    try:
        ZoneInfo(clock.time_zone or "UTC")
    except (KeyError, ValueError, OSError):
        yield Mistake(f"{where}.time_zone", f'unknown time zone "{clock.time_zone}"', "Such as Europe/Rome")
