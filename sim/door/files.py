"""A user's folder of configs, looked at before Hydra composes anything from it.

Invariant: every file of the user's that Hydra could open for these overrides has been scanned.
"""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from sim.door.shipped import GROUPS, configs
from sim.door.telling import COMMAND_LINE, Told, told
from sim.door.yaml_scan import MOST_BYTES, Scan, scan, words
from sim.model.mistake import nearest

PACKAGE_LINE = re.compile(r"^#\s*@package\s+_global_\s*$", re.MULTILINE)
HYDRA_KEYS = {
    "study": ("sweeper", "sweep"),
    "": ("mode", "sweeper", "sweep", "run", "output_subdir", "verbose", "job"),
}


@dataclass
class Folder:
    """What was found in a user's folder: mistakes, and the scan of each file that can be reached."""

    found: list[Told] = field(default_factory=list)
    scans: dict[Path, Scan] = field(default_factory=dict)
    usable: bool = True


def check_folder(folder: Path | None, overrides: Sequence[str], primary: str = "config") -> Folder:
    """Scan the files of a user's folder that these overrides can reach, and whatever those refer to."""
    if folder is None:
        return Folder()
    if problem := _no_folder(folder):
        wrong = told(
            COMMAND_LINE,
            "--config-dir",
            f"{folder} {problem}",
            "A folder with company/, structure/ ... in it",
        )
        return Folder([wrong], usable=False)
    checked = Folder()
    files = [
        path for pattern in ("*.yaml", "*/*.yaml", "*/*/*.yaml") for path in sorted(folder.glob(pattern))
    ]
    names = {Path(primary).name, *words(configs() / "config.yaml"), *_named(overrides)}
    for path in _reachable(files, names):
        inside = path.relative_to(folder)
        group = inside.parts[0] if len(inside.parts) > 1 and inside.parts[0] != "study" else ""
        looked = scan(path, str(path), group)
        checked.scans[path] = looked
        checked.found += [
            *looked.found,
            *_shadow(path, inside),
            *(_place(path, inside) if looked.builds else []),
        ]
    strays = _strays(folder)
    checked.found += strays
    checked.usable = not strays
    return checked


def _no_folder(folder: Path) -> str:
    if not folder.exists():
        return "does not exist"
    if not folder.is_dir():
        return "is a file"
    return "" if os.access(folder, os.R_OK | os.X_OK) else "cannot be read (no permission)"


def _named(overrides: Iterable[str]) -> set[str]:
    """Words in the values of overrides, and in a design table they name: each may be a file's name."""
    found: set[str] = set()
    for override in overrides:
        key, _, value = override.partition("=")
        value = value.strip("'\"")
        found.update(["*"] if "glob" in value else _split(value))
        if key.lstrip("+") == "sweep.design":
            found.update(_in_design(Path(value)))
    return found


def _in_design(path: Path) -> list[str]:
    """Words in a design table; any file may be meant where it is large or no plain text."""
    try:
        if path.suffix.lower() == ".csv" and path.stat().st_size <= MOST_BYTES:
            return _split(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        pass
    return ["*"]


def _split(text: str) -> list[str]:
    return re.findall(r"[^\s,\[\](){}'\"=:/@;]+", text)


def _reachable(files: Sequence[Path], names: set[str]) -> list[Path]:
    """Files with one of the names, and files named in those; a name counts in whatever folder."""
    reached: list[Path] = []
    waiting = set(names)
    while waiting:
        fresh = [
            path
            for path in files
            if path not in reached and ("*" in waiting or path.stem in waiting or _odd(path))
        ]
        reached += fresh
        waiting = {word for path in fresh for word in words(path)}
        waiting = {"*"} if any("glob" in word for word in waiting) else waiting
        if not fresh:
            break
    return sorted(reached)


def _odd(path: Path) -> bool:
    """A name that an override has to quote or escape, so that words do not tell whether it is chosen."""
    return not re.fullmatch(r"[\w.-]+", path.stem)


def _shadow(path: Path, inside: Path) -> list[Told]:
    """A user's file under a shipped name would silently not be used."""
    shipped = configs() / inside
    if not shipped.is_file() or shipped.read_bytes() == path.read_bytes():
        return []
    what = f"has the name of a shipped file ({inside.with_suffix('')}), which would be used instead"
    return [told(str(path), "file", what, "", "Give it another name")]


def _place(path: Path, inside: Path) -> list[Told]:
    """Rules for the kind of file: studies are global, Hydra's settings are not a scenario file's business."""
    found: list[Told] = []
    group = inside.parts[0] if len(inside.parts) > 1 else ""
    if group == "hydra":
        return [told(str(path), "file", "would change how Hydra works", "Folders: " + ", ".join(GROUPS))]
    if group == "study" and not PACKAGE_LINE.search(path.read_text(encoding="utf-8")):
        found.append(
            told(
                f"{path}:1",
                "file",
                "a study is laid over the whole scenario",
                "",
                "Begin with the line # @package _global_",
            )
        )
    return found + _hydra_section(path, group)


def _hydra_section(path: Path, group: str) -> list[Told]:
    allowed = HYDRA_KEYS.get(group, ())
    tree = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    found = []
    for name, value in tree.value if isinstance(tree, yaml.MappingNode) else []:
        if name.value != "hydra" or not isinstance(value, yaml.MappingNode):
            continue
        for key, _ in value.value:
            if key.value not in allowed:
                known = ", ".join(f"hydra.{word}" for word in allowed) or "nothing of Hydra's"
                place = f"{path}:{key.start_mark.line + 1}"
                found.append(
                    told(
                        place,
                        f"hydra.{key.value}",
                        "is not set in this kind of file",
                        f"Allowed: {known}",
                        "Use the command line",
                    )
                )
    return found


def _strays(folder: Path) -> list[Told]:
    """Files that Hydra would never see."""
    found = []
    for path in [*folder.glob("*/*.yml"), *folder.glob("*.yml")]:
        found.append(
            told(str(path), "file", "ends in .yml and would not be found", "", f"Name it {path.stem}.yaml")
        )
    for entry in sorted(folder.iterdir()):
        near = nearest(entry.name, GROUPS)
        if entry.is_dir() and entry.name not in GROUPS and near and next(entry.glob("*.yaml"), None):
            found.append(
                told(
                    str(entry),
                    "folder",
                    "is no group of settings",
                    f"Known: {', '.join(GROUPS)}",
                    suggestion=near,
                )
            )
    return found
