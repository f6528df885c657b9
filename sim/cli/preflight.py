"""Everything that can be wrong with a command line and a user's files, found before Hydra starts.

Invariant: one list with all of it; what passes is composed by Hydra without complaint.
"""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.cli.scenarios import LOOKED_AT, checked_rows, mistakes_in
from sim.cli.session import Session
from sim.config.compose import Composer, composer_for
from sim.config.diagnostics import COMMAND_LINE, Diagnostic, Refused, diagnostic, unique
from sim.config.interrupts import interrupts_held
from sim.config.override import Override, complaints, is_sweep, reason_of
from sim.config.override_checks import check_overrides
from sim.config.plain_yaml import beside, without_echo
from sim.config.plan import Asked, planned
from sim.config.user_files import folder_mistakes
from sim.model.mistake import Mistake
from sim.report.presentation import presentation, wrong_labels

if TYPE_CHECKING:
    from sim.study.design import Row


def preflight(session: Session) -> None:
    """Fill the session with what passed: composer, overrides, plan, the scenarios.

    Raises
    ------
    Refused
        with every mistake.
    """
    arguments = session.arguments
    if not _somewhere():
        what, todo = "does not exist any more", "Go to another folder and run it again"
        raise Refused([diagnostic(COMMAND_LINE, "current folder", what, todo=todo)])
    given = [Override(text) for text in arguments.overrides]
    wrong, usable = folder_mistakes(arguments.config_dir)
    session.dress, undressed = presentation(arguments.report)
    said = [Diagnostic(COMMAND_LINE, mistake) for mistake in undressed]
    found, composer = [*arguments.wrong, *said, *wrong], composer_for(None)
    if usable:
        composer = composer_for(arguments.config_dir, arguments.config_name)
        composer.read.clear()
        try:
            found += _composed(session, composer, given, refused=bool(found))
        except Refused as refusal:
            found += refusal.found
    # How a value is written stands before what reading it gives.
    found = [*(item for scan in composer.scans.values() for item in scan.found), *found]
    if not usable or any(not scan.builds for scan in composer.scans.values()):
        found += beside(composer.scans, given)
    if found:
        raise Refused(without_echo(unique(found)))


def _composed(
    session: Session, composer: Composer, given: list[Override], *, refused: bool
) -> list[Diagnostic]:
    """Mistakes in overrides and scenarios."""
    with interrupts_held():
        if session.arguments.config_name != "config" and (problem := _primary(composer)):
            return [problem]
        accepted, found = check_overrides(composer, given)
    session.files, session.composer, session.given = tuple(composer.scans), composer, accepted
    single = [item.text for item in accepted if not is_sweep(composer, item)]
    session.asked = Asked.by(composer, accepted)
    try:
        session.plan = planned(composer, session.asked, accepted, yes=session.arguments.yes)
    except Refused as refusal:
        return [*found, *refusal.found, *mistakes_in(session, composer, [single])]
    try:
        found += session.plan.found
        if session.asked.one and session.plan.axes.count > 1:
            what = f"runs one scenario, and these are {session.plan.axes.count:,}"
            found.append(diagnostic(COMMAND_LINE, "--run", what, "", "Leave it out"))
        session.jobs = session.plan.axes.scenarios()
        if found or refused:
            return [*found, *mistakes_in(session, composer, session.jobs[:LOOKED_AT])]
        if not session.arguments.shows_only:
            rows = checked_rows(session, composer, session.jobs)
            found += [Diagnostic(COMMAND_LINE, mistake) for mistake in _wrong_labels(session, rows)]
    except Refused as refusal:
        found += refusal.found
    session.files = tuple(composer.scans)
    return found


def _wrong_labels(session: Session, rows: "Sequence[Row]") -> list[Mistake]:
    """Labels for names that the scenarios do not have."""
    labels = session.dress.labels
    if not labels:
        return []
    companies = [row.scenario["company"] for row in rows[:LOOKED_AT]]
    groups = [own.get(group) or () for own in companies for group in ("segments", "products", "functions")]
    return wrong_labels(labels, {row.structure for row in rows}.union(*groups))


def _somewhere() -> bool:
    """Is there a current folder? Another program may have removed it."""
    try:
        os.getcwd()
    except FileNotFoundError:
        return False
    return True


def _primary(composer: Composer) -> Diagnostic | None:
    """A primary config that does not exist or does not compose."""
    try:
        composer.base(())
    except complaints() as problem:
        return diagnostic(COMMAND_LINE, "--config-name", reason_of(problem))
    return None
