"""The import contracts of pyproject.toml hold, and a planted import breaks them."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

LINTER = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", LINTER, "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_imports_keep_every_contract() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout


def test_the_drawing_of_layers_is_the_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = [re.findall(r"\w+", layer) for layer in contracts[0]["layers"]]
    drawing = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").split("```")[1]
    drawn = [
        name for names in re.findall(r"(?m)^  ([a-z]\S*(?:, \S+)*)  ", drawing) for name in names.split(", ")
    ]
    assert drawn == [name for layer in layers for name in layer]


@pytest.mark.parametrize(
    ("module", "planted", "contract"),
    [
        ("rules/planted.py", "import sim.study", "Imports go downward only"),
        ("planted.py", "import sim.model", "Imports go downward only"),
        ("model/planted.py", "import omegaconf", "Hydra and OmegaConf only in config and cli"),
        ("model/planted.py", "import simpy", "SimPy only in its engine"),
        ("rules/planted.py", "import numba", "numba only where code is compiled"),
        ("analysis/planted.py", "import matplotlib.pyplot", "matplotlib only in figures"),
        ("analysis/planted.py", "import pyarrow.parquet", "pyarrow only in the store"),
    ],
)
def test_a_planted_import_breaks_its_contract(
    tmp_path: Path, module: str, planted: str, contract: str
) -> None:
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "sim" / module).write_text(planted + "\n", encoding="utf-8")
    assert f"{contract} BROKEN" in lint(tmp_path).stdout
