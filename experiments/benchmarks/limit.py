"""The C++ loop of `limit.cpp`, compiled when there is a compiler and run with the numbers of `work.py`."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

from work import (
    ARRIVALS_PER_HOUR,
    CLASS_SHARES,
    PATIENCE,
    PEOPLE,
    PRODUCT_FACTORS,
    REWORK,
    STEP_MEANS,
    logarithms,
)

SOURCE = Path(__file__).with_name("limit.cpp")


class Result(NamedTuple):
    """Seconds inside the loop, requests created and resolved, their mean response time, rows written."""

    seconds: float
    requests: int
    resolved: int
    response: float
    rows: int


def compiler() -> str | None:
    """A C++ compiler, if there is one."""
    return next((found for name in ("g++", "clang++", "c++") if (found := shutil.which(name))), None)


def build(folder: Path) -> Path:
    """Compile with -O3 into ``folder``.

    Raises
    ------
    RuntimeError
        when there is no compiler.
    """
    tool = compiler()
    if tool is None:
        raise RuntimeError("no C++ compiler found")
    program = folder / "limit"
    subprocess.run([tool, "-O3", "-march=native", "-std=c++17", str(SOURCE), "-o", str(program)], check=True)
    return program


def run(program: Path, by: str, requests: int, rows: bool = False, seed: int = 1) -> Result:
    """Run the compiled loop."""
    means, spread = logarithms()
    numbers = [ARRIVALS_PER_HOUR, PATIENCE, REWORK, spread, CLASS_SHARES[0], PEOPLE, len(STEP_MEANS)]
    words = [by, requests, int(rows), seed, *numbers, *means, *PRODUCT_FACTORS]
    shown = subprocess.run(
        [str(program), *map(str, words)], check=True, capture_output=True, text=True
    ).stdout
    seconds, created, resolved, total, written = shown.split()
    return Result(float(seconds), int(created), int(resolved), float(total) / int(resolved), int(written))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        made = build(Path(place))
        for way in ("function", "customer"):
            for wanted in (False, True):
                print(way, wanted, run(made, way, 1_000_000, wanted))
