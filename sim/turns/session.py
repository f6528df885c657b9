"""What turns the answer, as a question that a study answers: inputs one at a time.

Invariant: values looked at whatever comes out, and those the search ends with, are told by the same fresh
replications; which borders were searched follows from the values of replications alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sim.analysis.leading import Lead
from sim.study.bench import SEARCH, Bench
from sim.study.inquiry import Told
from sim.turns.inputs import Input
from sim.turns.looks import NOW, Looks, Point
from sim.turns.question import Question
from sim.turns.search import LOST, TURNED, Border, borders, fixed_values, kind, search

STUDY = "turns"


@dataclass(frozen=True)
class Turns(Question):
    """Which smallest change of an input turns the winner."""

    name: ClassVar[str] = STUDY

    @property
    def fixed(self) -> list[Point]:
        """Points that are looked at whatever comes out, the scenario of now first."""
        return [
            NOW,
            *(((place, value),) for place, own in enumerate(self.inputs) for value in fixed_values(own)),
        ]

    def answer(self, bench: Bench) -> Told:
        """Look at both sides of every input, search the borders, tell them by fresh replications."""
        looks = Looks(self.rows, self.inputs, self.metric, bench)
        points = self.fixed
        runs = len(points) * len(self.rows) * self.count
        bench.progress.start(runs, 0)
        bench.counted = True
        now, *leads = looks.leads(points, self.count)
        bench.counted = False
        found = self._borders(points[1:], leads, now)
        bench.progress.message(
            f"{len(points)} points looked at, {len(found)} borders between winners searched"
        )

        def look(asked: Sequence[tuple[int, float]]) -> Sequence[Lead]:
            return looks.leads([(each,) for each in asked], self.count, SEARCH)

        search(found, now, look)
        roles = dict.fromkeys(points, "fixed")
        for border in found:
            name = {LOST: "holds", TURNED: "turns"}[border.least]
            if border.told != border.own.now:
                roles.setdefault(((border.place, border.told),), name)
        told = list(roles)
        looks.leads(told, self.count)
        return Told(looks.told(told), {STUDY: self._table(roles)})

    def _borders(self, points: Sequence[Point], leads: Sequence[Lead], now: Lead) -> list[Border]:
        found: list[Border] = []
        for place, own in enumerate(self.inputs):
            seen = [
                (value, kind(lead, now))
                for ((number, value),), lead in zip(points, leads, strict=True)
                if number == place
            ]
            found += borders(place, own, seen, settled=bool(now.winner))
        return found

    def _table(self, roles: dict[Point, str]) -> dict[str, list[Any]]:
        """A row a point: the input, its value, and the first of its scenarios, one for each structure."""
        rows = []
        for place, (point, role) in enumerate(roles.items()):
            own, value = (self.inputs[point[0][0]], point[0][1]) if point else (None, 0.0)
            rows.append(
                {
                    "scenario": place * len(self.rows),
                    "structures": len(self.rows),
                    "metric": self.metric,
                    "role": role,
                    "value": value,
                    **(vars(own) if own else dict.fromkeys(Input.__dataclass_fields__)),
                }
            )
        first = rows[0] | {name: type(rows[-1][name])() for name in Input.__dataclass_fields__}
        return {name: [row[name] for row in [first, *rows[1:]]] for name in first}
