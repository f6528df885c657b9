"""The comparison on the screen: measures as rows, structures as columns, the answer in plain words.

Invariant: nothing wider than the console (80 columns at least) and no escape codes unless the
console is a terminal; names from users are never read as markup.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sim.analysis.suppression import in_brief
from sim.report.layout_records import Cell, Column, ComparisonGroup, Finding, Layout, Line
from sim.report.summary_of_many import details_of_many
from sim.report.wording import briefly, decimals, number, scaled, spoken, visible, written, written_unit

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

    from sim.analysis.compare import Comparison
    from sim.report.page_data import Section
    from sim.report.same_service import Staffing

PLAIN_LETTERS: Final = str.maketrans({"±": "+-", "…": "...", "“": '"', "”": '"', "–": "-", "−": "-"})
FULL_TABLES: Final = 3
LONGEST_LIST: Final = 40
LABEL_WIDTH: Final = 20
COLUMN_WIDTH: Final = 16
NARROWEST: Final = 80
LEAST: Final = 68
"""Columns of a table of three structures."""
WIDEST: Final = 100
LISTED: Final = ("response_time_mean", "within_promise", "satisfaction_mean")


def print_tables(comparison: "Comparison", console: "Console | None" = None) -> None:
    """Print a comparison of stored results; without a console, on standard output."""
    from sim.report.layout import lay_out

    print_layout(lay_out(comparison), console)


def print_layout(layout: Layout, console: "Console | None" = None) -> None:
    """Print the comparison: full tables for a few settings, one row a scenario for many."""
    from rich.console import Console

    console = console or Console(width=None if _is_terminal() else WIDEST, highlight=False)
    console.width = max(console.width, LEAST)  # a narrower window breaks lines, but loses no number
    if len(layout.groups) <= FULL_TABLES:
        for group in layout.groups:
            _print_setting(group, console)
    else:
        _print_list(layout, console)
    for sentence in (*layout.legend, *layout.method):
        _say(console, sentence, "dim")
    for sentence in layout.warnings:
        _say(console, sentence, "bold red")
    console.print()
    _print_findings(layout.summary, console)
    if len(layout.groups) == 1:
        _print_findings(layout.groups[0].details, console)
        return
    _print_findings(details_of_many(layout), console)
    for group in layout.groups if len(layout.groups) <= FULL_TABLES else ():
        _print_narrative(group, console)


def print_staffing(found: "Staffing", console: "Console") -> None:
    """Print the people that the same service takes: a column a structure, then the answer in words."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from sim.report.same_service import findings, lines, summary

    console.width = max(console.width, LEAST)
    shown = list(lines(found))
    for columns in _groups(len(found.rows), console.width):
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
        table.add_column("", width=LABEL_WIDTH + 1)
        for place in columns:
            heading = Text(readable(found.rows[place]["structure"], console.encoding), style="bold")
            table.add_column(heading, justify="right", max_width=COLUMN_WIDTH - 1, overflow="fold")
        for label, cells in shown:
            texts = [Text(readable(cells[place], console.encoding)) for place in columns]
            table.add_row(readable(label, console.encoding), *texts)
        console.print(table)
    console.print()
    _print_findings((*summary(found), *findings(found)), console)


def print_section(section: "Section", console: "Console") -> None:
    """Print a further answer in words."""
    console.print()
    _say(console, section.heading, "bold")
    _print_findings(section.findings, console)
    if section.command:
        console.print(
            readable(section.command, console.encoding), markup=False, highlight=False, soft_wrap=True
        )


def _print_narrative(group: ComparisonGroup, console: "Console") -> None:
    console.print()
    if group.keys:
        _say(console, group.label, "bold")
    _print_findings(group.findings, console)


def _print_findings(findings: Sequence[Finding], console: "Console") -> None:
    from rich.text import Text

    for finding in findings:
        text = Text()
        if finding.label:
            text.append(readable(finding.label, console.encoding) + ": ", "bold")
        text.append(readable(finding.text, console.encoding), "" if finding.label else "bold")
        console.print(text, width=min(console.width, WIDEST))


def _is_terminal() -> bool:
    import sys

    return sys.stdout.isatty()


def _say(console: "Console", sentence: str, style: str = "") -> None:
    from rich.text import Text

    console.print(Text(readable(sentence, console.encoding), style=style), width=min(console.width, WIDEST))


def readable(text: str, encoding: str) -> str:
    """The text in the letters the console has.

    >>> readable("3 ± 1", "ascii"), readable("3 ± 1", "utf-8")
    ('3 +- 1', '3 ± 1')
    """
    plain = visible(text)
    try:
        plain.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return plain.translate(PLAIN_LETTERS).encode("ascii", "replace").decode("ascii")
    return plain


def _print_setting(group: ComparisonGroup, console: "Console") -> None:
    if group.keys:
        _say(console, group.label, "bold")
    for shown in _groups(len(group.columns), console.width):
        console.print(_table(group, shown, console))
    if len(group.columns) > 1:
        _say(console, f"Second line: difference from {group.reference}. ± is half a 95 % interval.", "dim")
    console.print()


