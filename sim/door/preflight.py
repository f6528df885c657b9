"""Everything that can be wrong with a command line and a user's files, found before Hydra starts.

Invariant: one list with all of it; what passes is composed by Hydra without complaint.
"""

from sim.door.compose import composer_for
from sim.door.files import check_folder
from sim.door.overrides import Given, check_overrides
from sim.door.session import Session
from sim.door.telling import Refused


def preflight(session: Session) -> list[Given]:
    """The overrides, ready for Hydra.

    Raises
    ------
    Refused
        with every mistake.
    """
    arguments = session.arguments
    found = [*arguments.wrong, *check_folder(arguments.config_dir, arguments.overrides)]
    if found:
        raise Refused(found)
    composer = composer_for(arguments.config_dir, arguments.config_name)
    accepted, wrong = check_overrides(composer, [Given(text) for text in arguments.overrides])
    if wrong:
        raise Refused([*found, *wrong])
    session.given = tuple(accepted)
    return accepted
