"""What follows a run: summary, report and the tables on the screen. The only place that calls them.

Invariant: results that are computed are kept, whatever happens while they are shown.
"""

import sys
from importlib.util import find_spec
from pathlib import Path


def ready() -> bool:
    """Are the parts that show results installed?"""
    needed = (
        "sim.analysis.compare",
        "sim.analysis.summary",
        "sim.report.build",
        "sim.report.table",
        "sim.study.results",
    )
    return all(find_spec(name) for name in needed)


def write(folder: Path) -> None:
    """Write `summary.csv` and `report.html` into a folder of results."""
    if not ready():
        return
    from sim.analysis.compare import compare
    from sim.analysis.summary import write_summary
    from sim.report.build import write_report
    from sim.study.results import load_results

    loaded = load_results(folder, verify=False)  # sealed only after this
    comparison = compare(loaded)
    write_summary(comparison, folder)
    write_report(folder, loaded, comparison)


def show(folder: Path) -> None:
    """Print the comparison."""
    if not ready():
        return
    from rich.console import Console

    from sim.analysis.compare import compare
    from sim.report.table import print_tables
    from sim.study.results import load_results

    print_tables(compare(load_results(folder)), Console())
    sys.stdout.flush()
