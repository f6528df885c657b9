"""What follows a run: summary, report and the tables on the screen. The only place that calls them.

Invariant: results that are computed are kept, whatever happens while they are shown.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison


class Finish:
    """Writes and shows one folder of results; the comparison is made once for both."""

    def __init__(self) -> None:
        self._comparison: Comparison | None = None

    def write(self, folder: Path) -> None:
        """Write `summary.csv` and `report.html` into a folder of results."""
        from sim.analysis.compare import compare
        from sim.analysis.summary import write_summary
        from sim.report.build import write_report
        from sim.study.results import load_results

        loaded = load_results(folder, verify=False)  # sealed only after this
        self._comparison = compare(loaded)
        write_summary(self._comparison, folder)
        write_report(folder, loaded, self._comparison)

    def show(self, folder: Path) -> None:
        """Print the comparison."""
        from rich.console import Console

        from sim.analysis.compare import compare
        from sim.report.table import print_tables
        from sim.study.results import load_results

        print_tables(self._comparison or compare(load_results(folder)), Console())
        sys.stdout.flush()
