"""A scenario's policies as bare numbers in one flat record: all that engines and expected loads are told.

Invariant: names come from the schema (`people.switch_share` is `switch_share`, `coordination.rework.share` is
`rework_share`), so a new number is named where it is declared and where it is used, and nowhere else.
"""

from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple, get_args

import numpy as np

from sim.mechanisms.forgetting import weekly_retention
from sim.mechanisms.learning import learning_exponent
from sim.model.scenario import Budgets, Scenario
from sim.rules.laws import Packed, pack
from sim.schema.base import Record

CODES = {bool: "?", int: "i8", float: "f8"}


class Numbers(NamedTuple):
    """Numbers of a scenario; times in open hours, probabilities in [0, 1].

    Attributes
    ----------
    plain : the numbers as attributes, for Python.
    record : (1,) the same numbers as a record, for compiled rules.
    laws : the laws of the policies; the number of a law is its row here.
    budgets : when a replication is stopped.
    """

    plain: Any
    record: np.ndarray[Any, Any]
    laws: Packed
    budgets: Budgets


def flat_name(key: str) -> str:
    """The name of a policy's number here.

    >>> flat_name("people.switch_share"), flat_name("coordination.rework.share")
    ('switch_share', 'rework_share')
    """
    return key.partition(".")[2].replace(".", "_")


def numbers_of(scenario: Scenario) -> Numbers:
    """The numbers of a scenario; a choice among words counts from 0 in the order of the schema."""
    values: dict[str, Any] = {}
    laws: list[Any] = []
    for policies in (scenario.people, scenario.coordination, scenario.customers):
        _flatten(policies, "", values, laws)
    weeks = scenario.experiment.horizon_weeks + scenario.experiment.drain_weeks
    derived = {
        "week": scenario.week,
        "day": scenario.day,
        "days": scenario.company.clock.days_per_week,
        "horizon": scenario.horizon,
        "end": weeks * scenario.week,
        "learning_exponent": float(learning_exponent(scenario.people.learning_rate)),
        "weekly_retention": float(weekly_retention(scenario.people.retention_per_month)),
        "coordinated": scenario.structure.coordinators is not None,
        "innovation_of": _place(scenario.customers.innovation.product, list(scenario.company.products)),
    }
    return Numbers(
        SimpleNamespace(**values, **derived),
        _record(values | derived),
        pack(laws),
        scenario.experiment.budgets,
    )


def _place(name: str | None, names: list[str]) -> int:
    """Number of what is named; without a name, of the last one."""
    return len(names) - 1 if name is None else names.index(name)


def _flatten(policies: Record, prefix: str, values: dict[str, Any], laws: list[Any]) -> None:
    for name, choices in _fields(type(policies)):
        value = getattr(policies, name)
        if hasattr(value, "law"):
            values[prefix + name] = len(laws)
            laws.append(value)
        elif isinstance(value, Record):
            _flatten(value, f"{prefix}{name}_", values, laws)
        else:
            values[prefix + name] = choices.index(value) if isinstance(value, str) else value


@cache
def _fields(kind: type[Record]) -> list[tuple[str, tuple[Any, ...]]]:
    """Fields of a record of policies with their choices, if any; what may be missing is no number."""
    choices = [(name, get_args(field.annotation)) for name, field in kind.model_fields.items()]
    return [(name, own) for name, own in choices if type(None) not in own]


def _record(values: dict[str, Any]) -> np.ndarray[Any, Any]:
    record = np.zeros(1, _layout(tuple(values), tuple(map(type, values.values()))))
    record[0] = tuple(values.values())
    return record


@cache
def _layout(names: tuple[str, ...], types: tuple[type, ...]) -> np.dtype[Any]:
    kind = np.dtype([(name, CODES[own]) for name, own in zip(names, types, strict=True)], align=True)
    return np.dtype((np.record, kind))
