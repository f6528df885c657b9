"""Settings of a command as they are typed: key=value words with a prefix of their own.

Invariant: every mistake is told, with what is known and what is allowed.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from sim.model.mistake import Mistake, nearest

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Own = TypeVar("Own", bound="DataclassInstance")
Limits = Mapping[str, tuple[type, float, float]]
"""Kind, least and greatest value by name; what has none is a list of names, with commas."""


def typed_settings(
    blank: Own, prefix: str, limits: Limits, given: Mapping[str, str]
) -> tuple[Own, list[Mistake]]:
    """The settings with what was typed, and every mistake in it."""
    settings, found = blank, list[Mistake]()
    for key, text in given.items():
        name = key.removeprefix(prefix)
        known = [own.name for own in fields(blank)]
        if name not in known:
            keys = [f"{prefix}{own}" for own in known]
            told = f"Known: {', '.join(keys)}"
            found.append(Mistake(key, "unknown setting", told, suggestion=nearest(key, keys)))
        elif name not in limits:
            settings = replace(
                settings, **{name: tuple(part.strip() for part in text.split(",") if part.strip())}
            )
        elif (value := _value(limits[name], text)) is None:
            kind, low, high = limits[name]
            word = "A whole number" if kind is int else "A number"
            found.append(Mistake(key, f"got {text}", f"{word} from {low:g} to {high:g}"))
        else:
            settings = replace(settings, **{name: value})
    return settings, found


def _value(limits: tuple[type, float, float], text: str) -> Any:
    kind, low, high = limits
    try:
        value = kind(text)
    except ValueError:
        return None
    return value if low <= value <= high else None
