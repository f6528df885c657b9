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
from sim.config.reference import write

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
WHO_WINS = ROOT / "experiments" / "who_wins"
POOLING = ROOT / "experiments" / "pooling"
DESK = ("study=pooling", f"sweep.design={POOLING / 'design.csv'}")
OFFICE = ("structure=pooled,function,customer,product", f"sweep.design={POOLING / 'office.csv'}")
CLIENT = ROOT / "experiments" / "client_question"
ASKED = (
    f"--config-dir={CLIENT}", "company=assura", "staffing=sixty",
    "structure=function,front_back,customer_teams",
)  # fmt: skip
CLIENTS = {
    "compared": (),
    "what if": ("demand.scale=0.8,1.0,1.2", "coordination.handoff.mean=0.1,0.5,2.0"),
    "weights": ("people.knowledge_scale=0.5,1,2", "demand.scale=0.8"),
}
SMALL = (
    "experiment.replications=2", "experiment.horizon_weeks=6", "experiment.warm_up_weeks=1",
    "experiment.backend=serial", "sweep.figures=false",
)  # fmt: skip
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


def rows_of(table: Path) -> list[tuple[float, float]]:
    """Value of the key and scale of demand, line by line."""
    lines = table.read_text(encoding="utf-8").splitlines()[1:]
    return [(float(key), float(demand)) for key, demand in (line.split(",") for line in lines)]


@pytest.mark.parametrize("name", ["design", "office"])
def test_the_pool_of_the_pooling_page_is_loaded_as_it_says(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    design = script(POOLING / "design.py", monkeypatch)
    key = {"design": design.DESK, "office": design.OFFICE}[name]
    loads = [design.pooled_load(key, value, demand) for value, demand in rows_of(POOLING / f"{name}.csv")]
    assert loads == pytest.approx([design.LOAD] * len(loads), abs=1e-4), "run experiments/pooling/design.py"


def test_the_office_of_the_pooling_page_has_these_rows_and_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = script(POOLING / "finding.py", monkeypatch)
    assert main([*OFFICE, *SMALL, f"sweep.folder={tmp_path / 'office'}"]) == 0
    small = finding.office_text(finding.Found(str(tmp_path / "office"), finding.OFFICE)).splitlines()
    page = (POOLING / "README.md").read_text(encoding="utf-8").partition("<!-- office -->\n")[2].splitlines()
    assert (small[0], [line[:6] for line in small[:8]]) == (page[0], [line[:6] for line in page[:8]])


@pytest.mark.slow
@pytest.mark.parametrize(("name", "asked"), [("desk", DESK), ("office", OFFICE)])
def test_the_tables_of_the_pooling_page_are_todays(
    name: str, asked: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = script(POOLING / "finding.py", monkeypatch)
    assert main([*asked, f"sweep.folder={tmp_path / name}", "sweep.figures=false"]) == 0
    found = finding.Found(str(tmp_path / name), {"desk": finding.DESK, "office": finding.OFFICE}[name])
    assert getattr(finding, f"{name}_text")(found) in (POOLING / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_how_often_who_wins_is_todays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = script(WHO_WINS / "finding.py", monkeypatch)
    page = (WHO_WINS / "README.md").read_text(encoding="utf-8")
    folder = finding.results_in(tmp_path / "study", ["study=who_wins"], 0)
    sampled = finding.Sampled.of(load_results(folder))
    texts = [finding.counts_text(sampled), finding.thirds_text(sampled), finding.rules_text(sampled)]
    assert [text for text in texts if text not in page] == []


def clients_blocks(folder: Path, patched: pytest.MonkeyPatch, *more: str) -> dict[str, str]:
    """The blocks of the client's page, from its three commands run with these settings."""
    finding = script(CLIENT / "finding.py", patched)
    for name, asked in CLIENTS.items():
        assert main([*ASKED, *asked, *more, "sweep.figures=false", f"sweep.folder={folder / name}"]) == 0
    blocks: dict[str, str] = finding.blocks(*(str(folder / name) for name in CLIENTS))
    return blocks


def test_the_clients_page_has_the_rows_of_its_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (CLIENT / "README.md").read_text(encoding="utf-8")
    small = clients_blocks(tmp_path, monkeypatch, *SMALL)
    rows = [line.split("|")[1] for name in ("compared", "what if") for line in small[name].splitlines()]
    assert [row for row in rows if f"|{row}|" not in page] == []


@pytest.mark.slow
def test_the_clients_page_is_todays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (CLIENT / "README.md").read_text(encoding="utf-8")
    blocks = clients_blocks(tmp_path, monkeypatch)
    assert [name for name, text in blocks.items() if text not in page] == []


RECOGNISED = ("support_centre", "software_product", "contact_centre", "outpatients", "town_hall")


@pytest.mark.parametrize("company", RECOGNISED)
def test_a_companys_section_has_its_command_and_the_rows_of_its_table(
    company: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = script(ROOT / "experiments" / "companies" / "finding.py", monkeypatch)
    page = (ROOT / "experiments" / "companies" / "README.md").read_text(encoding="utf-8")
    words = finding.COMPANIES[company].words(company)
    assert f"\norgdes {' '.join(words)}\n" in page
    counted = f"\norgdes {' '.join(finding.COMPANIES[company].people_words(company))}\n"
    assert (counted in page) == (finding.COMPANIES[company].target is not None)
    assert main([*words, *SMALL, f"sweep.folder={tmp_path / company}"]) == 0
    small = finding.text_of(company, str(tmp_path / company)).partition("\n\n")[0].splitlines()[2:]
    block = page.partition(f"<!-- {company} -->\n")[2].partition("<!-- end -->")[0]
    assert [row for line in small if f"|{(row := line.split('|')[1])}|" not in block] == []


@pytest.mark.slow
@pytest.mark.parametrize("company", RECOGNISED)
def test_the_table_of_a_company_is_todays(
    company: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = script(ROOT / "experiments" / "companies" / "finding.py", monkeypatch)
    folder = tmp_path / company
    assert (
        main([*finding.COMPANIES[company].words(company), f"sweep.folder={folder}", "sweep.figures=false"])
        == 0
    )
    page = (ROOT / "experiments" / "companies" / "README.md").read_text(encoding="utf-8")
    assert finding.text_of(company, str(folder)) in page


@pytest.mark.slow
def test_the_comparison_of_the_help_desk_is_todays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = script(ROOT / "experiments" / "helpdesk" / "finding.py", monkeypatch)
    assert main(["study=helpdesk", f"sweep.folder={tmp_path / 'helpdesk'}"]) == 0
    page = (ROOT / "experiments" / "helpdesk" / "README.md").read_text(encoding="utf-8")
    assert finding.text_of(str(tmp_path / "helpdesk")) in page
