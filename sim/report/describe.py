"""What was compared, for a reader who did not run it: company, structures, departments with their people.

Invariant: everything is read from stored results; what differs between scenarios is left out, not guessed.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from sim.report import tidy
from sim.report.page_data import Grid
from sim.report.view import Column, Setting, View
from sim.report.wording import number, visible

if TYPE_CHECKING:
    import pandas as pd

MOST_NAMED: Final = 12
MOST_STRUCTURES: Final = 10
DESCRIPTION: Final = "structure.description"


def title(scenarios: "pd.DataFrame") -> str:
    """The question of the page."""
    name = _only(scenarios, "company.name")
    return f"Which structure serves {f'the customers of “{name}”' if name else 'customers'} best?"


def about(scenarios: "pd.DataFrame") -> str:
    """What the company is, where all scenarios agree."""
    return _only(scenarios, "company.description")


def subtitle(view: View, manifest: Mapping[str, Any]) -> str:
    """People, kind of study, replications and day in one line."""
    columns = [column for setting in view.settings for column in setting.columns]
    people = {column.headcount for column in columns if column.headcount == column.headcount}
    counts = sorted({column.replications for column in columns})
    said = [
        f"{len(view.structures)} structures" if len(view.structures) > 1 else "one structure",
        f"{number(people.pop(), 0)} people" if len(people) == 1 else "",
        f"{len(view.settings)} settings" if len(view.settings) > 1 else "",
        *dict.fromkeys(column.label for column in columns[:1]),
        f"{counts[0]} replications" if len(counts) == 1 else "",
        str(manifest.get("ended", ""))[:10],
    ]
    return visible("; ".join(text for text in said if text))


def structures(scenarios: "pd.DataFrame", results: "pd.DataFrame", setting: Setting) -> Grid:
    """A row a structure: what it is, and its departments with their workers."""
    if len(setting.columns) > MOST_STRUCTURES:
        return Grid()
    told = {}
    if DESCRIPTION in scenarios:
        told = dict(zip(scenarios["scenario"].astype(str), scenarios[DESCRIPTION], strict=True))
    load = tidy.load(results, setting)
    rows = tuple(
        (
            visible(column.structure),
            _text(told.get(column.scenario)),
            _departments(load[load["structure"] == column.structure]),
            _others(column),
        )
        for column in setting.columns
    )
    return Grid(("structure", "what it is", "departments (workers)", "besides"), rows)


def _departments(rows: "pd.DataFrame") -> str:
    if len(rows) == 0:
        return "-"
    if len(rows) <= MOST_NAMED:
        people = zip(rows["department"], rows["people"], strict=True)
        return ", ".join(f"{visible(name)} ({number(count, 0)})" for name, count in people)
    least, most = float(rows["people"].min()), float(rows["people"].max())
    return f"{len(rows)} departments of {number(least, 0)} to {number(most, 0)}"


def _others(column: Column) -> str:
    others = column.headcount - column.workers
    return f"{number(others, 0)} who manage or coordinate" if others > 0 else "-"


def _only(scenarios: "pd.DataFrame", key: str) -> str:
    """The value of a key where all scenarios have the same, else nothing."""
    values = list(dict.fromkeys(scenarios[key].dropna())) if key in scenarios else []
    return visible(values[0]) if len(values) == 1 else ""


def _text(value: Any) -> str:
    return visible(value) if isinstance(value, str) and value else "-"
