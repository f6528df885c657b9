"""What a sweep over more than the structure shows at a glance: lines over a number, a map of winners.

Invariant: only settled leads count as wins; what is unstable is marked, never averaged in.
"""

import math
from typing import TYPE_CHECKING, Any, Final

from sim import figures
from sim.report.layout_records import Column, ComparisonGroup, Estimate, Layout
from sim.report.narrative_of_many import by_count, leading, numeric
from sim.report.pictures import Picture, as_picture
from sim.report.wording import capital, measure_of, spoken, visible

if TYPE_CHECKING:
    import pandas as pd

MEASURED: Final = ("response_time_mean", "satisfaction_mean")
MOST_CELLS: Final = 400
MAP_NOTE: Final = (
    "Number: lead over the runner-up. A win counts when every structure can be ranked and is at most 92 % "
    "loaded, and the lead is settled and matters. Hatched: a lead that does not count as a win."
)


def overview(layout: Layout) -> tuple[Picture, ...]:
    """Figures over all settings: lines over one number, a map of winners over a grid, else points."""
    if len(layout.groups) < 2:
        return ()
    keys = [key for key, _ in layout.groups[0].keys]
    made = [_lines(layout, name) for name in MEASURED if len(keys) == 1]
    if len(keys) >= 2:
        made += [_map(layout, keys, name) or _points_of_all(layout, name) for name in MEASURED]
    return tuple(picture for picture in made if picture is not None)


def _lines(layout: Layout, name: str) -> Picture | None:
    import pandas as pd

    key = layout.groups[0].keys[0][0]
    rows = [row for group in layout.groups for row in _points(group, name)]
    if not rows or any(row["x"] is None for row in rows):
        return None
    measure = measure_of(name)
    unit = f", {measure.unit}" if measure.unit else ""
    table = pd.DataFrame(rows)
    drawn = figures.swept_lines(
        table, spoken(visible(key)), f"{measure.label}{unit}", list(layout.structures)
    )
    title = f"{measure.label.capitalize()} over {spoken(visible(key))}"
    return as_picture(
        title,
        _leading(layout, name),
        drawn,
        f"over-{name.replace('_', '-')}",
        "Lines: 95 % intervals. Hollow: not ranked. Crosses: unstable, no mean is shown.",
    )


def _leading(layout: Layout, name: str) -> str:
    return capital(f"{measure_of(name).label}: {leading(layout, name)}")


def _points(group: ComparisonGroup, name: str) -> list[dict[str, Any]]:
    line = group.line(name)
    if line is None:
        return []
    x = numeric(group.keys[0][1])
    pairs = zip(group.columns, line.cells, strict=True)
    return [{"x": x, "structure": column.structure, **_point(column, cell.value)} for column, cell in pairs]


def _point(column: Column, value: Estimate | None) -> dict[str, Any]:
    if value is None:
        return {"mean": math.nan, "low": math.nan, "high": math.nan, "shown": False, "sure": False}
    return {"mean": value.mean, "low": value.low, "high": value.high, "shown": True, "sure": column.is_ranked}


def _points_of_all(layout: Layout, name: str) -> Picture | None:
    """A panel a number that was swept: no line, because the others vary along it."""
    import pandas as pd

    rows = [
        {"factor": spoken(visible(key)), "x": numeric(value), "structure": column.structure}
        | _point(column, cell.value)
        for group in layout.groups
        if (line := group.line(name)) is not None
        for column, cell in zip(group.columns, line.cells, strict=True)
        for key, value in group.keys
    ]
    table = pd.DataFrame([row for row in rows if row["x"] is not None and row["shown"]])
    if table.empty:
        return None
    measure = measure_of(name)
    drawn = figures.swept_points(table, f"{measure.label}, {measure.unit}", list(layout.structures))
    return as_picture(
        f"{measure.label.capitalize()} over all that was varied",
        _leading(layout, name),
        drawn,
        f"over-all-{name.replace('_', '-')}",
        "A point: one scenario. All factors vary at once, so points above each other differ in the others. "
        "Hollow: not ranked.",
    )


def _map(layout: Layout, keys: list[str], name: str) -> Picture | None:
    table = win_table(layout, name)
    across, up = table["x"].nunique(), table["y"].nunique()
    if len(table) > MOST_CELLS or min(across, up) < 2 or across * up > len(layout.groups):
        return None  # no grid: every sample would be a cell of its own
    drawn = figures.win_map(
        table, spoken(visible(keys[0])), spoken(visible(keys[1])), list(layout.structures)
    )
    title = f"Who wins on {measure_of(name).label}"
    note = f"{MAP_NOTE} Paler: wins fewer of the settings behind this cell." if len(keys) > 2 else MAP_NOTE
    return as_picture(title, _wins_reading(layout, name), drawn, f"wins-{name.replace('_', '-')}", note)


def win_table(layout: Layout, name: str) -> "pd.DataFrame":
    """x, y (values of the first two swept keys), leader, lead, share: one row a cell of the map."""
    import pandas as pd

    cells: dict[tuple[Any, Any], list[ComparisonGroup]] = {}
    for group in layout.groups:
        x, y = (_axis(value) for _, value in group.keys[:2])
        cells.setdefault((x, y), []).append(group)
    rows = [{"x": x, "y": y, **_cell(groups, name)} for (x, y), groups in cells.items()]
    return (
        pd.DataFrame(rows)
        .sort_values(["x", "y"], key=lambda column: column.map(_rank))
        .reset_index(drop=True)
    )


def _axis(text: str) -> float | str:
    value = numeric(text)
    return text if value is None else value


def _rank(value: float | str) -> tuple[int, float, str]:
    return (0, value, "") if isinstance(value, float) else (1, 0.0, value)


def _cell(groups: list[ComparisonGroup], name: str) -> dict[str, Any]:
    """Who wins most of the settings behind a cell; where nobody wins, who leads most."""
    leads = [group.leads[name] for group in groups if name in group.leads]
    chosen = [lead for lead in leads if lead.wins] or leads
    names = by_count([lead.structure for lead in chosen])
    if not names:
        return {"leader": "", "lead": math.nan, "share": 0.0}
    own = [lead for lead in chosen if lead.structure == names[0]]
    won = sum(lead.wins for lead in own)
    return {
        "leader": names[0],
        "lead": math.fsum(lead.lead for lead in own) / len(own),
        "share": won / len(groups),
    }


def _wins_reading(layout: Layout, name: str) -> str:
    leads = [group.leads.get(name) for group in layout.groups]
    won = [lead.structure if lead and lead.wins else "" for lead in leads]
    parts = [f"{visible(structure)} wins {won.count(structure)}" for structure in by_count(won)]
    nobody = [f"in {won.count('')} nobody wins"] if "" in won else []
    return f"Of {len(won)} settings, {', '.join(parts + nobody)}."
