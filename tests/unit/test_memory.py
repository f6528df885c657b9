"""Moving rows and keeping memory: the bytes are what slices would leave, the tables what they were."""

import subprocess
import sys

import numpy as np
import pytest

from sim.jit import compiled
from sim.memory import APART, apart, keep_freed, move, soon_written

ROW = np.dtype([("a", "i2"), ("b", "f8")])


@compiled
def moved(table: np.ndarray, to: int, begin: int, count: int) -> None:
    soon_written(table, to, count)
    move(table, to, table, begin, count)


@pytest.mark.parametrize(("to", "begin", "count"), [(0, 3, 5), (3, 0, 5), (2, 2, 6), (0, 7, 1), (4, 1, 0)])
def test_rows_that_overlap_arrive_whole(to: int, begin: int, count: int) -> None:
    table = np.zeros(8, ROW)
    table["a"], table["b"] = np.arange(8), np.arange(8) / 7
    wanted = table.copy()
    wanted[to : to + count] = table[begin : begin + count].copy()
    moved(table, to, begin, count)
    assert table.tobytes() == wanted.tobytes()


KEPT = """
from sim.memory import keep_freed
import numpy as np
print(keep_freed())
first = np.ones(40_000_000, np.uint8)
place = first.ctypes.data
del first
print(np.ones(40_000_000, np.uint8).ctypes.data == place)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the setting is of Linux's C library")
def test_freed_memory_is_taken_again() -> None:
    answer = subprocess.run([sys.executable, "-c", KEPT], capture_output=True, text=True, check=True)
    kept, again = answer.stdout.split()
    assert again == "True" or kept == "False"  # another C library has no such setting


def test_keeping_is_asked_for_as_often_as_one_likes() -> None:
    assert keep_freed() == keep_freed()


@pytest.mark.parametrize("shape", [(0,), (1,), (3, 5), (7, 0)])
def test_what_lies_apart_is_the_same_and_alone(shape: tuple[int, ...]) -> None:
    given = np.arange(int(np.prod(shape)), dtype="f8").reshape(shape)
    room = apart(given)
    assert (room.dtype, room.shape, room.tobytes()) == (given.dtype, given.shape, given.tobytes())
    assert room.flags.c_contiguous
    base = room
    while isinstance(base.base, np.ndarray):
        base = base.base
    if given.size:
        assert room.ctypes.data % APART == 0
        assert room.ctypes.data + room.nbytes + APART <= base.ctypes.data + base.nbytes


def test_a_record_lies_apart_too() -> None:
    given = np.array([(3, 2.5)], np.dtype((np.record, [("a", "i2"), ("b", "f8")])))
    assert apart(given)[0].b == 2.5
