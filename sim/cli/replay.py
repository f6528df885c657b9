"""`orgdes replay FOLDER --scenario=N --replication=R`: one replication of stored results, computed again.

Invariant: changes nothing in the folder; an error of the replication is shown in full.
"""

import argparse
import sys
from pathlib import Path

from sim.config.diagnostics import COMMAND_LINE, damaged, diagnostic, listing


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.description = "Compute one replication of stored results again."
    parser.add_argument("folder", type=Path, help="folder that orgdes wrote")
    parser.add_argument("--scenario", type=int, required=True, help="number of the scenario, from 0")
    parser.add_argument("--replication", type=int, default=0, help="number of the replication, from 0")


def main(options: argparse.Namespace) -> int:
    """Compute one replication again and print its metrics of the whole company."""
    from sim.study.replay import NoSuchRun, replay
    from sim.study.results import DamagedResults

    folder = options.folder
    try:
        tables = replay(folder, options.scenario, options.replication)
    except NoSuchRun as problem:
        print(listing([diagnostic(COMMAND_LINE, str(folder), str(problem))]), file=sys.stderr)
        return 2
    except DamagedResults as problem:
        print(damaged(folder, problem.found), file=sys.stderr)
        return 2
    for metric, scope, value, unit in tables.metrics:
        if scope == "company":
            print(f"{metric:<28} {value:>14.6g} {unit}")
    return 0
