"""Keys that neither the schema nor the sweep's own settings know, with the nearest that they do know.

Invariant: asks the schema, so that a key which is free to be named is never called a mistake.
"""

from collections.abc import Mapping
from typing import Any

from sim.config.diagnostics import Diagnostic, diagnostic
from sim.config.override import Override
from sim.config.shipped import GROUPS, OVER_ALL
from sim.config.values import dotted
from sim.model.mistake import nearest, unknown_name
from sim.model.scenario import Scenario
from sim.schema.paths import inside, is_record

SWEEP_KEYS = {
    "samples": "points in the space of all `interval(low,high)` axes",
    "sampler": "how they are spread: `lhs` (Latin hypercube) or `sobol`",
    "seed": "of the points; not of the simulation",
    "design": "table of scenarios, CSV or Parquet: one row each, columns are dotted keys or groups",
    "folder": "where results go; null: `results/<study>-<8 hex of the design>`",
    "figures": "whether the figures of the report are also written as files, `figures/*.svg` and `.png`",
    "question": "what a search places the scenarios for: `turns`, `crossover`, `unknowns`; null: no search",
    "by": "metric that says who wins, where a question is asked or the best is selected",
    "limit": "most scenarios without `--yes`",
}


def wrong_key(item: Override, plain: dict[str, Any]) -> Diagnostic | None:
    """A key that neither the schema nor the sweep's own settings know."""
    keys = tuple(item.key.split("."))
    if keys[0] == "sweep":
        if len(keys) == 2 and keys[1] in SWEEP_KEYS:
            return None
        return Diagnostic(item.place, unknown_name(item.key, ".".join(keys[1:]), SWEEP_KEYS, "sweep setting"))
    if len(keys) == 1 and keys[0] in GROUPS:
        return diagnostic(
            item.place,
            item.key,
            "is a group of settings",
            "",
            f"Choose a file by name, or set one key: {item.key}.<key>=...",
        )
    wrong = unknown_at(keys, plain)
    return None if wrong is None else _unknown(item, keys, *wrong, plain)


def _unknown(
    item: Override, keys: tuple[str, ...], position: int, names: list[str], plain: dict[str, Any]
) -> Diagnostic:
    head, word = ".".join(keys[:position]), keys[position]
    known = names if head else [*names, "sweep", *OVER_ALL]
    near = nearest(word, known)
    suggestion = f"{head}.{near}" if head and near else near or _elsewhere(keys, plain)
    listed = ", ".join(known[:12]) + (" ..." if len(known) > 12 else "")
    what = f'unknown key "{word}"' + (f" in {head}" if head else "")
    return diagnostic(
        item.place, item.key, what, f"Known: {listed}" if known else "Nothing is below it", "", suggestion
    )


def _elsewhere(keys: tuple[str, ...], plain: dict[str, Any]) -> str:
    """The one key of the same name, or nearly, somewhere else in the scenario."""
    ends: dict[str, list[str]] = {}
    for path in (own for own in dotted(plain) if "." in own):  # a whole group is no key
        ends.setdefault(path.rpartition(".")[2], []).append(path)
    found = ends.get(keys[-1]) or ends.get(nearest(keys[-1], ends), [])
    return found[0] if len(found) == 1 else ""


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
        below = inside(kinds, key)
        names = _names(kinds, node)
        is_last = position == len(keys) - 1
        if not below or (not is_last and not any(map(is_record, kinds)) and key not in names):
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
        kinds = inside(kinds, key)
    return int in kinds and float not in kinds


def _names(kinds: list[Any], node: Any) -> list[str]:
    fixed = [name for kind in kinds if is_record(kind) for name in kind.model_fields]
    if fixed:
        return list(dict.fromkeys(fixed))
    if isinstance(node, Mapping):
        return [str(name) for name in node]
    return [str(index) for index in range(len(node))] if isinstance(node, list) else []


def _child(node: Any, key: str) -> Any:
    if isinstance(node, Mapping):
        return node.get(key)
    return node[int(key)] if isinstance(node, list) and key.isdigit() and int(key) < len(node) else None
