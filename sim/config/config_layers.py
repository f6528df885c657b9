"""The files that make up one scenario, strongest first, and the line in which a value of it was written.

Invariant: the order is that of the composition: an override over a study, a study over a level, a level over
the group files, each file over its bases.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from sim.config.diagnostics import COMMAND_LINE, shown_path
from sim.config.shipped import OVER_ALL

if TYPE_CHECKING:
    from sim.config.compose import Composer

Keys = tuple[str, ...]


@dataclass(frozen=True)
class Layers:
    """The files behind a set of choices.

    `choices`: group -> option. `folders`: where files are looked for, the first that has one wins.
    """

    choices: Mapping[str, str]
    folders: Sequence[Path]
    primary: str = "config"

    def of(self, keys: Keys) -> Iterator[tuple[Path, Keys]]:
        """Files that may set the path, strongest first, with the path as it is written in them."""
        for path in self._over_all():
            yield path, keys
        for path in self._chosen(keys[0]):
            yield path, keys[1:]
        for path in self._with_bases("", self.primary, set()):
            yield path, keys

    def all(self) -> list[tuple[Path, Keys]]:
        """All chosen files, strongest first, with the place of their content in the scenario."""
        over: list[tuple[Path, Keys]] = [(path, ()) for path in self._over_all()]
        groups = [group for group in self.choices if group not in OVER_ALL and not group.startswith("hydra")]
        return over + [(path, (group,)) for group in groups for path in self._chosen(group)]

    def outranked(self, key: str) -> bool:
        """Is an axis of the sweep weaker than a choice or value in some file, which it would hide?

        The strongest file that names the key decides; a file's own axis is stronger than its own choice.
        """
        over, keys = list(self._over_all()), key.split(".")
        for path in [*over, *self._with_bases("", self.primary, set())]:
            node = tree(path)
            parameters = step(step(step(node, "hydra"), "sweeper"), "params")
            if step(parameters, key):
                return False
            if key in chosen_in(node) or (path in over and line_in(node, keys)[0] == len(keys)):
                return True
        return False

    def _over_all(self) -> Iterator[Path]:
        for group in OVER_ALL:
            yield from self._chosen(group)

    def _chosen(self, group: str) -> Iterator[Path]:
        option = self.choices.get(group)
        if option and option != "None":
            yield from self._with_bases(group, option, set())

    def _with_bases(self, group: str, option: str, seen: set[str]) -> Iterator[Path]:
        """The file of a choice and the files of its group it builds on."""
        if option in seen:
            return
        seen.add(option)
        for path in self._named(
            f"{group}/{option}" if group and not option.startswith("/") else option.lstrip("/")
        ):
            yield path
            for base in bases(path):
                yield from self._with_bases(group, base, seen)

    def _named(self, name: str) -> list[Path]:
        return [folder / f"{name}.yaml" for folder in self.folders if (folder / f"{name}.yaml").is_file()][:1]


def whole_laws(plain: dict[str, Any], layers: Layers) -> dict[str, Any]:
    """A law named in one layer replaces the law below it whole; Hydra alone would merge their parameters.

    A study that says `{law: deterministic, mean: 2}` over `{law: gamma, mean: 1, cv: 1}` leaves no `cv`.
    """
    files = layers.all()
    for number, (path, prefix) in enumerate(files):
        if not any(below[: len(prefix)] == prefix for _, below in files[number + 1 :]):
            continue
        for inside in laws_of(tree(path)):
            stronger = {
                name for above, head in files[:number] for name in _keys_at(above, head, prefix + inside)
            }
            if "law" not in stronger:
                plain = _only(plain, prefix + inside, {*_keys_at(path, prefix, prefix + inside), *stronger})
    return plain


def laws_of(node: Any) -> Iterator[Keys]:
    """Paths of the mappings that name a law."""
    if isinstance(node, yaml.MappingNode):
        if any(key.value == "law" for key, _ in node.value):
            yield ()
        for key, value in node.value:
            yield from ((str(key.value), *rest) for rest in laws_of(value))


def _keys_at(path: Path, prefix: Keys, keys: Keys) -> list[str]:
    """Names in the mapping that a file has at a path of the scenario."""
    if keys[: len(prefix)] != prefix:
        return []
    node = tree(path)
    for key in keys[len(prefix) :]:
        found = step(node, key)
        if found is None:
            return []
        node = found[0]
    return [str(key.value) for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []


def _only(plain: dict[str, Any], keys: Keys, names: set[str]) -> dict[str, Any]:
    """A copy in which the mapping at the path keeps these names alone."""
    if not keys:
        return {name: value for name, value in plain.items() if name in names}
    inner = plain.get(keys[0])
    return {**plain, keys[0]: _only(inner, keys[1:], names)} if isinstance(inner, dict) else plain


def line_of(path: Path, keys: Sequence[str]) -> tuple[int, int]:
    """How many of the keys were found from the top on, and the line of the last of them (1 for none)."""
    return line_in(tree(path), keys)


def line_in(node: Any, keys: Sequence[str]) -> tuple[int, int]:
    """The same in the nodes of a file."""
    line = 1
    for depth, key in enumerate(keys):
        below = step(node, key)
        if below is None:
            return depth, line
        node, line = below
    return len(keys), line


def bases(path: Path) -> list[str]:
    """Options of the same group that a file builds on, from its defaults list."""
    return [option for key, option in entries(tree(path)) if not key and option != "_self_"]


def chosen_in(node: Any) -> set[str]:
    """Groups for which a file chooses an option in its defaults list."""
    return {key.split(" ")[-1].lstrip("/") for key, _ in entries(node) if key}


def entries(node: Any) -> Iterator[tuple[str, str]]:
    """A file's defaults list: what stands before the colon (empty for a name alone) and what is chosen."""
    found = step(node, "defaults")
    for entry in found[0].value if found and isinstance(found[0], yaml.SequenceNode) else []:
        for key, value in entry.value if isinstance(entry, yaml.MappingNode) else [(None, entry)]:
            for option in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                yield str(key.value) if key else "", str(option.value)


