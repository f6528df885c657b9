"""`import orgdes` works beside a file sim.py, in a script, a module, a notebook and in worker processes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATH = os.pathsep.join([str(ROOT), str(ROOT / "sim" / "cli" / "namespace")])


@pytest.fixture
def student(tmp_path: Path) -> Path:
    """A folder with a file sim.py that is none of ours."""
    (tmp_path / "sim.py").write_text("mine = 1\n", encoding="utf-8")
    return tmp_path


def ran(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python in that folder, which comes first on the path."""
    environment = {**os.environ, "PYTHONPATH": PATH}
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_a_file_sim_py_beside_the_script_is_not_in_the_way(student: Path) -> None:
    code = "import orgdes; from orgdes import load_scenario; print(load_scenario().structure.name)"
    assert ran(student, "-c", code).stdout == "function\n"


def test_a_file_sim_py_that_was_imported_before_keeps_its_contents(student: Path) -> None:
    code = "import sim, orgdes; print(sim.mine, orgdes.load_scenario().structure.name)"
    assert ran(student, "-c", code).stdout == "1 function\n"


def test_both_names_lead_to_the_same_modules(student: Path) -> None:
    code = "import orgdes.trajectory as a, sim.trajectory as b; print(a is b)"
    assert ran(student, "-c", code).stdout == "True\n"


def test_the_command_is_a_module_too(student: Path) -> None:
    assert ran(student, "-m", "orgdes", "--help").stdout.startswith("orgdes: ")


def test_a_script_may_itself_be_called_sim_py(student: Path) -> None:
    (student / "sim.py").write_text("import orgdes; print(orgdes.load_scenario().structure.name)")
    assert ran(student, "sim.py").stdout == "function\n"


def test_a_module_called_sim_that_needs_orgdes_is_told_what_to_do(student: Path) -> None:
    (student / "sim.py").write_text("import orgdes")
    told = ran(student, "-c", "import sim").stderr.splitlines()[-1]
    assert told.endswith("which is a package of orgdes. Give the file another name")


def test_worker_processes_find_the_package(student: Path) -> None:
    (student / "study.py").write_text(
        "import multiprocessing, orgdes\n"
        "from sim.sums import __name__ as name\n"
        "from sim.study.design import balanced_order\n"
        "if __name__ == '__main__':\n"
        "    with multiprocessing.get_context('spawn').Pool(1) as pool:\n"
        "        print(name, pool.apply(balanced_order, (2,)))\n"
    )
    assert ran(student, "study.py").stdout == "sim.sums [0, 1]\n"
