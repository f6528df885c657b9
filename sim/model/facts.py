"""A company from a handful of facts: numbers of functions, products and segments, length of steps, knowledge.

Invariant: all else is alike, so a study that sweeps the facts compares structures on nothing else.
"""

import json
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from sim.model.company import Clock, Facts, Knowledge
from sim.model.levers import Staffing

CUSTOMERS = 200
"""Customers of each segment; assumption: enough that one more request changes nobody's mind, D."""
TYPICAL_UNFAMILIARITY = 0.6
"""By which the offered work is turned into requests, whatever the structure; assumption, D."""
PROMISE_STEPS = 10.0
"""Promised response time in mean work contents of a request; assumption, D."""


def expanded(plain: dict[str, Any]) -> dict[str, Any]:
    """A plain scenario whose company facts, where there are any, are written out; else the same scenario.

    Facts stay as they are where something they need is malformed: the schema tells what is wrong with it.
    """
    company = plain.get("company")
    if not isinstance(company, dict) or not isinstance(company.get("facts"), dict):
        return plain
    if any(company.get(name) for name in ("functions", "products", "segments")):
        return plain
    parts = (company["facts"], company.get("clock", {}), plain.get("staffing", {}))
    try:
        own = _from_texts(*map(json.dumps, parts))
    except ValidationError:
        return plain
    return {**plain, "company": {**company, **own, "facts": None}}


def expanded_for(plain: dict[str, Any], people: int) -> dict[str, Any]:
    """The same by the hours of so many people; the number in the scenario is only the most that are tried."""
    staffing = plain["staffing"]
    return {**expanded({**plain, "staffing": {**staffing, "headcount": people}}), "staffing": staffing}


@lru_cache(maxsize=16)
def _from_texts(facts: str, clock: str, staffing: str) -> dict[str, Any]:
    """Functions, products and segments by facts; not to be changed, because scenarios share them."""
    hours = Clock.model_validate_json(clock)
    people = Staffing.model_validate_json(staffing).headcount
    hours_a_week = people * hours.hours_per_day * hours.days_per_week
    return _written_out(Facts.model_validate_json(facts), hours_a_week)


def _written_out(facts: Facts, hours_a_week: float) -> dict[str, Any]:
    functions = [f"function {number}" for number in range(1, facts.functions + 1)]
    products = [f"product {number}" for number in range(1, facts.products + 1)]
    facing = (facts.functions + 1) // 2
    content = facts.functions * facts.step_hours
    effort = content * (1.0 + TYPICAL_UNFAMILIARITY * facts.knowledge)
    rate = 52.0 * facts.offered * hours_a_week / effort / (facts.segments * CUSTOMERS)
    work = {name: {"law": "lognormal", "mean": facts.step_hours, "cv": facts.step_cv} for name in functions}
    mix = dict.fromkeys(products, 1.0 / facts.products)
    segment = {
        "customers": CUSTOMERS,
        "requests_per_year": rate,
        "mix": mix,
        "promise_hours": PROMISE_STEPS * content,
    }
    return {
        "functions": {
            name: {
                "side": "front" if number < facing else "back",
                "knowledge": _weights(facts.front if number < facing else facts.back, facts.knowledge),
            }
            for number, name in enumerate(functions)
        },
        "products": {name: {"route": functions, "work": work} for name in products},
        "segments": {f"segment {number}": segment for number in range(1, facts.segments + 1)},
    }


def _weights(shares: Knowledge, total: float) -> dict[str, float]:
    """Weights in the given proportions that add up to the total."""
    whole = shares.function + shares.product + shares.segment
    scale = total / whole if whole > 0.0 else 0.0
    return {axis: scale * getattr(shares, axis) for axis in ("function", "product", "segment")}
