"""What follows a run: summary, report and the tables on the screen. The only place that calls them.

Invariant: results that are computed are kept, whatever happens while they are shown.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sim.door import screen

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison


class Finish:
    """Writes and shows one folder of results; the comparison is made once for both.

    What the screen shows is kept beside the results: a finished sweep of ten thousand scenarios is shown
    again without comparing them again. The study makes all of it anew when results or code have changed.
    """

    def write(self, folder: Path) -> None:
        """Write `summary.csv`, `report.html` and what the screen shows into a folder of results."""
        from sim.analysis.compare import compare
        from sim.analysis.summary import write_summary
        from sim.report.build import write_report
        from sim.study.results import load_results

        screen.forget(folder)
        loaded = load_results(folder, verify=False)  # sealed only after this
        comparison = compare(loaded)
        write_summary(comparison, folder)
        write_report(folder, loaded, comparison)
        screen.keep(folder, _shown(comparison))

    def show(self, folder: Path) -> None:
        """Print the comparison."""
        from sim.analysis.compare import compare
        from sim.study.results import load_results

        text = screen.kept(folder)
        print(_shown(compare(load_results(folder))) if text is None else text, end="", flush=True)


def _shown(comparison: "Comparison") -> str:
    """The comparison as this screen shows it."""
    from rich.console import Console

    from sim.report.table import print_tables

    console = Console(file=sys.stdout)
    with console.capture() as written:
        print_tables(comparison, console)
    return written.get()
