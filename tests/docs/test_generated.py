"""What a command writes into the documents is what it would write now; no number there is stale.

Invariant: the fast tests need no simulation; the slow ones run what the page says was run.
"""

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

from sim import load_results
from sim.cli import main
from sim.door.reference import write

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
WHO_WINS = ROOT / "experiments" / "who_wins"
COMPANIES = ("laboratory", "supplier", "machine_service", "town_hall", "insurer", "project_house")


def script(path: Path, patched: pytest.MonkeyPatch) -> Any:
    """A script of the project as a module, with the modules beside it in reach."""
    patched.syspath_prepend(str(path.parent))
    patched.delitem(sys.modules, path.stem, raising=False)
    return importlib.import_module(path.stem)


@pytest.mark.parametrize("name", ["parameters.md", "scenario.schema.json"])
def test_make_docs_would_change_nothing(name: str, tmp_path: Path) -> None:
    assert name in [path.name for path in write(tmp_path)]
    written, kept = ((folder / name).read_text(encoding="utf-8") for folder in (tmp_path, ROOT / "docs"))
    assert kept == written, "run `make docs` and commit what it writes"


@pytest.mark.slow
def test_the_first_result_of_the_readme_is_todays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main([f"sweep.folder={tmp_path / 'first'}", "experiment.jobs=1"]) == 0
    refresh = script(ROOT / "docs" / "refresh.py", monkeypatch)
    assert refresh.first_result(load_results(tmp_path / "first")) in README


@pytest.mark.slow
@pytest.mark.parametrize("company", COMPANIES)
def test_the_winners_of_both_pages_are_todays(
    company: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = script(WHO_WINS / "finding.py", monkeypatch)
    assert tuple(finding.COMPANIES) == COMPANIES
    compared = f"structure={','.join(finding.STRUCTURES)}"
    folder = finding.results_in(tmp_path / company, [f"company={company}", compared], 1)
    row = finding.winner_row(company, folder)
    short = {key: row[key] for key in finding.SHORT}
    assert finding.table_of([row]).splitlines()[-1] in (WHO_WINS / "README.md").read_text(encoding="utf-8")
    assert finding.table_of([short]).splitlines()[-1] in README
