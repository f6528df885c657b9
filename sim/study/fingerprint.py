"""The name of the code that computes results: a digest of the model's sources and of nothing else.

Invariant: the digest covers every module of the package that `sim.study.run` reaches by imports, so that
results of edited code are never mixed with older ones, while edits elsewhere cost nothing.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
ENTRY = "study/run.py"
PRODUCTS, PAGE = "cli/outputs.py", "report/page"
_IMPORT = re.compile(r"^\s*(?:from|import)\s+sim\.([\w.]+)(?:\s+import\s+(\([^)]*\)|[^\n]*))?", re.MULTILINE)


@cache
def model_fingerprint() -> str:
    """SHA-256 over the sources of the model, line ends normalised."""
    return _digest(model_sources())


@cache
def products_fingerprint() -> str:
    """SHA-256 over the sources of what is made from finished results: comparison, summary, report, screen."""
    page = sorted(file for file in (PACKAGE / PAGE).iterdir() if file.is_file())
    return _digest([*_reached(PRODUCTS), *page])


def _digest(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for file in files:
        text = _text(file)
        total.update(f"\n{file.relative_to(PACKAGE).as_posix()} {len(text)}\n{text}".encode())
    return total.hexdigest()


def model_sources() -> list[Path]:
    """The sources that decide what a replication gives, sorted: all that computing a run imports."""
    return _reached(ENTRY)


def _reached(entry: str) -> list[Path]:
    """A source of the package and all that it imports, sorted."""
    found: set[Path] = set()
    waiting = [PACKAGE / entry]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting.extend(_imported(_text(file)))
    return sorted(found)


def stream_version() -> int:
    """Version of the random streams: it changes when the same seed gives other numbers.

    Read, not imported: the module brings the compiler with it.
    """
    known = re.search(r"^STREAM_VERSION\b[^=\n]*=\s*(\d+)", _text(PACKAGE / "draws.py"), re.MULTILINE)
    if known is None:
        raise LookupError("sim.draws names no STREAM_VERSION")
    return int(known.group(1))


def _imported(text: str) -> Iterator[Path]:
    """Files of the package that a source imports, at its top or inside a function."""
    for module, names in _IMPORT.findall(text):
        place = PACKAGE.joinpath(*module.split("."))
        yield from (part / "__init__.py" for part in (place, *place.parents) if _is_package(part))
        submodules = [place / f"{name}.py" for name in re.findall(r"\w+", names)]
        yield from (file for file in (place.with_suffix(".py"), *submodules) if file.is_file())


def _is_package(folder: Path) -> bool:
    return PACKAGE in folder.parents and (folder / "__init__.py").is_file()


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8").replace("\r\n", "\n")
