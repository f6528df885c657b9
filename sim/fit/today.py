"""The structure a company is in today: who works together on which cells of the work cube.

Invariant: the departments partition the cells that occur, and every regular person is in exactly one of them.
"""

from dataclasses import dataclass

import numpy as np

from sim.fit.events import Floats, Integers

MOST_PEOPLE = 60
FEWEST_SEATS = 1.0
"""A department with less available time than this many average seats joins another one."""
THIN_CELL = 0.01
"""A cell with less than this share of the work goes where all segments of its function and product go."""


@dataclass(frozen=True)
class Today:
    """`person` (-1: passer-by) and `cell` give the department of each person and each cell, in order of size.

    `inside`: share of the work that people do in cells of their own department; `by_chance`: what that share
    would be if everybody did everything.
    """

    person: Integers
    cell: Integers
    departments: int
    inside: float
    by_chance: float


def find(work: Floats, regular: Integers, seats: Floats, segments: int) -> Today:
    """Group people so that as much work as possible is done inside, beyond what chance would give.

    Bipartite modularity (Barber 2007): merged step by step from single people, each cell going to the group
    with the largest surplus, then single people moved while that helps.

    Parameters
    ----------
    work : people x cells, events done; the segments of a function and product lie side by side.
    regular : indices of the people to group.
    seats : available time of each person in average seats, all people.
    segments : number of segments.
    """
    order = regular[np.argsort(-work[regular].sum(axis=1), kind="stable")]
    leading, others = order[:MOST_PEOPLE], order[MOST_PEOPLE:]
    surplus = _surplus(work[order])
    place = {int(person): number for number, person in enumerate(order)}
    groups = [[place[int(person)]] for person in leading]
    best = _merge(groups, surplus, seats[order])
    for person in others:
        sums = _sums(best, surplus)
        cells = sums.argmax(axis=0)
        mine = surplus[place[int(person)]]
        best[int(np.argmax([mine[cells == group].sum() for group in range(len(best))]))].append(
            place[int(person)]
        )
    best = _improved(best, surplus, seats[order])
    return _described(best, order, work, surplus, segments)


def _surplus(work: Floats) -> Floats:
    """What a person does of a cell beyond what people and cells of that size would by chance."""
    total = max(float(work.sum()), 1.0)
    result: Floats = (work - np.outer(work.sum(axis=1), work.sum(axis=0)) / total) / total
    return result


def _sums(groups: list[list[int]], surplus: Floats) -> Floats:
    return np.array([surplus[group].sum(axis=0) for group in groups])


def _modularity(sums: Floats) -> float:
    return float(sums.max(axis=0).sum())


def _merge(groups: list[list[int]], surplus: Floats, seats: Floats) -> list[list[int]]:
    """Merge the pair that keeps most modularity, down to one group; the best cut with large enough groups."""
    best, best_value = [sorted(person for group in groups for person in group)], -1.0
    while True:
        enough = all(seats[group].sum() >= FEWEST_SEATS for group in groups) and _owns_cells(groups, surplus)
        value = _modularity(_sums(groups, surplus))
        if enough and value > best_value + 1e-9:
            best, best_value = [list(group) for group in groups], value
        if len(groups) == 1:
            return best
        pairs = [(first, second) for first in range(len(groups)) for second in range(first + 1, len(groups))]
        sums = _sums(groups, surplus)
        values = [
            _modularity(np.vstack([np.delete(sums, pair, axis=0), sums[list(pair)].sum(axis=0)]))
            for pair in pairs
        ]
        first, second = pairs[int(np.argmax(np.round(values, 12)))]
        groups = [
            *(group for number, group in enumerate(groups) if number not in (first, second)),
            groups[first] + groups[second],
        ]


def _owns_cells(groups: list[list[int]], surplus: Floats) -> bool:
    return len(set(_sums(groups, surplus).argmax(axis=0).tolist())) == len(groups)


def _improved(groups: list[list[int]], surplus: Floats, seats: Floats) -> list[list[int]]:
    """Move single people while the modularity grows and no department gets too small."""
    for _ in range(20):
        value, moved = _modularity(_sums(groups, surplus)), False
        for person in range(len(surplus)):
            home = next(number for number, group in enumerate(groups) if person in group)
            for other in range(len(groups)):
                trial = [
                    [one for one in group if one != person] + ([person] if number == other else [])
                    for number, group in enumerate(groups)
                ]
                if (
                    other == home
                    or not all(len(group) and seats[group].sum() >= FEWEST_SEATS for group in trial)
                    or not _owns_cells(trial, surplus)
                ):
                    continue
                gained = _modularity(_sums(trial, surplus))
                if gained > value + 1e-9:
                    groups, value, moved, home = trial, gained, True, other
        if not moved:
            return groups
    return groups


def _described(
    groups: list[list[int]], order: Integers, work: Floats, surplus: Floats, segments: int
) -> Today:
    amount = work[order].sum(axis=1)
    groups = sorted(groups, key=lambda group: -amount[group].sum())
    sums = _sums(groups, surplus)
    together = np.repeat(sums.reshape(len(groups), -1, segments).sum(axis=2), segments, axis=1)
    thin = work.sum(axis=0) < THIN_CELL * work.sum()
    cell = np.where(thin, together, sums).argmax(axis=0)
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
    return Today(person, cell.astype(np.int64), len(groups), inside, float((by_cell * by_person).sum()))
