"""A second look at files that must not be composed: their plain content against the schema.

Invariant: runs no tag and follows no alias; what it builds serves to tell mistakes, never to run.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from sim.config.compose import Composer, composer_for
from sim.config.config_layers import Layers, SourceMap
from sim.config.diagnostics import COMMAND_LINE, Diagnostic, shown_path
from sim.config.override import Override, is_choice, is_sweep
from sim.config.override_checks import check_overrides
from sim.config.shipped import GROUPS, OVER_ALL
from sim.config.values import merged
from sim.config.yaml_scan import MOST_BYTES, Scan, too_deep
from sim.model.check import mistakes


def beside(scans: Mapping[Path, Scan], given: list[Override]) -> list[Diagnostic]:
    """Mistakes that can be found although some of the user's files must not be composed."""
    stems = {path.stem for path in scans}
    groups = {path.parent.name for path in scans}
    composer = composer_for(None)
    usable = [
        item
        for item in given
        if item.key.partition(".")[0] not in groups
        and not (is_choice(composer, item.key) and any(stem in item.value for stem in stems))
    ]
    accepted, wrong = check_overrides(composer, usable)
    single = [item.text for item in accepted if not is_sweep(composer, item)]
    return [*wrong, *mistakes_in_files(composer, scans, single)]


def without_echo(found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """A value in a file is told once: what reading it gives follows from how it is written."""
    first: dict[tuple[str, str], Diagnostic] = {}
    for item in found:
        is_line = item.place.rpartition(":")[2].isdigit()
        first.setdefault((item.place, item.mistake.where if is_line else str(item)), item)
    return list(first.values())


def mistakes_in_files(
    composer: Composer, scans: Iterable[Path], overrides: Sequence[str]
) -> list[Diagnostic]:
    """What the schema says about the overrides and the scanned files, laid over the shipped defaults."""
    base = composer.plain(overrides)
    typed = {text.partition("=")[0].lstrip("+"): COMMAND_LINE for text in overrides}
    found = [
        Diagnostic(SourceMap(Layers({}, []), typed).of(mistake.where), mistake) for mistake in mistakes(base)
    ]
    for path in scans:
        group, content = path.parent.name, plain_content(path)
        if group not in GROUPS or content is None or "defaults" in content:
            continue
        plain = (
            {key: merged(base[key], content.get(key, {})) for key in base}
            if group in OVER_ALL
            else {**base, group: content}
        )
        places = SourceMap(Layers({group: path.stem}, [path.parent.parent]))
        told = (Diagnostic(places.of(mistake.where), mistake) for mistake in mistakes(plain))
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
