"""The door of the model: plain data in, one valid Scenario or every mistake at once out.

Invariant: `scenario(plain)` succeeds exactly when `mistakes(plain)` is empty.
"""

import json
import marshal
from functools import lru_cache
from typing import Any

from sim.model import cross_checks
from sim.model.facts import expanded
from sim.model.mistake import BadScenario, Mistake
from sim.model.scenario import Scenario
from sim.model.stand_ins import filled
from sim.model.wording import explained
from sim.schema.base import Known, Record

ALIKE = 2
"""The format of marshal in which equal data give equal bytes; later ones also tell who shares an object."""
__all__ = ["BadScenario", "Mistake", "mistakes", "notes", "scenario"]


def scenario(plain: dict[str, Any]) -> Scenario:
    """A checked scenario.

    Raises
    ------
    BadScenario
        with every mistake, never only the first.
    """
    groups = _sound(plain)
    found = mistakes(plain) if groups is None else cross_checks.of_groups(groups)
    if found:
        raise BadScenario(found)
    if groups is None:  # cannot be, as there is no mistake; if it is, pydantic says why
        return Scenario.model_validate_json(json.dumps(expanded(plain)))
    return Scenario.model_construct(_fields_set=set(plain), **groups)


def mistakes(plain: dict[str, Any]) -> list[Mistake]:
    """Every mistake of a plain scenario: of form by the schema, of sense by the cross-checks.

    Where something is malformed, a mistake of sense counts if it holds whatever stands there instead.
    """
    groups = _sound(plain)
    if groups is not None:
        return cross_checks.of_groups(groups)
    try:
        (first, errors, places), (second, _, others) = (filled(plain, which) for which in (0, 1))
    except (TypeError, ValueError) as problem:
        return [Mistake("scenario", f"cannot be read as plain data ({problem})")]
    of_form = explained(errors, plain)
    if first is None or second is None:
        return of_form
    either_way = set(cross_checks.of_groups(_groups(second)))
    stood_in = {".".join(map(str, place)) for place in (*places, *others)}
    return of_form + [
        mistake
        for mistake in cross_checks.of_groups(_groups(first))
        if mistake in either_way and not _below(mistake.where, stood_in)
    ]


def _groups(whole: Scenario) -> dict[str, Record]:
    return {name: getattr(whole, name) for name in Scenario.model_fields}


def _below(where: str, places: set[str]) -> bool:
    return any(f"{where}.".startswith(f"{place}.") for place in places)


def _sound(plain: dict[str, Any]) -> dict[str, Record] | None:
    """All groups of a scenario in which each is well formed on its own; None: there is a mistake of form.

    Scenarios of a sweep share most of their groups, so each different group is read once.
    """
    groups: dict[str, Record] = {}
    try:
        written = expanded(plain)
        for name, about in Scenario.model_fields.items():
            if name in written:
                known = _company if name == "company" else _group
                group = Known(written[name], marshal.dumps(written[name], ALIKE))
                groups[name] = known(name, group)
            elif about.is_required():
                return None
            else:
                groups[name] = about.default
    except (TypeError, ValueError, AttributeError):  # ValidationError is a ValueError
        return None
    return groups if written.keys() <= groups.keys() else None


def _read(name: str, group: Known) -> Record:
    kind: Any = Scenario.model_fields[name].annotation
    read: Record = kind.model_validate_json(json.dumps(group.data))
    return read


_group = lru_cache(maxsize=256)(_read)
_company = lru_cache(maxsize=16)(_read)
"""Few, because companies can be large."""


def notes(found: Scenario) -> list[str]:
    """What a user should know although it is no mistake."""
    return cross_checks.notes(found)
