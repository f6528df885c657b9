"""Everything that can be wrong with a command line and a user's files, found before Hydra starts.

Invariant: one list with all of it; what passes is composed by Hydra without complaint.
"""

import os
from collections.abc import Sequence

from sim.door.compose import Composer, composer_for
from sim.door.files import Folder, check_folder
from sim.door.given import Given, complaints, is_choice, is_sweep, reason_of
from sim.door.interrupts import heard, unheard
from sim.door.lenient import mistakes_in_files
from sim.door.overrides import check_overrides
from sim.door.plan import Asked, planned
from sim.door.scenarios import LOOKED_AT, checked_rows, mistakes_in
from sim.door.session import Session
from sim.door.telling import COMMAND_LINE, Refused, Told, told


def preflight(session: Session) -> list[Given]:
    """The overrides, ready for Hydra.

    Raises
    ------
    Refused
        with every mistake.
    """
    with unheard():
        return _preflight(session)


def _preflight(session: Session) -> list[Given]:
    arguments = session.arguments
    if not _somewhere():
        what, todo = "does not exist any more", "Go to another folder and run it again"
        raise Refused([told(COMMAND_LINE, "current folder", what, todo=todo)])
    folder = check_folder(arguments.config_dir, arguments.overrides, arguments.config_name)
    given = [Given(text) for text in arguments.overrides]
    if any(not scan.builds for scan in folder.scans.values()) or not folder.usable:
        raise Refused(without_echo([*arguments.wrong, *folder.found, *beside(folder, given)]))
    composer = composer_for(arguments.config_dir, arguments.config_name)
    if arguments.config_name != "config" and (problem := _primary(composer)):
        raise Refused([*arguments.wrong, *folder.found, problem])
    accepted, wrong = check_overrides(composer, given)
    found = [*arguments.wrong, *folder.found, *wrong]
    session.files, session.composer = tuple(folder.scans), composer
    if found or not arguments.shows_only:
        with heard():
            found += _scenarios(session, composer, accepted, refused=bool(found))
    if found:
        raise Refused(without_echo(found))
    return accepted


def _somewhere() -> bool:
    """Is there a current folder? Another program may have removed it."""
    try:
        os.getcwd()
    except FileNotFoundError:
        return False
    return True


def _primary(composer: Composer) -> Told | None:
    """A primary config that does not exist or does not compose."""
    try:
        composer.base(())
    except complaints() as problem:
        return told(COMMAND_LINE, "--config-name", reason_of(problem))
    return None


def beside(folder: Folder, given: list[Given]) -> list[Told]:
    """Mistakes that can be found although some of the user's files must not be composed."""
    stems = {path.stem for path in folder.scans}
    groups = {path.parent.name for path in folder.scans}
    composer = composer_for(None)
    usable = [
        item
        for item in given
        if item.key.partition(".")[0] not in groups
        and not (is_choice(composer, item.key) and any(stem in item.value for stem in stems))
    ]
    accepted, wrong = check_overrides(composer, usable)
    single = [item.text for item in accepted if not is_sweep(composer, item)]
    return [*wrong, *mistakes_in_files(composer, folder, single)]


def _scenarios(session: Session, composer: Composer, accepted: list[Given], *, refused: bool) -> list[Told]:
    """Mistakes in the scenarios that the overrides describe; of the first ones when all is refused anyway."""
    single = [item.text for item in accepted if not is_sweep(composer, item)]
    whole = composer.whole(single)
    asked = Asked(
        composer.params(composer.group_choices(single)), whole.get("sweep", {}), whole.get("experiment", {})
    )
    try:
        session.plan = planned(composer, asked, accepted, yes=session.arguments.yes)
    except Refused as refusal:
        return [*refusal.found, *mistakes_in(session, composer, [single])]
    try:
        ready = not refused and not session.plan.found
        jobs = session.plan.axes.scenarios()
        if not ready:
            return [*session.plan.found, *mistakes_in(session, composer, jobs[:LOOKED_AT])]
        checked_rows(session, composer, jobs)
    except Refused as refusal:
        return list(refusal.found)
    return []


def without_echo(found: Sequence[Told]) -> list[Told]:
    """A value in a file is told once: what reading it gives follows from how it is written."""
    first: dict[tuple[str, str], Told] = {}
    for item in found:
        is_line = item.place.rpartition(":")[2].isdigit()
        first.setdefault((item.place, item.mistake.where if is_line else str(item)), item)
    return list(first.values())
