"""Partitions of the work cube as sets: blocks and axes, merges and splits, and how each is written down.

Invariant: every cell that occurs lies in exactly one department of every partition made here.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, permutations
from typing import Any

from sim.model.company import Company
from sim.model.partition import Cell, occurring_cells

Department = frozenset[Cell]
Partition = frozenset[Department]
Box = tuple[tuple[str, ...] | None, ...]
"""Functions, products and segments; None: all of them."""
AXES = ("functions", "products", "segments")
LONGEST_NAME = 60


def grouped(cells: Department, axes: Sequence[int]) -> list[Department]:
    """The cells cut along some axes (0 function, 1 product, 2 segment).

    >>> len(grouped(frozenset({("f", "p", "s"), ("f", "q", "s"), ("g", "p", "s")}), (0,)))
    2
    """
    found: dict[tuple[str, ...], set[Cell]] = {}
    for cell in sorted(cells):
        found.setdefault(tuple(cell[axis] for axis in axes), set()).add(cell)
    return [frozenset(own) for own in found.values()]


def by_blocks(company: Company) -> Iterator[Partition]:
    """One block, or two (front and back, or neighbours on the list of functions), each cut along any axes."""
    cells = frozenset(occurring_cells(company))
    ways = [axes for many in range(4) for axes in combinations(range(3), many)]
    for axes in ways:
        yield frozenset(grouped(cells, axes))
    for first in _first_blocks(company):
        one = frozenset(cell for cell in cells if cell[0] in first)
        for axes in ways:
            for others in ways:
                yield frozenset([*grouped(one, axes), *grouped(cells - one, others)])


def _first_blocks(company: Company) -> list[frozenset[str]]:
    """Functions of the first of two blocks."""
    work = [name for name, about in company.functions.items() if about.kind == "work"]
    front = frozenset(name for name in work if company.functions[name].side == "front")
    cuts = [front, *(frozenset(work[:place]) for place in range(1, len(work)))]
    return [own for own in dict.fromkeys(cuts) if 0 < len(own) < len(work)]


def neighbours(found: Partition, stay: Partition) -> Iterator[Partition]:
    """Two departments merged, or one split: what it does of one function, product or segment goes apart."""
    free = sorted(found - stay, key=sorted)
    for one, other in combinations(free, 2):
        yield found - {one, other} | {one | other}
    for own in free:
        for axis in range(3):
            values = sorted({cell[axis] for cell in own})
            for value in values if len(values) > 2 else values[:1] if len(values) > 1 else ():
                part = frozenset(cell for cell in own if cell[axis] == value)
                yield found - {own} | {part, own - part}


def with_staying(found: Partition, stay: Partition) -> Partition:
    """The partition with the departments that stay as they are; the others do what is left."""
    kept = frozenset(cell for own in stay for cell in own)
    return frozenset(own - kept for own in found if own - kept) | stay


def boxes(own: Department) -> list[Box]:
    """The department as boxes, packed in the way of six that takes the fewest."""
    return min(
        (_packed(own, order) for order in permutations(range(3))), key=lambda found: (len(found), found)
    )


def _packed(own: Department, order: Sequence[int]) -> list[Box]:
    """Boxes made by joining what is alike along one axis after the other."""
    known: set[Any] = {tuple((part,) for part in cell) for cell in own}
    for axis in order:
        alike: dict[tuple[Any, ...], list[str]] = {}
        for box in sorted(known):
            rest = box[:axis] + box[axis + 1 :]
            alike.setdefault(rest, []).extend(box[axis])
        known = {(*rest[:axis], tuple(sorted(parts)), *rest[axis:]) for rest, parts in alike.items()}
    return sorted(known)


def written(
    found: Partition, company: Company, stay: Mapping[str, Department]
) -> dict[str, list[dict[str, Any]]]:
    """`structure.departments`: what stays under its old name, others named after what they do."""
    cells = occurring_cells(company)
    orders = [list(dict.fromkeys(cell[axis] for cell in cells)) for axis in range(3)]
    old = {own: name for name, own in stay.items()}
    made: dict[str, list[dict[str, Any]]] = {}
    for own in sorted(found, key=lambda own: min(cells.index(cell) for cell in own)):
        packed = list(dict.fromkeys(_ordered(_widened(box, own, cells), orders) for box in boxes(own)))
        name = old.get(own) or _name(packed)
        while name in made:
            name = f"{name}'"
        made[name] = [
            dict(zip(AXES, ("all" if part is None else list(part) for part in box), strict=True))
            for box in packed
        ]
    return made


def _widened(box: Box, own: Department, cells: Sequence[Cell]) -> Box:
    """The box over the whole of an axis (None) where nothing occurs there that another department does."""
    for axis in range(3):
        wider = (*box[:axis], None, *box[axis + 1 :])
        inside = (cell for cell in cells if _holds(wider, cell))
        box = wider if own.issuperset(inside) else box
    return box


def _holds(box: Box, cell: Cell) -> bool:
    return all(part is None or name in part for part, name in zip(box, cell, strict=True))


def _ordered(box: Box, orders: Sequence[Sequence[str]]) -> Box:
    """A box in the company's order."""
    pairs = zip(box, orders, strict=True)
    return tuple(part and tuple(name for name in order if name in part) for part, order in pairs)


def _name(packed: Sequence[Box]) -> str:
    """What a department is called: what tells its cells from others.

    >>> _name([(("intake", "advice"), None, ("private",))]), _name([(None, None, None)])
    ('intake + advice / private', 'everyone')
    """
    parts = (" / ".join(" + ".join(part) for part in box if part) for box in packed)
    name = " & ".join(parts) or "everyone"
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 3]}..."
