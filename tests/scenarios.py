"""Scenarios as plain data for tests: a small workshop with every effect off, and the shipped companies.

Read straight from the YAML files, so that nothing here depends on the door.
"""

import copy
from functools import cache
from typing import Any, Final

import yaml

from sim.config.shipped import configs
from sim.model.check import scenario
from sim.model.scenario import Scenario

Plain = dict[str, Any]
QUICK: Final = "compiled"
"""The engine for tests with many requests; both give the same bits."""


@cache
def _read(group: str, name: str) -> Plain:
    """A shipped file, without what only its composition needs."""
    found: Plain = yaml.safe_load((configs() / group / f"{name}.yaml").read_text(encoding="utf-8"))
    found.pop("defaults", None)
    return found


def shipped(group: str, name: str) -> Plain:
    """A shipped choice, to be changed at will."""
    return copy.deepcopy(_read(group, name))


def fixed(hours: float) -> Plain:
    """A duration that is always the same."""
    return {"law": "deterministic", "mean": hours}


def exponential(hours: float) -> Plain:
    """A memoryless duration."""
    return {"law": "exponential", "mean": hours}


def by_axes(*axes: str) -> Plain:
    """All functions cut along these axes."""
    return {"name": "_".join(axes) or "pooled", "blocks": [{"functions": "all", "group_by": list(axes)}]}


def segment(customers: int, a_year: float, **more: Any) -> Plain:
    """Customers of the workshop who ask for shirts and coats alike."""
    return {"customers": customers, "requests_per_year": a_year, "mix": {"shirt": 0.5, "coat": 0.5}, **more}


def workshop(*changes: tuple[str, Any], structure: Plain | None = None) -> Plain:
    """Two functions, products and segments; nobody learns, nothing goes wrong, borders cost nothing.

    A week of 40 hours brings 10 requests of each segment and product; cutting takes 1 hour, sewing 2.
    """
    plain: Plain = {
        "company": {
            "name": "workshop",
            "description": "for tests",
            "source": "made up",
            "functions": {"cut": {"side": "front"}, "sew": {"side": "back"}},
            "products": {
                name: {"route": ["cut", "sew"], "work": {"cut": exponential(1.0), "sew": exponential(2.0)}}
                for name in ("shirt", "coat")
            },
            "segments": {"town": segment(20, 52.0), "village": segment(40, 26.0)},
        },
        "structure": by_axes("function") if structure is None else structure,
        "staffing": {**shipped("staffing", "neutral"), "headcount": 6},
        "people": shipped("people", "neutral"),
        "coordination": shipped("coordination", "neutral"),
        "customers": shipped("customers", "neutral"),
        "experiment": {"horizon_weeks": 20, "warm_up_weeks": 2, "drain_weeks": 4, "engine": "simpy"},
    }
    return changed(plain, *changes)


def office(company: str, structure: str, *changes: tuple[str, Any]) -> Plain:
    """A shipped company in a shipped structure, everything else as by default."""
    plain = {
        "company": shipped("company", company),
        "structure": shipped("structure", structure),
        "staffing": shipped("staffing", "default"),
        "people": shipped("people", "default"),
        "coordination": shipped("coordination", "default"),
        "customers": shipped("customers", "default"),
        "experiment": {"horizon_weeks": 20, "warm_up_weeks": 2, "drain_weeks": 4, "engine": "simpy"},
    }
    return changed(plain, *changes)


def changed(plain: Plain, *changes: tuple[str, Any]) -> Plain:
    """A copy with some values replaced: paths with dots, numbers for places in a list."""
    result = copy.deepcopy(plain)
    for path, value in changes:
        node: Any = result
        *inside, last = path.split(".")
        for key in inside:
            node = node[int(key)] if isinstance(node, list) else node.setdefault(key, {})
        node[int(last) if isinstance(node, list) else last] = copy.deepcopy(value)
    return result


def checked(plain: Plain, *changes: tuple[str, Any]) -> Scenario:
    """The scenario, which must have no mistake."""
    return scenario(changed(plain, *changes))
