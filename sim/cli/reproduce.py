"""`orgdes reproduce FOLDER [--all]`: do stored results come out the same on this machine, to the last bit?

Invariant: the folder is only read, also one from a stranger; exit 0 the same, 1 different, 2 no such results.
"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sim.config.diagnostics import damaged, plural

if TYPE_CHECKING:
    from sim.study.reproduce import Reproduction

MOST_TOLD = 20
SHARE = 0.05


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.description = "Compute stored results again and compare every table to the last bit."
    parser.add_argument("folder", type=Path, help="folder that orgdes wrote")
    parser.add_argument(
        "--all",
        action="store_true",
        help="all replications, instead of 5 %% of them, 20 or more, drawn at random",
    )


def main(options: argparse.Namespace) -> int:
    """Compute a sample of the replications of a folder again and compare."""
    from sim.cli.progress import progress
    from sim.study.reproduce import reproduce
    from sim.study.results import DamagedResults

    watch = progress()
    try:
        found = reproduce(options.folder, 1.0 if options.all else SHARE, progress=watch)
    except DamagedResults as problem:
        watch.close()
        print(damaged(options.folder, problem.found), file=sys.stderr)
        return 2
    watch.close()
    for line in _findings(found):
        print(line)
    return 0 if found.identical else 1


def _findings(found: "Reproduction") -> list[str]:
    again = f"{len(found.checked):,} of {plural(found.replications, 'replication')} computed again"
    lines = [f"{found.identical_scenarios:,} of {found.scenarios:,} scenario hashes identical ({again})"]
    lines += [
        f"scenario {scenario}, replication {replication} differs: {what}"
        for scenario, replication, what in found.different[:MOST_TOLD]
    ]
    if len(found.different) > MOST_TOLD:
        lines.append(f"and {len(found.different) - MOST_TOLD:,} more")
    if found.identical:
        lines.append("summary.csv, report.html and figures/ are made from these tables: orgdes report FOLDER")
    if found.different and not found.same_model:
        lines.append("The results come from another version of the model; manifest.json names it.")
    return lines
