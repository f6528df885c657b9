"""A structure as a partition of the work cube: from YAML rules to one department for every cell.

Invariant: a partition without mistakes gives every cell (function, product, segment) that occurs exactly one
department; which cells occur depends on the company alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product as combinations

from sim.model.company import Company
from sim.model.levers import Block, Cells, Structure
from sim.schema.base import Known

Cell = tuple[str, str, str]


@dataclass
class Partition:
    """Departments with their cells, and what is wrong with them."""

    departments: dict[str, list[Cell]]
    uncovered: list[Cell] = field(default_factory=list)
    doubled: dict[Cell, list[str]] = field(default_factory=dict)
    unknown: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    """(where, name, names that exist)"""

    @property
    def sound(self) -> bool:
        """True when nothing is uncovered, doubled or unknown."""
        return not (self.uncovered or self.doubled or self.unknown)


def told(cell: Cell) -> str:
    """A cell in words.

    >>> told(("intake", "loan", "private"))
    'function intake, product loan, segment private'
    """
    return f"function {cell[0]}, product {cell[1]}, segment {cell[2]}"


def occurring_cells(company: Company) -> list[Cell]:
    """Every cell that work can fall into, in the order function, product, segment of the company."""
    return [
        (function, product, segment)
        for function, about in company.functions.items()
        if about.kind == "work"
        for product, details in company.products.items()
        if function in details.route
        for segment in company.segments
    ]


def partition(structure: Structure, company: Company) -> Partition:
    """Which department does which cell; departments without any work are left out. Not to be changed.

    The order of departments is that of the rules, then that of the company's own lists.
    """
    functions = tuple((name, about.side, about.kind) for name, about in company.functions.items())
    products = tuple((name, about.route) for name, about in company.products.items())
    shape = (id(structure), functions, products, tuple(company.segments))  # as much as decides
    return _partition(Known((structure, company), shape))


@lru_cache(maxsize=32)
def _partition(known: Known) -> Partition:
    structure, company = known.data
    cells = occurring_cells(company)
    result = Partition(departments={})
    claims: dict[Cell, list[str]] = {cell: [] for cell in cells}
    source = (
        _listed(structure, company, result) if structure.departments else _ruled(structure, company, result)
    )
    for department, owned in source:
        for cell in owned:
            if cell in claims and department not in claims[cell]:
                claims[cell].append(department)
                result.departments.setdefault(department, []).append(cell)
    for cell, departments in claims.items():
        if not departments:
            result.uncovered.append(cell)
        elif len(departments) > 1:
            result.doubled[cell] = departments
    return result


def _listed(structure: Structure, company: Company, result: Partition) -> Iterator[tuple[str, list[Cell]]]:
    for department, boxes in structure.departments.items():
        for number, box in enumerate(boxes):
            yield department, _box(box, company, result, f"structure.departments.{department}.{number}")


def _box(box: Cells, company: Company, result: Partition, where: str) -> list[Cell]:
    axes = (
        ("functions", box.functions, tuple(company.functions)),
        ("products", box.products, tuple(company.products)),
        ("segments", box.segments, tuple(company.segments)),
    )
    chosen = []
    for axis, names, known in axes:
        if names == "all":
            chosen.append(known)
            continue
        result.unknown += [(f"{where}.{axis}", name, known) for name in names if name not in known]
        chosen.append(tuple(name for name in names if name in known))
    return list(combinations(chosen[0], chosen[1], chosen[2]))


def _ruled(structure: Structure, company: Company, result: Partition) -> Iterator[tuple[str, list[Cell]]]:
    functions = block_functions(structure, company, result)
    named: dict[tuple[str, ...], str] = {}
    for number, (block, names) in enumerate(zip(structure.blocks, functions, strict=True)):
        label = "" if len(structure.blocks) == 1 else _label(block, number)
        for cell in combinations(names, company.products, company.segments):
            coordinates = dict(zip(("function", "product", "segment"), cell, strict=True))
            chosen = [coordinates[axis] for axis in block.group_by]
            key = (label, *block.group_by, *chosen)
            if key not in named:
                named[key] = _unlike(_name(label, chosen), named.values())
            yield named[key], [cell]


def block_functions(structure: Structure, company: Company, result: Partition) -> list[tuple[str, ...]]:
    """Functions of each block in the order of the company; `rest` is what no other block names."""
    work = [name for name, about in company.functions.items() if about.kind == "work"]
    named: list[tuple[str, ...]] = []
    for number, block in enumerate(structure.blocks):
        if block.functions == "all":
            chosen = work
        elif block.functions in ("front", "back"):
            chosen = [name for name in work if company.functions[name].side == block.functions]
        elif block.functions == "rest":
            chosen = []
        else:
            where = f"structure.blocks.{number}.functions"
            result.unknown += [(where, name, tuple(work)) for name in block.functions if name not in work]
            chosen = [name for name in work if name in block.functions]
        named.append(tuple(chosen))
    taken = {name for names in named for name in names}
    rest = tuple(name for name in work if name not in taken)
    return [
        rest if block.functions == "rest" else names
        for block, names in zip(structure.blocks, named, strict=True)
    ]


def _label(block: Block, number: int) -> str:
    return block.functions if isinstance(block.functions, str) else f"block {number + 1}"


def _unlike(name: str, taken: Iterable[str]) -> str:
    """The name, numbered where another department came to the same one."""
    others, number, unlike = set(taken), 2, name
    while unlike in others:
        unlike, number = f"{name} ({number})", number + 1
    return unlike


def _name(label: str, coordinates: list[str]) -> str:
    words = ([label] if label else []) + ([" / ".join(coordinates)] if coordinates else [])
    return " ".join(words) or "everyone"
