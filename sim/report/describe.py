"""What was compared, for a reader who did not run it: company, structures, departments with their people.

Invariant: everything is read from stored results; what differs between scenarios is left out, not guessed.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sim.report import tidy
from sim.report.layout_records import Column, ComparisonGroup, Layout
from sim.report.page_data import Grid
from sim.report.wording import number, visible, without_keys

if TYPE_CHECKING:
    import pandas as pd

MOST_NAMED: Final = 12
MOST_STRUCTURES: Final = 10
MOST_SPREADS, MOST_LABELS = 6, 3
DESCRIPTION: Final = "structure.description"


def title(scenarios: "pd.DataFrame") -> str:
    """The question of the page."""
    name = _only(scenarios, "company.name")
    return f"Which structure serves {f'the customers of “{name}”' if name else 'customers'} best?"


def about(scenarios: "pd.DataFrame") -> str:
    """What the company is, where all scenarios agree."""
    return _only(scenarios, "company.description")


def subtitle(layout: Layout, manifest: Mapping[str, Any]) -> str:
    """People, kind of study, replications and day in one line."""
    columns = [column for group in layout.groups for column in group.columns]
    people = {column.headcount for column in columns if column.headcount == column.headcount}
    counts = sorted({column.replications for column in columns})
    said = [
        f"{len(layout.structures)} structures" if len(layout.structures) > 1 else "one structure",
        f"{number(people.pop(), 0)} people" if len(people) == 1 else "",
        f"{len(layout.groups)} settings" if len(layout.groups) > 1 else "",
        *dict.fromkeys(column.label for column in columns[:1]),
        f"{counts[0]} replications" if len(counts) == 1 else "",
        str(manifest.get("ended", ""))[:10],
    ]
    return visible("; ".join(text for text in said if text))


def structures(scenarios: "pd.DataFrame", results: "pd.DataFrame", groups: Sequence[ComparisonGroup]) -> Grid:
    """A row a structure: what it is, and its departments with their workers; more where settings differ."""
    if len(groups[0].columns) > MOST_STRUCTURES:
        return Grid()
    told = {}
    if DESCRIPTION in scenarios:
        told = dict(zip(scenarios["scenario"].astype(str), scenarios[DESCRIPTION], strict=True))
    staffed = _staffed(results)
    rows: list[tuple[str, ...]] = []
    for place, column in enumerate(groups[0].columns):
        found: dict[tuple[str, str], list[str]] = {}
        for group in groups:
            own = group.columns[place] if place < len(group.columns) else column
            if own.structure == column.structure:
                spread = _departments(staffed.get(own.scenario, {})), _others(own)
                found.setdefault(spread, []).append(without_keys(visible(group.label)))
        for (people, others), labels in list(found.items())[:MOST_SPREADS]:
            more = f" and {len(labels) - MOST_LABELS} more" if len(labels) > MOST_LABELS else ""
            where = f" ({'; '.join(labels[:MOST_LABELS])}{more})" if len(found) > 1 else ""
            about = _text(told.get(column.scenario)) if people == next(iter(found))[0] else ""
            rows.append((f"{visible(column.structure)}{where}", about, people, others))
        if len(found) > MOST_SPREADS:
            further = f"{len(found) - MOST_SPREADS} further spreads of people: see the results"
            rows.append((visible(column.structure), "", further, ""))
    return Grid(("structure", "what it is", "departments (workers)", "besides"), tuple(rows))


def _staffed(results: "pd.DataFrame") -> dict[str, dict[str, float]]:
    """Workers by department, by scenario."""
    rows = results[(results["metric"] == "workers") & results["scope"].str.startswith(tidy.DEPARTMENT)]
    means = rows.groupby(["scenario", "scope"], as_index=False, sort=False)["value"].mean()
    found: dict[str, dict[str, float]] = {}
    for scenario, scope, workers in zip(means["scenario"], means["scope"], means["value"], strict=True):
        found.setdefault(str(scenario), {})[str(scope).removeprefix(tidy.DEPARTMENT)] = float(workers)
    return found


def _departments(workers: Mapping[str, float]) -> str:
    if not workers:
        return "-"
    if len(workers) <= MOST_NAMED:
        return ", ".join(f"{visible(name)} ({number(count, 0)})" for name, count in workers.items())
    least, most = min(workers.values()), max(workers.values())
    return f"{len(workers)} departments of {number(least, 0)} to {number(most, 0)}"


def _others(column: Column) -> str:
    others = column.headcount - column.workers
    who = "who manages or coordinates" if number(others, 0) == "1" else "who manage or coordinate"
    return f"{number(others, 0)} {who}" if others > 0 else "-"


def _only(scenarios: "pd.DataFrame", key: str) -> str:
    """The value of a key where all scenarios have the same, else nothing."""
    values = list(dict.fromkeys(scenarios[key].dropna())) if key in scenarios else []
    return visible(values[0]) if len(values) == 1 else ""


def _text(value: Any) -> str:
    return visible(value) if isinstance(value, str) and value else "-"
