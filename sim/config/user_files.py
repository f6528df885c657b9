"""A user's folder of configs, and what a file in it may say to Hydra: a stranger may have written it.

Invariant: beside values a file gives choices in known groups, axes and the parent of the results, no more.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from sim.config.config_layers import line_in, step
from sim.config.diagnostics import COMMAND_LINE, Diagnostic, diagnostic, shown_path
from sim.config.shipped import GROUPS, OVER_ALL, configs
from sim.config.yaml_scan import Scan, scan
from sim.model.mistake import nearest

NAME = r"(?!_)[\w-](?:[\w .+-]*[\w+-])?"
OPTION = re.compile(rf"(?:{NAME}/)*{NAME}(?<!\.yaml)(?<!\.yml)")
BRINGS = "override /staffing@_global_.staffing"
"""How a company's file says with how many people it comes, unless another staffing is chosen."""
GROUP = re.compile(rf"(?:optional )?(?:override )?/?({'|'.join(GROUPS)})")
WHOLE = re.compile(rf"/(?:{'|'.join(GROUPS)})/(.+)")
OURS = re.compile(r"override /?hydra/(?:sweeper|launcher)")
FREE = (("sweeper", "params"), ("sweep", "dir"))
"""Settings of Hydra's that a study or a primary config may change."""
FOR_THE_COMMAND_LINE = ("experiment.backend", "experiment.address")
"""Keys that reach other machines, which may send code back: a file may not set them."""
HERE = ("local", "threads", "serial", None)
"""Backends of this machine."""


def folder_mistakes(folder: Path | None) -> tuple[list[Diagnostic], bool]:
    """What is wrong with a user's folder as a whole, and whether its files can be used all the same."""
    if folder is None:
        return [], True
    if problem := _no_folder(folder):
        allowed = "A folder with company/, structure/ ... in it"
        return [diagnostic(COMMAND_LINE, "--config-dir", f"{folder} {problem}", allowed)], False
    strays = list(_strays(folder))
    return [*_shadows(folder), *strays], not strays


def own_files(folder: Path) -> Iterator[Path]:
    """The files of a user's folder that can be chosen: primary configs, and whatever lies in a group."""
    yield from sorted(folder.glob("*.yaml"))
    for group in GROUPS:
        yield from sorted((folder / group).glob("**/*.yaml"))


def look(path: Path, folder: Path) -> Scan:
    """A file of a user's folder, looked through: `builds` only where Hydra may have its text."""
    inside, shown = path.relative_to(folder), shown_path(path)
    if not path.resolve().is_relative_to(folder.resolve()):
        return Scan((diagnostic(shown, "file", "is a link that leads out of the folder"),), False)
    group = inside.parts[0] if len(inside.parts) > 1 else ""
    looked = scan(path, shown, "" if group in OVER_ALL else group)
    if not looked.builds:
        return looked
    tree: Any = yaml.compose(looked.text, Loader=yaml.SafeLoader)
    found = [*_header(looked.text, shown, group), *_defaults(tree, shown, group), *_hydra(tree, shown, group)]
    return Scan((*looked.found, *found), not found, looked.text)


def _no_folder(folder: Path) -> str:
    if not folder.exists():
        return "does not exist"
    if not folder.is_dir():
        return "is a file"
    return "" if os.access(folder, os.R_OK | os.X_OK) else "cannot be read (no permission)"


def _shadows(folder: Path) -> Iterator[Diagnostic]:
    """A user's file under a shipped name would silently not be used."""
    for path in own_files(folder):
        inside = path.relative_to(folder)
        shipped = configs() / inside
        if shipped.is_file() and path.is_file() and shipped.read_bytes() != path.read_bytes():
            what = f"has the name of a shipped file ({inside.with_suffix('')}), which would be used instead"
            yield diagnostic(shown_path(path), "file", what, "", "Give it another name")


def _strays(folder: Path) -> Iterator[Diagnostic]:
    """Files that Hydra would never see, or should not."""
    for path in [*folder.glob("*/*.yml"), *folder.glob("*.yml")]:
        what = "ends in .yml and would not be found"
        yield diagnostic(shown_path(path), "file", what, "", f"Name it {path.stem}.yaml")
    for entry in sorted(folder.iterdir()):
        if entry.name in GROUPS or not entry.is_dir():
            continue
        near, known = nearest(entry.name, GROUPS), f"Known: {', '.join(GROUPS)}"
        if entry.name == "hydra":
            yield diagnostic(shown_path(entry), "folder", "would change how Hydra works", known)
        elif near and next(entry.glob("*.yaml"), None):
            yield diagnostic(shown_path(entry), "folder", "is no group of settings", known, suggestion=near)


