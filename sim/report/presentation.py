"""How a report is dressed for a client: title, name, logo, currency, and names in the client's words.

Invariant: nothing that is computed depends on it; results that are stored stay as they are.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.model.mistake import Mistake, unknown_name

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.results import Results

TEXTS: Final = {"title": 120, "client": 80, "currency": 12}
"""Settings that are texts, with the most letters they may have."""
LOGO, LABELS = "logo", "labels."
COMMA: Final = "decimal_comma"
BOOLEAN: Final = ("true", "false")
KNOWN: Final = (*TEXTS, LOGO, COMMA, f"{LABELS}NAME")
LARGEST_LOGO: Final = 200_000
"""Bytes; a report stays below a megabyte."""
LONGEST_LABEL: Final = 40
PNG: Final = b"\x89PNG\r\n\x1a\n"
ACTIVE: Final = re.compile(
    rb"<script|<!entity|<foreignobject|\bon[a-z]+\s*=|(?:href|src)\s*=\s*[\"'](?!#|data:image/)"
    rb"|@import|\burl\(\s*[\"']?(?![#\s\"']|data:image/)",
    re.I,
)
"""What a drawing of strangers must not hold: scripts, entities, handlers, other addresses."""
NAMED: Final = ("structure", "reference", "winner", "runner_up", "rival", "structure.name", "where")
"""Columns of tables that hold names of structures or departments."""
SPREAD, TARGETS = "spread", ("breaks", "missed")
GROUPS: Final = ("segments", "products")


@dataclass(frozen=True)
class Presentation:
    """What a client sees beside the results; `logo`: an address that holds the picture.

    `decimal_comma`: numbers are written as 1.234,5.
    """

    title: str = ""
    client: str = ""
    currency: str = ""
    logo: str = ""
    decimal_comma: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """What tells reports that are dressed in different ways apart; nothing of a plain one."""
        if self == PLAIN:
            return ""
        return f" dressed {hashlib.sha256(repr(self).encode()).hexdigest()[:16]}"


PLAIN: Final = Presentation()


def presentation(words: Sequence[str]) -> tuple[Presentation, list[Mistake]]:
    """What words such as `report.title=Claims` ask for, and every mistake in them."""
    found, labels, mistakes = dict[str, Any](), dict[str, str](), list[Mistake]()
    for word in words:
        key, _, value = word.partition("=")
        name = key.removeprefix("report.")
        if name == key or (name not in (*TEXTS, LOGO, COMMA) and not name.startswith(LABELS)):
            mistakes.append(unknown_name(key, name, KNOWN, "setting of the report"))
        elif name == LOGO:
            found[name], wrong = embedded(Path(value))
            allowed = f"A PNG or SVG of at most {LARGEST_LOGO:,} bytes"
            mistakes += [Mistake(key, wrong, allowed)] if wrong else []
        elif name == COMMA:
            found[name] = value == "true"
            mistakes += [] if value in BOOLEAN else [Mistake(key, f"got {value!r}", "Known: true, false")]
        else:
            (found if name in TEXTS else labels)[name.removeprefix(LABELS)] = value
            mistakes += _too_long(key, value, TEXTS.get(name, LONGEST_LABEL))
    return Presentation(**found, labels=labels), mistakes


def _too_long(key: str, value: str, most: int) -> list[Mistake]:
    if value.strip() and len(value) <= most and value.isprintable():
        return []
    return [Mistake(key, f"got {value[:60]!r}", f"1 to {most} printable letters")]


def embedded(path: Path) -> tuple[str, str]:
    """The picture as an address that holds it, and why it cannot be used."""
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST_LOGO else b""
    except OSError as problem:
        return "", f"{path} cannot be read ({problem.strerror or problem})"
    if not content:
        return "", f"{path} is empty or too large"
    start = content[:1000].lstrip().lower()
    if content.startswith(PNG):
        kind = "png"
    elif b"<svg" in start and start.startswith((b"<svg", b"<?xml", b"<!--")):
        kind = "svg+xml"
    else:
        return "", f"{path} is neither a PNG nor an SVG"
    if kind == "svg+xml" and ACTIVE.search(content):
        return "", f"{path} holds scripts, entities or addresses of other files"
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}", ""


def wrong_labels(labels: Mapping[str, str], known: Iterable[str]) -> list[Mistake]:
    """Names that are not among the `known`, and labels that would make two of them one."""
    names = sorted(known)
    found = [
        unknown_name(f"report.{LABELS}{name}", name, names, "name") for name in labels if name not in names
    ]
    shown = [labels.get(name, name) for name in names]
    return found + [
        Mistake(f"report.{LABELS}{name}", f'"{label}" is what another is called', "A label of its own")
        for name, label in labels.items()
        if name in names and shown.count(label) > 1
    ]


def names_in(loaded: "Results") -> set[str]:
    """Names of structures, and of what scopes are: departments, segments, products."""
    scopes = {str(scope).partition(":")[2] for scope in loaded.results["scope"].unique()}
    return {*map(str, loaded.scenarios["structure"].unique()), *filter(None, scopes)}


def labelled(loaded: "Results", labels: Mapping[str, str]) -> "Results":
    """The results under the client's names; without labels as they are."""
    if not labels:
        return loaded
    extras = {name: _renamed(table, labels) for name, table in loaded.extras.items()}
    scenarios = _renamed(loaded.scenarios, labels)
    if "config" in scenarios:
        scenarios["config"] = [_config(text, labels) for text in scenarios["config"]]
    return replace(loaded, results=_renamed(loaded.results, labels), scenarios=scenarios, extras=extras)


