"""Standard output and error that may be full, closed or gone: told in one line, never traced.

Invariant: what cannot be said never ends a run; what cannot be shown ends with exit 1, after all is safe.
"""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

NO_MEMORY = ("failed to map", "cannot allocate", "can't start new thread", "not enough memory")
"""What libraries say who cannot load or start something for want of memory."""
LEAST_MEMORY = 1_000_000_000
"""Bytes of addresses that Python, the compiler and the tables take."""
ROOM = "make room, or give back the right to write"
MEMORY = "end other programs, raise the limit (ulimit -v) or take experiment.jobs=1"


@contextmanager
def streams_kept_writable() -> Iterator[None]:
    """Both streams can be written to, whatever the shell has done with them."""
    before = sys.stdout, sys.stderr
    if None in before:
        while (number := os.open(os.devnull, os.O_RDONLY)) <= 2:
            pass  # else the next file that is opened would be taken for a stream
        os.close(number)
    if sys.stdout is None:  # writing to it is refused, as on a full disk
        sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = _Forgiving(sys.stderr)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def silence_output() -> None:
    """Write no more to the standard output, not even what waits to be written."""
    with suppress(OSError, ValueError):
        target = os.open(os.devnull, os.O_WRONLY)
        os.dup2(target, sys.stdout.fileno())
        os.close(target)
    with suppress(OSError, ValueError):
        sys.stdout.flush()


def output_trouble(error: OSError) -> str:
    """What to say when the standard output takes nothing; nothing when its reader has had enough."""
    if isinstance(error, BrokenPipeError):
        return ""
    return f"the standard output cannot be written to ({error.strerror or error})"


def trouble_in_words(error: BaseException) -> str:
    """Trouble with disk, memory or output in one line; empty for any other error."""
    if isinstance(error, MemoryError) or any(text in str(error).lower() for text in NO_MEMORY):
        return f"not enough memory. What is finished is safe: {MEMORY}, and run the same command again"
    if not isinstance(error, OSError) or error.errno is None:
        return ""
    if error.filename is None and error.errno in (errno.EPIPE, errno.EBADF, errno.EIO, errno.ENOSPC):
        return f"{output_trouble(error)}. What is finished is safe: {ROOM}, and run the same command again"
    name = os.path.basename(os.fspath(error.filename or ""))
    what = f"{error.strerror} ({name})" if name else str(error.strerror)
    return f"cannot read or write: {what}. What is finished is safe: {ROOM}, and run the same command again"


def too_little_memory() -> str:
    """Why nothing can be computed under the shell's limit of memory; the compiler would end the process."""
    try:
        import resource
    except ImportError:
        return ""
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY or limit >= LEAST_MEMORY:
        return ""
    return (
        f"not enough memory: this shell allows {limit / 1e6:,.0f} MB of {LEAST_MEMORY / 1e6:,.0f} needed. "
        "Nothing was run: raise the limit (ulimit -v) and run the same command again"
    )


class _Forgiving:
    """A stream whose reader may be gone: what cannot be written is dropped."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write what can be written."""
        with suppress(OSError, ValueError, AttributeError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Hand on what waits."""
        with suppress(OSError, ValueError, AttributeError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
