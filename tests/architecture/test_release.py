"""The project's papers agree with each other and work outside the place they were written in."""

import re
import tomllib

import yaml

from tests.architecture.sources import ROOT

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def test_the_citation_names_the_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == VERSION


def test_the_changelog_opens_with_the_version() -> None:
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert headings[0] == VERSION


def test_the_lock_names_public_hosts_only() -> None:
    lock = (ROOT / "uv.lock").read_text(encoding="utf-8")
    assert set(re.findall(r"(\w+://[^/\"]+)", lock)) == {"https://pypi.org", "https://files.pythonhosted.org"}


def test_the_lock_names_no_local_path() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    sources = [package["source"] for package in lock["package"] if package["name"] != "orgdes"]
    assert all(set(source) == {"registry"} for source in sources)
