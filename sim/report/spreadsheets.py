"""Stored results for a spreadsheet: CSV files, and a workbook that a controller filters and reckons with.

Invariant: numbers stay numbers, a withheld mean is an empty cell with the reason beside it, and no text is
a formula.
"""

import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.analysis.summary import harmless, told
from sim.figures.kinds import kind_of
from sim.report.page_data import Page
from sim.report.parameter_list import known_numbers
from sim.report.picture_files import write_whole
from sim.report.wording import local, measure_of, visible

if TYPE_CHECKING:
    import pandas as pd
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from sim.analysis.compare import Comparison

WORKBOOK: Final = "report.xlsx"
MOST_ROWS: Final = 6_000
"""Of one sheet, so that the file stays below a megabyte; more is what summary.csv is for."""
WIDEST: Final = 70
"""Characters; longer texts are wrapped."""
FORMATS: Final = {
    "share": "0.0%",
    "h": "0.00",
    "money/year": "#,##0",
    "money": "#,##0",
    "0 to 100": "0.0",
    "people": "#,##0.0",
    "number": "#,##0.00",
    "factor": "0.00",
}
"""How numbers of a unit are shown; they stay what they are."""
OTHERWISE: Final = "General"
A4: Final = 9
Sheets = Mapping[str, "pd.DataFrame"]


def write_csv(table: "pd.DataFrame", path: Path) -> None:
    """A CSV without formulas, in place of what was there."""
    path.unlink(missing_ok=True)  # it may be a link to another file
    cells = table.map(harmless)
    with path.open("x", encoding="utf-8", newline="") as file:
        cells.to_csv(file, index=False, lineterminator="\n")


def write_workbook(
    path: Path, page: Page, comparison: "Comparison", scenarios: "pd.DataFrame", further: Sheets
) -> None:
    """Write the workbook: the answer in words, every figure, what else was asked, assumptions, provenance.

    `further`: tables of further answers (staffing, what turns the answer), by name.
    """
    from openpyxl import Workbook

    book = Workbook()
    del book[book.active.title if book.active else "Sheet"]
    _add(book, "Answer", _answer(page), wide=("sentence",))
    _add(book, "Results", results(comparison))
    for name, table in further.items():
        _add(book, name.replace("_", " ").capitalize(), table)
    _add(book, "Hours", _hours(comparison))
    _add(book, "Assumptions", assumptions(scenarios), wide=("meaning",))
    _add(book, "Provenance", _frame(("what", "value"), [*page.provenance, ("command", page.command)]))
    written = io.BytesIO()
    book.save(written)
    write_whole(path, written.getvalue())


def _frame(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns))


def _answer(page: Page) -> "pd.DataFrame":
    """What the page says, sentence by sentence, under what it stands there."""
    said = [("Question", page.title), ("", page.subtitle), ("", page.about)]
    said += [(finding.label, finding.text) for finding in (*page.summary, *page.narrative)]
    said += [(section.heading, finding.sentence) for section in page.sections for finding in section.findings]
    said += [("Mind", warning) for warning in page.warnings]
    said += [(f"Assumed: {finding.label}", finding.text) for finding in page.assumptions]
    said += [("Method", text) for text in page.method]
    return _frame(("about", "sentence"), [(about, local(text)) for about, text in said if text])


def results(comparison: "Comparison") -> "pd.DataFrame":
    """Every figure with its interval and its difference from the reference; the main ones where many."""
    table = told(comparison)
    for narrower in (table["scope"] == "company", table["metric"].map(_is_measure)):
        table = table if len(table) <= MOST_ROWS else table[narrower.reindex(table.index)]
    table = table.head(MOST_ROWS).rename(columns={"difference_mean": "difference", "n": "replications"})
    table.insert(4, "measure", [measure_of(name).label for name in table["metric"]])
    left = [
        "where", "structure", "measure", "scope", "unit", "mean", "low", "high", "replications",
        "difference", "difference_low", "difference_high", "verdict", "withheld", "status", "label", "method",
        "metric", "scenario",
    ]  # fmt: skip
    return table[left].rename(columns={"label": "period"})


def _is_measure(name: str) -> bool:
    return measure_of(name).explanation != ""


def _hours(comparison: "Comparison") -> "pd.DataFrame":
    """Hours a resolved request more than under the reference, by kind of time and pass."""
    kinds = [kind_of(name).label for name in comparison.gaps["kind"]]
    table = comparison.gaps.assign(unit="h", kind=kinds).rename(columns={"n": "replications"})
    return table[["setting", "structure", "kind", "passage", "unit", "mean", "low", "high", "replications"]]


def assumptions(scenarios: "pd.DataFrame") -> "pd.DataFrame":
    """Every number that the study rests on, with unit, source and grade; and what is varied."""
    rows = [own._replace(varied="varied" if own.varied else "") for own in known_numbers(scenarios)]
    return _frame(("parameter", "meaning", "value", "unit", "source", "grade", "in this study"), rows)


def _add(book: "Workbook", name: str, table: "pd.DataFrame", wide: Sequence[str] = ()) -> None:
    """A sheet of a table: headings that stay, filters, numbers in the format of their unit."""
    from openpyxl.styles import Font

    sheet = book.create_sheet(name)
    for place, heading in enumerate(map(str, table.columns), start=1):
        sheet.cell(1, place, visible(heading).replace("_", " ")).font = Font(bold=True)
    units = list(table["unit"]) if "unit" in table else [""] * len(table)
    columns = [table[name].tolist() for name in table.columns]
    for row, (unit, *values) in enumerate(zip(units, *columns, strict=True), start=2):
        for place, value in enumerate(values, start=1):
            _write(sheet, row, place, value, FORMATS.get(unit, OTHERWISE))
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.auto_filter.ref = sheet.dimensions
    _fit(sheet, table, wide)


def _write(sheet: "Worksheet", row: int, place: int, value: object, shown: str) -> None:
    """One cell: a number as such, text as text whatever it begins with, nothing for nothing."""
    if value is None or value != value:
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        cell = sheet.cell(row, place)
        cell.value, cell.data_type = visible(value), "s"
        cell.quotePrefix = True  # no formula either when somebody edits it
    elif math.isfinite(value):
        sheet.cell(row, place, value).number_format = shown if isinstance(value, float) else OTHERWISE


def _fit(sheet: "Worksheet", table: "pd.DataFrame", wide: Sequence[str]) -> None:
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter

    for place, name in enumerate(map(str, table.columns), start=1):
        texts = [str(value) for value in table[name].head(200) if not isinstance(value, float)]
        longest = max([len(name) + 3, *(len(text) + 1 for text in texts)])
        sheet.column_dimensions[get_column_letter(place)].width = WIDEST if name in wide else min(longest, 32)
        if name in wide:
            for (cell,) in sheet.iter_rows(min_row=2, min_col=place, max_col=place):
                cell.alignment = Alignment(wrap_text=True, vertical="top")
