"""`orgdes import-people TABLE --name NAME --company COMPANY --out DIR`: a table becomes a structure.

Invariant: nothing is written while a mistake is known, and no file that somebody else wrote is replaced.
"""

import argparse
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.config.diagnostics import COMMAND_LINE, Diagnostic, Refused, diagnostic

if TYPE_CHECKING:
    from sim.cli.people_table import Row
    from sim.model.company import Company

MARK = "Written by orgdes import-people"
MARKS = (MARK, "Written by orgdes chart")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.description = (
        "Turn a table of people and departments into a structure and its staffing. Head counts "
        "with the usual columns are read too: name, department, manager."
    )
    parser.epilog = (
        "Columns: person, department; functions, products, segments (names separated by ;, or all; "
        "all where the column is missing); rank (0 is a first choice) and pace (1 is average) as you like. "
        "One row for each person, or several for a person with several skills."
    )
    parser.add_argument("table", type=Path, metavar="TABLE", help="the table, a CSV file")
    parser.add_argument("--name", required=True, help="name of the structure, used in file names")
    parser.add_argument("--company", required=True, help="the company whose work is divided")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder of your config files")


def main(options: argparse.Namespace) -> int:
    """Run the command; returns 0, or 2 for bad input."""
    try:
        written = _written_files(options)
    except Refused as refusal:
        print(str(refusal).replace("nothing was run.", "nothing was written."), file=sys.stderr)
        return 2
    for path in written:
        print(f"wrote {path}")
    print("Next:\n" + "\n".join(next_commands(options)))
    return 0


def next_commands(options: argparse.Namespace) -> list[str]:
    """The company as it is, and the same number of people in other structures."""
    from sim.cli.people_table import read_people_table

    people = len({row.person for row in read_people_table(options.table, "").rows})
    begin = ["orgdes", "--config-dir", str(options.out), f"company={options.company}"]
    others = [f"structure={options.name},function,customer,product", "staffing=default"]
    size = ["staffing.basis=workers", f"staffing.headcount={people}"]
    return [
        shlex.join([*begin, f"structure={options.name}", f"staffing={options.name}"]),
        shlex.join([*begin, *others, *size]),
    ]


def _written_files(options: argparse.Namespace) -> list[Path]:
    """Read, check, write.

    Raises
    ------
    Refused
        with every mistake.
    """
    from sim.cli.people_plan import by_names, company_of, staffing_of, structure_of, unknown_names
    from sim.cli.people_table import PeopleTable, read_people_table

    found = _options(options)
    plain, wrong = _plain(options)
    shown = str(options.table)
    table = read_people_table(options.table, shown) if options.table.is_file() else PeopleTable()
    for note in table.notes:
        print(f"note: {note}", file=sys.stderr)
    found += [*wrong, *table.found]
    if plain is None or not table.rows:
        raise Refused(found)
    company, source = company_of(plain), f"{options.table.name}, read by orgdes import-people."
    rows, unsaid = by_names(table.rows, company, shown)
    if unsaid:
        raise Refused([*found, *unsaid])
    structure, staffing = structure_of(rows, options.name, source), staffing_of(rows, company)
    found += unknown_names(rows, company, shown)
    if not table.found:  # a row that could not be read leaves holes of its own
        whole = {**plain, "structure": structure, "staffing": {**plain["staffing"], **staffing}}
        found += _of_the_whole(rows, whole, company, shown)
    if found:
        raise Refused(found)
    return _write(options, structure, staffing)


def _of_the_whole(
    rows: "list[Row]", whole: dict[str, Any], company: "Company", shown: str
) -> list[Diagnostic]:
    """What is wrong with the division of work, and with departments and people."""
    from sim.cli.people_plan import other_mistakes, wrong_cells

    return [*other_mistakes(rows, whole, shown), *wrong_cells(rows, whole["structure"], company, shown)]


def _options(options: argparse.Namespace) -> list[Diagnostic]:
    """What is wrong with the command line itself."""
    from sim.fit.command import NAME, RESERVED

    found = []
    if not NAME.fullmatch(options.name) or options.name.lower() in RESERVED:
        allowed = "Letters, digits, - and _; 1 to 64; not a reserved name"
        found.append(diagnostic(COMMAND_LINE, "--name", f'"{options.name[:70]}" is no name', allowed))
    if not options.table.is_file():
        what = "is a folder" if options.table.is_dir() else "does not exist"
        found.append(diagnostic(COMMAND_LINE, "TABLE", f"{options.table} {what}", "A CSV file"))
    if options.out.exists() and not options.out.is_dir():
        allowed = "A folder, or a path where one can be made"
        found.append(diagnostic(COMMAND_LINE, "--out", f"{options.out} is a file", allowed))
    elif not found:
        found += [
            diagnostic(COMMAND_LINE, str(path), f"exists and was not {MARK[0].lower()}{MARK[1:]}",
                 "", "Choose another --name or --out")
            for path in _paths(options)
            if path.exists() and not _own(path)
        ]  # fmt: skip
    return found


def _plain(options: argparse.Namespace) -> tuple[dict[str, Any] | None, list[Diagnostic]]:
    """The composed scenario of the company, from the shipped files and those in the folder."""
    from sim.config.loading import load_plain
    from sim.model.check import BadScenario, mistakes

    folder = options.out if options.out.is_dir() else None
    try:
        plain = load_plain([f"company={options.company}"], folder)
    except BadScenario as problem:
        return None, [Diagnostic("", mistake) for mistake in problem.mistakes]
    wrong = [mistake for mistake in mistakes(plain) if mistake.where.startswith("company")]
    return (None if wrong else plain), [Diagnostic("", mistake) for mistake in wrong]


def _paths(options: argparse.Namespace) -> tuple[Path, Path]:
    file = f"{options.name}.yaml"
    return options.out / "structure" / file, options.out / "staffing" / file


def _own(path: Path) -> bool:
    beginning = path.read_text(encoding="utf-8", errors="replace")[:200] if path.is_file() else ""
    return any(mark in beginning for mark in MARKS)


def _write(options: argparse.Namespace, structure: dict[str, Any], staffing: dict[str, Any]) -> list[Path]:
    from sim.fit.company import text

    paths, chosen = _paths(options), f"company={options.company} structure={options.name}"
    uses = (chosen, f"{chosen} staffing={options.name}")
    for path, use, content in zip(paths, uses, (structure, staffing), strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        header = f"{MARK} from {options.table.name}. Use: orgdes {use}"
        path.write_text(text(header, content), encoding="utf-8", newline="\n")
    return list(paths)
