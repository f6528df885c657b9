"""From a dotted path back to the line it was written in.

Invariant: an override wins over a study file, a study file over a group file, as in the composition.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from sim.door.compose import Composer
from sim.door.shipped import configs
from sim.door.telling import COMMAND_LINE


class Places:
    """Where the values of one scenario come from."""

    def __init__(
        self,
        choices: Mapping[str, str],
        config_dir: Path | None = None,
        primary: str = "config",
        typed: Mapping[str, str] | None = None,
    ) -> None:
        """Choices: group -> option. Typed: key -> place, of everything set by an override."""
        self._choices = choices
        self._folders = [configs(), *([config_dir] if config_dir else [])]
        self._primary = primary
        self._typed = typed or {}

    @classmethod
    def under(
        cls, composer: Composer, overrides: Sequence[str], config_dir: Path | None, origins: Mapping[str, str]
    ) -> "Places":
        """Places of the scenario that these overrides compose; `origins` tells those not typed by the user."""
        keys = [text.partition("=")[0].lstrip("+") for text in overrides]
        choices = composer.choices(composer.group_choices(overrides))
        return cls(choices, config_dir, composer.config_name, {key: origins.get(key, COMMAND_LINE) for key in keys})

    def of(self, where: str) -> str:
        """`file:line`, the command line, or nothing when the path was not found anywhere."""
        keys = where.split(".")
        for length in range(len(keys), 0, -1):
            head = ".".join(keys[:length])
            if head in self._typed and head not in self._choices:
                return self._typed[head]
        return self._in_files(keys)

    def of_param(self, key: str) -> str:
        """The place of a sweep parameter."""
        return self._in_files(["hydra", "sweeper", "params", key])

    def _in_files(self, keys: list[str]) -> str:
        best = (0, "")
        for path, inside in self._layers(keys):
            depth, line = line_of(path, inside)
            depth += len(keys) - len(inside)
            if line and depth > best[0]:
                best = (depth, f"{_shown(path)}:{line}")
        return best[1]

    def _layers(self, keys: list[str]) -> Iterator[tuple[Path, list[str]]]:
        """Files that may set the path, strongest first, with the path as it is written in them."""
        for group, inside in (("study", keys), (keys[0], keys[1:])):
            option = self._choices.get(group)
            if option and option != "None":
                for path in self._files(group, option, set()):
                    yield path, inside
        for path in self._named(self._primary):
            yield path, keys

    def _files(self, group: str, option: str, seen: set[str]) -> Iterator[Path]:
        """The file of a choice and the files of its group it builds on."""
        if option in seen:
            return
        seen.add(option)
        for path in self._named(f"{group}/{option}"):
            yield path
            for base in bases(path):
                yield from self._files(group, base, seen)

    def _named(self, name: str) -> list[Path]:
        found = [folder / f"{name}.yaml" for folder in self._folders if (folder / f"{name}.yaml").is_file()]
        return found[:1]


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def line_of(path: Path, keys: Sequence[str]) -> tuple[int, int]:
    """How many of the keys were found from the top on, and the line of the last of them (1 for none)."""
    node, line = _tree(path, path.stat().st_mtime_ns), 1
    for depth, key in enumerate(keys):
        step = _step(node, key)
        if step is None:
            return depth, line
        node, line = step
    return len(keys), line


def bases(path: Path) -> list[str]:
    """Options of the same group that a file builds on, from its defaults list."""
    step = _step(_tree(path, path.stat().st_mtime_ns), "defaults")
    if step is None or not isinstance(step[0], yaml.SequenceNode):
        return []
    return [str(item.value) for item in step[0].value if isinstance(item, yaml.ScalarNode) and item.value != "_self_"]


def _step(node: Any, key: str) -> tuple[Any, int] | None:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if str(name.value) == key:
                return value, name.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and key.isdigit() and int(key) < len(node.value):
        item = node.value[int(key)]
        return item, item.start_mark.line + 1
    return None


@lru_cache(maxsize=256)
def _tree(path: Path, changed: int) -> Any:
    """The YAML nodes of a file; they carry lines and, unlike values, run nothing."""
    try:
        return yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return None
