"""Everything public says what it is."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import Source, breaches

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def public(tree: ast.Module) -> Iterator[tuple[str, Documented]]:
    """The module, its public functions and classes, and the public methods of these."""
    yield "the module", tree
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            yield node.name, node
            if isinstance(node, ast.ClassDef):
                yield from methods(node)


def methods(owner: ast.ClassDef) -> Iterator[tuple[str, Documented]]:
    """Public methods, but not those that only fill in what a base class documents."""
    if not owner.bases:
        found = [node for node in owner.body if isinstance(node, ast.FunctionDef)]
        yield from ((node.name, node) for node in found if not node.name.startswith("_"))


def undocumented(source: Source) -> list[str]:
    found = list(public(source.tree))
    # A method is documented once for all classes of the file that offer it, as in a protocol.
    documented = {name for name, node in found if ast.get_docstring(node)}
    return [name for name, _ in found if name not in documented]


def test_public_names_have_docstrings() -> None:
    assert breaches(undocumented) == {}


def test_a_public_name_without_a_docstring_is_noticed(planted: Source) -> None:
    planted.path.write_text('"""A module."""\n\ndef public():\n    pass\n', encoding="utf-8")
    assert undocumented(planted) == ["public"]
