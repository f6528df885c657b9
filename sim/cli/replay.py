"""`orgdes replay FOLDER --scenario=N --replication=R`: one replication of stored results, computed again.

Invariant: changes nothing in the folder; an error of the replication is shown in full.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from sim.config.diagnostics import COMMAND_LINE, damaged, diagnostic, listing


def main(argv: Sequence[str]) -> int:
    """Compute one replication again and print its metrics of the whole company."""
    parser = argparse.ArgumentParser(
        prog="orgdes replay", description="Compute one replication of stored results again."
    )
    parser.add_argument("folder", type=Path, help="folder that orgdes wrote")
    parser.add_argument("--scenario", type=int, required=True, help="number of the scenario, from 0")
    parser.add_argument("--replication", type=int, default=0, help="number of the replication, from 0")
    given = parser.parse_args(list(argv))
    return _replay(given.folder, given.scenario, given.replication)


def _replay(folder: Path, scenario: int, replication: int) -> int:
    from sim.study.replay import NoSuchRun, replay
    from sim.study.results import DamagedResults

    try:
        tables = replay(folder, scenario, replication)
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
