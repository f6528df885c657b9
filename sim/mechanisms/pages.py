"""What is derived from the mechanisms for readers: the *default* and *neutral* policies, and a table.

Invariant: a default, unit, source and grade is typed once, in the record.
"""

import json
from typing import Any

from sim.mechanisms import MECHANISMS, Mechanism
from sim.schema.base import ASSUMPTION, Record

COLUMNS = ("id", "claim", "in the configuration", "evidence", "default (off)", "where", "shown by")


def table() -> str:
    """The mechanisms as a Markdown table."""
    rows = [COLUMNS, ("---",) * len(COLUMNS), *map(_cells, MECHANISMS)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cells(mechanism: Mechanism) -> tuple[str, ...]:
    keys = ", ".join(f"`{key}`" if " " not in key else key for key in mechanism.own_keys())
    off = ", ".join(
        f"{name} {_plain(about['off'])}"
        for _, record in mechanism.records
        for name, field in record.model_fields.items()
        if isinstance(about := field.json_schema_extra, dict) and "off" in about
    )
    default = f"{mechanism.default} ({off})" if off else mechanism.default
    where = mechanism.section, mechanism.shown
    return mechanism.id, mechanism.claim, keys, mechanism.source, default, *where


def policy_yaml(group: type[Record], first: str, off: bool, indent: str = "") -> str:
    """A policy group as YAML: its defaults and what they mean, or the values that switch all off."""
    lines = [f"# {line}" for line in first.splitlines()]
    for name, field in group.model_fields.items():
        about: Any = field.json_schema_extra
        value = about.get("off", field.default) if off else field.default
        if isinstance(value, Record) and not hasattr(value, "law"):
            meaning = "" if off else f"  # {field.description}"
            lines.append(f"{indent}{name}:{meaning}")
            lines.append(policy_yaml(type(value), "", off, indent + "  ").rstrip("\n"))
        else:
            meaning = "" if off else f"  # {_meaning(field.description or '', about, value)}"
            lines.append(f"{indent}{name}: {_plain(value)}{meaning}")
    return "\n".join(lines) + "\n"


def _meaning(description: str, about: dict[str, Any], value: Any) -> str:
    known = about["source"] != ASSUMPTION or (about["unit"] and value not in ({}, None))  # nothing assumed
    evidence = (about["unit"], f"{about['source']}, {about['grade']}" if known else "")
    return "; ".join(part for part in (description, *evidence) if part)


def _plain(value: Any) -> str:
    if isinstance(value, Record):
        value = value.model_dump()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_plain(inner)}" for key, inner in value.items()) + "}"
    return value if isinstance(value, str) else json.dumps(value)
