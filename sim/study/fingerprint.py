"""The name of the code that computes results: a digest of the model's sources and of nothing else.

Invariant: the digest covers every module of the package that `sim.study.run` reaches by imports, so that
results of edited code are never mixed with older ones, while edits elsewhere cost nothing.
"""

import re
from functools import cache
from pathlib import Path

from sim.sources import PACKAGE as PACKAGE
from sim.sources import content, digest, reached

ENTRY = "study/run.py"
PRODUCTS, PAGE = "cli/outputs.py", "report/page"


@cache
def model_fingerprint() -> str:
    """SHA-256 over the sources of the model."""
    return digest(model_sources(), PACKAGE)


@cache
def products_fingerprint() -> str:
    """SHA-256 over the sources of what is made from finished results: comparison, summary, report, screen."""
    page = sorted(file for file in (PACKAGE / PAGE).iterdir() if file.is_file())
    return digest([*reached([PACKAGE / PRODUCTS], PACKAGE), *page], PACKAGE)


def model_sources() -> list[Path]:
    """The sources that decide what a replication gives, sorted: all that computing a run imports."""
    return reached([PACKAGE / ENTRY], PACKAGE)


def stream_version() -> int:
    """Version of the random streams: it changes when the same seed gives other numbers.

    Read, not imported: the module brings the compiler with it.
    """
    known = re.search(r"^STREAM_VERSION\b[^=\n]*=\s*(\d+)", content(PACKAGE / "draws.py"), re.MULTILINE)
    if known is None:
        raise LookupError("sim.draws names no STREAM_VERSION")
    return int(known.group(1))
