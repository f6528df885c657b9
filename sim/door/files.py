"""A user's YAML files, looked at before anything composes them.
"""
from collections.abc import Sequence
from pathlib import Path

from sim.door.telling import COMMAND_LINE, Told, told


def check_folder(folder: Path | None, overrides: Sequence[str]) -> list[Told]:
    """Mistakes in the files of a user's folder that these overrides can reach."""
    if folder is not None and not folder.is_dir():
        return [told(COMMAND_LINE, "--config-dir", f"{folder} is no folder")]
    return []
