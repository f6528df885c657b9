"""The structure a company is in today: who works together on which cells of the work cube.

Invariant: the departments partition the cells that occur, and every regular person is in exactly one of them.
"""

from dataclasses import dataclass

import numpy as np

from sim.fit.events import Floats, Integers

MOST_PEOPLE = 60
FEWEST_SEATS = 1.5
"""A department whose cells keep fewer people busy than this joins another one."""
THIN_CELL = 0.01
"""A cell with less than this share of the work goes where all segments of its function and product go."""


@dataclass(frozen=True)
class AsIs:
    """`person` (-1: passer-by) and `cell` give the department of each person and each cell, in order of size.

    `inside`: share of the work that people do in cells of their own department; `by_chance`: what that share
    would be if everybody did everything.
    """

    person: Integers
    cell: Integers
    departments: int
    inside: float
    by_chance: float


def find(work: Floats, regular: Integers, needed: Floats, segments: int) -> AsIs:
    """Group people so that as much work as possible is done inside, beyond what chance would give.

    Bipartite modularity (Barber 2007): merged step by step from single people, each cell going to the group
    with the largest surplus, then single people moved while that helps. Without people there is one
    department.

    Parameters
    ----------
    work : people x cells, events done; the segments of a function and product lie side by side.
    regular : indices of the people to group.
    needed : workers each cell keeps busy.
    segments : number of segments.
    """
    if not len(regular):
        return AsIs(
            np.full(len(work), -1, dtype=np.int64), np.zeros(len(needed), dtype=np.int64), 1, 1.0, 1.0
        )
    order = regular[np.argsort(-work[regular].sum(axis=1), kind="stable")]
    surplus, cube = _surplus(work[order]), _Cube(needed, segments)
    leading = [[person] for person in range(min(len(order), MOST_PEOPLE))]
    best = _merge(leading, surplus, cube)
    for person in range(len(leading), len(order)):
        cells = _sums(best, surplus).argmax(axis=0)
        gains = [surplus[person, cells == group].sum() for group in range(len(best))]
        best[int(np.argmax(gains))].append(person)
    return _described(_improved(best, surplus, cube), order, work, surplus, cube)


def _surplus(work: Floats) -> Floats:
    """What a person does of a cell beyond what people and cells of that size would by chance."""
    total = max(float(work.sum()), 1.0)
    result: Floats = (work - np.outer(work.sum(axis=1), work.sum(axis=0)) / total) / total
    return result


def _sums(groups: list[list[int]], surplus: Floats) -> Floats:
    return np.array([surplus[group].sum(axis=0) for group in groups])


def _modularity(sums: Floats) -> float:
    return float(sums.max(axis=0).sum())


@dataclass(frozen=True)
class _Cube:
    """Cells of work: the workers each keeps busy, and how many segments lie side by side."""

    needed: Floats
    segments: int

    def owners(self, sums: Floats) -> Integers:
        """Group of each cell: that with the largest surplus; thin cells go with their function and
        product."""
        together = np.repeat(sums.reshape(len(sums), -1, self.segments).sum(axis=2), self.segments, axis=1)
        thin = self.needed < THIN_CELL * self.needed.sum()
        chosen: Integers = np.where(thin, together, sums).argmax(axis=0)
        return chosen

    def large_enough(self, sums: Floats) -> bool:
        """Does every group have cells with work for enough people?"""
        people = np.bincount(self.owners(sums), weights=self.needed, minlength=len(sums))
        return len(sums) == 1 or bool((people >= FEWEST_SEATS).all())


def _merge(groups: list[list[int]], surplus: Floats, cube: _Cube) -> list[list[int]]:
    """Merge the pair that keeps most modularity, down to one group; the best cut with large enough groups."""
    best, best_value = [sorted(person for group in groups for person in group)], -1.0
    while True:
        sums = _sums(groups, surplus)
        value = _modularity(sums)
        if value > best_value + 1e-9 and cube.large_enough(sums):
            best, best_value = [list(group) for group in groups], value
        if len(groups) == 1:
            return best
        pairs = [(first, second) for first in range(len(groups)) for second in range(first + 1, len(groups))]
        values = [
            _modularity(np.vstack([np.delete(sums, pair, axis=0), sums[list(pair)].sum(axis=0)]))
            for pair in pairs
        ]
        pair = pairs[int(np.argmax(np.round(values, 12)))]
        apart = [group for number, group in enumerate(groups) if number not in pair]
        groups = [*apart, groups[pair[0]] + groups[pair[1]]]


def _improved(groups: list[list[int]], surplus: Floats, cube: _Cube) -> list[list[int]]:
    """Move single people while the modularity grows and no department gets too small."""
    home = {person: number for number, group in enumerate(groups) for person in group}
    sums = _sums(groups, surplus)
    moved = True
    while moved:
        moved = False
        for person, other in ((person, other) for person in sorted(home) for other in range(len(groups))):
            trial = sums.copy()
            trial[home[person]] -= surplus[person]
            trial[other] += surplus[person]
            if _modularity(trial) > _modularity(sums) + 1e-9 and cube.large_enough(trial):
                home[person], sums, moved = other, trial, True
    return [[person for person in sorted(home) if home[person] == number] for number in range(len(groups))]


def _described(groups: list[list[int]], order: Integers, work: Floats, surplus: Floats, cube: _Cube) -> AsIs:
    amount = work[order].sum(axis=1)
    groups = sorted(groups, key=lambda group: -amount[group].sum())
    cell = cube.owners(_sums(groups, surplus))
    person = np.full(len(work), -1, dtype=np.int64)
    for number, group in enumerate(groups):
        person[order[group]] = number
    known = work[order]
    inside = sum(float(known[row, cell == person[one]].sum()) for row, one in enumerate(order)) / max(
        float(known.sum()), 1.0
    )
    by_cell = np.array([known[:, cell == number].sum() for number in range(len(groups))]) / max(
        float(known.sum()), 1.0
    )
    by_person = np.array([amount[group].sum() for group in groups]) / max(float(known.sum()), 1.0)
    return AsIs(person, cell, len(groups), inside, float((by_cell * by_person).sum()))
