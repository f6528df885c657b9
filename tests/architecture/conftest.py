"""A test that asks for `source` runs once per module of the package, for `page` once per page of commands."""

from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, Source, package, pages


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "source" in metafunc.fixturenames:
        metafunc.parametrize("source", package(), ids=lambda source: source.name)
    if "exact_source" in metafunc.fixturenames:
        exact = [source for source in package() if source.is_exact]
        metafunc.parametrize("exact_source", exact, ids=lambda source: source.name)
    if "page" in metafunc.fixturenames:
        metafunc.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))


@pytest.fixture
def planted(tmp_path: Path) -> Source:
    """A file outside the package, to be filled with what a test has to notice."""
    return Source(tmp_path / "planted.py")
