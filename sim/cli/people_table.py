"""A table of people and departments, as charts and head counts are kept, read with the line of every row.

Invariant: whatever the file holds, the result is rows and a list of mistakes, each with its line.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.config.diagnostics import Diagnostic, diagnostic
from sim.model.mistake import Mistake, nearest
from sim.tables.content import BadTable
from sim.tables.reading import Table, read

NEEDED = ("person", "department")
CELLS = ("functions", "products", "segments")
EXTRA = ("rank", "pace")
COLUMNS = (*NEEDED, *CELLS, *EXTRA)
USUAL = {
    "person": ("name", "full name", "employee", "employee name", "display name", "worker", "id"),
    "department": ("dept", "department name", "team", "unit", "org unit", "group", "division"),
    "id": ("employee id", "emp id", "person id", "staff id", "employee number", "no"),
    "leader": ("reports to", "manager", "manager id", "manager name", "line manager", "supervisor", "boss"),
}
"""How head counts call what is needed here; the first that is there counts."""
MOST_ROWS = 200_000
LONGEST = 64

Names = tuple[str, ...] | None
"""Names on an axis; None stands for all."""
Axes = tuple[Names, Names, Names]
"""Names of functions, products and segments: a box of the work cube."""


@dataclass(frozen=True)
class Row:
    """What a line says: a person, where he or she works, what he or she may do, how gladly and how fast."""

    line: int
    person: str
    department: str
    cells: Axes
    rank: int = 0
    pace: float | None = None


@dataclass
class PeopleTable:
    """The rows of a table, what is wrong with it, and what its reader should know."""

    rows: list[Row] = field(default_factory=list)
    found: list[Diagnostic] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_people_table(path: Path, shown: str) -> PeopleTable:
    """The rows of a table and what is wrong with it; `shown` is the file's name in messages."""
    try:
        table = read(path, most_rows=MOST_ROWS)
    except BadTable as problem:
        return PeopleTable(found=[_of_table(shown, mistake) for mistake in problem.mistakes])
    columns, found = _columns(list(table.columns), f"{shown}:1")
    if found:
        return PeopleTable(found=found)
    read_as = [
        f'column "{name}" is read as {meaning}' for name, meaning in columns.items() if name != meaning
    ]
    unused = [f'column "{name}" is not used' for name in table.columns if name not in columns]
    people = PeopleTable(notes=[*table.notes, *read_as, *unused])
    records = [
        (line, {columns[name]: text for name, text in record.items() if name in columns})
        for line, record in table.records()
    ]
    _told_apart(records)
    managers, people.found = _managers(records, shown)
    for line, given in records:
        if line in managers:
            continue
        row, wrong = _row(table, line, given, f"{shown}:{line}")
        people.rows += [row] if row is not None else []
        people.found += wrong
    if managers:
        one = len(managers) == 1
        what = "leads others is a manager and does" if one else "lead others are managers and do"
        people.notes.append(f"{len(managers)} who {what} no work: staffing.span has them")
    people.found += _persons(people.rows, shown)
    return people


def _of_table(shown: str, mistake: Mistake) -> Diagnostic:
    line = mistake.where.rpartition(":")[2]
    place = f"{shown}:{line}" if line.isdigit() else shown
    return diagnostic(place, "table", mistake.what, mistake.allowed, mistake.todo)


def _columns(names: Sequence[str], place: str) -> tuple[dict[str, str], list[Diagnostic]]:
    """Column -> what it means; other columns are left out, unless one of those needed was meant."""
    plain = {name: " ".join(name.lower().replace("_", " ").replace("-", " ").split()) for name in names}
    meant: dict[str, str] = {}
    for meaning in (*COLUMNS, "id", "leader"):
        for usual in (meaning, *USUAL.get(meaning, ())):
            match = [name for name in names if plain[name] == usual and name not in meant]
            if match:
                meant[match[0]] = meaning
                break
    found = []
    for name in names:
        near = nearest(plain[name], COLUMNS)
        if name not in meant and near and near not in meant.values():
            known = f"Known: {', '.join(COLUMNS)}"
            found.append(diagnostic(place, "heading", f'unknown column "{name}"', known, "", near))
    for name in NEEDED:
        if name not in meant.values():
            what = f'column "{name}" is missing'
            found.append(diagnostic(place, "heading", what, f"Needed: {', '.join(NEEDED)}"))
    return meant, found


