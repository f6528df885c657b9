"""The one road by which Hydra reads files and composes: looked at before, and once more what came of it.

Invariant: of a user's file Hydra gets only text that was found harmless, and a composition in which anything
could run, or which changes Hydra's own node by a file, is never handed out.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra._internal.core_plugins.file_config_source import FileConfigSource
from hydra._internal.utils import create_config_search_path
from hydra.core.config_search_path import SearchPathQuery
from hydra.plugins.config_source import ConfigResult, ConfigSource
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from sim.config.config_layers import entries, tree
from sim.config.diagnostics import Diagnostic, Refused, diagnostic, shown_path
from sim.config.shipped import GROUPS, OVER_ALL, configs
from sim.config.user_files import FOR_THE_COMMAND_LINE, FREE, HERE, look
from sim.config.values import at_path
from sim.config.yaml_scan import CODE_KEY, Scan

PROGRAM = (
    "hydra/sweeper=orgdes",
    "hydra/launcher=orgdes",
    "hydra.mode=MULTIRUN",
    "hydra.run.dir=.",
    "hydra.output_subdir=null",
)
"""How orgdes uses Hydra, under any primary config; the command line may say otherwise."""
DIFFERS = (*FREE, ("runtime",), ("overrides",), ("job", "override_dirname"), ("job", "config_name"))
"""Parts of Hydra's node that a file may set, and those that say what has been composed."""

Names = list[str]


class OwnFolder(FileConfigSource):
    """A user's folder: files of the known groups and at its top; of a file that was refused, nothing."""

    def __init__(self, folder: Path) -> None:
        super().__init__("command-line", str(folder))
        self.scans: dict[Path, Scan] = {}
        self.read: set[Path] = set()
        self.bases: Names = []

    def __deepcopy__(self, memo: Any) -> "OwnFolder":
        """Hydra copies its sources for every composition; what was read stays known here."""
        return self

    def load_config(self, config_path: str) -> ConfigResult:
        looked = self.scans[self.look(config_path)]
        self._claim(config_path)
        config = OmegaConf.load(io.StringIO(looked.text)) if looked.builds else OmegaConf.create()
        package = "_global_" if config_path.split("/")[0] in OVER_ALL else None
        header = ConfigSource._get_header_dict(looked.text[:512]) if looked.builds else {"package": package}
        return ConfigResult(config=config, path=self.full_path(), provider=self.provider, header=header)

    def _claim(self, config_path: str) -> None:
        """A file is chosen once: Hydra would refuse it too, after as many steps as there are ways to it."""
        path, group = Path(self.path) / self._normalize_file_name(config_path), config_path.rpartition("/")[0]
        for key, option in entries(tree(path) if self.scans[path].builds else None):
            name = f"{key}/{option}" if key else option if option.startswith("/") else f"{group}/{option}"
            if name in self.bases:
                what = f"{name} is chosen more than once"
                raise Refused([diagnostic(shown_path(path), "defaults", what, "", "Choose it in one file")])
            if option != "_self_" and not key.startswith("override"):
                self.bases.append(name)

    def look(self, config_path: str) -> Path:
        """Look through a file; it counts as read."""
        path = Path(self.path) / self._normalize_file_name(config_path)
        self.read.add(path)
        if path not in self.scans:
            self.scans[path] = look(path, Path(self.path))
        return path

    def is_group(self, config_path: str) -> bool:
        return self._known(config_path) and super().is_group(config_path)

    def is_config(self, config_path: str) -> bool:
        return self._known(config_path) and super().is_config(config_path)

    def list(self, config_path: str, results_filter: Any) -> Names:
        return super().list(config_path, results_filter) if self._known(config_path) else []

    def _known(self, config_path: str) -> bool:
        parts = PurePosixPath(config_path).parts
        return ".." not in parts and (len(parts) < 2 or parts[0] in GROUPS) and parts[:1] != ("/",)


class KeptSource:
    """A source of shipped files, or of Hydra's own: what was read once in a process is not parsed again."""

    known: ClassVar[dict[tuple[str, str, int], ConfigResult]] = {}

    def __init__(self, source: ConfigSource) -> None:
        self._source = source

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def __deepcopy__(self, memo: Any) -> "KeptSource":
        """Hydra copies its sources for every composition."""
        return self

    def load_config(self, config_path: str) -> ConfigResult:
        """A copy, because Hydra takes the defaults list out of it."""
        file = Path(self._source.path, self._source._normalize_file_name(config_path))
        key = (self._source.full_path(), config_path, file.stat().st_mtime_ns if file.is_file() else 0)
        if key not in self.known:
            self.known[key] = self._source.load_config(config_path)
        return deepcopy(self.known[key])


