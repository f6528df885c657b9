"""What we use of numba beyond what it documents, so that a new version is tried in one place.

Invariant: nobody else imports `numba.core`, `numba.np` or `llvmlite`; pyproject.toml names the last version
that was tried. Where compiling is off, nobody imports this module.
"""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, config, event, imputils
from numba.core.typing import templates
from numba.np import arrayobj, numpy_support

__all__ = ["arrayobj", "cgutils", "event", "imputils", "ir", "numpy_support", "read_no_folder", "templates"]


def read_no_folder() -> None:
    """Forget the `.numba_config.yaml` of the current folder: a stranger's would have files written over."""
    about: Any = config
    about._config_fname = ""
    about.reload_config()
