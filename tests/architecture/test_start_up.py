"""The command answers at once, because heavy libraries are imported only where they are used."""

import subprocess
import sys

import pytest

HEAVY = {
    "matplotlib",
    "scipy",
    "pandas",
    "numba",
    "pyarrow",
    "hydra",
    "omegaconf",
    "simpy",
    "joblib",
    "dask",
    "ray",
}


@pytest.mark.parametrize("module", ["sim", "sim.cli", "sim.cli.commands", "orgdes.__main__"])
def test_importing_the_command_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert HEAVY.isdisjoint(done.stdout.split())
