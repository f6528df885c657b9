"""Planned accidents for tests: die at a named place of the store.

Invariant: without the environment variable ORGDES_FAULT nothing here does anything.
"""

import os
import signal

_seen: dict[str, int] = {}


def point(name: str) -> None:
    """End the process as by kill -9 when ORGDES_FAULT is `name` or `name:times`, at the given passage."""
    wanted = os.environ.get("ORGDES_FAULT", "")
    place, _, times = wanted.partition(":")
    if place != name:
        return
    _seen[name] = _seen.get(name, 0) + 1
    if _seen[name] >= int(times or 1):
        os.kill(os.getpid(), signal.SIGKILL)
