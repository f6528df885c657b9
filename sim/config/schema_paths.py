"""Which dotted paths the schema knows: is this key possible, and what would have been?

Invariant: read from the pydantic models alone; nothing about the scenario is written down twice.
"""

from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from sim.model.scenario import Scenario


def unknown_at(keys: tuple[str, ...], plain: Mapping[str, Any]) -> tuple[int, list[str]] | None:
    """None when the schema knows the path; else the number of the first wrong key and the names known there.

    A table with free names (`company.segments.<name>`) is passed only through a name that `plain` has;
    as the last key a new name is possible.

    >>> unknown_at(("demand", "scale"), {}) is None
    True
    >>> unknown_at(("demand", "scal"), {})[0]
    1
    """
    kinds: list[Any] = [Scenario]
    node: Any = plain
    for position, key in enumerate(keys):
        below = [inner for kind in kinds for inner in _inside(kind, key)]
        names = _names(kinds, node)
        is_last = position == len(keys) - 1
        if not below or (not is_last and _is_open(kinds) and key not in names):
            return position, names
        kinds, node = below, _child(node, key)
    return None


def is_whole(keys: tuple[str, ...]) -> bool:
    """Does the schema want a whole number at this path?

    >>> is_whole(("staffing", "headcount")), is_whole(("demand", "scale"))
    (True, False)
    """
    kinds: list[Any] = [Scenario]
    for key in keys:
        kinds = [inner for kind in kinds for inner in _inside(kind, key)]
    return int in kinds and float not in kinds


def _inside(kind: Any, key: str) -> list[Any]:
    """Kinds of value that may stand at `key` in a value of this kind."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        about = kind.model_fields.get(key)
        return [] if about is None else _parts(about.annotation)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is dict:
        return _parts(arguments[1])
    if origin in (tuple, list) and key.isdigit():
        return _parts(arguments[0])
    return []


def _parts(kind: Any) -> list[Any]:
    """The members of a union, without annotations."""
    if get_origin(kind) is Annotated:
        return _parts(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return [part for member in get_args(kind) for part in _parts(member)]
    value = getattr(kind, "__value__", None)
    return [kind] if value is None else _parts(value)


def _is_open(kinds: list[Any]) -> bool:
    return not any(isinstance(kind, type) and issubclass(kind, BaseModel) for kind in kinds)


def _names(kinds: list[Any], node: Any) -> list[str]:
    fixed = [
        name
        for kind in kinds
        if isinstance(kind, type) and issubclass(kind, BaseModel)
        for name in kind.model_fields
    ]
    if fixed:
        return list(dict.fromkeys(fixed))
    if isinstance(node, Mapping):
        return [str(name) for name in node]
    return [str(index) for index in range(len(node))] if isinstance(node, list) else []


def _child(node: Any, key: str) -> Any:
    if isinstance(node, Mapping):
        return node.get(key)
    return node[int(key)] if isinstance(node, list) and key.isdigit() and int(key) < len(node) else None
