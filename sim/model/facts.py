"""A company from a handful of facts: numbers of functions, products and segments, length of steps, knowledge.

Invariant: all else is alike, so a study that sweeps the facts compares structures on nothing else.
"""

import json
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
    try:
        facts = Facts.model_validate(company["facts"])
        clock = Clock.model_validate(company.get("clock", {}))
        staffing = Staffing.model_validate_json(json.dumps(plain.get("staffing", {})))
    except ValidationError:
        return plain
    hours_a_week = staffing.headcount * clock.hours_per_day * clock.days_per_week
    return {**plain, "company": {**company, **_written_out(facts, hours_a_week), "facts": None}}


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
