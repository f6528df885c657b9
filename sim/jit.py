"""The one way to compile: `@compiled` turns a scalar rule into machine code, or leaves it plain Python.

Invariant: compiled and plain code give the same bits. So no fastmath, Python's error model, no vector maths
library, and a disk cache whose folder is named after the sources, because numba does not notice when a
function in *another* file was edited. `ORGDES_JIT=0` (or `NUMBA_DISABLE_JIT=1`) switches compiling off.
"""

from __future__ import annotations

import atexit
import functools
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np

from sim.sources import PACKAGE, content, digest, reached

Function = TypeVar("Function", bound=Callable[..., Any])

COMPILING = os.environ.get("ORGDES_JIT", "1") != "0" and os.environ.get("NUMBA_DISABLE_JIT", "0") in ("", "0")

COMPILES = re.compile(r"^[ \t]*@(?:jit\.)?(?:compiled|inlined|branchless)\b", re.MULTILINE)

KEPT_FOLDERS = 8
KEPT_SECONDS = 3600.0  # a folder younger than this may still be in use

if COMPILING:
    # The vector maths library differs from libm by an ulp; it has to be refused before numba is imported.
    os.environ.setdefault("NUMBA_DISABLE_INTEL_SVML", "1")
    import numba
    from numba import types

    from sim.numba_parts import event, read_no_folder

    read_no_folder()


def is_compiled() -> bool:
    """Whether `@compiled` compiles in this process."""
    return COMPILING


def compiled(function: Function) -> Function:
    """The function as machine code, compiled at its first call and kept on disk; plain Python with JIT off.

    Arguments must keep their types from call to call (int, float, arrays of one dtype): each new
    combination is compiled again.
    """
    return _machine(function)


def inlined(function: Function) -> Function:
    """Like `compiled`, for a piece of an event loop: its code goes into its callers', calls cost nothing."""
    return _machine(function, forceinline=True)


def branchless(function: Function) -> Function:
    """Like `inlined`, for a piece of a loop over arrays; a division by zero gives infinity or NaN, as there.

    Python's check for it is a branch, and loops with branches are not computed several elements at a time.
    """
    return _machine(function, forceinline=True, error_model="numpy")


def _machine(function: Function, **more: bool | str) -> Function:
    if not COMPILING:
        return _plain(function)
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(cache_folder())
    try:
        rules: Any = {
            "cache": True,
            "nogil": True,
            "fastmath": False,
            "error_model": "python",
            "no_cfunc_wrapper": True,
        }
        machine: Any = numba.njit(**rules | more)(function)  # type: ignore[call-overload]
        resolve = machine.get_call_template
        machine.get_call_template = lambda args, kws: resolve(tuple(_plain_type(arg) for arg in args), kws)
        return cast(Function, machine)
    finally:
        settings.CACHE_DIR = before


def _plain_type(kind: Any) -> Any:
    """The type to compile for: numba would make a copy of a function for every constant and every width."""
    kind = types.unliteral(kind)
    return types.int64 if isinstance(kind, types.Integer) and kind.signed else kind  # type: ignore[attr-defined]


def _plain(function: Function) -> Function:
    """The function itself, silent where unsigned integers wrap around on purpose."""
    return np.errstate(over="ignore")(function)


def on_first_compile(announce: Callable[[], None]) -> None:
    """Call `announce()` once, right before this process compiles its first function."""
    if COMPILING:
        event.register("numba:compile", _Once(announce))  # type: ignore[no-untyped-call]


if COMPILING:

    class _Once(event.Listener):
        """Tells of the first start of a compilation."""

        def __init__(self, announce: Callable[[], None]) -> None:
            self.announce: Callable[[], None] | None = announce

        def on_start(self, event: object) -> None:
            announce, self.announce = self.announce, None
            if announce is not None:
                announce()

        def on_end(self, event: object) -> None:
            """Nothing to do: only the first start is announced."""


@functools.cache
def cache_folder() -> Path:
    """The folder of the compiled code of these very sources, made if need be; older ones are pruned."""
    for base in _bases():
        folder = base / source_digest()
        if _writable(folder):
            _prune(base, folder)
            return folder
    folder = Path(tempfile.mkdtemp(prefix="orgdes-"))  # private: a shared, guessable one could be planted
    os.environ["ORGDES_CACHE"] = str(folder)  # worker processes share it
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _bases() -> list[Path]:
    """Where compiled code may be kept, best first."""
    own = [os.environ[name] for name in ("ORGDES_CACHE", "NUMBA_CACHE_DIR") if os.environ.get(name)]
    if own:
        return [Path(own[0])]
    users = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        return [Path(users or Path.home() / ".cache") / "orgdes"]
    except RuntimeError:  # a user without a home, as in some containers
        return []


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
        os.utime(folder)
    except OSError:
        return False
    return True


def _prune(base: Path, current: Path) -> None:
    """Remove all but the newest folders; only names that are digests, so nobody else's files are touched."""
    try:
        ages = [(f.stat().st_mtime, f) for f in base.iterdir() if f != current and _is_digest(f.name)]
    except OSError:  # another process prunes too
        return
    for touched, old in sorted(ages, reverse=True)[KEPT_FOLDERS - 1 :]:
        if time.time() - touched > KEPT_SECONDS:
            shutil.rmtree(old, ignore_errors=True)


def _is_digest(name: str) -> bool:
    return len(name) == 16 and all(c in "0123456789abcdef" for c in name)


def source_digest(package: Path = PACKAGE) -> str:
    """16 hexadecimal digits of the sources that compile, and of all that these import."""
    compiling = [file for file in sorted(package.rglob("*.py")) if COMPILES.search(content(file))]
    return digest(reached(compiling, package), package)[:16]
