"""How large the house is and whether it stands on itself; as a program, the figures of it.

Command: python -m tests.architecture.figures, with --test also the seconds of `make test`. An import inside a
function counts like any other: it hides a circle and does not undo it. What only a type checker reads is no
import.
"""

import ast
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache

from tests.architecture.parameters import ROOT, table
from tests.architecture.sources import Source, package


@cache
def imports() -> dict[str, set[str]]:
    """Module -> modules of the package that it imports, wherever in the file."""
    modules = {source.name for source in package()}
    return {source.name: set(_imported(source, modules)) - {source.name} for source in package()}


def _imported(source: Source, modules: set[str]) -> Iterator[str]:
    for node in _read(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                below = f"{node.module}.{alias.name}"
                yield from {below if below in modules else node.module} & modules
        elif isinstance(node, ast.Import):
            yield from {alias.name for alias in node.names} & modules


def _read(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those below `if TYPE_CHECKING`."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)):
            yield child
            yield from _read(child)


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Groups of modules that reach each other.

    >>> circles({"a": {"b"}, "b": {"a", "c"}, "c": set()})
    [['a', 'b']]
    """
    reached = {name: _reached(graph, name) for name in graph}
    groups = {
        tuple(sorted(other for other in reached[name] if name in reached[other]))
        for name in graph
        if name in reached[name]
    }
    return [list(group) for group in sorted(groups)]


def _reached(graph: dict[str, set[str]], start: str) -> set[str]:
    """Whatever the imports of a module lead to; the module itself only where they lead back."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = graph[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def siblings(parent: str) -> dict[str, set[str]]:
    """The same between what lies directly in a package, each with all that lies below it."""
    graph: dict[str, set[str]] = {}
    for module, targets in imports().items():
        if module.startswith(f"{parent}."):
            inside = {target for target in targets if target.startswith(f"{parent}.")}
            names = {_child(parent, target) for target in inside} - {_child(parent, module)}
            graph.setdefault(_child(parent, module), set()).update(names)
    return graph


def _child(parent: str, module: str) -> str:
    return module.removeprefix(f"{parent}.").split(".")[0]


def bodies() -> list[tuple[int, str]]:
    """Lines and name of every function, the longest first."""
    return sorted(
        (
            (node.end_lineno or node.lineno) - node.lineno + 1, f"{source.name}.{node.name}"
        )
        for source in package()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )[::-1]  # fmt: skip


def compositions(overrides: list[str]) -> int:
    """How often Hydra composes for one command line, until all its scenarios are checked."""
    from unittest.mock import patch

    from hydra._internal.config_loader_impl import ConfigLoaderImpl

    from sim.cli.arguments import read_arguments
    from sim.cli.preflight import preflight
    from sim.cli.session import Session

    whole = ConfigLoaderImpl.load_configuration
    with (
        patch("sim.config.compose._composers", {}),
        patch("sim.cli.scenarios.feasibility", lambda plains: ({}, [])),  # builds, composes nothing
        patch.object(ConfigLoaderImpl, "load_configuration", autospec=True, side_effect=whole) as composed,
    ):
        preflight(Session(read_arguments(overrides), tuple(overrides)))
    return composed.call_count


def seconds_of_make_test() -> float:
    """Wall time of what every change must pass."""
    began = time.perf_counter()
    subprocess.run(["make", "--silent", "test"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


if __name__ == "__main__":
    lines = [len(source.path.read_text(encoding="utf-8").splitlines()) for source in package()]
    print(f"{len(lines)} files, {sum(lines):,} lines in sim/, {max(lines)} in the longest")
    longest = bodies()
    print("longest bodies: " + ", ".join(f"{name} {count}" for count, name in longest[:3]), end="; ")
    print(f"median {statistics.median(count for count, _ in longest):g}")
    found = circles(imports())
    print(f"{sum(map(len, found))} files in {len(found)} circles of imports, those in functions counted")
    for group in found:
        print(f"  {' '.join(group)}")
    named = [len(files) for files in table().values()]
    print(f"a parameter is named in {statistics.median(named):g} files in the median, {max(named)} at most")
    asked = ["structure=function,customer"]
    print(f"{compositions(asked)} compositions of Hydra for orgdes {asked[0]}")
    if "--test" in sys.argv:
        print(f"{seconds_of_make_test():.0f} s for make test")
