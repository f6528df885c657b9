"""The search for where the winner changes: both sides of an input from the value of now outward, halved.

Invariant: a search sees replications of its own; the values it ends with are told by others.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sim.analysis.leading import Lead
from sim.turns.inputs import Input

RESOLUTION: Final = 1 / 25
"""Share of the range to which a border is found."""
HELD, LOST, TURNED = 0, 1, 2

Look = Callable[[Sequence[tuple[int, float]]], Sequence[Lead]]


def kind(lead: Lead, now: Lead) -> int:
    """Whether the winner of now still wins, nobody is settled to, or another one does."""
    if not lead.winner:
        return LOST
    return HELD if lead.winner == now.winner else TURNED


def fixed_values(own: Input) -> list[float]:
    """Values that are looked at whatever comes out: half way and at the end of each side, outward."""
    ends = [end for end in (own.low, own.high) if end != own.now]
    found = [value for end in ends for value in (own.between(own.now, end), end)]
    return [value for value in dict.fromkeys(found) if value != own.now]


@dataclass
class Border:
    """Where the kind of an input changes: up to `near` it is below `least`, at `far` it is not."""

    place: int
    own: Input
    near: float
    far: float
    least: int

    @property
    def middle(self) -> float | None:
        """The value to look at next; None when the border is known well enough."""
        if abs(self.own.share(self.far) - self.own.share(self.near)) <= RESOLUTION:
            return None
        value = self.own.between(self.near, self.far)
        return None if value in (self.near, self.far) else value

    def halve(self, value: float, found: int) -> None:
        """Take in what was found at a value."""
        if found >= self.least:
            self.far = value
        else:
            self.near = value

    @property
    def told(self) -> float:
        """The value that is told: the last that holds, or the first that turns."""
        return self.near if self.least == LOST else self.far


def borders(place: int, own: Input, seen: Sequence[tuple[float, int]], *, settled: bool) -> Iterator[Border]:
    """The borders nearest to the value of now, on each side, of what has been seen of an input.

    settled : whether anybody wins now; else the winner of now cannot hold, and only turns are looked for.
    """
    for sign in (-1, 1):
        side = sorted((sign * (value - own.now), value, kind) for value, kind in seen)
        outward = [(own.now, HELD), *((value, kind) for gap, value, kind in side if gap > 0)]
        for least in (LOST, TURNED) if settled else (TURNED,):
            first = next((step for step, (_, kind) in enumerate(outward) if kind >= least), None)
            if first:
                yield Border(place, own, outward[first - 1][0], outward[first][0], least)


def search(found: Sequence[Border], now: Lead, look: Look) -> None:
    """Halve all borders at once until each is known well enough."""
    while asked := [(border, middle) for border in found if (middle := border.middle) is not None]:
        leads = look([(border.place, middle) for border, middle in asked])
        for (border, middle), lead in zip(asked, leads, strict=True):
            border.halve(middle, kind(lead, now))
