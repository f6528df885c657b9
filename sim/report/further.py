"""Answers that a folder holds beside its comparison: each is a section of the page.

Invariant: a folder without such answers is told as it always was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.analysis import turns
from sim.report import what_turns

if TYPE_CHECKING:
    from sim.report.page_data import Section
    from sim.study.results import Results


@dataclass(frozen=True)
class Further:
    """`told`: the results that are compared in full."""

    told: "Results"
    turning: turns.Answer | None = None

    def sections(self, order: Sequence[str]) -> "list[Section]":
        """The sections of the page; `order`: all structures, for colours."""
        return [what_turns.section(self.turning, order)] if self.turning else []

    def write_csv(self, folder: Path) -> None:
        """Tables for a spreadsheet."""
        if self.turning:
            what_turns.write_csv(self.turning, folder)


def further_answers(loaded: "Results") -> Further:
    """What the folder answers beside its comparison."""
    turning = turns.answer_of(loaded)
    return Further(what_turns.chosen(loaded) if turning else loaded, turning)