def _header(text: str, shown: str, group: str) -> Iterator[Diagnostic]:
    """Where the content is laid: a study over the whole scenario, everything else into its group."""
    from hydra.plugins.config_source import ConfigSource

    try:
        package = ConfigSource._get_header_dict(text[:512]).get("package")
    except ValueError as problem:
        yield diagnostic(f"{shown}:1", "file", f"has a heading that cannot be read ({problem})")
        return
    if group in OVER_ALL and package != "_global_":
        what, todo = f"a {group} is laid over the whole scenario", "Begin with the line # @package _global_"
        yield diagnostic(f"{shown}:1", "file", what, "", todo)
    elif package not in (("_global_", None) if group in ("", *OVER_ALL) else (None,)):
        yield diagnostic(
            f"{shown}:1", "file", f"is laid to another place (@package {package})", "", "Take it out"
        )


def _defaults(tree: Any, shown: str, group: str) -> Iterator[Diagnostic]:
    """The defaults list: names of files beside it; a study or primary config may choose in groups."""
    found = step(tree, "defaults")
    for entry in found[0].value if found and isinstance(found[0], yaml.SequenceNode) else []:
        pairs = entry.value if isinstance(entry, yaml.MappingNode) else [(None, entry)]
        for key, value in pairs:
            if not _fit(key and key.value, value, group):
                what = f"{f'{key.value}: ' if key else ''}{value.value}" if _plain(value) else "this"
                yield diagnostic(
                    f"{shown}:{entry.start_mark.line + 1}",
                    "defaults",
                    f'"{what[:80]}" cannot be chosen in this file',
                    f"A name of a file beside it; in a company, {BRINGS}: name; "
                    "in a study or a primary config, group: name",
                    "Leave out folders, endings and @",
                )


def _fit(key: str | None, value: Any, group: str) -> bool:
    if isinstance(value, yaml.SequenceNode):
        return all(_plain(item) and _fit(key, item, group) for item in value.value)
    if not _plain(value):
        return False
    if key is None:
        whole = WHOLE.fullmatch(value.value)
        return value.value == "_self_" or bool(OPTION.fullmatch(whole[1] if whole else value.value))
    if group == "company" and key == BRINGS:
        return bool(OPTION.fullmatch(value.value))
    if group not in ("", *OVER_ALL):
        return False
    if not group and OURS.fullmatch(key):
        return bool(value.value == "orgdes")
    is_nothing = value.value in ("null", "~", "")
    return bool(GROUP.fullmatch(key)) and (is_nothing or bool(OPTION.fullmatch(value.value)))


def _plain(node: Any) -> bool:
    return isinstance(node, yaml.ScalarNode)


def _hydra(tree: Any, shown: str, group: str) -> Iterator[Diagnostic]:
    """Settings of Hydra's: axes, the parent of the results; a primary config may repeat what ours says."""
    section = step(tree, "hydra")
    if section is None:
        return
    if group not in ("", "study"):
        first = next(_leaves(section[0]), ((), None))[0]
        yield _not_here(f"{shown}:{section[1]}", ".".join(first), "nothing of Hydra's")
        return
    ours = (
        yaml.safe_load((configs() / "config.yaml").read_text(encoding="utf-8"))["hydra"] if not group else {}
    )
    for keys, value in _leaves(section[0]):
        if not any(keys[: len(free)] == free for free in FREE) and not _same(ours, keys, value):
            known = ", ".join("hydra." + ".".join(free) for free in FREE)
            yield _not_here(f"{shown}:{line_in(tree, ('hydra', *keys))[1]}", ".".join(keys), known)


def _not_here(place: str, key: str, known: str) -> Diagnostic:
    what = "is not set in this kind of file"
    return diagnostic(place, f"hydra.{key}".rstrip("."), what, f"Allowed: {known}", "Use the command line")


def _leaves(node: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Paths to everything that is no mapping."""
    if not isinstance(node, yaml.MappingNode):
        yield (), node
        return
    for key, value in node.value:
        yield from (((str(key.value), *rest), leaf) for rest, leaf in _leaves(value))


def _same(ours: Any, keys: tuple[str, ...], node: Any) -> bool:
    for key in keys:
        ours = ours.get(key) if isinstance(ours, dict) else None
    return _plain(node) and (str(ours) if ours is not None else "null") == node.value
