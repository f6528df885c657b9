"""The tables of a finished study as they were last put on a screen, kept for a screen of the same kind.

Invariant: a kept text is shown only where it would be written the same again, and holds nothing but
characters and colours, whoever wrote the file.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

NAME = "screen.json"
LARGEST = 1_000_000
"""Bytes; tables for the screen are a few pages."""
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def keep(folder: Path, text: str) -> None:
    """Write what the screen shows into the folder."""
    from sim.study.store.files import write_safely

    write_safely(folder / NAME, json.dumps({**_kind(), "text": text}, indent=1).encode())


def forget(folder: Path) -> None:
    """Take away what was kept."""
    (folder / NAME).unlink(missing_ok=True)


def kept(folder: Path) -> str | None:
    """What was kept for a screen like this one; None when there is nothing to be shown."""
    path = folder / NAME
    try:
        if path.is_symlink() or path.stat().st_size > LARGEST:
            return None
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or {key: found.get(key) for key in _kind()} != _kind():
        return None
    text = found.get("text")
    return text if isinstance(text, str) and _harmless(text) else None


def _kind() -> dict[str, Any]:
    """What the tables depend on, besides the results."""
    from rich.console import Console

    console = Console(file=sys.stdout)
    return {"width": console.width, "encoding": console.encoding, "colours": console.color_system}


def _harmless(text: str) -> bool:
    return all(letter.isprintable() or letter == "\n" for letter in _COLOUR.sub("", text))
