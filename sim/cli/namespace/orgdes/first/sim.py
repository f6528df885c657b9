"""Signpost to the package `sim`, found before a file of that name in the folder of a script.

Invariant: leaves the package in its own place in `sys.modules`, as if it had been found directly.
"""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

# Installed, the package lies beside orgdes; in a checkout, this file lies in it.
_above = Path(__file__).parents
_home = next(place for place in (_above[2] / "sim", _above[4]) if (place / "trajectory.py").is_file())
_spec = spec_from_file_location("sim", _home / "__init__.py", submodule_search_locations=[str(_home)])
assert _spec is not None
assert _spec.loader is not None
sys.modules["sim"] = module_from_spec(_spec)
_spec.loader.exec_module(sys.modules["sim"])
