"""Malformed parts of a scenario replaced by stand-ins, so that one mistake of form hides none of sense.

Invariant: what is true of two scenarios with different stand-ins does not follow from the stand-ins.
"""

import copy
import hashlib
import json
from typing import Any

from pydantic import ValidationError

from sim.model.facts import expanded
from sim.model.mistake import nearest
from sim.model.scenario import Scenario
from sim.model.wording import NUMBERS, choices, location

ROUNDS = 12
"""What stands in for a group may need stand-ins itself; nothing in a scenario is nested deeper."""
PAIRS = ((1, 2), (0.25, 0.75), (3, 4), (300, 400))
"""Numbers, tried one pair after the other; one of them fits every range of the schema."""
LONGEST = 64
KEY = "[key]"
"""What the schema calls a name that is a key, as against what is below it."""

Where = tuple[int | str, ...]


def filled(plain: dict[str, Any], which: int) -> tuple[Scenario | None, list[Any], list[Where]]:
    """A well-formed scenario, the schema's errors on the way to it, and the places of stand-ins.

    The first (`which` 0) and the second differ in every stand-in, but for words that are nearly right. The
    scenario is None where nothing helps.
    """
    plain = json.loads(json.dumps(plain))
    told: list[Any] = []
    tried: dict[Where, int] = {}
    for _ in range(ROUNDS):
        whole = expanded(plain)
        try:
            return Scenario.model_validate_json(json.dumps(whole)), told, list(tried)
        except ValidationError as problem:
            errors = problem.errors(include_url=False)
        if whole is not plain and not any(_follows_from_facts(error["loc"], plain) for error in errors):
            plain = copy.deepcopy(whole)  # what facts wrote out is shared by scenarios
        own = [(tuple(location(error, plain)), error) for error in errors
               if not _follows_from_facts(error["loc"], plain)]  # fmt: skip
        told += [error for where, error in own if not within(where, tried)]
        for where, error in reversed(own):  # of several at one place, the first has the last word
            _put(plain, where, error, which, tried.get(where, 0))
        tried |= {where: tried.get(where, 0) + 1 for where, _ in own}
    return None, told, list(tried)


def within(where: Where, places: Any) -> bool:
    """Is the place one of these, or below one?"""
    return any(where[: len(place)] == place for place in places)


def _put(plain: dict[str, Any], where: Where, error: Any, which: int, attempt: int) -> None:
    """Put a stand-in where the schema complains."""
    node: Any = plain
    *above, last = where or ("",)
    for key in above[: -1 if last == KEY else None]:
        try:
            node = node[key]
        except (KeyError, IndexError, TypeError):
            return
    if last == KEY:
        renamed = {_name(key) if key == above[-1] else key: value for key, value in node.items()}
        node.clear()
        node.update(renamed)
    elif error["type"] == "extra_forbidden":
        del node[last]
    else:
        node[last] = _stand_in(error, which, attempt)


def _stand_in(error: Any, which: int, attempt: int) -> Any:
    kind, value, context = error["type"], error.get("input"), error.get("ctx", {})
    name = f"stand-in {which}"
    if kind in NUMBERS or (kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal")):
        return PAIRS[attempt % len(PAIRS)][which]
    if kind == "literal_error":
        known = choices(context["expected"])
        or_list = str(error["loc"][-1]).startswith("literal[")
        return known[-which] if or_list else nearest(str(value), known) or known[-which]
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        near = nearest(str(context.get("tag", "")), choices(context.get("expected_tags", "")))
        return {**value, "law": near} if near else {"law": "deterministic", "mean": 1 + which}
    if kind == "too_short":
        return {name: None} if isinstance(value, dict) else [None]
    if kind == "too_long":
        most = context["max_length"]
        return dict(list(value.items())[:most]) if isinstance(value, dict) else value[:most]
    if kind.startswith("string"):
        return _name(value) if kind == "string_too_long" else name
    return {
        "bool_type": bool(which), "tuple_type": [], "dict_type": {}, "model_type": {}, "missing": None,
    }.get(kind)  # fmt: skip


def _name(text: str) -> str:
    """A name of the longest kind for one that is too long or empty; the same for the same."""
    return f"{text[:40]} {hashlib.sha256(text.encode()).hexdigest()}"[:LONGEST]


def _follows_from_facts(where: Where, plain: dict[str, Any]) -> bool:
    """What malformed facts could not write out is no mistake of its own."""
    company = plain.get("company")
    in_short = isinstance(company, dict) and company.get("facts") is not None
    return in_short and len(where) == 2 and where[1] in ("functions", "products", "segments")
