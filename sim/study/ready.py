"""What a worker needs, imported and loaded: the process that workers are forked from imports this module.

Invariant: one thread when the import has ended, as only such a process may be forked.
"""

import gc
import os
from contextlib import suppress
from typing import Any

SETTINGS = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
"""Environment of workers: as many as there are cores, so each has one thread, pyarrow included."""

SHARES = {"function": 0.3, "product": 0.3, "segment": 0.4}
TINY: dict[str, Any] = {
    "company": {
        "name": "tiny",
        "description": "",
        "source": "",
        "facts": {
            "functions": 2,
            "products": 2,
            "segments": 2,
            "step_hours": 1.0,
            "offered": 0.3,
            "front": SHARES,
            "back": SHARES,
        },
    },
    "structure": {"name": "tiny", "blocks": [{"functions": "all", "group_by": ["function"]}]},
    "experiment": {"kind": "terminating", "horizon_weeks": 1, "warm_up_weeks": 0},
}
"""A company to load the compiled code with; nobody sees its results."""


def load() -> None:
    """Import everything, and load the compiled code by playing one week of a tiny company.

    Where it is not compiled yet nothing is played: compiling is announced, which only the parent can do.
    """
    os.environ.update(SETTINGS)
    from sim.jit import cache_is_warm
    from sim.memory import keep_freed
    from sim.study.chunk import Job, run_job
    from sim.study.store.batch import encode
    from sim.study.terms import WORK

    keep_freed()
    if cache_is_warm():
        encode([run_job(Job("", 0, TINY), WORK)], "")
    gc.collect()
    gc.freeze()


with suppress(Exception):  # workers load themselves what is missing here, and tell what is wrong with it
    load()
