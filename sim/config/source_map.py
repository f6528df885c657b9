"""From a dotted path back to the line it was written in.

Invariant: an override wins over a study file, a study file over a group file, as in the composition.
"""

from collections.abc import Mapping, Sequence

from sim.config.compose import Composer
from sim.config.config_layers import Layers, line_of
from sim.config.diagnostics import COMMAND_LINE
from sim.config.user_files import shown_path


class SourceMap:
    """Where the values of one scenario come from."""

    def __init__(self, layers: Layers, typed: Mapping[str, str] | None = None) -> None:
        """Layers: the files behind it. Typed: key -> place, of everything set by an override."""
        self._layers = layers
        self._typed = typed or {}

    @classmethod
    def under(
        cls, composer: Composer, overrides: Sequence[str], origins: Mapping[str, str] | None = None
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
        return self._in_files(keys)

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
