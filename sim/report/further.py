"""Answers that a folder holds beside its comparison: each is a section of the page.

Invariant: a folder without such answers is told as it always was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.analysis import crossover, turns, unknowns
from sim.analysis.best_of_many import Choice, choices_of
from sim.report import best_of_many, found_structures, what_survives, what_turns, where_turns

if TYPE_CHECKING:
    import pandas as pd

    from sim.report.layout_records import Layout
    from sim.report.page_data import Section
    from sim.study.results import Results


@dataclass(frozen=True)
class Further:
    """`told`: the results that are compared in full."""

    told: "Results"
    turning: turns.Answer | None = None
    crossing: crossover.Map | None = None
    surviving: unknowns.Unknowns | None = None

    @property
    def baseline(self) -> str:
        """The scenario that all others are compared with, where one choice was made of all of them."""
        choices = choices_of(self.told)
        return "0" if len(choices) == 1 else ""

    def sections(self, layout: "Layout", choices: "Sequence[Choice]") -> "list[Section]":
        """The sections of the page."""
        order = layout.structures
        found = [*best_of_many.sections(choices, layout), *found_structures.section(self.told, choices)]
        found += [what_turns.section(self.turning, order)] if self.turning else []
        found += [where_turns.section(self.crossing, order)] if self.crossing else []
        return [*found, what_survives.section(self.surviving)] if self.surviving else found

    @property
    def tables(self) -> "dict[str, pd.DataFrame]":
        """The answers as tables, by name."""
        found = {"selection": self.told.extras["selection"]} if "selection" in self.told.extras else {}
        found |= {"turns": turns.sides_table(self.turning)} if self.turning else {}
        found |= {"crossover": crossover.points_table(self.crossing)} if self.crossing else {}
        return found | (unknowns.tables(self.surviving) if self.surviving else {})


def further_answers(loaded: "Results") -> Further:
    """What the folder answers beside its comparison."""
    answers = turns.answer_of(loaded), crossover.map_of(loaded), unknowns.answer_of(loaded)
    return Further(what_turns.chosen(loaded) if any(answers) else loaded, *answers)
