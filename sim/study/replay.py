"""One run of a stored sweep, computed again in this process, with its error if it has one.

Invariant: nothing of the folder is changed, and no code is run that the folder names.
"""

from pathlib import Path
from typing import Any

from sim.study.batch import diagnosis, work_function
from sim.study.options import WORK
from sim.study.run import RunTables
from sim.trajectory import Trajectory


class NoSuchRun(Exception):
    """The folder has no such scenario or replication."""


def replay(folder: Path | str, scenario: int, replication: int, *, work: str = WORK) -> RunTables:
    """The tables of one replication of one scenario of a folder; whatever goes wrong in it is raised.

    Raises
    ------
    NoSuchRun
        when there is no such scenario or replication in the folder.
    DamagedResults
        when the folder cannot be read, or what is stored is no scenario that can be run.
    """
    from sim.model.check import BadScenario
    from sim.study.results import DamagedResults

    plain = stored(folder, scenario, replication)
    try:
        return work_function(work)(plain, replication)
    except BadScenario as wrong:
        raise DamagedResults(f"scenario {scenario} is none that can be run: {wrong}") from wrong


def history(folder: Path | str, scenario: int, replication: int) -> Trajectory:
    """The trajectory of one replication of one scenario of a folder, with its event log.

    Raises
    ------
    NoSuchRun, DamagedResults
        as `replay`.
    """
    from sim.model.check import BadScenario
    from sim.model.check import scenario as checked
    from sim.replication import simulate
    from sim.study.results import DamagedResults

    plain = stored(folder, scenario, replication)
    try:
        return simulate(checked(plain), replication)
    except BadScenario as wrong:
        raise DamagedResults(f"scenario {scenario} is none that can be run: {wrong}") from wrong


def stored(folder: Path | str, scenario: int, replication: int) -> dict[str, Any]:
    """The plain scenario of a folder, once it is sure that it has such a replication.

    Raises
    ------
    NoSuchRun, DamagedResults
        as `replay`.
    """
    from sim.study.results import DamagedResults, read_table, scenario_of, verified

    place = Path(folder)
    verified(place)
    known = read_table(place, "scenarios")
    if scenario not in known["scenario"].tolist():
        raise NoSuchRun(f"{place.name} has scenarios 0 to {len(known) - 1}, and no scenario {scenario}")
    plain = scenario_of(known, scenario)
    try:
        replications = int(plain.get("experiment", {}).get("replications", 1))
    except (AttributeError, TypeError, ValueError) as wrong:
        raise DamagedResults(f"scenario {scenario} cannot be read: {diagnosis(wrong)}") from wrong
    if not 0 <= replication < replications:
        raise NoSuchRun(f"scenario {scenario} has replications 0 to {replications - 1}, and no {replication}")
    return plain