def step(node: Any, key: str) -> tuple[Any, int] | None:
    """The node below a key, and its line; below what `step` gave, or below a node."""
    node = node[0] if isinstance(node, tuple) else node
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if str(name.value) == key:
                return value, name.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and key.isdigit() and int(key) < len(node.value):
        item = node.value[int(key)]
        return item, item.start_mark.line + 1
    return None


def tree(path: Path) -> Any:
    """The YAML nodes of a file; they carry lines and, unlike values, run nothing. None when it is no YAML."""
    return _tree(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _tree(path: Path, changed: int) -> Any:
    try:
        return yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return None


class SourceMap:
    """Where the values of one scenario come from."""

    def __init__(self, layers: Layers, typed: Mapping[str, str] | None = None) -> None:
        """Layers: the files behind it. Typed: key -> place, of everything set by an override."""
        self._layers = layers
        self._typed = typed or {}

    @classmethod
    def under(
        cls, composer: "Composer", overrides: Sequence[str], origins: Mapping[str, str] | None = None
    ) -> "SourceMap":
        """SourceMap of the scenario these overrides compose; `origins` tells those not typed by the user."""
        keys = [text.partition("=")[0].lstrip("+") for text in overrides]
        typed = {key: (origins or {}).get(key, COMMAND_LINE) for key in keys}
        return cls(composer.layers(composer.group_choices(overrides)), typed)

    def of(self, where: str) -> str:
        """`file:line`, the command line, or nothing when the path was not found anywhere."""
        keys = tuple(where.split("."))
        for length in range(len(keys), 0, -1):
            head = ".".join(keys[:length])
            if head in self._typed and head not in self._layers.choices:
                return self._typed[head]
        just_below = [place for key, place in self._typed.items() if key.rpartition(".")[0] == where]
        return just_below[0] if just_below else self._in_files(keys)

    def of_param(self, key: str) -> str:
        """The place of a sweep parameter."""
        return self._in_files(("hydra", "sweeper", "params", key))

    def _in_files(self, keys: tuple[str, ...]) -> str:
        best = (0, "")
        for path, inside in self._layers.of(keys):
            depth, line = line_of(path, inside)
            depth += len(keys) - len(inside)
            if depth > best[0]:
                best = (depth, f"{shown_path(path)}:{line}")
        return best[1]
