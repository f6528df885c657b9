"""Schema errors in plain words: what is wrong with the value, what is allowed, what to do.

Invariant: every error of the schema gets a sentence; none shows the library's own jargon.
"""

import math
from collections.abc import Sequence
from typing import Any, get_args

from sim.model.mistake import Mistake, nearest
from sim.model.scenario import Scenario
from sim.schema.paths import inside, is_record

BOUNDS = {
    "greater_than": "Must be > {gt}",
    "greater_than_equal": "Must be at least {ge}",
    "less_than": "Must be below {lt}",
    "less_than_equal": "Must be at most {le}",
    "too_short": "At least {min_length} needed",
    "too_long": "At most {max_length} allowed",
    "string_too_short": "At least {min_length} characters",
    "string_too_long": "At most {max_length} characters",
}
NUMBERS = {"int_type", "int_parsing", "int_from_float", "float_type", "float_parsing", "finite_number"}


def explained(errors: Sequence[Any], plain: dict[str, Any]) -> list[Mistake]:
    """Every error of the schema as a Mistake, without those that only follow from another."""
    return [explain(error, plain) for error in errors if not _follows(error)]


def _follows(error: Any) -> bool:
    """Where a word or a list may stand, both readings complain; a list of wrong things seems too short."""
    kind, branch, value = error["type"], str(error["loc"][-1]), error.get("input")
    if kind == "literal_error" and branch.startswith("literal["):
        return isinstance(value, list)
    if kind == "too_short":
        return bool(len(value) >= error["ctx"]["min_length"])
    return kind == "tuple_type" and branch.startswith("tuple[")


def location(error: Any, plain: dict[str, Any]) -> list[Any]:
    """The keys that lead to what an error is about."""
    return [part for part in error["loc"] if not _is_tag(part, error["loc"], plain)]


def choices(told: object) -> list[str]:
    """The words that an error lists.

    >>> choices("'front', 'back' or 'all'")
    ['front', 'back', 'all']
    """
    return [word for part in str(told).replace(" or ", ", ").split(",") if (word := part.strip(" '"))]


def explain(error: Any, plain: dict[str, Any]) -> Mistake:
    """One pydantic error as a Mistake."""
    place = location(error, plain)
    where = ".".join(str(part) for part in place) or "scenario"
    kind, value, context = error["type"], error.get("input"), error.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(where, str(place[-1]), _siblings(plain, place))
    if kind == "missing":
        return Mistake(where, "is missing", "", "Give it a value")
    if kind in NUMBERS:
        return _number(where, value, kind)
    if kind == "literal_error":
        return _choice(where, value, context, str(error["loc"][-1]).startswith("literal["))
    if kind in BOUNDS:
        return _bound(where, value, BOUNDS[kind].format(**context))
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _law(where, value, context)
    if kind == "bool_type":
        return Mistake(where, f"{_shown(value)} is neither true nor false", "true or false")
    if kind == "string_type":
        quotes = "Put it in quotes" if isinstance(value, bool | int | float) else ""
        return Mistake(where, f"{_shown(value)} is not a text", "A text", quotes)
    if kind in ("dict_type", "model_type", "model_attributes_type"):
        group = "A mapping of keys"
        if isinstance(value, int | float) and not isinstance(value, bool):
            group += f"; a duration is a law, such as {{law: exponential, mean: {value}}}"
        return Mistake(where, f"{_shown(value)} stands where a group of keys is needed", group)
    if kind == "tuple_type":
        return Mistake(where, f"{_shown(value)} is not a list", "A list, such as [a, b]")
    return Mistake(where, f"{_shown(value)}: {error['msg']}")


def _unknown_key(where: str, name: str, known: list[str]) -> Mistake:
    allowed = f"Known: {', '.join(known)}" if known else ""
    return Mistake(where, f'unknown key "{name}"', allowed, suggestion=nearest(name, known))


def _choice(where: str, value: Any, context: dict[str, Any], or_list: bool) -> Mistake:
    """A word that is none of the choices, in a place where a list of names may be allowed too."""
    known = choices(context["expected"])
    allowed = f"Known: {', '.join(known)}" + (", or a list of names" if or_list else "")
    near = nearest(str(value), known)
    return Mistake(where, f"{_shown(value)} is not one of the choices", allowed, suggestion=near)


def _bound(where: str, value: Any, allowed: str) -> Mistake:
    if isinstance(value, int | float):
        return Mistake(where, f"{value} is {'negative' if value < 0 else 'not allowed'}", allowed)
    if isinstance(value, str):
        return Mistake(where, _shown(value), allowed)
    return Mistake(where, f"{len(value) if hasattr(value, '__len__') else 0} given", allowed)


def _number(where: str, value: Any, kind: str) -> Mistake:
    allowed = "A whole number" if kind.startswith("int") else "A number"
    if isinstance(value, float) and math.isnan(value):
        return Mistake(where, "is not a number (NaN)", allowed)
    if isinstance(value, float) and math.isinf(value):
        return Mistake(where, "is infinite (too large for a number)", allowed)
    if isinstance(value, str):
        if value.replace(",", "").replace("-", "").isdigit() and "," in value:
            return Mistake(where, f'"{value}" uses a comma', allowed, f"Write {value.replace(',', '.')}")
        return Mistake(where, f'is the text "{value}"', f"{allowed} is needed")
    return Mistake(where, f"got {_shown(value)}", allowed)


def _law(where: str, value: Any, context: dict[str, Any]) -> Mistake:
    given = context.get("tag") or (value.get("law") if isinstance(value, dict) else None)
    known = choices(context.get("expected_tags", ""))
    if given is None:
        return Mistake(where, "does not say which law it is", "", "Add law: lognormal, for example")
    return Mistake(
        where, f'unknown law "{given}"', f"Known: {', '.join(known)}", suggestion=nearest(str(given), known)
    )


def _shown(value: Any) -> str:
    text = "nothing" if value is None else f'the text "{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _is_tag(part: Any, location: tuple[Any, ...], plain: dict[str, Any]) -> bool:
    """Discriminated unions put their tag into the path; it is no key of the user's file."""
    node: Any = plain
    for step in location:
        if (isinstance(node, dict) and step in node) or (
            isinstance(node, list | tuple) and isinstance(step, int) and step < len(node)
        ):
            node = node[step]
        elif step is part:
            is_law = isinstance(node, dict) and node.get("law") == part
            return is_law or str(part).startswith(("tuple", "literal", "function-", "constrained"))
        else:
            return False
    return False


def _siblings(plain: dict[str, Any], location: list[Any]) -> list[str]:
    """Names the schema knows at the place of an unknown key."""
    kinds: list[Any] = [Scenario]
    node: Any = plain
    for part in location[:-1]:
        kinds = inside(kinds, str(part))
        node = node[part] if isinstance(node, dict | list) else {}
    for candidate in filter(is_record, kinds):
        law = candidate.model_fields.get("law")
        if law is None or (isinstance(node, dict) and node.get("law") in get_args(law.annotation)):
            return list(candidate.model_fields)
    return []
