"""The names `sim` itself offers lead to the top of the package, so only the top may use them."""

import ast

from sim import __all__ as NAMES
from tests.architecture.sources import Source, package

TOP = ("sim.cli", "sim.config", "sim.known_answers")
"""Layers from which everything may be reached; see the layers contract in pyproject.toml."""


def library_names(source: Source) -> list[str]:
    """Names of the library imported from the package itself."""
    return [
        alias.name
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "sim"
        for alias in node.names
        if alias.name in NAMES
    ]


def test_lower_layers_import_submodules_instead_of_library_names() -> None:
    lower = [source for source in package() if not source.name.startswith(TOP)]
    assert [source.name for source in lower if library_names(source)] == []


def test_an_import_of_a_library_name_is_noticed(planted: Source) -> None:
    planted.path.write_text("from sim import draws, simulate\n", encoding="utf-8")
    assert library_names(planted) == ["simulate"]
