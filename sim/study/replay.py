"""One unit of a stored sweep, computed again in this process, with its error if it has one.

Invariant: nothing of the folder is changed, and no code is run that the folder names.
"""

import json
from pathlib import Path

from sim.study.chunk import work_function
from sim.study.terms import WORK
from sim.study.unit import UnitTables


class NoSuchUnit(Exception):
    """The folder has no such scenario or replication."""


def replay(folder: Path | str, scenario: int, replication: int, *, work: str = WORK) -> UnitTables:
    """The tables of one replication of one scenario of a folder; whatever goes wrong in it is raised.

    Raises
    ------
    NoSuchUnit
        when there is no such scenario or replication in the folder.
    DamagedResults
        when the folder cannot be read.
    """
    from sim.study.results import load_results

    known = load_results(folder).scenarios.set_index("scenario")
    if scenario not in known.index:
        raise NoSuchUnit(
            f"{Path(folder).name} has scenarios 0 to {len(known) - 1}, and no scenario {scenario}"
        )
    plain = json.loads(str(known.at[scenario, "config"]))
    replications = int(plain.get("experiment", {}).get("replications", 1))
    if not 0 <= replication < replications:
        raise NoSuchUnit(
            f"scenario {scenario} has replications 0 to {replications - 1}, and no {replication}"
        )
    return work_function(work)(plain, replication)
