"""Every number that a study rests on, with its unit, its source and the grade of its evidence.

Invariant: a source is told only of the value that it stands for, never of one that was set instead.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from numbers import Real
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeGuard

from sim.report.assumptions import evidence
from sim.report.layout_records import Finding
from sim.report.wording import listed
from sim.schema.paths import flat

if TYPE_CHECKING:
    import pandas as pd

GROUPS: Final = ("demand", "people", "coordination", "customers", "staffing")
SET: Final = "set for this study"
UNGRADED: Final = "not graded"
GRADES: Final = {
    "A": "with strong evidence (grade A)",
    "B": "with good evidence (B)",
    "C": "with some evidence (C)",
    "D": "that are judgement (D)",
}


class Known(NamedTuple):
    """A number, its value in the first scenario that has one, and its evidence."""

    key: str
    meaning: str
    value: float
    unit: str
    source: str
    grade: str
    varied: bool | str


def known_numbers(scenarios: "pd.DataFrame") -> Iterator[Known]:
    """The numbers of all scenarios that have a grade, without those of mechanisms that are off."""
    for key in map(str, scenarios.columns):
        about = evidence(key) if "." in key else {}
        value = _first(scenarios, key) if about and not _off(scenarios, key) else None
        if is_number(value):
            source, grade = _evidence(scenarios, key, float(value), about)
            varied = int(scenarios[key].nunique()) > 1
            yield Known(key, about["description"], float(value), about["unit"], source, grade, varied)


def graded(scenarios: "pd.DataFrame") -> Iterator[Finding]:
    """How good the evidence behind the numbers is, in one sentence."""
    grades = Counter(own.grade if own.grade in GRADES else UNGRADED for own in known_numbers(scenarios))
    if not grades:
        return
    told = [f"{grades[grade]} {words}" for grade, words in GRADES.items() if grades[grade]]
    if grades[UNGRADED]:
        told.append(f"{grades[UNGRADED]} set for this study or without a grade")
    yield Finding(f"Behind the {grades.total()} numbers of this study: {listed(told)}.", "Evidence")


def is_number(value: Any) -> TypeGuard[float]:
    """Is it a finite number, of Python's or numpy's?"""
    return not isinstance(value, bool) and isinstance(value, Real) and math.isfinite(value)


def _off(scenarios: "pd.DataFrame", key: str) -> bool:
    """Is it a number of a mechanism that is off in every scenario?"""
    switch = f"{key.rpartition('.')[0]}.enabled"
    return switch in scenarios and not scenarios[switch].fillna(False).astype(bool).any()


def _evidence(scenarios: "pd.DataFrame", key: str, value: float, about: Mapping[str, Any]) -> tuple[str, str]:
    if key.startswith("company."):
        source, grade = (_first(scenarios, f"company.{name}") for name in ("source", "grade"))
        return str(source or "the company's file"), str(grade or UNGRADED)
    if _defaults().get(key) == value:
        return str(about["source"]), str(about["grade"])
    return SET, UNGRADED


def _first(scenarios: "pd.DataFrame", key: str) -> Any:
    """The value in the first scenario that has one."""
    return next(iter(scenarios[key].dropna()), None) if key in scenarios else None


@cache
def _defaults() -> dict[str, Any]:
    """The values that the evidence of the schema is about."""
    from sim.model.scenario import Scenario

    records: Mapping[str, Any] = Scenario.model_fields
    groups = {name: records[name].annotation().model_dump(mode="json") for name in GROUPS}
    return flat(groups)
