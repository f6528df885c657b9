"""The compiled engine without compiling: as plain Python it gives the same bits, replication for replication.

A second process plays with compiling switched off, because that is settled when `sim.jit` is imported.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.engines.digests import digests
from tests.engines.shipped import PAIRS

ROOT = Path(__file__).resolve().parents[2]
FEW = ["1", "3", "4", "5", "6", "7", "9", "12", "matrix/default", "lively/2", "lively/4", "lively/6"]
"""Of the random companies, those divisible by 3 have whole-number times everywhere. 0 takes too long."""
MANY = ["0", *(str(seed) for seed in range(20, 80))]
SHIPPED = ["/".join(pair) for pair in PAIRS]


def played(names: list[str], **switch: str) -> Any:
    """What `tests.engines.digests` says in a process of its own; a warning of the simulator ends it."""
    command = [sys.executable, "-W", "error:::sim", "-m", "tests.engines.digests", *names]
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_DISABLE_JIT"} | switch
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def disagreeing(names: list[str], **switch: str) -> list[str]:
    """Scenarios whose tables differ between plain Python, machine code and SimPy."""
    plain, here = played(names, **switch), digests(names)
    assert not plain["compiling"]
    runs = {name: [*plain["digests"][name].values(), *here[name].values()] for name in names}
    return [name for name, tables in runs.items() if tables != [tables[0]] * 4]


def test_without_compiling_every_table_has_the_same_bits() -> None:
    assert disagreeing(FEW, ORGDES_JIT="0") == []


def test_numbas_own_switch_gives_the_same_bits() -> None:
    assert disagreeing(FEW[:1], NUMBA_DISABLE_JIT="1") == []


@pytest.mark.slow
@pytest.mark.parametrize("names", [MANY, SHIPPED], ids=["random", "shipped"])
def test_without_compiling_many_more_have_the_same_bits(names: list[str]) -> None:
    assert disagreeing(names, ORGDES_JIT="0") == []
