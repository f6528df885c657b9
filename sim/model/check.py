"""The door of the model: plain data in, one valid Scenario or every mistake at once out.

Invariant: `scenario(plain)` succeeds exactly when `mistakes(plain)` is empty.
"""

import json
from typing import Any

from pydantic import ValidationError

from sim.model import cross_checks
from sim.model.base import Record
from sim.model.facts import expanded
from sim.model.mistake import BadScenario, Mistake
from sim.model.scenario import Scenario
from sim.model.wording import explained

__all__ = ["BadScenario", "Mistake", "mistakes", "notes", "scenario"]


def scenario(plain: dict[str, Any]) -> Scenario:
    """A checked scenario.

    Raises
    ------
    BadScenario
        with every mistake, never only the first.
    """
    found = mistakes(plain)
    if found:
        raise BadScenario(found)
    return Scenario.model_validate_json(json.dumps(expanded(plain)))


def mistakes(plain: dict[str, Any]) -> list[Mistake]:
    """Every mistake of a plain scenario: of form by the schema, of sense by the cross-checks.

    Cross-checks run on whatever groups are well formed, so that one wrong number hides no other mistake.
    """
    try:
        plain = expanded(plain)
        text = json.dumps(plain)
    except (TypeError, ValueError) as problem:
        return [Mistake("scenario", f"cannot be read as plain data ({problem})")]
    try:
        whole = Scenario.model_validate_json(text)
    except ValidationError as problem:
        errors = problem.errors(include_url=False)
        own = [error for error in errors if not _follows_from_facts(error["loc"], plain)]
        return explained(own, plain) + cross_checks.of_groups(_well_formed(plain))
    return cross_checks.of_groups({name: getattr(whole, name) for name in Scenario.model_fields})


def notes(found: Scenario) -> list[str]:
    """What a user should know although it is no mistake."""
    return cross_checks.notes(found)


def _follows_from_facts(where: tuple[int | str, ...], plain: dict[str, Any]) -> bool:
    """What malformed facts could not write out is no mistake of its own."""
    company = plain.get("company")
    in_short = isinstance(company, dict) and company.get("facts") is not None
    return in_short and len(where) == 2 and where[1] in ("functions", "products", "segments")


def _well_formed(plain: dict[str, Any]) -> dict[str, Record]:
    groups: dict[str, Record] = {}
    for name, about in Scenario.model_fields.items():
        kind = about.annotation
        if name not in plain or not (isinstance(kind, type) and issubclass(kind, Record)):
            continue
        try:
            groups[name] = kind.model_validate_json(json.dumps(plain[name]))
        except ValidationError:
            continue
    return groups
