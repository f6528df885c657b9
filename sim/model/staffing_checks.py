"""Mistakes of staffing: people where there is no department, work where there are no people.

Invariant: a staffing without mistakes can be spread over the departments of its structure.
"""

from collections.abc import Iterator

from sim.model.company import Company
from sim.model.levers import Cells, Staffing, Structure
from sim.model.mistake import Mistake, unknown_name
from sim.model.partition import Cell, Partition, partition, told


def of_staffing(staffing: Staffing, structure: Structure, company: Company) -> Iterator[Mistake]:
    """Every department with work has somebody who may do it."""
    departments = partition(structure, company)
    for name in staffing.wages.functions:
        if name not in company.functions:
            yield unknown_name("staffing.wages.functions", name, company.functions, "function")
    groups = {**company.segments, **company.products} if structure.coordinators else {}
    for name in staffing.held_coordinators:
        if name not in groups:
            yield unknown_name("staffing.held_coordinators", name, groups, "group with coordinators")
    if staffing.basis == "cost" and staffing.wages.worker == 0.0:
        what = "is 0, and staffing.basis=cost lets as many people in as wages pay for"
        yield Mistake("staffing.wages.worker", what, "More than 0", "Or choose another basis")
    if staffing.roster:
        yield from _roster(staffing, departments, company)
    elif staffing.given is not None:
        yield from _given(staffing.given, departments)
    elif staffing.headcount < len(departments.departments):
        yield Mistake(
            "staffing.headcount",
            f"{staffing.headcount} people for {len(departments.departments)} departments",
            "At least one worker each",
            "Raise headcount, or choose a structure with fewer departments",
        )


def _given(workers: dict[str, int], departments: Partition) -> Iterator[Mistake]:
    for name in workers:
        if name not in departments.departments:
            yield unknown_name("staffing.workers", name, departments.departments, "department")
    for name in departments.departments:
        if workers.get(name, 0) < 1:
            yield Mistake(
                f"staffing.workers.{name}", f'"{name}" has 0 workers but work is routed to it', "At least 1"
            )


def _roster(staffing: Staffing, departments: Partition, company: Company) -> Iterator[Mistake]:
    able: set[tuple[str, Cell]] = set()
    for name, person in staffing.roster.items():
        for number, skill in enumerate(person.skills):
            yield from _skill_names(f"staffing.roster.{name}.skills.{number}.cells", skill.cells, company)
        if person.department not in departments.departments:
            yield unknown_name(
                f"staffing.roster.{name}.department", person.department, departments.departments, "department"
            )
            continue
        for cell in departments.departments[person.department]:
            if not person.skills or any(may_do(skill.cells, cell) for skill in person.skills):
                able.add((person.department, cell))
    present = {person.department for person in staffing.roster.values()}
    for department, cells in departments.departments.items():
        if department not in present:
            yield Mistake("staffing.roster", f'nobody works in "{department}"', "At least one person each")
            continue
        for cell in cells:
            if (department, cell) not in able:
                what = f'nobody in "{department}" may do {told(cell)}'
                yield Mistake("staffing.roster", what, "Every cell needs somebody")


def _skill_names(where: str, cells: Cells, company: Company) -> Iterator[Mistake]:
    axes = (
        ("functions", cells.functions, company.functions),
        ("products", cells.products, company.products),
        ("segments", cells.segments, company.segments),
    )
    for axis, names, known in axes:
        if names != "all":
            yield from (
                unknown_name(f"{where}.{axis}", name, known, axis.rstrip("s"))
                for name in names
                if name not in known
            )


def may_do(cells: Cells, cell: Cell) -> bool:
    """Is the cell inside the box?"""
    return all(
        names == "all" or name in names
        for names, name in zip((cells.functions, cells.products, cells.segments), cell, strict=True)
    )
