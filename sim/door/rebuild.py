"""`orgdes report FOLDER`: write summary, report and figures of finished results again.

Invariant: reads results and writes what is derived from them; computes no simulation.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from sim.door.telling import COMMAND_LINE, listing, told

USAGE = "usage: orgdes report FOLDER\n\nWrite summary.csv, report.html and figures/ of a result folder again."


def main(argv: Sequence[str]) -> int:
    """Rebuild the report of a folder."""
    if not argv or argv[0] in ("--help", "-h"):
        print(USAGE)
        return 0 if argv else 2
    folder = Path(argv[0])
    if len(argv) > 1 or not (folder / "results.parquet").is_file():
        what = "one folder at a time" if len(argv) > 1 else f"{folder} holds no results.parquet"
        print(
            listing([told(COMMAND_LINE, "folder", what, "", "Give a folder that orgdes wrote")]),
            file=sys.stderr,
        )
        return 2
    from sim.door.finish import Finish
    from sim.door.study import shown_path

    finish = Finish()
    finish.write(folder)
    finish.show(folder)
    print(f"results: {shown_path(folder.resolve())}")
    return 0
