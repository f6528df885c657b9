"""`orgdes fit LOG --name NAME --out DIR`: a ticket log becomes a company with the structure it is in today.

Invariant: nothing is written unless everything could be estimated; bad input ends with exit code 2 and every
mistake at once.
"""

import argparse
import hashlib
import json
import re
import shlex
import sys
from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any

from sim.model.mistake import BadScenario, Mistake

MARK = "Fitted by orgdes fit"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)),
}
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


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    result = argparse.ArgumentParser(
        prog="orgdes fit",
        allow_abbrev=False,
        description="Turn a ticket log (CSV or XES, also .gz) into a company and the structure it has today.",
    )
    result.add_argument("log", type=Path, metavar="LOG", help="the log: CSV or XES, also .gz")
    result.add_argument("--name", required=True, help="name of the company, used in file names")
    result.add_argument(
        "--out",
        required=True,
        type=Path,
        metavar="DIR",
        help="folder for the config files and the fit report",
    )
    for option, text in COLUMNS.items():
        result.add_argument(f"--{option}", metavar="COLUMN", help=text)
    result.add_argument(
        "--attribute",
        action="append",
        default=[],
        metavar="COLUMN",
        help="column that may describe customers; may be repeated",
    )
    result.add_argument(
        "--time-format",
        metavar="FORM",
        help="form of the times, as in '%%d/%%m/%%Y %%H:%%M'; ISO 8601 when missing",
    )
    result.add_argument(
        "--time-zone",
        metavar="ZONE",
        help="zone of the opening hours, such as Europe/Rome; times as they stand when missing",
    )
    result.add_argument(
        "--outside",
        action="append",
        metavar="ACTIVITY",
        help="activity that begins a wait outside the company; may be repeated",
    )
    result.add_argument(
        "--closing",
        action="append",
        metavar="ACTIVITY",
        help="activity that only closes a ticket; may be repeated; found when missing",
    )
    result.add_argument(
        "--session-hours",
        type=float,
        default=2.0,
        metavar="H",
        help="longest gap between two events that counts as effort (2)",
    )
    result.add_argument(
        "--fit-share",
        type=float,
        default=0.7,
        metavar="SHARE",
        help="part of the tickets used for fitting, the rest checks it (0.7)",
    )
    result.add_argument(
        "--source", default="", metavar="TEXT", help="where the log comes from, written into the company file"
    )
    return result


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns 0, or 2 for bad input."""
    try:
        options = parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
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
    from sim.fit.roles import assign
    from sim.fit.table import read
    from sim.fit.tickets import arrange

    zone = _checked(options)
    table = read(options.log)
    columns = choose(table, {name: getattr(options, name) for name in COLUMNS}, options.attribute)
    events = gather(table, columns, options.time_format, zone)
    tickets = arrange(events, assign(events, options.outside, options.closing))
    return _write(options, tickets)


def _checked(options: argparse.Namespace) -> tzinfo | None:
    """Mistakes of the options that need no log."""
    found = []
    if not NAME.fullmatch(options.name) or options.name.lower() in RESERVED:
        found.append(
            Mistake(
                "--name",
                f'"{options.name[:70]}" is no name',
                "Letters, digits, - and _; 1 to 64; not a reserved name",
            )
        )
    if not 0 < options.session_hours <= 1000:
        found.append(
            Mistake(
                "--session-hours", f"{options.session_hours} is not allowed", "More than 0 and at most 1000"
            )
        )
    if not 0.1 <= options.fit_share <= 1:
        found.append(Mistake("--fit-share", f"{options.fit_share} is not allowed", "0.1 to 1"))
    if options.out.exists() and not options.out.is_dir():
        found.append(
            Mistake("--out", f"{options.out} is a file", "A folder, or a path where one can be made")
        )
    if not options.log.is_file():
        found.append(
            Mistake(
                "LOG",
                f"{options.log} {'is a folder' if options.log.is_dir() else 'does not exist'}",
                "A CSV or XES file, also gzipped",
            )
        )
    for path in _paths(options.out, options.name).values():
        if (
            path.suffix == ".yaml"
            and path.exists()
            and MARK not in path.read_text(encoding="utf-8", errors="replace")[:200]
        ):
            found.append(
                Mistake(
                    str(path),
                    "exists and was not written by orgdes fit",
                    "",
                    "Choose another --name or --out",
                )
            )
    zone = None
    if options.time_zone:
        from zoneinfo import ZoneInfo

        try:
            zone = ZoneInfo(options.time_zone)
        except (KeyError, ValueError, OSError):
            found.append(
                Mistake(
                    "--time-zone", f'unknown time zone "{options.time_zone}"', "A name such as Europe/Rome"
                )
            )
    if found:
        raise BadScenario(found)
    return zone


def _paths(out: Path, name: str) -> dict[str, Path]:
    return {
        "company": out / "company" / f"{name}.yaml",
        "structure": out / "structure" / f"{name}_today.yaml",
        "staffing": out / "staffing" / f"{name}.yaml",
        "staffing_today": out / "staffing" / f"{name}_today.yaml",
        "report": out / "fit_report.md",
        "numbers": out / "fit_report.json",
    }


def _write(options: argparse.Namespace, tickets: Any) -> int:
    from sim.fit import company as built
    from sim.fit.calibrate import calibrate
    from sim.fit.check import change_of_selection, compare
    from sim.fit.estimate import estimate
    from sim.fit.report import numbers
    from sim.fit.telling import markdown

    found = estimate(tickets, options.session_hours, options.fit_share)
    print(f"{int(found.used.sum()):,} tickets read and estimated; simulating today's teams", flush=True)
    calibration = calibrate(found, lambda line: print(f"  {line}", flush=True))
    changed = change_of_selection(found)
    said = numbers(found, calibration, compare(found, calibration, changed), changed)
    workers = built.seats(found)
    managers = built.managers_of(list(workers.values()))
    source, command = _source(options), next_command(options.name, options.out)
    header = f"{MARK} from {options.log.name}. Use: orgdes "
    name, today = options.name, f"{options.name}_today"
    texts = {
        "company": built.text(
            f"{header}company={name} staffing={name}",
            built.company(found, name, source, calibration.work, calibration.rest),
        ),
        "structure": built.text(
            f"{header}company={name} structure={today} staffing={name}", built.structure(found, name)
        ),
        "staffing": built.text(
            f"{header}company={name} staffing={name}", built.staffing(found, False, managers)
        ),
        "staffing_today": built.text(
            f"{header}company={name} structure={today} staffing={today}",
            built.staffing(found, True, managers),
        ),
        "report": markdown(name, source, said, command),
        "numbers": json.dumps(said, indent=1) + "\n",
    }
    for key, path in _paths(options.out, name).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(texts[key], encoding="utf-8", newline="\n")
        print(f"wrote {path}")
    print(f"Next:\n{command}")
    return 0


def next_command(name: str, out: Path) -> str:
    """The comparison to run on what was written."""
    structures = f"{name}_today,function,customer,product,front_back,pooled"
    return (
        f"orgdes --config-dir {shlex.quote(str(out))} company={name} staffing={name} structure={structures}"
    )


def _source(options: argparse.Namespace) -> str:
    digest = hashlib.sha256(options.log.read_bytes()).hexdigest()[:16]
    how = f"Estimated by orgdes fit from {options.log.name} (SHA-256 {digest}...)."
    return f"{options.source.strip()} {how}".strip()
