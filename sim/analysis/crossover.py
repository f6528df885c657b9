"""A map of who wins over two inputs: points of a refined grid, and the cells between them.

Invariant: a cell is won only where its four corners are, each settled after Holm's adjustment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.analysis.leading import Lead, adjusted, leading

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.compare import Results

TABLE: Final = "crossover"
FINE: Final = 64
"""Steps of the finest grid along each axis."""
COARSE: Final = 16
"""Steps of a cell of the grid that is played whatever comes out: five values an axis."""

Place = tuple[int, int]
"""Steps from the low ends of both inputs."""


class Cell(NamedTuple):
    """A square of the grid: its lower left corner and its size."""

    x: int
    y: int
    step: int

    @property
    def corners(self) -> list[Place]:
        """Its four corners."""
        return [(self.x + i * self.step, self.y + j * self.step) for i in (0, 1) for j in (0, 1)]

    @property
    def middle(self) -> Place:
        """The point that is played only where it is divided."""
        return self.x + self.step // 2, self.y + self.step // 2

    @property
    def dividing(self) -> list[Place]:
        """The five points that divide it into four."""
        half = self.step // 2
        steps = ((half, half), (half, 0), (0, half), (self.step, half), (half, self.step))
        return [(self.x + i, self.y + j) for i, j in steps]

    @property
    def quarters(self) -> list[Cell]:
        """The four cells in it."""
        half = self.step // 2
        return [Cell(self.x + i * half, self.y + j * half, half) for i in (0, 1) for j in (0, 1)]


def leaves(played: Mapping[Place, Any]) -> Iterator[Cell]:
    """The undivided cells of a grid of which these points have been played."""
    open_cells = [Cell(x, y, COARSE) for y in range(0, FINE, COARSE) for x in range(0, FINE, COARSE)]
    while open_cells:
        cell = open_cells.pop(0)
        if cell.step > 1 and cell.middle in played:
            open_cells += cell.quarters
        else:
            yield cell


@dataclass(frozen=True)
class Map:
    """Who leads at each point. `about`: by axis the input's key, what, unit, now, low, high, source, grade,
    evidence. `values`: of both inputs by place. Who wins is told as `Lead.word`."""

    about: Mapping[str, Mapping[str, Any]]
    leads: Mapping[Place, Lead]
    values: Mapping[Place, tuple[float, float]]
    now: Lead
    metric: str

    @property
    def cells(self) -> list[tuple[Cell, str]]:
        """The undivided cells, each with who wins at all of its corners, or nobody."""
        return [(cell, self._winner(cell)) for cell in leaves(self.leads)]

    def _winner(self, cell: Cell) -> str:
        names = {self.leads[corner].word for corner in cell.corners}
        return names.pop() if len(names) == 1 else ""

    @property
    def areas(self) -> dict[str, float]:
        """Share of the rectangle by who wins; "" where it is not settled. Most first, that last."""
        found: dict[str, int] = {}
        for cell, winner in self.cells:
            found[winner] = found.get(winner, 0) + cell.step**2
        ordered = sorted(found, key=lambda name: (not name, -found[name]))
        return {name: found[name] / FINE**2 for name in ordered}

    @property
    def lines(self) -> list[tuple[float, list[tuple[str, float, float]]]]:
        """Along the lines of the coarse grid: value of y, and stretches of x by who wins ("": nobody)."""
        return [(self.values[0, y][1], self._stretches(y)) for y in range(0, FINE + 1, COARSE)]

    def _stretches(self, y: int) -> list[tuple[str, float, float]]:
        row = sorted(place for place in self.leads if place[1] == y)
        found: list[tuple[str, float, float]] = []
        for left, right in pairwise(row):
            one, other = self.leads[left].word, self.leads[right].word
            name, start, end = one if one == other else "", self.values[left][0], self.values[right][0]
            if found and found[-1][0] == name:
                found[-1] = (name, found[-1][1], end)
            else:
                found.append((name, start, end))
        return found


def map_of(loaded: Results) -> Map | None:
    """The map that a folder of `study=crossover` holds; None of any other."""
    table = loaded.extras.get(TABLE)
    if table is None:
        return None
    rows = table.to_dict("records")
    settings = [range(row["scenario"], row["scenario"] + row["structures"]) for row in rows]
    now, *leads = adjusted(leading(loaded, settings, str(rows[0]["metric"])))
    places = [(int(row["x"]), int(row["y"])) for row in rows[1:]]
    values = [(float(row["x_value"]), float(row["y_value"])) for row in rows[1:]]
    about = {axis: _about(rows[0], axis) for axis in "xy"}
    own, where = dict(zip(places, leads, strict=True)), dict(zip(places, values, strict=True))
    return Map(about, own, where, now, str(rows[0]["metric"]))


def _about(row: Mapping[Any, Any], axis: str) -> dict[str, Any]:
    return {str(name)[2:]: value for name, value in row.items() if str(name).startswith(f"{axis}_")}


def points_table(found: Map) -> pd.DataFrame:
    """A row a point, for a spreadsheet."""
    import pandas as pd

    keys = [str(found.about[axis]["key"]) for axis in "xy"]
    rows = [
        (*found.values[place], lead.winner, lead.leader, lead.state, lead.lead, lead.p)
        for place, lead in found.leads.items()
    ]
    columns = [*keys, "winner", "best", "state", "lead", "p_adjusted"]
    return pd.DataFrame(rows, columns=columns)
