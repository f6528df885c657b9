"""The files of a fit: a company with its structure, its staffing and a report, all or none.

Invariant: the same log and options give the same bytes; a file that somebody else wrote is never replaced.
"""

import argparse
import hashlib
import json
import shlex
from collections.abc import Callable, Container, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from sim.fit.tickets import Tickets
from sim.model.mistake import Mistake

MARK = "Fitted by orgdes fit"
TEXTBOOK = ("function", "customer", "product", "front_back", "pooled")
PUBLIC = {
    "fb133a5b70711d523bdbb95279d6bd86d975661ad3d23d23129bfe5121cea453": (
        "M. Polato, Dataset belonging to the help desk log of an Italian Company, 4TU.ResearchData, "
        "doi:10.4121/uuid:0c60edf1-6f83-4e75-9367-4c63b3e9d5bb."
    ),
}
"""SHA-256 of public logs and what to cite for them."""


def paths(out: Path, name: str) -> dict[str, Path]:
    """Where what is written."""
    return {
        "company": out / "company" / f"{name}.yaml",
        "structure": out / "structure" / f"{name}_today.yaml",
        "staffing": out / "staffing" / f"{name}.yaml",
        "staffing_today": out / "staffing" / f"{name}_today.yaml",
        "report": out / "fit_report.md",
        "numbers": out / "fit_report.json",
    }


def foreign(out: Path, name: str) -> list[Mistake]:
    """Config files in the way that no fit has written."""
    todo = "Choose another --name or --out"
    return [
        Mistake(str(path), "exists and was not written by orgdes fit", "", todo)
        for path in paths(out, name).values()
        if path.suffix == ".yaml" and path.exists() and not _fitted(path)
    ]


def unmakeable(out: Path) -> list[Mistake]:
    """Can the folder be made and written to? It is tried, and what was made is removed."""
    missing = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        out.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=out):
            return []
    except OSError as problem:
        what = f"{out} cannot be written to ({problem.strerror or problem})"
        return [Mistake("--out", what, "A folder of yours, or a path where one can be made")]
    finally:
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()


def _fitted(path: Path) -> bool:
    return path.is_file() and MARK in path.read_text(encoding="utf-8", errors="replace")[:200]


def write(
    options: argparse.Namespace,
    tickets: Tickets,
    levers: dict[str, dict[str, Any]],
    notify: Callable[[str], None],
) -> tuple[list[Path], str, dict[str, str]]:
    """Estimate, calibrate, check and write everything.

    Returns the paths, by how much times were missed, and structures that are not compared, with the reason.

    Raises
    ------
    BadScenario
        when the log says too little, or a lever is wrong; nothing is written then.
    """
    from sim.fit.calibrate import calibrate
    from sim.fit.check import change_of_selection, compare
    from sim.fit.company import headcount
    from sim.fit.estimate import estimate
    from sim.fit.observed import settle
    from sim.fit.report import changes, numbers

    found = estimate(tickets, options.session_hours, options.fit_share)
    notify(f"{int(found.used.sum()):,} tickets read and estimated; simulating today's teams")
    for note in changes(found):
        notify(note)
    for setting, why in settle(found, levers):
        options.set = [*(options.set or ()), setting]
        notify(f"--set '{setting}': {why}")
    calibration = calibrate(found, levers, notify)
    changed = change_of_selection(found)
    said = numbers(found, calibration, compare(found, calibration, changed), changed)
    without = left_out(found, headcount(found))
    texts = _texts(options, found, calibration, said, without)
    written = paths(options.out, options.name)
    for key, path in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(texts[key], encoding="utf-8", newline="\n")
    return list(written.values()), calibration.missed, without


def _texts(
    options: argparse.Namespace, found: Any, calibration: Any, said: dict[str, Any], without: Container[str]
) -> dict[str, str]:
    from sim.fit import company as built
    from sim.fit.render import markdown

    name, today = options.name, f"{options.name}_today"
    use = f"{MARK} from {_shown(options.log)}. Use: orgdes company={name}"
    source, command = _source(options), next_command(name, options.out, options.set or (), without)
    company = brings(name) | built.company(found, name, source, calibration.work, calibration.resting)
    return {
        "company": built.text(use, company),
        "structure": built.text(f"{use} structure={today}", built.structure(found, name)),
        "staffing": built.text(f"{use} staffing={name}", built.staffing(found, today=False)),
        "staffing_today": built.text(
            f"{use} structure={today} staffing={today}", built.staffing(found, today=True)
        ),
        "report": markdown(name, source, said, command),
        "numbers": json.dumps(said, indent=1) + "\n",
    }


def brings(name: str) -> dict[str, Any]:
    """The company comes with its own number of people, unless another staffing is chosen."""
    return {"defaults": [{"override /staffing@_global_.staffing": name}]}


def next_command(name: str, out: Path, settings: Sequence[str] = (), without: Container[str] = ()) -> str:
    """The comparison to run on what was written; `without`: structures that cannot be compared."""
    structures = ",".join((f"{name}_today", *(one for one in TEXTBOOK if one not in without)))
    words = ["orgdes", "--config-dir", str(out), f"company={name}", f"structure={structures}", *settings]
    return shlex.join(words)


def left_out(found: Any, people: int) -> dict[str, str]:
    """Structures that are not compared, and why: like another one, or with too few people for them."""
    from sim.fit.company import managers_of

    kinds = {
        "function": found.tickets.functions,
        "customer": found.segments.names,
        "product": found.products.names,
    }
    departments = {axis: len(names) for axis, names in kinds.items()}
    single = [axis for axis in ("customer", "product") if departments[axis] == 1]
    single += ["function", "front_back"] * (departments["function"] == 1)
    departments |= {"front_back": departments["customer"] + departments["product"]}
    short = [axis for axis, count in departments.items() if count + managers_of([1] * count) > people]
    return dict.fromkeys(short, "fewer people than such departments need") | dict.fromkeys(
        single, "the log shows one kind only"
    )


def _shown(log: Path) -> str:
    """The name of the log on one line."""
    return "".join(letter if letter.isprintable() else "?" for letter in log.name)


def _source(options: argparse.Namespace) -> str:
    digest = hashlib.sha256(options.log.read_bytes()).hexdigest()
    where = (options.source or PUBLIC.get(digest, "")).strip()
    how = f"Estimated by orgdes fit from {_shown(options.log)} (SHA-256 {digest[:16]}...)."
    return f"{where} {how}".strip()
