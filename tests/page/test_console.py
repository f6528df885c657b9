"""The table on the screen: within the width, plain when not a terminal, names never read as markup.

Invariant: every check reads the printed text.
"""

import io
import re

import pytest
from rich.console import Console

from sim.report.console import print_layout
from sim.report.layout_records import Cell, Column, ComparisonGroup, Layout, Line
from sim.report.wording import measure_of
from tests.page import example


def printed(layout: Layout, width: int = 80, terminal: bool = False) -> str:
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=terminal,
        color_system="standard" if terminal else None,
    )
    print_layout(layout, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def wide(count: int) -> Layout:
    names = tuple(f"structure {place}" for place in range(count))
    columns = tuple(Column(str(place), name, headcount=24, workers=21) for place, name in enumerate(names))
    cells = tuple(
        Cell(example.around(20.0 + place, 0.5), example.around(place, 0.2)) for place in range(count)
    )
    lines = (Line(measure_of("response_time_mean"), cells),)
    return Layout((ComparisonGroup((), columns, lines),), structures=names)


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("structures", [1, 2, 3, 5, 8])
def test_no_line_is_wider_than_the_console(width: int, structures: int) -> None:
    assert max(len(line.rstrip()) for line in printed(wide(structures), width).splitlines()) <= width


def test_every_structure_is_printed_when_they_need_several_tables() -> None:
    text = printed(wide(8))
    assert all(f"structure {place}" in text for place in range(8))


def test_each_of_several_tables_begins_with_the_reference() -> None:
    assert printed(wide(8)).count("structure 0") > 2


def test_no_escape_codes_without_a_terminal() -> None:
    assert "\x1b" not in printed(example.layout())


def test_differences_are_coloured_on_a_terminal() -> None:
    assert "\x1b[32m" in printed(example.layout(), terminal=True)


def test_a_name_is_not_read_as_markup() -> None:
    names = ("[bold]f[/bold]", "[red]c", "p")
    assert "[bold]f[/bold]" in printed(example.layout((example.group(names=names),), names))


def test_a_name_cannot_move_the_cursor() -> None:
    names = ("f\x1b[2J", "c\r", "p\x07")
    assert not re.search(
        r"[\x00-\x09\x0b-\x1f]", printed(example.layout((example.group(names=names),), names))
    )


def test_an_unstable_structure_shows_withheld_instead_of_means() -> None:
    assert printed(example.layout()).count("withheld") == len(example.VALUES) + 1


def test_a_mean_stands_with_its_interval() -> None:
    assert "21.3 ± 0.6" in printed(example.layout())


def test_a_difference_stands_with_its_interval() -> None:
    assert "-3.4 ± 0.3" in printed(example.layout())


def test_workers_stand_beside_the_headcount() -> None:
    assert "21 / 24" in printed(example.layout())


def test_the_answer_in_words_comes_last() -> None:
    assert printed(example.layout()).rstrip().endswith("Not ranked: product.")


def test_a_large_sweep_is_one_row_a_scenario_and_says_how_many_are_left_out() -> None:
    groups = tuple(example.group((("demand.scale", str(scale / 100)),)) for scale in range(80, 120))
    assert "and 81 more scenarios" in printed(example.layout(groups))


def test_a_console_without_unicode_gets_plain_letters() -> None:
    buffer = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    print_layout(example.layout(), Console(file=buffer, width=80))
    buffer.flush()
    buffer.seek(0)
    assert "21.3 +- 0.6" in buffer.read()


def test_a_window_of_twenty_columns_still_shows_every_number() -> None:
    def numbers(text: str) -> list[str]:
        return sorted(re.findall(r"\d+\.\d+", text))

    assert numbers(printed(example.layout(), width=20)) == numbers(printed(example.layout(), width=68))
