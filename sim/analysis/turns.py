"""What the values of an input that were looked at say: how far the winner holds, and where another wins.

Invariant: a winner is named away from now only where its lead is settled after Holm's adjustment over all
points told; now the winner is that of the comparison.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.analysis.leading import UNRANKED, Lead, adjusted, leading

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.compare import Results

TABLE = "turns"
COLUMNS = (
    "input", "meaning", "unit", "now", "low", "high", "evidence", "grade", "source", "side", "winner_now",
    "holds_to", "turns_at", "winner_there", "p_adjusted", "verdict",
)  # fmt: skip
NOTHING, HOLDS, TURNS, OPEN = "changes nothing", "holds", "turns", "not settled"


@dataclass(frozen=True)
class Side:
    """One side of an input, outward from the value of now. seen: (value, lead), the nearest first."""

    now: Lead
    seen: tuple[tuple[float, Lead], ...]

    @property
    def end(self) -> float:
        """The end of the range."""
        return self.seen[-1][0]

    @cached_property
    def held(self) -> float | None:
        """The last value up to which the winner of now wins at all that was looked at; None: at none."""
        last = None
        for value, lead in self.seen:
            if not lead.winner or lead.winner != self.now.winner:
                break
            last = value
        return last

    @cached_property
    def turn(self) -> tuple[float, Lead] | None:
        """The nearest value at which another structure wins; where nobody wins now, anybody."""
        found = ((value, lead) for value, lead in self.seen if lead.winner and lead.winner != self.now.winner)
        return next(found, None)

    @property
    def verdict(self) -> str:
        """changes nothing, holds, turns or not settled."""
        if all(lead.means == self.now.means for _, lead in self.seen):
            return NOTHING
        if self.turn:
            return TURNS
        return HOLDS if self.held == self.end else OPEN

    @property
    def unranked_from(self) -> float | None:
        """The value from which on no two structures can be ranked; None where they can at the end."""
        found = None
        for value, lead in reversed(self.seen):
            if lead.state != UNRANKED:
                break
            found = value
        return found


@dataclass(frozen=True)
class Turn:
    """An input with its sides; `about`: key, what, unit, now, low, high, source, grade, evidence."""

    about: dict[str, Any]
    now: Lead
    seen: tuple[tuple[float, Lead], ...]

    @property
    def sides(self) -> list[Side]:
        """Below and above the value of now, those that there are."""
        base = self.about["now"]
        below = tuple(sorted((each for each in self.seen if each[0] < base), key=lambda each: -each[0]))
        above = tuple(sorted((each for each in self.seen if each[0] > base), key=lambda each: each[0]))
        return [Side(self.now, own) for own in (below, above) if own]

    @property
    def verdict(self) -> str:
        """The gravest of its sides."""
        found = {side.verdict for side in self.sides}
        return next(word for word in (TURNS, OPEN, HOLDS, NOTHING) if word in found)

    @property
    def change(self) -> float:
        """Share of the range that the smallest change makes which turns the winner; infinite without one."""
        base, span = self.about["now"], self.about["high"] - self.about["low"]
        return min(
            (abs(side.turn[0] - base) / span for side in self.sides if side.turn), default=float("inf")
        )


@dataclass(frozen=True)
class Answer:
    """All inputs in the order of the question, who wins now, and by which metric."""

    now: Lead
    turns: tuple[Turn, ...]
    metric: str
    count: int

    @property
    def points(self) -> int:
        """Values looked at, that of now included."""
        return 1 + sum(len(turn.seen) for turn in self.turns)


def answer_of(loaded: Results) -> Answer | None:
    """The answer that a folder of `study=turns` holds; None of any other."""
    table = loaded.extras.get(TABLE)
    if table is None:
        return None
    points = table.to_dict("records")
    settings = [range(row["scenario"], row["scenario"] + row["structures"]) for row in points]
    leads = adjusted(leading(loaded, settings, points[0]["metric"]))
    inputs: dict[str, dict[str, Any]] = {}
    seen: dict[str, list[tuple[float, Lead]]] = {}
    for row, lead in zip(points[1:], leads[1:], strict=True):
        key = str(row["key"])
        inputs[key] = {str(name): value for name, value in row.items()}
        seen.setdefault(key, []).append((float(row["value"]), lead))
    turns = tuple(Turn(inputs[key], leads[0], tuple(own)) for key, own in seen.items())
    return Answer(leads[0], turns, str(points[0]["metric"]), len(points))


def sides_table(answer: Answer) -> pd.DataFrame:
    """A row a side of an input, for a spreadsheet; see `COLUMNS`."""
    import pandas as pd

    rows = [_row(turn, side) for turn in answer.turns for side in turn.sides]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(turn: Turn, side: Side) -> dict[str, Any]:
    about = turn.about
    return {
        "input": about["key"], "meaning": about["what"], "unit": about["unit"], "now": about["now"],
        "low": about["low"], "high": about["high"], "evidence": about["evidence"], "grade": about["grade"],
        "source": about["source"], "side": "above" if side.end > about["now"] else "below",
        "winner_now": side.now.winner, "holds_to": side.held,
        "turns_at": side.turn[0] if side.turn else None,
        "winner_there": side.turn[1].winner if side.turn else "",
        "p_adjusted": side.turn[1].p if side.turn else None, "verdict": side.verdict,
    }  # fmt: skip
