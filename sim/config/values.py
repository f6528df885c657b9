"""Single settings on plain data: `demand.scale=1.2` read and applied without a composition.

Invariant: a plain scenario is never changed; a row shares with its base whatever it does not set.
"""

import re
from typing import Any

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,300})(?:\.\d+)?(?:[eE][-+]?\d+)?")


def quick_number(text: str) -> int | float | None:
    """A number in its usual spelling; None when Hydra's grammar has to read the text.

    >>> quick_number("0.8"), quick_number("12"), quick_number("1,2"), quick_number("010")
    (0.8, 12, None, None)
    """
    if not _NUMBER.fullmatch(text):
        return None
    return int(text) if text.lstrip("-").isdigit() else float(text)


def with_value(plain: Any, keys: tuple[str, ...], value: Any) -> Any:
    """A copy of `plain` in which the value at the path `keys` is set; only containers on the path are copied.

    Mappings merge, as Hydra merges them. A mapping that names its law replaces the old law whole: a mean
    and a spread of another law would make no sense in it.

    >>> with_value({"a": {"b": 1, "c": 2}}, ("a", "b"), 5)
    {'a': {'b': 5, 'c': 2}}
    >>> with_value({"a": {"law": "gamma", "mean": 1, "cv": 1}}, ("a",), {"law": "exponential", "mean": 2})
    {'a': {'law': 'exponential', 'mean': 2}}
    """
    if not keys:
        return merged(plain, value)
    first, rest = keys[0], keys[1:]
    if isinstance(plain, list) and first.isdigit() and int(first) < len(plain):
        index = int(first)
        return [*plain[:index], with_value(plain[index], rest, value), *plain[index + 1 :]]
    node = plain if isinstance(plain, dict) else {}
    return {**node, first: with_value(node.get(first), rest, value)}


def merged(old: Any, new: Any) -> Any:
    """`new` laid over `old`: mappings merge key by key, everything else replaces."""
    if not (isinstance(old, dict) and isinstance(new, dict)) or "law" in new:
        return new
    return {**old, **{key: merged(old.get(key), value) for key, value in new.items()}}


def texts_as_names(plain: Any) -> Any:
    """The same data with every name as the text it was written as: YAML reads a product code as a number.

    >>> texts_as_names({1001: 0.5, "other": [{7: 1}]})
    {'1001': 0.5, 'other': [{'7': 1}]}
    """
    if isinstance(plain, dict):
        return {str(key): texts_as_names(value) for key, value in plain.items()}
    return [texts_as_names(item) for item in plain] if isinstance(plain, list) else plain


def at_path(plain: Any, keys: tuple[str, ...]) -> Any:
    """The value at a path.

    Raises
    ------
    KeyError
        when the path leads nowhere.
    """
    for key in keys:
        if isinstance(plain, dict) and key in plain:
            plain = plain[key]
        elif isinstance(plain, list) and key.isdigit() and int(key) < len(plain):
            plain = plain[int(key)]
        else:
            raise KeyError(".".join(keys))
    return plain


def dotted(plain: Any, prefix: str = "") -> list[str]:
    """All paths of nested mappings, dotted, leaves and groups alike.

    >>> dotted({"a": {"b": 1}, "c": []})
    ['a', 'a.b', 'c']
    """
    if not isinstance(plain, dict):
        return []
    return [
        path for key, value in plain.items() for path in (f"{prefix}{key}", *dotted(value, f"{prefix}{key}."))
    ]
