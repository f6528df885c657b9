"""Commands that ask a question: their words, what has no place among them, their run and its end.

Invariant: nothing is run before the question has passed all its checks.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.folders import named_folder
from sim.cli.session import Session
from sim.cli.streams import too_little_memory
from sim.cli.study import run_study
from sim.config.diagnostics import COMMAND_LINE, Diagnostic, Refused, diagnostic

if TYPE_CHECKING:
    from sim.study.inquiry import Inquiry


def answered(argv: Sequence[str], text: str, answer: Callable[[Sequence[str]], int]) -> int:
    """Show the help, or answer; what is refused is told, and the exit code is 2."""
    if {"--help", "-h"} & set(argv):
        print(text.rstrip())
        return 0
    if trouble := too_little_memory():
        print(trouble, file=sys.stderr)
        return 1
    try:
        return answer(argv)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 2


def own_words(argv: Sequence[str], prefix: str) -> tuple[dict[str, str], list[str]]:
    """The words of a command's own prefix as key and value, and the others.

    >>> own_words(["structure=matrix", "search.smallest=3"], "search.")
    ({'search.smallest': '3'}, ['structure=matrix'])
    """
    own = [word for word in argv if word.startswith(prefix) and "=" in word]
    rest = [word for word in argv if word not in own]
    return {key: value for key, _, value in (word.partition("=") for word in own)}, rest


def misplaced(session: Session, command: str, fixed: Mapping[str, str]) -> list[Diagnostic]:
    """Words that mean nothing to a command; `fixed`: keys, and why."""
    typed = {word.partition("=")[0].lstrip("+"): word for word in session.arguments.overrides}
    found = [
        diagnostic(COMMAND_LINE, key, f"has no place here: {why}", "", "Leave it out")
        for key, why in fixed.items()
        if any(f"{word}.".startswith(f"{key}.") for word in typed)
    ]
    if session.arguments.shows_only:
        what = "shows no config"
        found.append(diagnostic(COMMAND_LINE, f"orgdes {command}", what, "", "Use orgdes --cfg job"))
    if any(word.startswith("hydra/") for word in typed):
        what = "a search cannot be handed to a launcher or sweeper of Hydra's"
        found.append(diagnostic(COMMAND_LINE, "hydra", what, "", "Leave it out"))
    return found


def run_asked(session: Session, inquiry: "Inquiry", header: Sequence[str]) -> None:
    """Answer a question that has been checked, and report."""
    from sim.study.design import Design
    from sim.study.inquiry import folder_of, run_inquiry

    folder = named_folder(session.asked, {item.key for item in session.given}) or folder_of(inquiry)
    run_study(
        session,
        Design.of(inquiry.rows),
        Path(folder),
        inquiry.study,
        figures=session.asked.sweep.get("figures", True),
        play=lambda design, *places, **more: run_inquiry(inquiry, *places, **more),
        header=header,
    )
