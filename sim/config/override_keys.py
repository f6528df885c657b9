"""Keys that neither the schema nor the sweep's own settings know, with the nearest that they do know.

Invariant: asks the schema, so that a key which is free to be named is never called a mistake.
"""

from typing import Any

from sim.config.diagnostics import Diagnostic, diagnostic
from sim.config.override import Override
from sim.config.schema_paths import unknown_at
from sim.config.shipped import GROUPS
from sim.config.values import dotted
from sim.model.mistake import nearest, unknown_name

SWEEP_KEYS = {
    "samples": "points in the space of all `interval(low,high)` axes",
    "sampler": "how they are spread: `lhs` (Latin hypercube) or `sobol`",
    "seed": "of the points; not of the simulation",
    "design": "table of scenarios, CSV or Parquet: one row each, columns are dotted keys or groups",
    "folder": "where results go; null: `results/<study>-<8 hex of the design>`",
    "figures": "whether the figures of the report are also written as files, `figures/*.svg` and `.png`",
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
    known = names if head else [*names, "sweep", "study"]
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
    for path in dotted(plain):
        ends.setdefault(path.rpartition(".")[2], []).append(path)
    found = ends.get(keys[-1]) or ends.get(nearest(keys[-1], ends), [])
    return found[0] if len(found) == 1 else ""
