"""Notebooks run from top to bottom, and are committed without outputs.

Invariant: what a student sees is what runs: the cells are executed as they are, in a kernel of their own.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMESPACE = ROOT / "sim" / "cli" / "namespace"


def cells(notebook: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in found if cell["cell_type"] == "code"]


def printed(notebook: Path, folder: Path) -> str:
    """All text that the executed cells print."""
    import nbformat
    from nbclient import NotebookClient

    read: Any = nbformat.read
    played = read(notebook, as_version=4)
    NotebookClient(played, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
    outputs = [output for cell in played.cells for output in cell.get("outputs", ())]
    return "".join(output.get("text", "") for output in outputs)


@pytest.fixture(scope="module")
def first_steps(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the first notebook prints, run in a folder of its own."""
    places = [str(ROOT), str(NAMESPACE), os.environ.get("PYTHONPATH", "")]
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTHONPATH", os.pathsep.join(filter(None, places)))
        return printed(ROOT / "notebooks" / "first_steps.ipynb", tmp_path_factory.mktemp("notebook"))


def test_there_is_a_notebook() -> None:
    assert NOTEBOOKS


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_not_committed(notebook: Path) -> None:
    assert [cell for cell in cells(notebook) if cell["outputs"] or cell["execution_count"]] == []


def test_both_structures_meet_the_same_world(first_steps: str) -> None:
    assert re.findall(r"same (\w+): (\w+)", first_steps) == [("arrivals", "True"), ("products", "True")]


def test_the_parts_add_up_for_every_request(first_steps: str) -> None:
    assert re.findall(r"exact for all \d+ requests: (\w+)", first_steps) == ["True", "True"]


def test_the_comparison_ends_with_its_folder(first_steps: str) -> None:
    assert "results: " in first_steps
