"""What numba does not promise is used from one file, and does what we need: tried before a new version."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from sim import numba_parts
from sim.bundle import bundle
from sim.jit import COMPILING, compiled, on_first_compile
from sim.memory import move, soon_written

ROOT = Path(__file__).parents[2]
PRIVATE = re.compile(r"^\s*(?:from|import)\s+(?:numba\.|llvmlite)", re.MULTILINE)
pytestmark = pytest.mark.skipif(not COMPILING, reason="compiling is switched off")


class Pair(NamedTuple):
    """Two arrays of different types and shapes."""

    hours: Any
    places: Any


@compiled
def told(pair: Any) -> float:
    """Reads two arrays of a bundle."""
    return float(pair.hours[1] + pair.places[1, 2])


@compiled
def shifted(table: Any) -> None:
    """Moves overlapping rows after a hint that they will be written."""
    soon_written(table, 1, 3)
    move(table, 1, table, 0, 3)


def test_only_one_file_imports_what_numba_does_not_promise() -> None:
    files = {path.name for path in (ROOT / "sim").rglob("*.py") if PRIVATE.search(path.read_text("utf-8"))}
    assert files == {"numba_parts.py"}


def test_every_part_is_there() -> None:
    assert [name for name in numba_parts.__all__ if not hasattr(numba_parts, name)] == []


def test_arrays_of_a_bundle_are_read_by_name() -> None:
    arrays = Pair(np.array([1.0, 2.5]), np.arange(6, dtype=np.int32).reshape(2, 3))
    assert told(bundle(arrays)) == 7.5


def test_rows_are_moved_as_python_moves_them() -> None:
    table = np.array([(0, 0.5), (1, 1.5), (2, 2.5), (3, 3.5)], np.dtype([("a", "i4"), ("b", "f8")]))
    shifted(table)
    assert table["a"].tolist() == [0, 0, 1, 2]


def test_a_compilation_is_announced() -> None:
    heard: list[str] = []
    event: Any = numba_parts.event
    on_first_compile(lambda: heard.append("compiling"))
    event.broadcast(event.Event("numba:compile", event.EventStatus.START))
    assert heard == ["compiling"]


def test_the_installed_version_is_one_that_was_tried() -> None:
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    (bound,) = [re.search(r"<(\d+)\.(\d+)", text) for text in dependencies if text.startswith("numba")]
    assert bound is not None
    installed = tuple(map(int, version("numba").split(".")[:2]))
    assert installed < tuple(map(int, bound.groups()))
