"""Where the shipped configs are: beside the package (wheel) or beside its folder (checkout).

Invariant: found from this file alone, never by searching site-packages, where stale copies may lie.
"""

import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
GROUPS = (
    "company",
    "demand",
    "structure",
    "staffing",
    "people",
    "coordination",
    "customers",
    "experiment",
    "level",
    "study",
)
OVER_ALL = ("study", "level")
"""Groups whose files are laid over the whole scenario, the stronger one first."""


def configs() -> Path:
    """Folder of the shipped configs.

    Raises
    ------
    FileNotFoundError
        when the installation is incomplete.
    """
    for folder in (PACKAGE / "configs", PACKAGE.parent / "configs"):
        if (folder / "config.yaml").is_file():
            return folder
    raise FileNotFoundError(f"the shipped configs are missing beside {PACKAGE}; install orgdes again")


def offer_plugin() -> None:
    """Let Hydra find the sweeper and launcher in a checkout that is not installed."""
    namespace = PACKAGE / "cli" / "namespace"
    if namespace.is_dir() and str(namespace) not in sys.path:
        sys.path.append(str(namespace))
