"""A second look at files that must not be composed: their plain content against the schema.

Invariant: runs no tag and follows no alias; what it builds serves to tell mistakes, never to run.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from sim.door.compose import Composer
from sim.door.files import shown_path
from sim.door.layers import Layers
from sim.door.places import Places
from sim.door.shipped import GROUPS
from sim.door.telling import COMMAND_LINE, Told
from sim.door.values import merged
from sim.door.yaml_scan import MOST_BYTES, too_deep
from sim.model.check import mistakes


def mistakes_in_files(composer: Composer, scans: Iterable[Path], overrides: Sequence[str]) -> list[Told]:
    """What the schema says about the overrides and the scanned files, laid over the shipped defaults."""
    base = composer.plain(overrides)
    typed = {text.partition("=")[0].lstrip("+"): COMMAND_LINE for text in overrides}
    found = [Told(Places(Layers({}, []), typed).of(mistake.where), mistake) for mistake in mistakes(base)]
    for path in scans:
        group, content = path.parent.name, plain_content(path)
        if group not in GROUPS or content is None or "defaults" in content:
            continue
        plain = (
            {key: merged(base[key], content.get(key, {})) for key in base}
            if group == "study"
            else {**base, group: content}
        )
        places = Places(Layers({group: path.stem}, [path.parent.parent]))
        told = (Told(places.of(mistake.where), mistake) for mistake in mistakes(plain))
        found += [item for item in told if item.place.startswith(f"{shown_path(path)}:")]
    return found


def plain_content(path: Path) -> dict[str, Any] | None:
    """The content of a file; None when it cannot be told without following aliases."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return None
        text = path.read_text(encoding="utf-8")
        loader = yaml.SafeLoader
        if too_deep(text) is not None:
            return None
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=loader)):
            return None
        content = _plain(yaml.compose(text, Loader=loader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _plain(node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        pairs = [(str(key.value), _plain(value)) for key, value in reversed(node.value)]
        return dict(reversed(pairs))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    return None if node is None else _scalar(node.tag.rpartition(":")[2], str(node.value))


def _scalar(kind: str, text: str) -> Any:
    try:
        if kind == "int":
            return int(text.replace("_", ""))
        if kind == "float" or (kind == "str" and "e" in text.lower() and text[:1].isdigit()):
            return float(
                text.replace("_", "").replace(".inf", "inf").replace(".nan", "nan").replace(".NaN", "nan")
            )
    except ValueError:
        return text
    if kind == "bool":
        return text.lower() in ("true", "yes", "on")
    return None if kind == "null" else text
