"""Where results go: `results/<study>-<8 hex of the design>`, or a folder the user names.

Invariant: never into the program, never over a file; a config file never chooses a folder outside.
"""

import os
import re
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from sim.config.diagnostics import COMMAND_LINE, Refused, diagnostic
from sim.config.plan import PARENT, Asked
from sim.config.shipped import PACKAGE, configs

if TYPE_CHECKING:
    from sim.study.design import Design


def study_name(chosen: str | None) -> str:
    """First part of a folder's name: the study that was chosen, as a plain word.

    >>> study_name(None), study_name("prices/high"), study_name("..")
    ('comparison', 'prices-high', 'comparison')
    """
    return re.sub(r"[^\w.-]+", "-", chosen or "").strip(".-")[:64] or "comparison"


def study_folder(asked: Asked, typed: Collection[str], design: "Design") -> Path:
    """The folder of this study; see `named_folder`."""
    from sim.study.session import folder_of

    return named_folder(asked, typed) or folder_of(design, study_name(asked.study), PARENT)


def named_folder(asked: Asked, typed: Collection[str]) -> Path | None:
    """The folder that was asked for.

    Parameters
    ----------
    typed : keys set on the command line, which may name any folder.

    Raises
    ------
    Refused
        when the folder that was asked for is no place for results.
    """
    named = {"sweep.folder": asked.sweep.get("folder"), "hydra.sweep.dir": asked.results}
    named = {key: text for key, text in named.items() if text is not None}
    if len(named) > 1:
        raise Refused(
            [
                diagnostic(
                    COMMAND_LINE, "sweep.folder", "and hydra.sweep.dir both name a folder", "", "Give one"
                )
            ]
        )
    for key, text in named.items():
        if reason := unfit(str(text), typed=key in typed):
            place = COMMAND_LINE if key in typed else ""
            raise Refused([diagnostic(place, key, f"{text}: {reason}", "", "Choose another folder")])
        return Path(str(text))
    return None


def unfit(text: str, *, typed: bool = True) -> str:
    """Why results cannot go into this folder; empty when they can.

    Parameters
    ----------
    typed : did the user type it? A folder named in a file has to stay below the current one.

    >>> unfit("../elsewhere", typed=False)
    'leads out of the current folder, which only the command line may do'
    """
    if not text.strip() or "\0" in text or len(text) > 1024:
        return "is no name of a folder"
    path = Path(text)
    try:
        place = path.resolve()
        linked = path.is_symlink()
    except (OSError, RuntimeError) as problem:
        return f"cannot be used ({problem})"
    if not typed and not place.is_relative_to(Path.cwd().resolve()):
        return "leads out of the current folder, which only the command line may do"
    if any(place == root or place.is_relative_to(root) for root in (PACKAGE, configs().resolve())):
        return "lies inside the program"
    if linked:
        return "is a symbolic link"
    if place.exists() and not place.is_dir():
        return "is a file"
    return _unwritable(place)


def _unwritable(place: Path) -> str:
    standing = next(folder for folder in (place, *place.parents) if folder.exists())
    if not standing.is_dir():
        return f"lies below a file, {standing.name}"
    return "" if os.access(standing, os.W_OK | os.X_OK) else "cannot be written to"
