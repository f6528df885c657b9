"""Compiling: the cache notices edits in every file, falls back, is pruned, and can be switched off."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import sim.jit
from sim.jit import KEPT_FOLDERS, KEPT_SECONDS, source_digest

RULE = "from sim.jit import compiled\n@compiled\ndef rule(x):\n    return x + {added}\n"
CALLER = (
    "from sim.jit import compiled, on_first_compile\nfrom sim.rules.low import rule\n"
    "@compiled\ndef twice(x):\n    return 2.0 * rule(x)\n"
    "@compiled\ndef thrice(x):\n    return 3.0 * rule(x)\n"
    "on_first_compile(lambda: print('compiling', end=' '))\n"
    "print(twice(1.0), thrice(1.0))\n"
)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A small package with a rule in one file and its caller in another."""
    folder = tmp_path / "sim"
    (folder / "rules").mkdir(parents=True)
    (folder / "figures").mkdir()
    for part in (folder, folder / "rules"):
        (part / "__init__.py").touch()  # else an installed package of this name goes first
    for name in ("jit.py", "numba_parts.py", "sources.py"):
        shutil.copy(Path(sim.jit.__file__).parent / name, folder / name)
    (folder / "rules" / "low.py").write_text(RULE.format(added=1.0))
    (folder / "rules" / "high.py").write_text(CALLER)
    (folder / "figures" / "plot.py").write_text("colour = 1\n")
    return folder


def run(package: Path, command: str = "import sim.rules.high", **environment: str) -> str:
    settings = {**os.environ, "ORGDES_JIT": "1", "ORGDES_CACHE": str(package.parent / "cache"), **environment}
    settings.pop("PYTHONPATH", None)
    result = subprocess.run(
        [sys.executable, "-c", command],
        cwd=package.parent,
        env=settings,
        check=True,
        capture_output=True,
        text=True,
    )
    return result.stdout.strip()


def test_a_file_of_numbas_in_the_current_folder_writes_over_nothing(package: Path) -> None:
    victim = package.parent / "victim"
    (package.parent / ".numba_config.yaml").write_text(f"dump_html: {victim}\n")
    run(package)
    assert not victim.exists()


def test_the_first_compile_is_announced_once_and_the_next_process_loads_it(package: Path) -> None:
    assert [run(package), run(package)] == ["compiling 4.0 6.0", "4.0 6.0"]


def test_a_rule_edited_in_another_file_is_compiled_again(package: Path) -> None:
    run(package)
    (package / "rules" / "low.py").write_text(RULE.format(added=9.0))
    assert run(package) == "compiling 20.0 30.0"


def test_switched_off_numba_is_not_even_imported(package: Path) -> None:
    command = "import sys, sim.rules.high; print('numba' in sys.modules)"
    assert run(package, command, ORGDES_JIT="0") == "4.0 6.0\nFalse"


def test_numbas_own_switch_is_obeyed(package: Path) -> None:
    assert run(package, "import sim.jit; print(sim.jit.is_compiled())", NUMBA_DISABLE_JIT="1") == "False"


def test_the_vector_maths_library_is_refused(package: Path) -> None:
    assert run(package, "import sim.jit; print(sim.jit.numba.config.USING_SVML)") == "False"


def test_numbas_cache_folder_is_left_as_it_was_for_others(package: Path) -> None:
    command = "import sim.rules.low; print(repr(sim.jit.numba.config.CACHE_DIR))"
    assert run(package, command) == "''"


def test_without_a_writable_cache_a_private_folder_lasts_as_long_as_the_process(package: Path) -> None:
    (package.parent / "file").write_text("")
    command = "import sim.rules.high; print(sim.jit.cache_folder())"
    told, folder = run(package, command, ORGDES_CACHE=str(package.parent / "file" / "below")).split("\n")
    assert (told, Path(folder).exists()) == ("compiling 4.0 6.0", False)


def test_the_digest_knows_every_file_that_compiles(package: Path) -> None:
    before = source_digest(package)
    (package / "rules" / "low.py").write_text(RULE.format(added=2.0))
    assert source_digest(package) != before


def test_the_digest_leaves_out_layers_that_compile_nothing(package: Path) -> None:
    before = source_digest(package)
    (package / "figures" / "plot.py").write_text("colour = 2\n")
    assert source_digest(package) == before


def test_the_digest_knows_a_higher_layer_once_it_compiles(package: Path) -> None:
    before = source_digest(package)
    plot = package / "figures" / "plot.py"
    plot.write_text("from sim import jit\n")
    assert source_digest(package) == before  # knows of compiling, does not compile
    plot.write_text("from sim import jit\n\n\n@jit.compiled\ndef width(x):\n    return x\n")
    assert source_digest(package) != before


def test_only_the_newest_compiled_folders_are_kept(package: Path) -> None:
    cache = package.parent / "cache"
    names = [f"{number:016x}" for number in range(12)]
    old = time.time() - KEPT_SECONDS - 1000.0
    for number, name in enumerate(["somebody-elses", *names]):
        (cache / name).mkdir(parents=True)
        os.utime(cache / name, (old + number, old + number))
    run(package, "import sim.rules.low")
    kept = {path.name for path in cache.iterdir()} - {source_digest(package)}
    assert kept == {"somebody-elses", *names[-(KEPT_FOLDERS - 1) :]}


def test_a_folder_that_may_still_be_in_use_is_kept(package: Path) -> None:
    cache = package.parent / "cache"
    for number in range(12):
        (cache / f"{number:016x}").mkdir(parents=True)
    run(package, "import sim.rules.low")
    assert len(list(cache.iterdir())) == 13


def test_a_user_without_a_home_compiles_into_a_folder_of_the_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("ORGDES_CACHE", "NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    assert sim.jit._bases() == []
