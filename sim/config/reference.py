"""`python -m sim.config.reference`: parameter reference and JSON schema, written from the checked schema.

Invariant: every parameter of a scenario has a row, and no row says what the schema does not.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim.config.override_keys import SWEEP_KEYS
from sim.config.shipped import PACKAGE
from sim.mechanisms.pages import policy_yaml, table
from sim.model.scenario import Scenario
from sim.schema.paths import records

PAGE = "parameters.md"
MODEL = "model.md"
FIRST_LINES: dict[str, tuple[str, ...]] = {
    "staffing": (
        "Equal payroll, spread by load. Use: orgdes staffing.headcount=30\n"
        "After each value: unit; source (E: evidence table in docs/model.md), grade.",
    ),
    "experiment": ("How it is run. Use: orgdes experiment.replications=30 experiment.seed=7",),
    "people": (
        "Seasoned people who learn and forget. Use: orgdes people=steep_learning",
        "Nobody learns, forgets or differs; each step queues again. For comparison with queueing theory.\n"
        "Use: orgdes people=neutral",
    ),
    "coordination": (
        "What borders, decisions and meetings cost. Use: orgdes coordination.handoff.mean=4",
        "Borders, meetings and decisions cost nothing and nothing goes wrong.\n"
        "Use: orgdes coordination=neutral\n"
        "A defect, once defects.base is raised, is found inside at once and repeats the whole work.",
    ),
    "customers": (
        "Recognition and judgement of customers; office company, patience off.\n"
        "Use: orgdes customers.misgrouped=0.1",
        "Every customer is recognised, nobody needs adapted service, nobody leaves.\n"
        "Use: orgdes customers=neutral",
    ),
}
"""Of the default, and of the neutral policies."""
SCHEMA = "scenario.schema.json"
INTRODUCTION = """\
# Parameters

Written by `make docs` from the schema that checks every scenario; change the schema, not this page.

