"""What stands below a key of a record: the one walk over unions, tables with free names and lists.

Invariant: reads annotations; what the schema accepts at a path, and nothing else, is found there.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, TypeGuard, Union, get_args, get_origin

from pydantic import BaseModel

NAME, PLACE = ".<name>", ".<n>"
"""Between a key and the keys below it: a name of one's own in a table, a place in a list."""


def members(kind: Any) -> list[Any]:
    """What a value may be: a union taken apart, without annotations.

    >>> members(Annotated[int | None, "hours"])
    [<class 'int'>, <class 'NoneType'>]
    """
    if get_origin(kind) is Annotated:
        return members(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return [part for member in get_args(kind) for part in members(member)]
    value = getattr(kind, "__value__", None)
    return [kind] if value is None else members(value)


def is_record(kind: Any) -> TypeGuard[type[BaseModel]]:
    """Is this a record of named fields?"""
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def inside(kinds: Iterable[Any], key: str) -> list[Any]:
    """What may stand at `key` in a value of one of these kinds.

    >>> inside([dict[str, int | str], list[float]], "7")
    [<class 'int'>, <class 'str'>, <class 'float'>]
    """
    found: list[Any] = []
    for kind in kinds:
        if is_record(kind):
            about = kind.model_fields.get(key)
            found += [] if about is None else members(about.annotation)
        else:
            found += [
                one for step, inner in _many(kind) if step == NAME or key.isdigit() for one in members(inner)
            ]
    return found


def records(kind: Any) -> Iterator[tuple[type[BaseModel], str]]:
    """Records in a value of this kind, with what stands between its key and theirs."""
    for member in members(kind):
        if is_record(member):
            yield member, ""
        for step, inner in _many(member):
            yield from ((record, step + more) for record, more in records(inner))


def _many(kind: Any) -> list[tuple[str, Any]]:
    """How the members of a table or a list are found, and what they are."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is dict:
        return [(NAME, arguments[1])]
    return [(PLACE, arguments[0])] if origin in (tuple, list) else []


def flat(plain: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Nested settings as one level of dotted keys; lists stay whole.

    >>> flat({"demand": {"scale": 1.0}, "x": [1]})
    {'demand.scale': 1.0, 'x': [1]}
    """
    found: dict[str, Any] = {}
    for key, value in plain.items():
        if isinstance(value, Mapping) and value:
            found |= flat(value, f"{above}{key}.")
        else:
            found[f"{above}{key}"] = value
    return found
