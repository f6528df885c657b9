"""orgdes under its own name: `import orgdes` is `import sim`, also where a file sim.py lies in the way.

Python looks into the folder of the script, or the current one, first. So a folder that holds nothing but a
signpost to the package goes before it, here and, because they take over the search path, in worker processes.
Invariant: there is one copy of every module: `orgdes.figures` and `sim.figures` are the same object.
"""

import sys
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

FIRST = Path(__file__).parent / "first"


class Alias(MetaPathFinder, Loader):
    """Finds `orgdes.x` as `sim.x`."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Ours, whatever begins with `orgdes.`, except the command."""
        ours = fullname.startswith("orgdes.") and fullname != "orgdes.__main__"
        return spec_from_loader(fullname, self) if ours else None

    def exec_module(self, module: ModuleType) -> None:
        """Put the module of `sim` in its place."""
        sys.modules[module.__name__] = import_module("sim" + module.__name__.removeprefix("orgdes"))


def _is_ours(module: ModuleType) -> bool:
    return hasattr(module, "load_scenario") and hasattr(module, "compare_structures")


def _make_way() -> None:
    """Let `sim` mean the package from now on.

    Raises
    ------
    ImportError
        when a file sim.py is itself importing orgdes, because then it cannot give up its name.
    """
    other = sys.modules.get("sim")
    if other is not None and not _is_ours(other):
        if getattr(other.__spec__, "_initializing", False):
            raise ImportError(
                f"{other.__file__} imports orgdes and is itself imported as sim, which is a package of "
                "orgdes. Give the file another name"
            )
        for name in [name for name in sys.modules if name == "sim" or name.startswith("sim.")]:
            del sys.modules[name]
    if str(FIRST) not in sys.path:
        sys.path.insert(0, str(FIRST))
    import_module("sim")


_make_way()
sys.meta_path.insert(0, Alias())

from sim import __all__ as __all__  # noqa: E402
from sim import __version__ as __version__  # noqa: E402

if TYPE_CHECKING:
    from sim import *  # noqa: F403
else:

    def __getattr__(name: str) -> Any:
        """A name of the library, loaded when it is used: the command needs none of them."""
        return getattr(sys.modules["sim"], name)
