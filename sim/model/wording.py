"""Schema errors in plain words: what is wrong with the value, what is allowed, what to do.

Invariant: every error of the schema gets a sentence; none shows the library's own jargon.
"""

import math
from typing import Any, get_args

from pydantic import BaseModel

from sim.model.mistake import Mistake, nearest
from sim.model.scenario import Scenario

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


def explain(error: Any, plain: dict[str, Any]) -> Mistake:
    """One pydantic error as a Mistake."""
    location = [part for part in error["loc"] if not _is_tag(part, error["loc"], plain)]
    where = ".".join(str(part) for part in location) or "scenario"
    kind, value, context = error["type"], error.get("input"), error.get("ctx", {})
    if kind == "extra_forbidden":
        known = _siblings(plain, location)
        name = str(location[-1])
        return Mistake(
            where,
            f'unknown key "{name}"',
            f"Known: {', '.join(known)}" if known else "",
            suggestion=nearest(name, known),
        )
    if kind == "missing":
        return Mistake(where, "is missing", "", "Give it a value")
    if kind in NUMBERS:
        return _number(where, value, kind)
    if kind == "literal_error":
        choices = str(context.get("expected", ""))
        near = nearest(
            str(value), [choice.strip(" '") for choice in choices.replace(" or ", ", ").split(",")]
        )
        return Mistake(
            where, f"{_shown(value)} is not one of the choices", f"Known: {choices}", suggestion=near
        )
    if kind in BOUNDS:
        number = " is negative" if isinstance(value, int | float) and value < 0 else " is not allowed"
        shown = (
            _shown(value)
            if isinstance(value, int | float | str)
            else f"{len(value) if hasattr(value, '__len__') else 0} given"
        )
        return Mistake(
            where, shown + (number if isinstance(value, int | float) else ""), BOUNDS[kind].format(**context)
        )
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _law(where, value, context)
    if kind == "bool_type":
        return Mistake(where, f"{_shown(value)} is neither true nor false", "true or false")
    if kind == "string_type":
        return Mistake(
            where,
            f"{_shown(value)} is not a text",
            "A text",
            "Put it in quotes" if isinstance(value, bool | int | float) else "",
        )
    if kind in ("dict_type", "model_type", "model_attributes_type"):
        return Mistake(where, f"{_shown(value)} stands where a group of keys is needed", "A mapping of keys")
    if kind == "tuple_type":
        return Mistake(where, f"{_shown(value)} is not a list", "A list, such as [a, b]")
    return Mistake(where, f"{_shown(value)}: {error['msg']}")


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
    known = [word.strip(" '") for word in str(context.get("expected_tags", "")).split(",") if word.strip()]
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
    kind: Any = Scenario
    for part in location[:-1]:
        kind = _inside(kind, part)
    for candidate in _records(kind):
        node: Any = plain
        for part in location[:-1]:
            node = node[part] if isinstance(node, dict | list) else {}
        law = candidate.model_fields.get("law")
        if law is None or (isinstance(node, dict) and node.get("law") in get_args(law.annotation)):
            return list(candidate.model_fields)
    return []


def _inside(kind: Any, part: Any) -> Any:
    for candidate in _records(kind):
        if part in candidate.model_fields:
            return candidate.model_fields[part].annotation
    arguments = get_args(kind)
    return arguments[-1] if arguments and not _records(kind) else arguments[0] if arguments else kind


def _records(kind: Any) -> list[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [kind]
    if isinstance(kind, type) or getattr(kind, "__origin__", None) in (dict, tuple):
        return []
    return [record for argument in get_args(kind) for record in _records(argument)]
