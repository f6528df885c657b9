"""From the rows of a table to a structure with explicit departments and a staffing with a roster.

Invariant: a department does what its people may do, nothing else; every mistake is told with the line that
brought it in.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sim.cli.people_table import CELLS, Axes, Row
from sim.config.diagnostics import Diagnostic, diagnostic
from sim.model.check import mistakes
from sim.model.company import Company
from sim.model.facts import expanded
from sim.model.levers import Structure
from sim.model.mistake import Mistake, unknown_name
from sim.model.partition import Cell, occurring_cells, partition
from sim.model.partition import told as cell_told

Plain = dict[str, Any]


def company_of(plain: Mapping[str, Any]) -> Company:
    """The company of a composed scenario; pydantic tells when it is malformed."""
    return Company.model_validate_json(json.dumps(expanded(dict(plain))["company"]))


def structure_of(rows: Sequence[Row], name: str, source: str) -> Plain:
    """Departments with the boxes of their people, in the order of the table."""
    departments: dict[str, list[Plain]] = {}
    for row in rows:
        boxes = departments.setdefault(row.department, [])
        if _box(row) not in boxes:
            boxes.append(_box(row))
    return {
        "name": name,
        "description": f"{len(departments)} departments of {len({row.person for row in rows})} people.",
        "source": source,
        "blocks": [],
        "departments": departments,
        "coordinators": None,
    }


def by_names(rows: Sequence[Row], company: Company, shown: str) -> tuple[list[Row], list[Diagnostic]]:
    """Where no column says who does what, departments do the functions, products or segments so called."""
    departments = list(dict.fromkeys(row.department for row in rows))
    if len(departments) < 2 or any(row.cells != (None, None, None) for row in rows):
        return list(rows), []
    axes: tuple[Mapping[str, Any], ...] = (company.functions, company.products, company.segments)
    for axis, names in enumerate(axes):
        own = {_alike(name): name for name in names}
        if all(_alike(name) in own for name in departments):
            return [replace(row, cells=_one(axis, own[_alike(row.department)])) for row in rows], []
    what = f"does not say what {', '.join(departments[:6])}{' ...' if len(departments) > 6 else ''} do"
    known = f"Functions of the company: {', '.join(company.functions)}"
    return list(rows), [diagnostic(shown, "table", what, known, f"Add a column: {', '.join(CELLS)}")]


def _one(axis: int, name: str) -> Axes:
    cells: list[tuple[str, ...] | None] = [None, None, None]
    cells[axis] = (name,)
    return cells[0], cells[1], cells[2]


def _alike(name: str) -> str:
    return name.casefold().replace("_", " ")


def staffing_of(rows: Sequence[Row], company: Company) -> Plain:
    """The people one by one; who gladly does all that the department does needs no list of skills."""
    reach = _reach(rows, company)
    persons: dict[str, list[Row]] = {}
    whole: dict[str, set[Cell]] = {}
    for row in rows:
        persons.setdefault(row.person, []).append(row)
        whole.setdefault(row.department, set()).update(reach[row.cells])
    roster: dict[str, Plain] = {}
    for person, own in persons.items():
        about: Plain = {"department": own[0].department}
        everything = set().union(*(reach[row.cells] for row in own)) == whole[own[0].department]
        if not everything or any(row.rank for row in own):
            skills = [{"cells": _box(row), "rank": row.rank} for row in own]
            about["skills"] = [skill for number, skill in enumerate(skills) if skill not in skills[:number]]
        paces = [row.pace for row in own if row.pace is not None]
        roster[person] = {**about, "pace": paces[0]} if paces else about
    return {"basis": "workers", "headcount": len(roster), "allocation": "explicit", "roster": roster}


def unknown_names(rows: Sequence[Row], company: Company, shown: str) -> Iterator[Diagnostic]:
    """Functions, products and segments that the company does not have."""
    known = (tuple(company.functions), tuple(company.products), tuple(company.segments))
    for row in rows:
        for axis, names, exist in zip(CELLS, row.cells, known, strict=True):
            for name in names or ():
                if name not in exist:
                    yield Diagnostic(f"{shown}:{row.line}", unknown_name(axis, name, exist, axis.rstrip("s")))


def wrong_cells(rows: Sequence[Row], structure: Plain, company: Company, shown: str) -> Iterator[Diagnostic]:
    """Cells that nobody does, and cells that two departments do."""
    found = partition(Structure.model_validate_json(json.dumps(structure)), company)
    for cell in found.uncovered:
        yield diagnostic(shown, "table", f"nobody does {cell_told(cell)}", "Every cell needs one department")
    for cell, departments in found.doubled.items():
        lines = [_line_of(rows, department, cell) for department in departments]
        does = " and by ".join(f"{name} (line {line})" for name, line in zip(departments, lines, strict=True))
        what = f"{cell_told(cell)} is done by {does}"
        yield diagnostic(f"{shown}:{max(lines)}", "department", what, "Every cell needs one department")


def other_mistakes(rows: Sequence[Row], plain: Plain, shown: str) -> Iterator[Diagnostic]:
    """What else the model has against departments and people: names, numbers."""
    for mistake in mistakes(plain):
        group, last = mistake.where.split(".", 1)[0], mistake.where.rsplit(".", 1)[-1]
        if mistake.where != "structure" and group in ("structure", "staffing") and last not in CELLS:
            yield Diagnostic(_place(rows, mistake, shown), mistake)


def _box(row: Row) -> Plain:
    return {
        axis: "all" if names is None else list(names) for axis, names in zip(CELLS, row.cells, strict=True)
    }


def _reach(rows: Sequence[Row], company: Company) -> dict[Axes, set[Cell]]:
    """The cells of work inside each box of the table."""
    cells, boxes = occurring_cells(company), dict.fromkeys(row.cells for row in rows)
    return {box: {cell for cell in cells if _inside(box, cell)} for box in boxes}


def _inside(box: Axes, cell: Cell) -> bool:
    return all(names is None or name in names for names, name in zip(box, cell, strict=True))


def _line_of(rows: Sequence[Row], department: str, cell: Cell) -> int:
    return next(row.line for row in rows if row.department == department and _inside(row.cells, cell))


def _place(rows: Sequence[Row], mistake: Mistake, shown: str) -> str:
    """The first line of the department or person that a mistake is about."""
    for row in rows:
        about = (f"structure.departments.{row.department}.", f"staffing.roster.{row.person}.")
        if f"{mistake.where}.".startswith(about):
            return f"{shown}:{row.line}"
    return shown
