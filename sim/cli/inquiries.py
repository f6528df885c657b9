"""An inquiry answered for the command line: its folder, its session, its header.

Invariant: nothing is run before the question has passed all its checks.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.folders import named_folder
from sim.cli.session import Session
from sim.cli.study import run_study

if TYPE_CHECKING:
    from sim.study.inquiry import Inquiry


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
