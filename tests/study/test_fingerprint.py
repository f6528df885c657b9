"""The fingerprint covers the model, all of it and nothing else."""

from pathlib import Path

import pytest

from sim import draws
from sim.study import fingerprint as subject


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small package: the run imports a rule and, inside a function, an engine; a figure imports it."""
    run = "from sim.rules.effort import (\n    effort,\n)\n\ndef f():\n    from sim.engines import simpy\n"
    sources = {
        "study/run.py": run,
        "rules/__init__.py": "",
        "rules/effort.py": "import sim.jit\n",
        "engines/__init__.py": "",
        "engines/simpy.py": "",
        "jit.py": "",
        "figures/plot.py": "from sim.study.run import f\n",
    }
    for name, text in sources.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(subject, "PACKAGE", tmp_path)
    subject.model_fingerprint.cache_clear()
    return tmp_path


def fingerprint() -> str:
    subject.model_fingerprint.cache_clear()
    return subject.model_fingerprint()


def test_all_that_a_run_imports_counts(package: Path) -> None:
    names = {path.relative_to(package).as_posix() for path in subject.model_sources()}
    reached = {"study/run.py", "rules/effort.py", "engines/simpy.py", "jit.py"}
    assert names == reached | {"rules/__init__.py", "engines/__init__.py"}


@pytest.mark.parametrize("name", ["study/run.py", "rules/effort.py", "engines/simpy.py", "jit.py"])
def test_an_edit_of_the_model_changes_the_fingerprint(package: Path, name: str) -> None:
    before = fingerprint()
    (package / name).write_text((package / name).read_text() + "\n# edited\n")
    assert fingerprint() != before


def test_an_edit_elsewhere_does_not(package: Path) -> None:
    before = fingerprint()
    (package / "figures" / "plot.py").write_text("# edited")
    assert fingerprint() == before


def test_line_ends_do_not_matter(package: Path) -> None:
    before = fingerprint()
    path = package / "rules" / "effort.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert fingerprint() == before


@pytest.mark.parametrize(
    "name", ["draws.py", "questions.py", "mechanisms/pace.py", "engines/simpy.py", "analysis/metrics.py"]
)
def test_the_real_model_is_covered(name: str) -> None:
    assert subject.PACKAGE / name in subject.model_sources()


@pytest.mark.parametrize("folder", ["figures", "report", "cli", "fit"])
def test_what_shows_results_is_not(folder: str) -> None:
    assert not [path for path in subject.model_sources() if path.parent.name == folder]


def test_the_stream_version_is_read_as_it_is_defined() -> None:
    assert subject.stream_version() == draws.STREAM_VERSION
