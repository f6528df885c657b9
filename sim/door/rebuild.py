"""`orgdes report FOLDER`: write summary, report and figures of finished results again.

Invariant: believes no file but the ones the manifest lists, writes what is derived from them, and simulates
nothing.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from sim.door.telling import COMMAND_LINE, damaged, listing, told

USAGE = "usage: orgdes report FOLDER\n\nWrite summary.csv, report.html and figures/ of a result folder again."


def main(argv: Sequence[str]) -> int:
    """Rebuild the report of a folder."""
    if not argv or argv[0] in ("--help", "-h"):
        print(USAGE)
        return 0 if argv else 2
    if len(argv) > 1:
        wrong = told(COMMAND_LINE, "folder", "one folder at a time", "", "Give a folder that orgdes wrote")
        print(listing([wrong]), file=sys.stderr)
        return 2
    return _report(Path(argv[0]))


def _report(folder: Path) -> int:
    from sim.door.finish import Finish
    from sim.door.study import shown_path
    from sim.study.chunk import told as problem
    from sim.study.finishing import reseal
    from sim.study.results import DamagedResults, load_results
    from sim.study.store.lock import FolderInUse, Lock

    finish = Finish()
    try:
        loaded = load_results(folder)
        lock = Lock(folder)
        try:
            finish.write(folder, loaded)
            reseal(folder)
        finally:
            lock.release()
        finish.show(folder)
    except DamagedResults as damage:
        print(damaged(folder, damage.found), file=sys.stderr)
        return 2
    except FolderInUse as used:
        print(listing([told(COMMAND_LINE, str(folder), str(used))]), file=sys.stderr)
        return 2
    except OSError as error:
        print(f"the report cannot be written ({error.strerror or error}). The results are safe; make room, "
              "or give back the right to write, and run it again", file=sys.stderr)  # fmt: skip
        return 1
    except Exception as error:  # sealed over by somebody else: what stands there was never computed
        print(damaged(folder, [f"its tables are not those of a study: {problem(error)}"]), file=sys.stderr)
        return 2
    print(f"results: {shown_path(folder.resolve())}")
    return 0
