"""Rows moved in one go, into another table or within the same one, compiled and not."""

import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from sim.jit import compiled
from sim.memory import move

ROW = np.dtype((np.record, np.dtype([("who", "i4"), ("time", "f8"), ("flag", "i1")])))  # 13 bytes, unaligned


@compiled
def moved(target: Any, to: int, source: Any, begin: int, count: int) -> None:
    """`move` where it belongs: in compiled code."""
    move(target, to, source, begin, count)


def table(size: int) -> Any:
    rows = np.empty(size, ROW)
    rows["who"], rows["time"], rows["flag"] = np.arange(size), np.arange(size) / 8, np.arange(size) % 5
    return rows


def test_rows_go_into_another_table() -> None:
    source, target = table(9), table(20)
    moved(target, 11, source, 2, 5)
    assert target["who"].tolist() == [*range(11), *range(2, 7), *range(16, 20)]
    assert target[11:16].tobytes() == source[2:7].tobytes()


@pytest.mark.parametrize(("to", "begin"), [(3, 4), (0, 30), (4, 3), (40, 7), (5, 5)])
def test_rows_may_overlap(to: int, begin: int) -> None:
    rows, before = table(200), table(200)
    moved(rows, to, rows, begin, 100)
    assert rows[to : to + 100].tobytes() == before[begin : begin + 100].tobytes()
    others = np.r_[0:to, to + 100 : 200]
    assert rows[others].tobytes() == before[others].tobytes()


def test_without_compiling_rows_move_all_the_same() -> None:
    """These tests again, in a process that does not compile."""
    if os.environ.get("ORGDES_JIT") == "0":
        pytest.skip("this is that process")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__]
    subprocess.run(command, env={**os.environ, "ORGDES_JIT": "0"}, check=True, capture_output=True)
