"""What follows a run: summary, report and the tables on the screen. The only place that calls them.

Invariant: results that are computed are kept, whatever happens while they are shown.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import kept_screen

if TYPE_CHECKING:
    from sim.report.layout_records import Layout
    from sim.study.results import Results


class Outputs:
    """Writes and shows one folder of results; the comparison is made once for both.

    What the screen shows is kept beside the results: a finished sweep of ten thousand scenarios is shown
    again without comparing them again. The study makes all of it anew when results or code have changed.
    """

    def __init__(self, figures: bool = True) -> None:
        self.figures = figures

    def write(self, folder: Path, loaded: "Results | None" = None, baseline: str = "") -> None:
        """Write `summary.csv`, `report.html`, `figures/` and what the screen shows into a result folder.

        `loaded`: its tables, where they have been read; else they were written a moment ago. `baseline`: see
        `sim.analysis.comparison_groups.comparison_groups`.
        """
        from sim.analysis.compare import compare
        from sim.analysis.summary import write_summary
        from sim.report.build import write_report
        from sim.report.layout import lay_out
        from sim.study.results import load_results

        kept_screen.forget(folder)
        loaded = loaded or load_results(folder, verify=False)  # sealed only after this
        comparison = compare(loaded, baseline)
        layout = lay_out(comparison)
        write_summary(comparison, folder)
        write_report(folder, loaded, comparison, layout, figures=self.figures)
        kept_screen.keep(folder, _shown(layout))

    def show(self, folder: Path) -> None:
        """Print the comparison."""
        text = kept_screen.kept(folder)
        if text is None:
            from sim.analysis.compare import compare
            from sim.report.layout import lay_out
            from sim.study.results import load_results

            text = _shown(lay_out(compare(load_results(folder))))
        print(text, end="", flush=True)


def _shown(layout: "Layout") -> str:
    """The comparison as this screen shows it."""
    from rich.console import Console

    from sim.report.table import print_layout

    console = Console(file=sys.stdout)
    with console.capture() as written:
        print_layout(layout, console)
    return written.get()
