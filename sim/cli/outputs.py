"""What follows a run: summary, report and the tables on the screen. The only place that calls them.

Invariant: results that are computed are kept, whatever happens while they are shown; a kept screen is
shown only where it would be written the same again, and holds nothing but characters and colours.
"""

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.presentation import PLAIN, Presentation, labelled

if TYPE_CHECKING:
    from sim.report.layout_records import Layout
    from sim.report.page_data import Section
    from sim.report.same_service import Staffing
    from sim.study.results import Results

SCREEN = "screen.json"
LARGEST = 1_000_000
"""Bytes; tables for the screen are a few pages."""
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Outputs:
    """Writes and shows one folder of results; the comparison is made once for both.

    What the screen shows is kept beside the results: a finished sweep of ten thousand scenarios is shown
    again without comparing them again. The study makes all of it anew when results or code have changed.
    """

    def __init__(
        self,
        figures: bool = True,
        workbook: str | None = None,
        slides: str | None = None,
        dress: Presentation = PLAIN,
    ) -> None:
        self.figures, self.workbook, self.slides, self.dress = figures, workbook, slides, dress

    def write(self, folder: Path, loaded: "Results | None" = None, baseline: str = "") -> None:
        """Write `summary.csv`, `report.html`, `figures/` and what the screen shows into a result folder.

        And workbook and slides where they are asked for, "" for those in the folder.

        `loaded`: its tables, where they have been read; else they were written a moment ago. `baseline`: see
        `sim.analysis.comparison_groups.comparison_groups`.
        """
        from sim.analysis.compare import compare
        from sim.analysis.summary import write_summary
        from sim.report.build import report_page, tables_for, with_presentation, write_page
        from sim.report.found_structures import write_structures
        from sim.report.further import further_answers
        from sim.report.layout import lay_out
        from sim.report.same_service import chosen, staffing_of
        from sim.report.slides import SLIDES, write_slides
        from sim.report.spreadsheets import WORKBOOK, write_csv, write_workbook
        from sim.study.results import load_results

        _forget_screen(folder)
        if loaded is None:  # it is sealed only after this
            stored = load_results(folder, verify=False)
            write_structures(stored, folder)  # under the names that run
            loaded = labelled(stored, self.dress.labels)
        staffing, answers = staffing_of(loaded), further_answers(loaded)
        told = chosen(loaded, staffing) if staffing else answers.told
        comparison = compare(told, baseline or answers.baseline)
        layout = lay_out(comparison)
        write_summary(comparison, folder)
        tables = {**(staffing.tables if staffing else {}), **answers.tables}
        for name, table in tables.items():
            write_csv(table, folder / f"{name}.csv")
        sections = answers.sections(layout, comparison.choices)
        page = report_page(told, comparison, layout, staffing=staffing, sections=sections)
        page = with_presentation(page, self.dress)
        write_page(folder, page, self.figures)
        if place := _asked(self.workbook, folder / WORKBOOK):
            write_workbook(place, page, comparison, told.scenarios, tables)
        if place := _asked(self.slides, folder / SLIDES):
            write_slides(place, page, layout, tables_for(told, comparison))
        keep_screen(folder, _shown(layout, staffing, sections))

    def show(self, folder: Path) -> None:
        """Print the comparison."""
        text = kept_screen(folder)
        if text is None:
            from sim.analysis.compare import compare
            from sim.report.further import further_answers
            from sim.report.layout import lay_out
            from sim.report.same_service import chosen, staffing_of
            from sim.study.results import load_results

            loaded = labelled(load_results(folder), self.dress.labels)
            staffing, answers = staffing_of(loaded), further_answers(loaded)
            told = chosen(loaded, staffing) if staffing else answers.told
            comparison = compare(told, answers.baseline)
            layout = lay_out(comparison)
            text = _shown(layout, staffing, answers.sections(layout, comparison.choices))
        print(text, end="", flush=True)


def _asked(name: str | None, own: Path) -> Path | None:
    """Where a file goes that is asked for or stands in the folder, where it would tell something else."""
    if name is None and not own.exists():
        return None
    return Path(name) if name else own


def _shown(layout: "Layout", staffing: "Staffing | None" = None, sections: "Sequence[Section]" = ()) -> str:
    """The comparison, or the people that the same service takes, and further answers, for this screen."""
    from dataclasses import replace

    from rich.console import Console

    from sim.report.console import print_layout, print_section, print_staffing
    from sim.report.summary import with_answers

    console = Console(file=sys.stdout)
    with console.capture() as written:
        if staffing:
            print_staffing(staffing, console)
        else:
            lines = with_answers(layout.summary, [own.says for own in sections])
            print_layout(replace(layout, summary=lines), console)
        for section in sections:
            print_section(section, console)
    return written.get()


def keep_screen(folder: Path, text: str) -> None:
    """Write what the screen shows into the folder."""
    from sim.study.store.files import write_safely

    write_safely(folder / SCREEN, json.dumps({**_kind_of_screen(), "text": text}, indent=1).encode())


def _forget_screen(folder: Path) -> None:
    """Take away what was kept."""
    (folder / SCREEN).unlink(missing_ok=True)


def kept_screen(folder: Path) -> str | None:
    """What was kept for a screen like this one; None when there is nothing to be shown."""
    path = folder / SCREEN
    try:
        if path.is_symlink() or path.stat().st_size > LARGEST:
            return None
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or {key: found.get(key) for key in _kind_of_screen()} != _kind_of_screen():
        return None
    text = found.get("text")
    return text if isinstance(text, str) and _harmless(text) else None


def _kind_of_screen() -> dict[str, Any]:
    """What the tables depend on, besides the results."""
    from rich.console import Console

    console = Console(file=sys.stdout)
    return {"width": console.width, "encoding": console.encoding, "colours": console.color_system}


def _harmless(text: str) -> bool:
    return all(letter.isprintable() or letter == "\n" for letter in _COLOUR.sub("", text))
