"""Every rule says where it comes from, every mechanism's rule also which mechanism it is of."""

import ast
import re

from sim.mechanisms import MECHANISMS
from tests.architecture.sources import Source, breaches

SOURCE = re.compile(r"\bE\d+\b|\b1[6-9]\d\d\b|\b20\d\d\b|model\.md|assumption|definition", re.IGNORECASE)
ID = re.compile(rf"\b({'|'.join(mechanism.id for mechanism in MECHANISMS)})\b")
COMPILED = {"compiled", "inlined", "branchless"}


def rules(source: Source) -> list[tuple[str, str]]:
    """Name and docstring of each public formula of a module."""
    found = [node for node in source.tree.body if isinstance(node, ast.FunctionDef)]
    return [
        (node.name, ast.get_docstring(node) or "")
        for node in found
        if not node.name.startswith("_") and COMPILED & {ast.unparse(each) for each in node.decorator_list}
    ]


def without_source(source: Source) -> list[str]:
    """Formulas that name no evidence, no literature, no page, and do not say that they are assumed."""
    if not source.name.startswith(("sim.rules", "sim.mechanisms")):
        return []
    return [name for name, said in rules(source) if not SOURCE.search(said)]


def without_mechanism(source: Source) -> list[str]:
    """Formulas and questions that do not say which mechanism they belong to."""
    if not source.name.startswith(("sim.mechanisms", "sim.questions")):
        return []
    return [name for name, said in rules(source) if not ID.search(said) and "model.md" not in said]


def test_a_rule_names_its_source() -> None:
    assert breaches(without_source) == {}


def test_a_rule_names_its_mechanism() -> None:
    assert breaches(without_mechanism) == {}


def test_a_rule_without_a_source_is_noticed() -> None:
    assert not SOURCE.search("Hours a week in meetings (K7): `base + colleagues`; workers, >= 1.")