def _renamed(table: "pd.DataFrame", labels: Mapping[str, str]) -> "pd.DataFrame":
    own = table.copy()
    for column in own.columns.intersection([*NAMED]):
        own[column] = own[column].map(lambda name: labels.get(name, name))
    if "scope" in own:
        scopes = {scope: _scope(str(scope), labels) for scope in own["scope"].unique()}
        own["scope"] = own["scope"].map(scopes)
    if SPREAD in own:
        own[SPREAD] = [_spread(str(text), labels) for text in own[SPREAD]]
    for column in own.columns.intersection([*TARGETS]):
        own[column] = [_target(str(text), labels) for text in own[column]]
    if "targets" in own:
        own["targets"] = [_targets(text, labels) for text in own["targets"]]
    if "name" in own:
        own["name"] = [_row_name(str(text), labels) for text in own["name"]]
    return own


def _scope(scope: str, labels: Mapping[str, str]) -> str:
    """
    >>> _scope("segment:private", {"private": "Households"}), _scope("company", {"company": "x"})
    ('segment:Households', 'company')
    """
    kind, colon, name = scope.partition(":")
    return f"{kind}:{labels.get(name, name)}" if colon else scope


def _spread(text: str, labels: Mapping[str, str]) -> str:
    """
    >>> _spread("private 5, small firms 6", {"private": "Households"})
    'Households 5, small firms 6'
    """
    parts = [part.rpartition(" ") for part in text.split(", ")]
    return ", ".join(f"{labels.get(name, name)}{space}{count}" for name, space, count in parts)


def _target(key: str, labels: Mapping[str, str]) -> str:
    """
    >>> _target("target.private.within_promise", {"private": "Households"}), _target("load", {})
    ('target.Households.within_promise', 'load')
    """
    start, _, metric = key.rpartition(".")
    name = start.removeprefix("target.")
    return f"target.{labels[name]}.{metric}" if name in labels else key


def _targets(text: str, labels: Mapping[str, str]) -> str:
    return json.dumps({_target(key, labels): limit for key, limit in json.loads(text).items()})


def _row_name(text: str, labels: Mapping[str, str]) -> str:
    """A scenario's name, as `structure=customer, demand.scale=1.2`, with the structure's label."""
    parts = [part.partition("=") for part in text.split(", ")]
    return ", ".join(
        f"{key}={labels.get(value, value)}" if key == "structure" else f"{key}{equals}{value}"
        for key, equals, value in parts
    )


def _config(text: str, labels: Mapping[str, str]) -> str:
    plain = json.loads(text)
    with suppress(KeyError, TypeError):
        plain["structure"]["name"] = labels.get(plain["structure"]["name"], plain["structure"]["name"])
    for group in GROUPS:
        own = plain.get("company", {}).get(group)
        if isinstance(own, dict):
            plain["company"][group] = {labels.get(name, name): value for name, value in own.items()}
    return json.dumps(plain)
