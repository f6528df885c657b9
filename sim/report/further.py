"""Answers that a folder holds beside its comparison: each is a section of the page.

Invariant: a folder without such answers is told as it always was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.analysis import crossover, turns
from sim.report import what_turns, where_turns

if TYPE_CHECKING:
    from sim.report.page_data import Section
    from sim.study.results import Results


@dataclass(frozen=True)
class Further:
    """`told`: the results that are compared in full."""

    told: "Results"
    turning: turns.Answer | None = None
    crossing: crossover.Map | None = None

    def sections(self, order: Sequence[str]) -> "list[Section]":
        """The sections of the page; `order`: all structures, for colours."""
        found = [what_turns.section(self.turning, order)] if self.turning else []
        return [*found, where_turns.section(self.crossing, order)] if self.crossing else found

    def write_csv(self, folder: Path) -> None:
        """Tables for a spreadsheet."""
        if self.turning:
            what_turns.write_csv(self.turning, folder)
        if self.crossing:
            where_turns.write_csv(self.crossing, folder)


def further_answers(loaded: "Results") -> Further:
    """What the folder answers beside its comparison."""
    turning, crossing = turns.answer_of(loaded), crossover.map_of(loaded)
    asked = turning or crossing
    return Further(what_turns.chosen(loaded) if asked else loaded, turning, crossing)
