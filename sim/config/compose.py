"""Overrides in, plain scenario out: Hydra composes once per set of group choices, values go on a copy.

Invariant: no global state of a running Hydra application is read or changed, so composing works in
notebooks, threads and inside other Hydra programs.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.config.config_layers import Layers, whole_laws
from sim.config.interrupts import interrupts_held
from sim.config.shipped import configs, offer_plugin
from sim.config.user_files import own_files
from sim.config.values import quick_number, texts_as_names, with_value

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

    from sim.config.hydra_loader import CheckedLoader
    from sim.config.yaml_scan import Scan

NOT_SCENARIO = ("hydra", "sweep")
"""Parts of the composed config that belong to the door and never reach a scenario."""

lock = threading.RLock()


def config_loader(config_dir: Path | None) -> "CheckedLoader":
    """Hydra's loader over the shipped configs and a user's folder, outside Hydra's global state."""
    offer_plugin()
    _settle_compatibility()
    from sim.config.hydra_loader import CheckedLoader

    return CheckedLoader(config_dir)


def hydra_settings() -> dict[str, str]:
    """Which behaviour of Hydra we ask for: 1.3's on 1.3; 1.4 has one behaviour and warns when asked."""
    import hydra

    return {"version_base": "1.3"} if hydra.__version__.startswith("1.3") else {}


def _settle_compatibility() -> None:
    """Where nobody has chosen yet, Hydra 1.3 would fall back to the rules of 1.1."""
    from hydra import version
    from packaging.version import Version

    if hydra_settings() and not isinstance(version.getbase(), Version):
        version.setbase("1.3")


@dataclass(frozen=True)
class Composed:
    """What a set of group choices gives: plain data, group -> option, Hydra's node, the user's files."""

    plain: dict[str, Any]
    choices: dict[str, str]
    hydra: dict[str, Any]
    read: frozenset[Path]


