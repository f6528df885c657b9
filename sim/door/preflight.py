"""Everything that can be wrong with a command line and a user's files, found before Hydra starts.

Invariant: one list with all of it; what passes is composed by Hydra without complaint.
"""

from collections.abc import Sequence
from pathlib import Path

from sim.door.compose import Composer, composer_for
from sim.door.files import Folder, check_folder
from sim.door.lenient import mistakes_in_files
from sim.door.overrides import Given, check_overrides, complaints, is_choice, is_sweep
from sim.door.plan import Asked, planned
from sim.door.scenarios import checked_rows
from sim.door.session import Session
from sim.door.telling import Refused, Told, told
from sim.model.check import BadScenario, Mistake

LOOKED_AT = 300
"""Scenarios of a refused sweep that are checked for further mistakes."""


def preflight(session: Session) -> list[Given]:
    """The overrides, ready for Hydra.

    Raises
    ------
    Refused
        with every mistake.
    """
    arguments = session.arguments
    folder = check_folder(arguments.config_dir, arguments.overrides, arguments.config_name)
    given = [Given(text) for text in arguments.overrides]
    if any(not scan.builds for scan in folder.scans.values()) or not folder.usable:
        raise Refused([*arguments.wrong, *folder.found, *_beside(folder, given)])
    composer = composer_for(arguments.config_dir, arguments.config_name)
    if problem := _primary(composer):
        raise Refused([*arguments.wrong, *folder.found, problem])
    accepted, wrong = check_overrides(composer, given)
    found = [*arguments.wrong, *folder.found, *wrong]
    if found:
        raise Refused(_without_echo([*found, *_more(session, composer, accepted)]))
    return accepted


def checked_overrides(overrides: Sequence[str], config_dir: Path | None) -> tuple[Composer, list[str]]:
    """A composer and the accepted overrides of one scenario, for programs that load scenarios.

    Raises
    ------
    BadScenario
        with every mistake, sweeps included.
    """
    folder = check_folder(config_dir, overrides)
    if folder.found:
        raise _bad(folder.found)
    composer = composer_for(config_dir)
    accepted, found = check_overrides(composer, [Given(text, "") for text in overrides])
    found += [_one_only(item) for item in accepted if is_sweep(composer, item)]
    if found:
        raise _bad(found)
    return composer, [item.text for item in accepted]


def _primary(composer: Composer) -> Told | None:
    """A primary config that does not exist or does not compose."""
    try:
        composer.base(())
    except complaints() as problem:
        lines = [line for line in str(problem).splitlines() if line.strip()] or [type(problem).__name__]
        return told("command line", "--config-name", lines[0].rstrip("."))
    return None


def _beside(folder: Folder, given: list[Given]) -> list[Told]:
    """Mistakes that can be found although some of the user's files must not be composed."""
    stems = {path.stem for path in folder.scans}
    composer = composer_for(None)
    set_aside = [item for item in given if is_choice(composer, item.key) and any(stem in item.value for stem in stems)]
    _, wrong = check_overrides(composer, [item for item in given if item not in set_aside])
    return [*wrong, *_without_echo([*folder.found, *mistakes_in_files(composer, folder)])[len(folder.found) :]]


def _more(session: Session, composer: Composer, accepted: list[Given]) -> list[Told]:
    """Mistakes in the scenarios that the accepted overrides describe, a look at the first of them."""
    chosen = composer.group_choices(item.text for item in accepted if not is_sweep(composer, item))
    whole = composer.whole(item.text for item in accepted if not is_sweep(composer, item))
    asked = Asked(composer.params(chosen), whole.get("sweep", {}), whole.get("experiment", {}))
    try:
        session.axes, session.origins = planned(composer, asked, accepted, session.setting)
        checked_rows(session, composer, session.axes.scenarios()[:LOOKED_AT])
    except Refused as refusal:
        return list(refusal.found)
    return []


def _without_echo(found: Sequence[Told]) -> list[Told]:
    """A line of a file is told once: what reading it gives follows from how it is written."""
    seen: set[str] = set()
    kept = []
    for item in found:
        is_line = item.place.rpartition(":")[2].isdigit()
        if not (is_line and item.place in seen):
            kept.append(item)
        seen.add(item.place)
    return kept


def _bad(found: Sequence[Told]) -> BadScenario:
    return BadScenario([_placed(item) for item in found])


def _placed(item: Told) -> Mistake:
    old = item.mistake
    where = f"{item.place}: {old.where}" if item.place else old.where
    return Mistake(where, old.what, old.allowed, old.todo, old.suggestion)


def _one_only(item: Given) -> Told:
    what = f"{item.text} names several scenarios"
    return told(item.place, item.key, what, "One value", "Sweep with the orgdes command, or load each one")
