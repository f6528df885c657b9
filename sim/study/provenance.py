"""Where results come from: versions, code, machine, command.

Invariant: nothing that names a person, a place on a disk or a secret.
"""

import contextlib
import os
import platform
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

PACKAGES = (
    "numpy",
    "scipy",
    "numba",
    "llvmlite",
    "simpy",
    "pydantic",
    "hydra-core",
    "pyarrow",
    "pandas",
    "joblib",
)


def versions() -> dict[str, str]:
    """Versions of Python, the program and the packages that results may depend on."""
    found = {"python": platform.python_version()}
    for name in ("orgdes", *PACKAGES):
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found


def machine() -> dict[str, str]:
    """What kind of machine, not which one."""
    library, version = platform.libc_ver()
    return {
        "system": platform.system(),
        "release": platform.release(),
        "architecture": platform.machine(),
        "library": f"{library} {version}".strip(),
        "processor": _processor(),
        "cores": str(os.cpu_count()),
    }


def source() -> dict[str, Any]:
    """The state of the checkout the program runs from; empty when it is installed without one."""
    import hashlib

    root = Path(__file__).resolve().parents[2]
    if not (root / ".git").exists():
        return {}
    commit, changes = _git(root, "rev-parse", "HEAD"), _git(root, "diff", "HEAD", "--", "sim", "configs")
    dirty = bool(changes)
    about: dict[str, Any] = {"commit": commit.strip(), "dirty": dirty}
    if dirty:
        about["difference_sha256"] = hashlib.sha256(changes.encode()).hexdigest()
    return about


def command_line() -> list[str]:
    """The command as typed, without the folders of this machine."""
    name = Path(sys.argv[0]).name if sys.argv and sys.argv[0] else "python"
    return [name, *(without_paths(argument) for argument in sys.argv[1:])]


def without_paths(text: str) -> str:
    """A text with absolute paths cut to their last part; addresses of the web stay.

    >>> without_paths("hydra.sweep.dir=/home/ann/work/out")
    'hydra.sweep.dir=out'
    >>> without_paths("# $schema=file:///home/ann/x.json, see https://example.org/a/b, 3 / 4 and/or")
    '# $schema=x.json, see https://example.org/a/b, 3 / 4 and/or'
    """
    for place in {str(Path.cwd()), os.path.expanduser("~")} - {"/", "~"}:
        text = text.replace(place, "~")  # they may hold spaces
    return _PATH.sub(lambda found: found["web"] or found["last"], text)


_PATH = re.compile(
    r"(?P<web>https?://\S*)|(?:file:/*|(?<![\w.])(?:~|[A-Za-z]:)?)[/\\]+(?:[^/\\=,\s]+[/\\])*(?P<last>[^/\\=,\s\'\"]+)"
)


def _git(root: Path, *arguments: str) -> str:
    try:
        ended = subprocess.run(
            ["git", *arguments], cwd=root, capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return ended.stdout


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()
