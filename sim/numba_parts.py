"""What we use of numba beyond what it documents, so that a new version is tried in one place.

Invariant: nobody else imports `numba.core`, `numba.np` or `llvmlite`; pyproject.toml names the last version
that was tried. Where compiling is off, nobody imports this module.
"""

from llvmlite import ir
from numba.core import cgutils, event, imputils
from numba.core.typing import templates
from numba.np import arrayobj, numpy_support

__all__ = ["arrayobj", "cgutils", "event", "imputils", "ir", "numpy_support", "templates"]
