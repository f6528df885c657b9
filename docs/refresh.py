"""Runs the default comparison and its staffing, and puts their tables, words and picture into README.md.

    python docs/refresh.py                  # after a change that alters numbers; about two minutes
    python docs/refresh.py FOLDER STAFFED   # the same from results that are there

Invariant: no number of the README's first result is typed by hand.
"""

import io
import os
import re
import sys
import tempfile
from pathlib import Path
from textwrap import fill

import pandas as pd
from rich.console import Console

from sim import compare, load_results
from sim.analysis.compare import Comparison
from sim.figures import decomposition_bars, png
from sim.figures.kinds import kind_of
from sim.report.console import print_staffing, print_tables
from sim.report.layout import lay_out
from sim.report.same_service import findings, staffing_of
from sim.study.results import Results

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "images" / "first-result.png"
WIDTH = 80
SPEED = "response_time_mean"
STAFF = ("staff", "target.within_promise=0.9")


def results_of(folder: str | None, *command: str) -> Results:
    """Results of a command, run anew where no folder is given."""
    if folder is None:
        from sim.cli import main

        folder = str(Path(tempfile.mkdtemp()) / "run")
        os.environ["COLUMNS"] = str(WIDTH)
        if main([*command, f"sweep.folder={folder}"]) != 0:
            raise SystemExit(f"orgdes {' '.join(command)} failed")
    return load_results(folder)


def staffed(results: Results) -> str:
    """The people that the same service takes: the table as the command prints it, and the headline."""
    found = staffing_of(results)
    if found is None:
        raise SystemExit(f"{results.folder} holds no staffing")
    page = io.StringIO()
    print_staffing(found, Console(file=page, width=WIDTH))
    table = "\n".join(line.rstrip() for line in page.getvalue().strip("\n").split("\n\n")[0].splitlines())
    first, second, *_ = findings(found)
    return f"```text\n{table}\n```\n\n{fill(f'**{first.text}** {second.text}', 110)}"


def printed(comparison: Comparison) -> tuple[str, str]:
    """The table as the command prints it, and the answer in words below it."""
    page = io.StringIO()
    print_tables(comparison, Console(file=page, width=WIDTH))
    table = "\n".join(line.rstrip() for line in page.getvalue().strip("\n").split("\n\n")[0].splitlines())
    (group,) = lay_out(comparison).groups
    told = (*group.summary, *group.details)
    points = [fill(f"* **{each.label}.** {each.text}", 110, subsequent_indent="  ") for each in told]
    return table, "\n".join(points)


def parts(results: Results) -> pd.DataFrame:
    """structure, kind, hours: mean hours per resolved request over the replications."""
    rows = results.extras["decomposition"]
    named = results.scenarios[["scenario", "structure"]]
    rows = rows[rows["scope"] == "company"].merge(named, on="scenario")
    count = results.results["replication"].nunique()
    hours = rows.groupby(["structure", "kind"])["hours"].sum() / count
    order = named["structure"].tolist()
    return hours.reset_index().sort_values("structure", key=lambda names: names.map(order.index))


def explanation(hours: pd.DataFrame, reference: str) -> str:
    """Where the hours go under the first structure and under the fastest."""
    table = hours.pivot_table(index="structure", columns="kind", values="hours").fillna(0.0)
    fastest = str(table.sum(axis=1).idxmin())
    if fastest == reference:
        return (_spent(table, reference) + _same(table, reference)).strip()
    return f"{_spent(table, reference)}{_spent(table, fastest)}{_same(table, reference)}".strip()


def _spent(table: pd.DataFrame, structure: str) -> str:
    largest = table.loc[structure].sort_values(ascending=False).head(3)
    told = [f"{value:.1f} are {kind_of(str(kind)).label}" for kind, value in largest.items()]
    total = float(table.loc[structure].sum())
    return f"Of {total:.1f} h under `{structure}`, {told[0]}, {told[1]} and {told[2]}. "


def _same(table: pd.DataFrame, structure: str) -> str:
    work = float(table.loc[structure, "work"])
    return (
        f"The work itself ({work:.1f} h) hardly differs, because every structure meets the same requests; "
        "the rest is what the organisation adds. "
    )


def put(name: str, text: str) -> None:
    """Replace a marked block of the README."""
    page = ROOT / "README.md"
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.S)
    new, count = pattern.subn(lambda block: f"{block[1]}{text}\n{block[2]}", page.read_text(encoding="utf-8"))
    if count != 1:
        raise SystemExit(f"README.md has {count} blocks <!-- {name} -->")
    page.write_text(new, encoding="utf-8")


def first_result(results: Results) -> str:
    """The block of the README: table, answer in words, where the hours go."""
    table, answer = printed(compare(results))
    hours = parts(results)
    why = explanation(hours, hours["structure"].iloc[0])
    return "\n\n".join([f"```text\n{table}\n```", answer, fill(why, 110)])


def main() -> None:
    """Run, or read the folder named on the command line, and rewrite block and picture."""
    first, second = [*sys.argv[1:], None, None][:2]
    results = results_of(first)
    put("first result", first_result(results))
    put("staffing", staffed(results_of(second, *STAFF)))
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    png(decomposition_bars(parts(results)), str(PICTURE), dots_per_inch=110)


if __name__ == "__main__":
    main()