class Composer:
    """Composes plain scenarios from lists of overrides.

    >>> composer = Composer(config_loader(None))
    >>> composer.plain(["structure=customer", "demand.scale=1.2"])["demand"]["scale"]
    1.2
    """

    def __init__(self, loader: "CheckedLoader", config_name: str = "config") -> None:
        from hydra.core.override_parser.overrides_parser import OverridesParser

        self.loader = loader
        self.config_name = config_name
        self.parser: OverridesParser = OverridesParser.create(config_loader=loader)
        self._known: dict[tuple[str, ...], Composed] = {}
        self._paths: dict[str, tuple[str, ...] | None] = {}
        self._parsed: dict[str, Override] = {}
        self._options: dict[str, tuple[str, ...]] = {}
        self.read: set[Path] = set()
        """The user's files that have been read since this was last cleared."""

    def options(self, group: str) -> tuple[str, ...]:
        """Names one can choose in a group; empty when there is no such group."""
        if group not in self._options:
            with interrupts_held():
                self._options[group] = tuple(self.loader.get_group_options(group))
        return self._options[group]

    def parse(self, override: str) -> "Override":
        """An override read by Hydra's grammar.

        Raises
        ------
        hydra.errors.HydraException
            when it cannot be read.
        """
        if override not in self._parsed:
            key, equals, value = override.partition("=")
            is_plain = bool(equals) and self._path(key) is not None
            with interrupts_held():  # the name of a plain setting is ours to read: it may hold a space
                parsed = self.parser.parse_overrides([f"key={value}" if is_plain else override])[0]
            self._parsed[override] = (
                replace(parsed, key_or_group=key, input_line=override) if is_plain else parsed
            )
        return self._parsed[override]

    def plain(self, overrides: Iterable[str]) -> dict[str, Any]:
        """The scenario under these overrides, as plain data.

        Raises
        ------
        hydra.errors.HydraException
            when Hydra cannot compose the choices.
        """
        return {key: value for key, value in self.whole(overrides).items() if key not in NOT_SCENARIO}

    def whole(self, overrides: Iterable[str]) -> dict[str, Any]:
        """The scenario with the settings of the sweep."""
        chosen: list[str] = []
        values: list[tuple[tuple[str, ...], Any]] = []
        for override in overrides:
            setting = self._setting(override)
            if setting is None:
                chosen.append(override)
            else:
                values.append(setting)
        composed = self.base(tuple(chosen))
        for keys, value in values:
            composed = with_value(composed, keys, value)
        return composed

    def base(self, chosen: tuple[str, ...]) -> dict[str, Any]:
        """Composition under group choices alone; one for each set of choices. Not to be changed."""
        return self._composed(chosen).plain

    def choices(self, chosen: tuple[str, ...]) -> dict[str, str]:
        """Which option each group has under these group choices."""
        return self._composed(chosen).choices

    @property
    def folders(self) -> list[Path]:
        """Folders of config files, the first that has a file wins."""
        return [Path(source.path) for source in self.loader.get_sources() if source.scheme() == "file"]

    def layers(self, chosen: tuple[str, ...]) -> Layers:
        """The files behind these group choices."""
        return Layers(self.choices(chosen), self.folders, self.config_name)

    def hydra(self, chosen: tuple[str, ...]) -> dict[str, Any]:
        """Hydra's own node under these group choices."""
        return self._composed(chosen).hydra

    def params(self, chosen: tuple[str, ...]) -> dict[str, Any]:
        """The sweep parameters, `hydra.sweeper.params`, without those that a stronger file has decided."""
        layers = self.layers(chosen)
        params: dict[str, Any] = self.hydra(chosen)["sweeper"].get("params") or {}
        return {key: value for key, value in params.items() if not layers.outranked(str(key))}

    @property
    def scans(self) -> "dict[Path, Scan]":
        """What was found in the user's files that have been read."""
        return {path: self.loader.own.scans[path] for path in sorted(self.read)} if self.loader.own else {}

    def look(self, group: str, option: str) -> None:
        """Read a file that will be composed, so that it is told even where another is refused first."""
        own = self.loader.own
        if (
            own
            and not (configs() / group / f"{option}.yaml").is_file()
            and own.is_config(f"{group}/{option}")
        ):
            self.read.add(own.look(f"{group}/{option}"))

    def group_choices(self, overrides: Iterable[str]) -> tuple[str, ...]:
        """Those overrides that choose groups."""
        return tuple(override for override in overrides if self._setting(override) is None)

    def _composed(self, chosen: tuple[str, ...]) -> Composed:
        known = tuple(sorted(chosen))
        with lock:
            if known not in self._known:
                try:
                    with interrupts_held():
                        self._known[known] = self._compose(known)
                finally:
                    self.read |= self.loader.read
            self.read |= self._known[known].read
        return self._known[known]

    def _compose(self, chosen: tuple[str, ...]) -> Composed:
        from hydra.types import RunMode
        from omegaconf import OmegaConf

        config = self.loader.load_configuration(self.config_name, list(chosen), RunMode.RUN)
        plain = texts_as_names(OmegaConf.to_container(config, resolve=False, enum_to_str=True))
        hydra = plain.pop("hydra")
        choices = {str(group): str(option) for group, option in hydra["runtime"]["choices"].items()}
        plain = whole_laws(plain, Layers(choices, self.folders, self.config_name))
        return Composed(plain, choices, hydra, self.loader.read)

    def _setting(self, override: str) -> tuple[tuple[str, ...], Any] | None:
        """Path and value of a plain setting; None for what Hydra itself has to compose."""
        key, _, text = override.partition("=")
        if key not in self._paths:
            self._paths[key] = self._path(key)
        path, number = self._paths[key], quick_number(text)
        if path is None or number is not None:
            return None if path is None else (path, number)
        return path, texts_as_names(self.parse(override).value())

    def _path(self, key: str) -> tuple[str, ...] | None:
        name = key.lstrip("+")
        is_hydra = name == "hydra" or name.startswith(("hydra.", "hydra/"))
        if is_hydra or name.startswith("~") or "@" in name or self.options(name):
            return None
        return tuple(name.split("."))


_composers: dict[tuple[str, str], tuple[tuple[tuple[str, int, int], ...], Composer]] = {}


def composer_for(config_dir: Path | None, config_name: str = "config") -> Composer:
    """A composer over a user's folder, kept as long as none of the YAML files it can read changes."""
    folder = None if config_dir is None else config_dir.resolve()
    name = (str(folder), config_name)
    state = _state([configs(), *([folder] if folder else [])])
    with lock:
        known = _composers.get(name)
        if known is None or known[0] != state:
            known = _composers[name] = (state, Composer(config_loader(folder), config_name))
    return known[1]


def _state(folders: Sequence[Path]) -> tuple[tuple[str, int, int], ...]:
    return tuple(
        (str(file), status.st_mtime_ns, status.st_size)
        for folder in folders
        for file in own_files(folder)
        for status in [file.lstat()]
    )