class CheckedLoader(ConfigLoaderImpl):
    """Hydra's loader over the shipped configs and a user's folder."""

    def __init__(self, folder: Path | None) -> None:
        path = create_config_search_path(str(configs()))
        if folder is not None:
            anchor = SearchPathQuery(provider="schema")
            path.prepend("command-line", f"file://{folder.resolve()}", anchor=anchor)
        super().__init__(config_search_path=path)
        self.own = None if folder is None else OwnFolder(folder.resolve())
        self._bare_nodes: dict[tuple[str, ...], Any] = {}
        sources: list[Any] = [
            KeptSource(source) if source.scheme() in ("file", "pkg") else source
            for source in self.repository.sources
        ]
        if self.own:
            sources = [self.own if source.provider == "command-line" else source for source in sources]
        self.repository.sources = sources

    @property
    def read(self) -> frozenset[Path]:
        """The user's files behind the last composition."""
        return frozenset(self.own.read if self.own else ())

    def load_configuration(
        self,
        config_name: str | None,
        overrides: list[str],
        run_mode: RunMode,
        from_shell: bool = True,
        validate_sweep_overrides: bool = True,
    ) -> DictConfig:
        """Compose.

        Raises
        ------
        Refused
            when a file that was read, or what came of it, is not allowed.
        """
        own = self.own
        if own:
            own.read.clear()
            own.bases.clear()
        if config_name != "config":
            overrides = [*_program(overrides), *overrides]
        try:
            config: DictConfig | Exception
            config = super().load_configuration(
                config_name, overrides, run_mode, from_shell, validate_sweep_overrides
            )
        except RecursionError:
            config = Refused([diagnostic("", "defaults", "files choose each other in a circle")])
        except Exception as problem:  # which may come of a file that was held back
            config = problem
        if own and (refused := [item for path in sorted(own.read) for item in own.scans[path].refused]):
            raise Refused(refused)
        if isinstance(config, Exception):
            raise config
        if found := list(self._wrong(config)):
            raise Refused(found)
        return config

    def _wrong(self, config: DictConfig) -> Iterator[Diagnostic]:
        plain: Any = OmegaConf.to_container(config, resolve=False, enum_to_str=True)
        hydra = plain.pop("hydra")
        for where in _alive(plain):
            yield diagnostic("", where, "would run something", "", "Scenarios are plain values")
        if self.own is None:
            return
        for keys in _changes(self._bare(tuple(hydra["overrides"]["hydra"])), hydra):
            if not any(keys[: len(free)] == free for free in DIFFERS):
                what = "would change how Hydra works"
                yield diagnostic(
                    "", ".".join(("hydra", *keys)), what, "", "Files choose groups and set values"
                )
        typed = {text.partition("=")[0].lstrip("+") for text in hydra["overrides"]["task"]}
        for key, harmless in zip(FOR_THE_COMMAND_LINE, (HERE, (None,)), strict=True):
            if key not in typed and _value(plain, key) not in harmless:
                yield diagnostic(
                    "", key, "is not set in a file", "", f"Give it on the command line: {key}=..."
                )

    def _bare(self, overrides: tuple[str, ...]) -> Any:
        """Hydra's node without the user's files."""
        if overrides not in self._bare_nodes:
            bare = CheckedLoader(None).load_configuration("config", list(overrides), RunMode.RUN)
            self._bare_nodes[overrides] = OmegaConf.to_container(bare.hydra, resolve=False, enum_to_str=True)
        return self._bare_nodes[overrides]


def _program(overrides: Sequence[str]) -> list[str]:
    typed = {text.partition("=")[0] for text in overrides}
    return [text for text in PROGRAM if text.partition("=")[0] not in typed]


def _value(plain: Any, key: str) -> Any:
    try:
        return at_path(plain, tuple(key.split(".")))
    except KeyError:
        return None


def _alive(node: Any, where: str = "") -> Iterator[str]:
    """Paths of interpolations, and of keys that are Hydra's words."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            if CODE_KEY.fullmatch(str(key)) or "${" in str(key):
                yield f"{where}{key}"
            yield from _alive(value, f"{where}{key}.")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _alive(value, f"{where}{number}.")
    elif isinstance(node, str) and "${" in node:
        yield where.rstrip(".")


def _changes(old: Any, new: Any, keys: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Paths at which two nodes differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            yield from _changes(old.get(key), new.get(key), (*keys, str(key)))
    elif old != new:
        yield keys
