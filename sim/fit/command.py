"""`orgdes fit LOG --name NAME --out DIR`: a ticket log becomes a company with the structure it has today.

Invariant: nothing is written unless everything could be estimated; bad input ends with exit code 2 and every
mistake at once.
"""

import argparse
import re
import sys
from datetime import tzinfo
from pathlib import Path
from typing import Any

from sim.model.mistake import BadScenario, Mistake, nearest

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)),
}
KINDS = "CSV, XLSX, Parquet or XES, also gzipped or zipped"
LEVERS = ("people", "coordination", "customers")
COLUMNS = {
    "case": "column of the ticket an event belongs to",
    "activity": "column of what was done",
    "time": "column of when it was finished",
    "start": "column of when it was begun, if there is one",
    "resource": "column of who did it",
    "customer": "column of the customer",
    "product": "column of what the ticket is about",
    "lifecycle": "column of the life-cycle step; only finished ones are used",
}
MANY = {
    "attribute": ("COLUMN", "column that may describe customers; may be repeated; found when missing"),
    "outside": (
        "ACTIVITY",
        "activity that begins a wait outside the company; may be repeated; found when missing",
    ),
    "closing": ("ACTIVITY", "activity that only closes a ticket; may be repeated; found when missing"),
    "set": ("KEY=VALUE", "what no log shows, as in people.learning_rate=0.75; may be repeated"),
}
SINGLE = {
    "time-format": ("FORM", "form of the times, as in '%%d/%%m/%%Y %%H:%%M'; recognised when missing"),
    "time-zone": ("ZONE", "zone of the opening hours, such as Europe/Rome; times as they stand when missing"),
    "sheet": ("NAME", "sheet of a workbook or file of an archive, where there are several"),
    "encoding": ("NAME", "encoding of a text, such as cp1250; recognised when missing"),
    "source": ("TEXT", "where the log comes from, written into the company file"),
}
NUMBERS = {
    "session-hours": ("HOURS", 2.0, "longest gap between two events that counts as effort (2)"),
    "fit-share": ("SHARE", 0.7, "part of the tickets used for fitting; the others check it (0.7)"),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.description = f"Turn a ticket log ({KINDS}) into a company and the structure it has today."
    parser.add_argument("log", type=Path, metavar="LOG", help=f"the log: {KINDS}")
    parser.add_argument("--name", required=True, help="name of the company, used in file names")
    parser.add_argument(
        "--out", required=True, type=Path, metavar="DIR", help="folder for config files and report"
    )
    for option, text in COLUMNS.items():
        parser.add_argument(f"--{option}", metavar="COLUMN", help=text)
    for option, (metavar, text) in MANY.items():
        parser.add_argument(f"--{option}", action="append", metavar=metavar, help=text)
    for option, (metavar, text) in SINGLE.items():
        parser.add_argument(f"--{option}", metavar=metavar, help=text)
    for option, (metavar, usual, text) in NUMBERS.items():
        parser.add_argument(f"--{option}", type=float, default=usual, metavar=metavar, help=text)


def main(options: argparse.Namespace) -> int:
    """Run the command; returns 0, 1 for a fit that misses its target, or 2 for bad input."""
    try:
        return _fit(options)
    except BadScenario as problem:
        for mistake in problem.mistakes:
            print(mistake, file=sys.stderr)
        count = len(problem.mistakes)
        print(f"{count} {'mistake' if count == 1 else 'mistakes'}; nothing was written.", file=sys.stderr)
        return 2


def _fit(options: argparse.Namespace) -> int:
    from sim.fit.columns import choose
    from sim.fit.events import gather
    from sim.fit.files import next_command, write
    from sim.fit.roles import assign
    from sim.fit.table import read
    from sim.fit.tickets import arrange

    zone, levers = _checked(options)
    table = read(options.log, options.sheet, options.encoding)
    columns = choose(table, {name: getattr(options, name) for name in COLUMNS}, options.attribute or ())
    events = gather(table, columns, options.time_format, zone)
    tickets = arrange(events, assign(events, options.outside, options.closing))
    written, missed, without = write(options, tickets, levers, lambda line: print(line, flush=True))
    for path in written:
        print(f"wrote {path}")
    if missed:
        print(f"Not fit for use: {missed}.", file=sys.stderr)
        return 1
    for why in dict.fromkeys(without.values()):
        print(f"Not compared ({why}): {', '.join(one for one in without if without[one] == why)}.")
    print(f"Next:\n{next_command(options.name, options.out, options.set or (), without)}")
    return 0


def _checked(options: argparse.Namespace) -> tuple[tzinfo | None, dict[str, dict[str, Any]]]:
    """Time zone and levers; mistakes of the options that need no log."""
    from sim.fit.files import foreign, unmakeable

    found: list[Mistake] = []
    if not NAME.fullmatch(options.name) or options.name.lower() in RESERVED:
        allowed = "Letters, digits, - and _; 1 to 64; not a reserved name"
        found.append(Mistake("--name", f'"{options.name[:70]}" is no name', allowed))
    if not 0 < options.session_hours <= 1000:
        found.append(
            Mistake("--session-hours", f"{options.session_hours} is not allowed", "More than 0, at most 1000")
        )
    if not 0.1 <= options.fit_share <= 1:
        found.append(Mistake("--fit-share", f"{options.fit_share} is not allowed", "0.1 to 1"))
    found += unmakeable(options.out)
    if not options.log.is_file():
        what = "is a folder" if options.log.is_dir() else "does not exist"
        found.append(Mistake("LOG", f"{options.log} {what}", KINDS))
    if not found:
        found += foreign(options.out, options.name)
    zone, levers = _zone(options, found), _levers(options, found)
    if found:
        raise BadScenario(found)
    return zone, levers


def _zone(options: argparse.Namespace, found: list[Mistake]) -> tzinfo | None:
    if not options.time_zone:
        return None
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(options.time_zone)
    except (KeyError, ValueError, OSError):
        allowed = "A name such as Europe/Rome"
        found.append(Mistake("--time-zone", f'unknown time zone "{options.time_zone}"', allowed))
        return None


def _levers(options: argparse.Namespace, found: list[Mistake]) -> dict[str, dict[str, Any]]:
    """Settings given with --set, by group; the model itself checks their keys and values."""
    import yaml

    levers: dict[str, dict[str, Any]] = {}
    for setting in options.set or ():
        path, equals, text = setting.partition("=")
        group, *keys = path.split(".")
        if not equals or group not in LEVERS or not keys or not all(keys):
            allowed = f"GROUP.KEY=VALUE with a group of {', '.join(LEVERS)}"
            found.append(
                Mistake("--set", f'"{setting}" is no setting', allowed, suggestion=nearest(group, LEVERS))
            )
            continue
        inside: Any = levers.setdefault(group, {})
        try:
            value = yaml.safe_load(text)
            for key in keys[:-1]:
                inside = inside.setdefault(key, {})
            inside[keys[-1]] = value
        except (yaml.YAMLError, ValueError, RecursionError):
            todo = "Close brackets and quotation marks"
            found.append(Mistake("--set", f'"{setting[:80]}" cannot be read', "", todo))
        except (AttributeError, TypeError):
            found.append(Mistake("--set", f'"{setting[:80]}" goes below a value', "", "Set one of the two"))
    return levers
