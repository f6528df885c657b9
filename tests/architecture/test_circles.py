"""Nothing imports itself in a circle, inside functions neither; a command composes each choice once."""

import pytest

from tests.architecture.figures import circles, compositions, imports, siblings


def test_no_files_import_each_other_in_a_circle() -> None:
    assert circles(imports()) == []


@pytest.mark.parametrize("package", ["sim", "sim.cli", "sim.config", "sim.analysis"])
def test_no_siblings_import_each_other_in_a_circle(package: str) -> None:
    assert circles(siblings(package)) == []


def test_an_import_inside_a_function_is_seen() -> None:
    assert "sim.cli.commands" in imports()["sim.cli"]


def test_a_command_composes_each_of_its_choices_once() -> None:
    assert compositions(["structure=function,customer"]) == 2
