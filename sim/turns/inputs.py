"""The uncertain inputs of a scenario: what each is now, and the range in which the evidence places it.

Invariant: every input has an effect that is switched on, and both ends of its range are allowed values.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic.fields import FieldInfo

from sim.model.check import mistakes
from sim.model.check import scenario as checked
from sim.schema.base import OF_THE_FIELD, Record, Switched

GROUPS: Final = ("demand", "people", "coordination", "customers", "staffing")
"""Groups whose numbers are looked at; of the company the facts in short, where it is given so."""
LAWS: Final = {"E8": (0.0, 8.0)}
"""Evidence about the mean of a law: its range in hours (E8: none to a day)."""
FACTOR: Final = 2.0
"""An input without an evidence range is halved and doubled; it is said to be an assumption."""
LOGARITHMIC: Final = 8.0
"""Ends so many times apart are looked at by ratio, not by difference."""
GRADES: Final = ("D", "C", "B", "A")
"""Weakest evidence first."""


@dataclass(frozen=True)
class Input:
    """A number of the scenario and its range. `source` and `grade`: of the range, `evidence` if there is one.

    `rank` : place in the order of the schema.
    """

    key: str
    now: float
    low: float
    high: float
    what: str = ""
    unit: str = ""
    source: str = "assumption"
    grade: str = "D"
    whole: bool = False
    evidence: bool = True

    @property
    def logarithmic(self) -> bool:
        """Whether steps are ratios."""
        return not self.whole and self.low > 0.0 and self.high >= LOGARITHMIC * self.low

    def between(self, one: float, other: float, part: float = 0.5) -> float:
        """The value at a part of the way, rounded to four digits, so that it can be typed again."""
        if self.logarithmic:
            value = math.exp(math.log(one) + part * (math.log(other) - math.log(one)))
        else:
            value = one + part * (other - one)
        return float(round(value)) if self.whole else float(f"{value:.4g}")

    def share(self, value: float) -> float:
        """Where a value lies in the range: 0 at its low end, 1 at its high end."""
        ends = (self.low, self.high, value)
        low, high, own = map(math.log, ends) if self.logarithmic else ends
        return (own - low) / (high - low)

    def set_to(self, value: float) -> int | float:
        """The value as the schema takes it."""
        return int(value) if self.whole else value


def inputs_of(plain: Mapping[str, Any], *, weak: bool = False) -> list[Input]:
    """Inputs with an evidence range, the weakest evidence first; `weak`: all of grade C or D instead."""
    model = checked(dict(plain))
    found = [
        each
        for group in GROUPS
        for each in _of_record(getattr(model, group), group, weak=weak)
        if _at(plain, each.key) is not None
    ]
    if model.company.facts is not None:
        found += _of_record(model.company.facts, "company.facts", weak=weak)
    kept = [each for each in found if not weak or each.grade in ("C", "D")]
    allowed = [own for each in kept if (own := _within(plain, each))]
    return sorted(allowed, key=lambda each: GRADES.index(each.grade))


def named_input(plain: Mapping[str, Any], key: str, low: float, high: float, *, whole: bool) -> Input | None:
    """An input with a range that was asked for; None where the key holds no number."""
    now = _at(plain, key)
    if isinstance(now, bool) or not isinstance(now, int | float):
        return None
    field = _field(checked(dict(plain)), key.split("."))
    about = _about(field) if field else {}
    return Input(key, float(now), min(low, now), max(high, now), **about, whole=whole, evidence=False)


def _field(inside: Any, path: Sequence[str]) -> FieldInfo | None:
    """The field of a path, or, of what has no evidence of its own, the one around it."""
    found: FieldInfo | None = None
    for part in path:
        own = getattr(type(inside), "model_fields", {}).get(part)
        evidence = (own.json_schema_extra or {}) if own is not None else {}
        found = own if "grade" in evidence and evidence["unit"] != OF_THE_FIELD else found
        inside = inside.get(part) if isinstance(inside, Mapping) else getattr(inside, part, None)
    return found


def _of_record(record: Record, path: str, *, weak: bool) -> Iterator[Input]:
    """Inputs of a record and of those in it; none where its mechanism is off."""
    if isinstance(record, Switched) and not record.enabled:
        return
    for name, field in type(record).model_fields.items():
        value, key = getattr(record, name), f"{path}.{name}"
        if isinstance(mean := getattr(value, "mean", None), int | float):
            yield from _law(field, key, float(mean), weak=weak)
        elif isinstance(value, Record):
            yield from _of_record(value, key, weak=weak)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield from _number(field, key, value, weak=weak)


def _law(field: FieldInfo, key: str, mean: float, *, weak: bool) -> Iterator[Input]:
    about = _about(field)
    if about["source"] in LAWS:
        low, high = LAWS[about["source"]]
        yield Input(f"{key}.mean", mean, min(low, mean), max(high, mean), **about)
    elif weak and mean > 0.0:
        yield Input(f"{key}.mean", mean, mean / FACTOR, mean * FACTOR, **about, evidence=False)


def _number(field: FieldInfo, key: str, value: float, *, weak: bool) -> Iterator[Input]:
    extra = field.json_schema_extra
    if not isinstance(extra, dict) or "grade" not in extra:
        return
    whole = field.annotation is int
    advised: Any = extra.get("advised")
    if advised:
        low, high = (float(end) for end in advised)
        yield Input(key, float(value), min(low, value), max(high, value), **_about(field), whole=whole)
    elif weak and value > 0:
        low, high = value / FACTOR, value * FACTOR
        low, high = (float(round(low)), float(round(high))) if whole else (low, high)
        yield Input(key, float(value), low, high, **_about(field), whole=whole, evidence=False)


def _about(field: FieldInfo) -> dict[str, Any]:
    extra: Any = field.json_schema_extra or {}
    told = {name: str(extra.get(name, "")) for name in ("unit", "source", "grade")}
    return {"what": str(field.description or ""), **told, "grade": told["grade"] or "D"}


def _within(plain: Mapping[str, Any], own: Input) -> Input | None:
    """The input with ends that are allowed; None where nothing is left to vary.

    An end that is refused is brought back to half way, and to the value of now at last.
    """
    low, high = (_allowed(plain, own, end) for end in (own.low, own.high))
    if low == high:
        return None
    return Input(**{**vars(own), "low": low, "high": high})


def _allowed(plain: Mapping[str, Any], own: Input, end: float) -> float:
    for value in (end, (own.now + end) / 2):
        value = float(round(value)) if own.whole else value
        if not mistakes(varied(plain, own, value)):
            return value
    return own.now


def varied(plain: Mapping[str, Any], own: Input, value: float) -> dict[str, Any]:
    """The scenario with this value of an input."""
    return with_value(plain, own.key.split("."), own.set_to(value))


def with_value(plain: Mapping[str, Any], path: Sequence[str], value: Any) -> dict[str, Any]:
    """Nested settings with another value at a path.

    >>> with_value({"a": {"b": 1, "c": 2}}, ["a", "b"], 3)
    {'a': {'b': 3, 'c': 2}}
    """
    first, *rest = path
    inner = plain.get(first)
    return {
        **plain,
        first: with_value(inner if isinstance(inner, Mapping) else {}, rest, value) if rest else value,
    }


def _at(plain: Mapping[str, Any], key: str) -> Any:
    found: Any = plain
    for part in key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found
