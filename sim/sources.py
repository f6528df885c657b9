"""The package's own sources: what a file reaches by imports, and the digest that what is kept is named after.

Invariant: read, never imported; line ends are normalised, so a source says the same on every system.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
_IMPORT = re.compile(
    r"^[ \t]*(?:from|import)[ \t]+sim(?:\.([\w.]+))?(?:[ \t]+import[ \t]+(\([^)]*\)|[^\n]*))?", re.MULTILINE
)
_NAME = re.compile(r"\w+")


def reached(entries: Iterable[Path], package: Path = PACKAGE) -> list[Path]:
    """Sources of the package and all that they import, sorted."""
    modules = {_module(file.relative_to(package).parts): file for file in package.rglob("*.py")}
    found: set[Path] = set()
    waiting = list(entries)
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting.extend(modules[name] for name in _imported(content(file)) if name in modules)
    return sorted(found)


def _module(parts: tuple[str, ...]) -> str:
    """What a file is imported as, without the package's own name."""
    return ".".join((*parts[:-1], parts[-1].removesuffix(".py"))).removesuffix(".__init__")


def digest(files: Iterable[Path], package: Path = PACKAGE) -> str:
    """SHA-256 over names and texts."""
    total = hashlib.sha256()
    for file in files:
        text = content(file)
        total.update(f"\n{file.relative_to(package).as_posix()} {len(text)}\n{text}".encode())
    return total.hexdigest()


def content(file: Path) -> str:
    """The text of a source."""
    return file.read_text(encoding="utf-8").replace("\r\n", "\n")


def _imported(text: str) -> Iterator[str]:
    """What a source imports, at its top or inside a function: modules, packages above them, names in them."""
    for module, names in _IMPORT.findall(text):
        parts = module.split(".") if module else []
        yield from (".".join(parts[:count]) for count in range(1, len(parts) + 1))
        yield from (".".join((*parts, name)) for name in _NAME.findall(names))
