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
    parser.add_argument(
        "--log", type=Path, metavar="FILE", help="write its event log instead: .csv or .xes, also with .gz"
    )


def main(options: argparse.Namespace) -> int:
    """Compute one replication again; print its metrics of the whole company, or write its event log."""
    from sim.study.replay import NoSuchRun, replay
    from sim.study.results import DamagedResults

    folder = options.folder
    try:
        if options.log is not None:
            return _write_log(options)
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


def _write_log(options: argparse.Namespace) -> int:
    """Write the event log; where it cannot be written is found out before anything is computed."""
    from sim.event_log import check_path, write
    from sim.study.replay import history

    wrong = check_path(options.log)
    if wrong is not None:
        print(listing([diagnostic(COMMAND_LINE, "--log", wrong)]), file=sys.stderr)
        return 2
    frame = history(options.folder, options.scenario, options.replication).event_log()
    write(frame, options.log)
    print(f"wrote {options.log}: {len(frame):,} events of {frame['case'].nunique():,} cases")
    return 0
