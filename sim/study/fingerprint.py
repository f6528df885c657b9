"""The name of the code that computes results: a digest of the model's sources and the stream version.

Invariant: two installations with the same fingerprint give the same numbers; results of another
fingerprint are never mixed in.
"""

import hashlib
from functools import cache
from pathlib import Path

MODEL_SOURCES = (
    "draws.py",
    "jit.py",
    "world.py",
    "replication.py",
    "trajectory.py",
    "rules",
    "model",
    "organisation",
    "review",
    "engines",
    "analysis",
    "study/unit.py",
)
"""Files and folders below the package whose text decides what a replication gives."""


@cache
def model_fingerprint() -> str:
    """SHA-256 over the sources of the model, line ends normalised, and the stream version."""
    package = Path(__file__).resolve().parent.parent
    total = hashlib.sha256(f"streams {stream_version()}".encode())
    for file in sorted(_sources(package)):
        text = file.read_bytes().replace(b"\r\n", b"\n")
        total.update(f"\n{file.relative_to(package).as_posix()} {len(text)}\n".encode())
        total.update(text)
    return total.hexdigest()


def stream_version() -> int:
    """Version of the random streams: it changes when the same seed gives other numbers."""
    from sim import draws

    return int(getattr(draws, "STREAM_VERSION", 1))


def _sources(package: Path) -> list[Path]:
    found: list[Path] = []
    for name in MODEL_SOURCES:
        place = package / name
        found += place.rglob("*.py") if place.is_dir() else [place] * place.is_file()
    return found
