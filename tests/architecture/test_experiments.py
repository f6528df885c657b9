"""What experiments and documents import from the package is there: they are run too seldom to notice."""

import ast
import importlib
from importlib.util import find_spec

from tests.architecture.sources import ROOT

SCRIPTS = [*(ROOT / "experiments").rglob("*.py"), *(ROOT / "docs").glob("*.py")]


def missing(module: str, name: str) -> bool:
    try:
        found = importlib.import_module(module)
    except ModuleNotFoundError:
        return True
    return not hasattr(found, name) and not (hasattr(found, "__path__") and find_spec(f"{module}.{name}"))


def test_every_name_that_a_script_imports_exists() -> None:
    gone = [
        f"{path.relative_to(ROOT)}: {node.module}.{alias.name}"
        for path in SCRIPTS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("sim", "orgdes")
        for alias in node.names
        if missing(node.module or "", alias.name)
    ]
    assert gone == []