def _groups(columns: int, width: int) -> list[list[int]]:
    """Which columns share a table: as many as fit, the reference first in each."""
    fitting = max(2, (max(NARROWEST, min(width, 160)) - LABEL_WIDTH) // COLUMN_WIDTH)
    others = list(range(1, columns))
    step = fitting - 1
    return [[0, *others[start : start + step]] for start in range(0, len(others), step)] or [[0]]


def _table(group: ComparisonGroup, shown: Sequence[int], console: "Console") -> "Table":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column("", width=LABEL_WIDTH - 1)
    for place in shown:
        heading = Text(readable(group.columns[place].structure, console.encoding), style="bold")
        table.add_column(heading, justify="right", max_width=COLUMN_WIDTH - 1, overflow="fold")
    table.add_row("workers / people", *(_people(group.columns[place]) for place in shown))
    if any(group.columns[place].status != "ok" for place in shown):
        table.add_row("status", *(_status(group.columns[place]) for place in shown))
    for line in group.lines:
        table.add_row(*_row(line, [line.cells[place] for place in shown], console.encoding))
    return table


def _people(column: Column) -> str:
    return f"{number(column.workers, 0)} / {number(column.headcount, 0)}"


def _status(column: Column) -> "RenderableType":
    from rich.text import Text

    return Text(column.status, style="" if column.status == "ok" else "bold red")


def _row(line: Line, cells: Sequence[Cell], encoding: str) -> list["RenderableType"]:
    from rich.text import Text

    unit = written_unit(line.measure.unit)
    label = Text(line.measure.label)
    if unit:
        label.append(f", {unit}", style="dim")
    return [label, *(_cell(cell, line, encoding) for cell in cells)]


def _cell(cell: Cell, line: Line, encoding: str) -> "RenderableType":
    from rich.text import Text

    text = Text(readable(written_value(cell, line.measure.unit), encoding))
    if cell.difference is not None:
        change = readable(written_difference(cell, line.measure.unit), encoding)
        text.append("\n" + change, style=_style(cell.tone))
    elif cell.value is not None and cell.reason:
        text.append("\n" + readable(in_brief(cell.reason), encoding), style="dim")
    return text


def _style(outcome: str) -> str:
    return {"better": "green", "worse": "red"}.get(outcome, "dim")


def written_value(cell: Cell, unit: str) -> str:
    """Mean and half-width as one text; "withheld" where the mean must not be shown, "-" without one."""
    if cell.value is None:
        return "-" if cell.reason == "-" else "withheld"
    return " ".join(written(cell.value, unit)).strip()


def written_difference(cell: Cell, unit: str) -> str:
    """Difference from the reference and half the width of its interval as one text."""
    if cell.difference is None:
        return ""
    mean, half = scaled(cell.difference.mean, unit), scaled(cell.difference.half_width, unit)
    if mean == half == 0:
        return "the same"
    digits = min(decimals(half, mean), _digits(cell, unit) + 1)
    text = number(mean, digits, signed=True)
    return f"{text} ± {number(half, digits)}" if half == half else text


def _digits(cell: Cell, unit: str) -> int:
    """Decimals of the value itself, so that a difference is not written much finer."""
    if cell.value is None:
        return 3
    return decimals(scaled(cell.value.half_width, unit), scaled(cell.value.mean, unit))


def _print_list(layout: Layout, console: "Console") -> None:
    from rich.text import Text

    head = _list_table(layout)
    head.add_row(
        *(Text(text, style="bold") for text in ("", "response, h", "promise, %", "satisfied", "status"))
    )
    console.print(head)
    printed = 0
    for group in layout.groups:
        if printed and printed + len(group.columns) > LONGEST_LIST:
            break
        printed += len(group.columns)
        _say(console, _short_label(group), "bold")
        console.print(_listed(group, _list_table(layout), console))
    if layout.scenarios > printed:
        _say(console, f"... and {layout.scenarios - printed} more scenarios: see summary.csv and the report.")
    console.print()


def _list_table(layout: Layout) -> "Table":
    from rich.table import Table

    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, show_header=False)
    longest = max((len(visible(name)) for name in layout.structures), default=0)
    table.add_column(width=min(longest, 24) + 2, no_wrap=True)
    for width in (15, 16, 13, 10):
        table.add_column(width=width, justify="right", no_wrap=True)
    return table


def _listed(group: ComparisonGroup, table: "Table", console: "Console") -> "Table":
    from rich.text import Text

    lines = [group.line(name) for name in LISTED]
    for place, column in enumerate(group.columns):
        cells = (written_value(line.cells[place], line.measure.unit) if line else "-" for line in lines)
        name = Text("  " + readable(column.structure, console.encoding))
        table.add_row(name, *(readable(cell, console.encoding) for cell in cells), _status(column))
    return table


def _short_label(group: ComparisonGroup) -> str:
    return ", ".join(f"{_short_key(key)} {briefly(value)}" for key, value in group.keys)


def _short_key(key: str) -> str:
    """A key without its group, where two words are left.

    >>> _short_key("demand.scale"), _short_key("coordination.handoff.mean")
    ('demand.scale', 'handoff.mean')
    >>> _short_key("company.segments.small_business.customers")
    'small business customers'
    """
    if key.startswith("company."):
        return spoken(key)
    return key.partition(".")[2] if key.count(".") > 1 else key
