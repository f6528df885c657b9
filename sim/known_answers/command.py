"""``orgdes verify``: the simulator against exact answers, as a table with a verdict for every value.

Invariant: exit code 0 only when every case was run and no value failed; 1 when one failed, 2 for bad
arguments.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sim.known_answers.case import Case, Trace

if TYPE_CHECKING:
    from rich.table import Table

    from sim.known_answers.verdicts import Judged

DESCRIPTION = """Compare the simulator with exact answers of queueing theory and hand-worked traces.
quick takes about a minute, full several; docs/known-answers.md lists the settings of every case."""


def main(wanted: argparse.Namespace) -> int:
    """Run the suite.

    Parameters
    ----------
    wanted : the tier, ``quick`` or ``full``, and options.

    Returns
    -------
    Exit code: 0 every value passed, 1 one failed, 2 no such case.
    """
    from sim.known_answers.cases import named

    chosen = [case for start in wanted.case or [""] for case in named(start)]
    if not chosen:
        print(f"No case begins with {', '.join(wanted.case)}. Use --list to see all.", file=sys.stderr)
        return 2
    if wanted.list:
        for case in chosen:
            print(f"{case.name:20} {case.family:14} {case.title}")
        return 0
    if wanted.show:
        print("\n\n".join(shown(case) for case in chosen))
        return 0
    return report(chosen, wanted)


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.description = DESCRIPTION
    parser.add_argument("tier", nargs="?", choices=("quick", "full"), default="quick")
    parser.add_argument("--case", action="append", metavar="NAME", help="only cases whose name begins so")
    parser.add_argument("--engine", choices=("compiled", "simpy"), help="engine; default: the scenario's own")
    parser.add_argument("--list", action="store_true", help="name the cases and stop")
    parser.add_argument("--show", action="store_true", help="print the settings of the cases and stop")
    parser.add_argument("--plant", type=float, default=1.0, help=argparse.SUPPRESS)


def shown(case: Case | Trace) -> str:
    """A case as docs/known-answers.md lists it: heading, exact values, settings one a line."""
    values = "Given numbers, compared to 1e-9."
    if isinstance(case, Case):
        exact = case.exact()
        numbers = ", ".join(f"{name} {exact[name]:.6g}" for name in case.readings)
        values = f"Exact: {numbers}. Unit of time: {case.unit:.6g} h."
    settings = "\n".join(case.overrides)
    title = case.title[:1].upper() + case.title[1:]
    return f"### {case.name}\n\n{title}. {values}\n\n```text\n{settings}\n```"


def report(chosen: Sequence[Case | Trace], wanted: argparse.Namespace) -> int:
    """Run the cases one by one, show progress, then the table and a line that sums up."""
    from rich.console import Console
    from rich.progress import track

    from sim.known_answers.verdicts import TIERS, judge

    console, began = Console(), time.monotonic()
    found: list[Judged] = []
    for case in track(chosen, description="verifying", console=console, transient=True):
        found += judge(case, TIERS[wanted.tier], wanted.engine, wanted.plant)
    console.print(table(found, wanted.tier))
    failed = [value for value in found if value.verdict == "fail"]
    rough = sum(value.verdict == "too rough" for value in found)
    passed = len(found) - len(failed) - rough
    seconds = time.monotonic() - began
    counts = f"{len(found)} values: {passed} pass, {len(failed)} fail, {rough} too rough at this length"
    console.print(f"{len(chosen)} cases, {counts} ({seconds:.0f} s)")
    return 1 if failed else 0


def table(found: Iterable[Judged], tier: str) -> Table:
    """A row for each value: exact, estimate, half-width of its 95 % interval, verdict."""
    from rich.table import Table

    # 79 columns, so that nothing is cut on a terminal of the usual width.
    shown = Table(title=f"Known answers, {tier}", title_justify="left", box=None, padding=(0, 1, 0, 0))
    for column in ("case", "value"):
        shown.add_column(column, no_wrap=True)
    for column in ("exact", "estimate", "95 %"):
        shown.add_column(column, justify="right", no_wrap=True)
    shown.add_column("off by", justify="right", no_wrap=True)
    shown.add_column("verdict", no_wrap=True)
    colours = {"pass": "green", "fail": "bold red", "too rough": "yellow"}
    last = ""
    for value in found:
        shown.add_row(
            value.case if value.case != last else "",
            value.value,
            f"{value.exact:.5g}",
            f"{value.estimate:.5g}",
            f"± {value.half_width:.2g}" if value.half_width else "",
            distance(value),
            f"[{colours[value.verdict]}]{value.verdict}[/]",
        )
        last = value.case
    return shown


def distance(value: Judged) -> str:
    """Distance from the exact value, as a share of it where there is one; nothing where every bit agrees."""
    gap = value.estimate - value.exact
    if gap == 0.0:
        return ""
    return f"{100 * gap / abs(value.exact):+.2f} %" if value.exact else f"{gap:+.2g}"