A key is set on the command line, `orgdes demand.scale=1.2`, or in a YAML file of its group. `<name>` is
a name of your choice, `<n>` for a place in a list, counted from 0. *Evidence* is the source of the default
and its grade, from A (several good causal studies) to D (judgement); *advised* is the range the evidence
supports, *allowed* what is accepted at all. A duration is a [law](#laws).

The schema for editors is [`scenario.schema.json`](scenario.schema.json): begin a company file with
`# yaml-language-server: $schema=<path>/scenario.schema.json#/$defs/Company`.
"""
HEADING = "| key | meaning | unit | default | allowed | advised | evidence |\n|---|---|---|---|---|---|---|"


@dataclass(frozen=True)
class Parameter:
    """A row of the reference."""

    key: str
    about: dict[str, Any]

    def row(self) -> str:
        """The parameter as a line of a Markdown table."""
        about = self.about
        known = about.get("unit") or about.get("source", "assumption") != "assumption"
        evidence = (
            f"{about.get('source', '')}, {about.get('grade', '')}" if known and "grade" in about else ""
        )
        advised = " to ".join(_number(end) for end in about.get("advised", ()))
        cells = (
            f"`{self.key}`",
            about.get("description", ""),
            about.get("unit", ""),
            _default(about),
            allowed(about),
            advised,
            evidence,
        )
        return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def page(schema: dict[str, Any]) -> str:
    """The reference as Markdown."""
    parts = [INTRODUCTION]
    for group, field in Scenario.model_fields.items():
        ((record, _),) = records(field.annotation)
        rows = [parameter.row() for parameter in parameters(record, f"{group}.", schema)]
        about = schema["$defs"][record.__name__].get("description", "")
        parts.append(f"## {group}\n\n{about}\n\n{HEADING}\n" + "\n".join(rows) + "\n")
    parts.append(_laws(schema))
    parts.append(
        "## sweep\n\nWhich scenarios a sweep holds and where its results go; never part of a scenario.\n\n"
        + _sweep()
    )
    return "\n".join(parts)


def parameters(record: type[BaseModel], prefix: str, schema: dict[str, Any]) -> Iterator[Parameter]:
    """All parameters of a record, those of records inside it included, in the order of the schema.

    Laws have their own section.
    """
    about = schema["$defs"][record.__name__]["properties"]
    for name, field in record.model_fields.items():
        yield Parameter(prefix + name, about[name])
        for inner, step in records(field.annotation):
            if "law" not in inner.model_fields:
                yield from parameters(inner, f"{prefix}{name}{step}.", schema)


def _default(about: dict[str, Any]) -> str:
    if "default" not in about:
        return "required"
    text = json.dumps(about["default"], ensure_ascii=False)
    return f"`{text}`" if len(text) <= 60 else "see below"


def allowed(about: dict[str, Any]) -> str:
    """What the schema accepts, in a few words."""
    if "anyOf" in about:
        return " or ".join(dict.fromkeys(filter(None, (allowed(kind) for kind in about["anyOf"]))))
    if "$ref" in about:
        return "keys below"
    if "discriminator" in about or "oneOf" in about:
        return "a law"
    if "enum" in about or "const" in about:
        return ", ".join(str(choice) for choice in about.get("enum", [about.get("const")]))
    kind = about.get("type", "")
    if kind in ("number", "integer"):
        return _range(about, "whole number" if kind == "integer" else "")
    words = {"string": "text", "boolean": "true, false", "null": "null", "array": "list", "object": "mapping"}
    return ", ".join(filter(None, (words.get(kind, ""), _length(about))))


def _length(about: dict[str, Any]) -> str:
    """How many names or members there may be; how long a text is is told where it is too long.

    >>> _length({"type": "object", "minProperties": 1, "maxProperties": 200})
    '1 to 200'
    """
    noun = {"object": "Properties", "array": "Items"}.get(about.get("type", ""), "")
    least, most = about.get(f"min{noun}", 0), about.get(f"max{noun}")
    return "" if not noun or most is None else f"{least} to {most:,}"


def _range(about: dict[str, Any], noun: str) -> str:
    signs = (("exclusiveMinimum", "> "), ("minimum", "≥ "), ("exclusiveMaximum", "< "), ("maximum", "≤ "))
    limits = ", ".join(f"{sign}{_number(about[key])}" for key, sign in signs if key in about)
    return ", ".join(part for part in (noun, limits) if part) or "number"


def _number(value: float) -> str:
    return f"{value:,.10g}" if value < 1e15 else f"{value:.3g}"


def _laws(schema: dict[str, Any]) -> str:
    parts = ["## laws\n\nA random duration or number: `{law: lognormal, mean: 1.5, cv: 1.0}`.\n"]
    for record in schema["$defs"].values():
        fields = record.get("properties", {})
        if "law" not in fields:
            continue
        name = allowed(fields["law"])
        rows = [Parameter(key, about).row() for key, about in fields.items() if key != "law"]
        table = f"{HEADING}\n" + "\n".join(rows) + "\n" if rows else "No parameters.\n"
        parts.append(f"### {name}\n\n{record.get('description', '')}\n\n{table}")
    return "\n".join(parts)


def _sweep() -> str:
    rows = "\n".join(f"| `sweep.{key}` | {text} |" for key, text in SWEEP_KEYS.items())
    return f"| key | meaning |\n|---|---|\n{rows}\n"


def policies() -> dict[str, str]:
    """The default groups and the neutral policies by file, from the fields of the schema."""
    files = {}
    for group, first_lines in FIRST_LINES.items():
        record: Any = Scenario.model_fields[group].annotation
        for name, first in zip(("default", "neutral"), first_lines, strict=False):
            files[f"{group}/{name}.yaml"] = policy_yaml(record, first, off=name == "neutral")
    return files


def with_table(text: str) -> str:
    """A page with the table of mechanisms between its two marks."""
    return re.sub(
        r"(?s)(<!-- mechanisms -->\n).*?(<!-- end -->)", lambda mark: f"{mark[1]}{table()}\n{mark[2]}", text
    )


def write(folder: Path) -> list[Path]:
    """Write reference, schema and the table of mechanisms into a folder; returns the files."""
    schema = Scenario.model_json_schema()
    folder.mkdir(parents=True, exist_ok=True)
    texts = {PAGE: page(schema), SCHEMA: json.dumps(schema, indent=1, ensure_ascii=False) + "\n"}
    if (folder / MODEL).exists():
        texts[MODEL] = with_table((folder / MODEL).read_text(encoding="utf-8"))
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


if __name__ == "__main__":
    for path in write(PACKAGE.parent / "docs"):
        print(path.name)
    for name, text in policies().items():
        (PACKAGE.parent / "configs" / name).write_text(text, encoding="utf-8")
        print(name)
