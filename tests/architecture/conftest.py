"""A file outside the package, to be filled with what a test has to notice."""

from pathlib import Path

import pytest

from tests.architecture.sources import Source


@pytest.fixture
def planted(tmp_path: Path) -> Source:
    """A file outside the package, to be filled with what a test has to notice."""
    return Source(tmp_path / "planted.py")
