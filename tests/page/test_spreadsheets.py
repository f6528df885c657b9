"""The workbook of a folder: numbers that stay numbers, texts that stay texts, nothing that is withheld."""

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from sim.analysis.compare import compare
from sim.cli import main
from sim.report.assumptions import evidence
from sim.report.build import report_page
from sim.report.parameter_list import graded, known_numbers
from sim.report.spreadsheets import write_workbook
from tests.page.test_layout import SLOW_AND_FAST, folder

FORMULA = '=HYPERLINK("http://x")'


def sheets(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Values of all sheets, row by row."""
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(path)}


def written(place: Path, made: Any) -> dict[str, list[tuple[Any, ...]]]:
    """The sheets of the workbook of made-up results."""
    compared = compare(made)
    write_workbook(place, report_page(made, compared), compared, made.scenarios, {})
    return sheets(place)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Any, ...]]]:
    """The workbook of a slow and a fast structure."""
    return written(tmp_path_factory.mktemp("workbook") / "book.xlsx", folder(SLOW_AND_FAST))


def test_every_estimate_is_a_row_with_its_interval_and_difference(
    book: dict[str, list[tuple[Any, ...]]],
) -> None:
    heading, *rows = book["Results"]
    ours = [dict(zip(heading, row, strict=True)) for row in rows]
    table = compare(folder(SLOW_AND_FAST)).table
    for name in ("metric", "scope", "structure", "verdict"):
        assert [row[name] or "" for row in ours] == table[name].fillna("").tolist()
    for name, column in (("mean", "mean"), ("low", "low"), ("difference", "difference_mean")):
        known = [value for value in table[column] if value == value]
        assert [row[name] for row in ours if row[name] is not None] == pytest.approx(known)


def test_the_answer_is_the_one_of_the_page(book: dict[str, list[tuple[Any, ...]]]) -> None:
    said = [row[1] for row in book["Answer"]]
    page = report_page(folder(SLOW_AND_FAST))
    assert {finding.text for finding in (*page.summary, *page.narrative)} <= set(said)


def test_what_is_withheld_is_an_empty_cell_with_the_reason(tmp_path: Path) -> None:
    heading, *rows = written(tmp_path / "book.xlsx", folder(SLOW_AND_FAST, load=1.3))["Results"]
    hidden = [dict(zip(heading, row, strict=True)) for row in rows if row[heading.index("withheld")]]
    assert hidden
    assert {row["mean"] for row in hidden} == {None}


def test_no_text_is_a_formula(tmp_path: Path) -> None:
    made = folder({FORMULA: SLOW_AND_FAST["function"], "customer": SLOW_AND_FAST["customer"]})
    written(tmp_path / "book.xlsx", made)
    cells = [
        cell for sheet in openpyxl.load_workbook(tmp_path / "book.xlsx") for row in sheet for cell in row
    ]
    assert FORMULA in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells if str(cell.value).startswith("=")} == {"s"}


def test_a_parameter_has_the_evidence_of_its_record() -> None:
    assert evidence("people.switch_hours")["unit"] == "h"
    assert evidence("company.segments.nobody.patience")["description"]
    assert evidence("coordination.handoff.mean")["unit"] == "h"
    assert evidence("people.no_such_thing") == {}


@pytest.mark.parametrize("name", ["book.xls", "there.xlsx", "nowhere/book.xlsx"])
def test_a_workbook_that_cannot_be_written_is_refused_at_once(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "there.xlsx").write_text("a client's")
    assert main(["report", str(tmp_path), "--xlsx", str(tmp_path / name)]) == 2
    assert "--xlsx" in capfd.readouterr().err
    assert (tmp_path / "there.xlsx").read_text() == "a client's"


def numbers(**columns: Any) -> dict[str, Any]:
    """What is told of the numbers of one scenario, by key."""
    frame = pd.DataFrame({name.replace("__", "."): [value] for name, value in columns.items()})
    return {own.key: own for own in known_numbers(frame)}


def test_a_default_is_told_with_its_source_and_grade() -> None:
    own = numbers(coordination__handoff__mean=2.0)["coordination.handoff.mean"]
    assert (own.source, own.grade, own.unit) == ("E8", "D", "h")


def test_a_number_that_was_set_does_not_borrow_the_evidence_of_the_default() -> None:
    own = numbers(coordination__handoff__mean=3.0)["coordination.handoff.mean"]
    assert (own.source, own.grade) == ("set for this study", "not graded")


def test_numbers_of_a_mechanism_that_is_off_are_left_out() -> None:
    assert not numbers(people__turnover__enabled=False, people__turnover__rate=0.2)


def test_numbers_of_the_company_have_its_source() -> None:
    found = numbers(company__source="counted", company__grade="B", company__segments__a__promise_hours=8.0)
    own = found["company.segments.a.promise_hours"]
    assert (own.source, own.grade) == ("counted", "B")


def test_the_page_counts_how_good_the_evidence_is() -> None:
    frame = pd.DataFrame(
        {"coordination.handoff.mean": [2.0], "people.learning_rate": [0.85], "demand.scale": [1.2]}
    )
    (found,) = graded(frame)
    assert found.text == (
        "Behind the 3 numbers of this study: 1 with some evidence (C), 1 that are judgement (D) and "
        "1 set for this study or without a grade."
    )


def test_nothing_is_said_of_evidence_where_no_number_has_any() -> None:
    assert not list(graded(pd.DataFrame({"scenario": [0]})))