def _told_apart(records: Sequence[tuple[int, dict[str, str]]]) -> None:
    """People of one name with different numbers get their number behind it."""
    people = {(given["person"], given.get("id", "")) for _, given in records}
    shared = {name for name, times in Counter(name for name, _ in people).items() if times > 1}
    for _, given in records:
        if given["person"] in shared and given.get("id"):
            given["person"] += f" ({given['id']})"


def _managers(records: Sequence[tuple[int, dict[str, str]]], shown: str) -> tuple[set[int], list[Diagnostic]]:
    """Lines of those who lead others, but for departments that would have nobody else; circles are told."""
    by_number = {given["id"]: line for line, given in records if given.get("id")}
    by_name = {given["person"]: line for line, given in records}
    above = {
        line: by_number.get(leader, by_name.get(leader))
        for line, given in records
        if (leader := given.get("leader"))
    }
    leading = {line for line in above.values() if line is not None}
    working = {given["department"] for line, given in records if line not in leading}
    managers = {
        line for line, given in records if line in leading and given["department"] in ({""} | working)
    }
    names = {line: given["person"] for line, given in records}
    return managers, list(_circles(above, names, shown))


def _circles(above: Mapping[int, int | None], names: Mapping[int, str], shown: str) -> Iterator[Diagnostic]:
    """Reporting lines that come back to where they began, each once."""
    done: set[int] = set()
    for first in above:
        way: list[int] = []
        step: int | None = first
        while step is not None and step not in done and step not in way:
            way.append(step)
            step = above.get(step)
        if step is not None and step in way:
            circle = " -> ".join(names[line] for line in [*way[way.index(step) :], step])
            yield diagnostic(
                f"{shown}:{step}", "manager", f"{circle} is a circle", "Somebody reports to nobody in it"
            )
        done.update(way)


def _row(
    table: Table, line: int, given: Mapping[str, str], place: str
) -> tuple[Row | None, list[Diagnostic]]:
    found = [diagnostic(place, name, "is empty", "A name") for name in NEEDED if not given[name]]
    found += [diagnostic(place, name, "is empty", "Names separated by ;, or all")
              for name in CELLS if given.get(name) == ""]  # fmt: skip
    found += [
        diagnostic(place, name, f"has {len(given[name])} letters", f"At most {LONGEST}")
        for name in NEEDED
        if len(given[name]) > LONGEST
    ]
    cells = (_names(given.get(name, "all")) for name in CELLS)
    rank, pace = given.get("rank", ""), table.point(given.get("pace", ""))
    if rank and not rank.isdecimal():
        found.append(
            diagnostic(place, "rank", f'is the text "{rank}"', "A whole number, 0 for the first choice")
        )
    if pace and not _is_pace(pace):
        what = f'"{pace}" uses a comma' if "," in pace else f'is the text "{pace}"'
        found.append(diagnostic(place, "pace", what, "A number above 0; 1 is average, 2 takes twice as long"))
    if found:
        return None, found
    first, second, third = cells
    row = Row(
        line,
        given["person"],
        given["department"],
        (first, second, third),
        int(rank or 0),
        float(pace) if pace else None,
    )
    return row, []


def _names(text: str) -> Names:
    """Names of a cell, each once.

    >>> _names("intake; advice;intake"), _names("All")
    (('intake', 'advice'), None)
    """
    if text.lower() == "all":
        return None
    return tuple(dict.fromkeys(name.strip() for name in text.split(";") if name.strip()))


def _is_pace(text: str) -> bool:
    try:
        return 0.0 < float(text) < float("inf")
    except ValueError:
        return False


def _persons(rows: Sequence[Row], shown: str) -> Iterator[Diagnostic]:
    """A person has one department and one pace, on however many lines."""
    first: dict[str, Row] = {}
    paced: dict[str, Row] = {}
    for row in rows:
        before = first.setdefault(row.person, row)
        if before.department != row.department:
            what = (
                f'"{row.person}" works in "{before.department}" (line {before.line}) and "{row.department}"'
            )
            yield diagnostic(f"{shown}:{row.line}", "department", what, "One department for each person")
        if row.pace is not None:
            earlier = paced.setdefault(row.person, row)
            if earlier.pace != row.pace:
                what = f'"{row.person}" has the pace {earlier.pace:g} (line {earlier.line}) and {row.pace:g}'
                yield diagnostic(f"{shown}:{row.line}", "pace", what, "One pace for each person")
