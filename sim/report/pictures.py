"""The figures of one setting, each with a title and one sentence that says what to see in it.

Invariant: a sentence names only structures whose means may be shown, with numbers that the figure
shows too.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from sim import figures
from sim.figures.kinds import kind_of
from sim.report import tidy
from sim.report.contest import FROM
from sim.report.layout_records import ComparisonGroup
from sim.report.wording import DECIMAL_COMMA, local, measure_of, visible, without_keys

if TYPE_CHECKING:
    import pandas as pd

    from sim.figures.style import Figure

MOST_STRUCTURES: Final = 10
MOST_DEPARTMENTS: Final = 60
MOST_SEGMENTS: Final = 25
WHOLE: Final = "all"
MOST_TOLD: Final = 4
SMALLEST_TOLD: Final = 0.05
NONE_TOLD: Final = "No structure here has means that can be told."


@dataclass(frozen=True)
class Picture:
    """A figure as the page shows it: `svg` is safe markup, `figure` what it was drawn from, the rest text.

    `name` tells the figures of a page apart.
    """

    title: str
    reading: str
    svg: Markup
    name: str
    figure: "Figure" = field(repr=False)
    note: str = ""


@dataclass(frozen=True)
class Tables:
    """What pictures are made from: raw results, extra tables, and estimates by segment."""

    results: "pd.DataFrame"
    extras: Mapping[str, "pd.DataFrame"]
    estimates: "pd.DataFrame"
    gaps: "pd.DataFrame"
    differences: "pd.DataFrame"
    hours_per_day: float = 8.0


def pictures(tables: Tables, group: ComparisonGroup, prefix: str) -> list[Picture]:
    """All figures that the tables of this setting allow, in reading order."""
    if len(group.columns) > MOST_STRUCTURES:
        return []
    makers: tuple[Callable[[Tables, ComparisonGroup, str], Picture | None], ...] = (
        _distribution,
        _chart,
        _load,
        _parts,
        _gap,
        _satisfaction,
        _scores,
        _response_by_segment,
    )
    made = (maker(tables, group, f"{prefix}{maker.__name__.replace('_', '-')}") for maker in makers)
    return [picture for picture in made if picture is not None]


def _marked(group: ComparisonGroup) -> dict[str, figures.Mark]:
    return {
        column.structure: figures.Mark(column.status, withheld=not column.is_told)
        for column in group.columns
        if not column.is_ranked
    }


def _told(group: ComparisonGroup) -> list[str]:
    return [column.structure for column in group.columns if column.is_told]


def as_picture(title: str, reading: str, figure: "Figure", name: str, note: str = "") -> Picture:
    """A figure as safe markup with its words; `name` prefixes its ids."""
    title, reading = without_keys(visible(title)), without_keys(visible(reading))
    if DECIMAL_COMMA.get():
        figures.reword(figure, local)
    drawn = figures.svg(figure, name, f"{title}. {reading}")
    return Picture(title, reading, Markup(drawn), name, figure, note)


def _distribution(tables: Tables, group: ComparisonGroup, name: str) -> Picture | None:
    if "distribution" not in tables.extras:
        return None
    table = tidy.quantiles(tables.extras, group)
    if table.empty or not _told(group):
        return None
    figure = figures.response_distribution(table, tables.hours_per_day, _marked(group))
    return as_picture(
        "How long customers wait",
        _distribution_reading(table, _told(group)),
        figure,
        name,
        "Mean of the replications, quantile by quantile; the slowest 5 % are not drawn.",
    )


def _distribution_reading(table: "pd.DataFrame", shown: list[str]) -> str:
    at = table.set_index(["structure", "quantile"])["hours"]
    present = [name for name in shown if (name, 0.5) in at.index and (name, 0.9) in at.index]
    sentences = [
        f"{name}: half are resolved within {at[name, 0.5]:.1f} h, nine of ten within {at[name, 0.9]:.1f} h"
        for name in _few(sorted(present, key=lambda name: float(at[name, 0.5])))
    ]
    return "; ".join(sentences) + "." if sentences else NONE_TOLD


def _few(names: list[str]) -> list[str]:
    """All names, or the first and the last two where there are too many for one sentence."""
    return names if len(names) <= MOST_TOLD else [names[0], *names[-2:]]


def _parts(tables: Tables, group: ComparisonGroup, name: str) -> Picture | None:
    if "decomposition" not in tables.extras:
        return None
    table = tidy.parts(tables.extras, group)
    if table.empty or not _told(group):
        return None
    figure = figures.decomposition_bars(table, _marked(group))
    return as_picture(
        "Where the hours go",
        _parts_reading(table, _told(group)),
        figure,
        name,
        "The parts add up to the response time of every single request, exactly. "
        "Left of 0: saved, by people who work faster than usual.",
    )


def _parts_reading(table: "pd.DataFrame", shown: list[str]) -> str:
    totals = table.groupby("structure")["hours"].sum()
    present = [name for name in shown if name in totals.index and float(totals[name]) > 0]
    sentences = []
    for structure in _few(sorted(present, key=lambda name: float(totals[name]))):
        hours = table[table["structure"] == structure].set_index("kind")["hours"].sort_values(ascending=False)
        largest = (f"{value:.1f} {kind_of(str(kind)).label}" for kind, value in list(hours.items())[:2])
        sentences.append(f"{structure}: of {float(totals[structure]):.1f} h, {' and '.join(largest)}")
    return "; ".join(sentences) + "." if sentences else NONE_TOLD


def _gap(tables: Tables, group: ComparisonGroup, name: str) -> Picture | None:
    names = {column.scenario: column.structure for column in group.columns[1:] if column.is_told}
    table = tables.gaps[tables.gaps["scenario"].astype(str).isin(names)]
    table = table[(table["passage"] == WHOLE) & (table["n"] > 1)]
    if table.empty or not group.columns[0].is_told:
        return None
    table = table.assign(structure=table["scenario"].astype(str).map(names), hours=table["mean"])
    order = [column.structure for column in group.columns]
    figure = figures.gap_bars(table, group.reference, order)
    return as_picture(
        f"Where the difference from {group.reference} comes from",
        _gap_reading(table, group.reference),
        figure,
        name,
        "The bars of a structure add up to its difference in mean response time; lines: 95 % intervals.",
    )


def _gap_reading(table: "pd.DataFrame", reference: str) -> str:
    totals = table.groupby("structure", sort=False)["hours"].sum().sort_values()
    sentences = []
    for structure in _few([str(name) for name in totals.index]):
        hours = table[table["structure"] == structure].set_index("kind")["hours"]
        none = f"is {'alike' if hours.any() else 'the same'} in every part"
        sentences.append(f"{structure} {' and '.join(_extremes(hours)) or none}")
    return f"Compared with {reference}: " + "; ".join(sentences) + "."


def _extremes(hours: "pd.Series[float]") -> Iterator[str]:
    least, most = float(hours.min()), float(hours.max())
    if least <= -SMALLEST_TOLD:
        yield f"saves most on {kind_of(str(hours.idxmin())).label} ({least:+.1f} h)"
    if most >= SMALLEST_TOLD:
        yield f"pays most for {kind_of(str(hours.idxmax())).label} ({most:+.1f} h)"


def _load(tables: Tables, group: ComparisonGroup, name: str) -> Picture | None:
    table = tidy.load(tables.results, group)
    if table.empty or len(table) > MOST_DEPARTMENTS:
        return None
    figure = figures.department_load(table, _marked(group))
    return as_picture(
        "Who is busy, and with what",
        _load_reading(table),
        figure,
        name,
        "Number of workers in brackets. Hidden work: coordination, decisions, rework, rereading, "
        "triage and meetings. Above 92 % in red.",
    )


def _chart(tables: Tables, group: ComparisonGroup, name: str) -> Picture | None:
    table = tidy.load(tables.results, group)
    if table.empty or len(table) > MOST_DEPARTMENTS or table["headcount"].isna().any():
        return None
    figure = figures.organisation_chart(table, _marked(group))
    return as_picture(
        "Who sits where",
        _chart_reading(table),
        figure,
        name,
        "A square is a worker, in the colour of how busy the department is; a diamond is a manager, who may "
        "lead other small departments too. Waits: in the queue before each piece of work.",
    )


def _chart_reading(table: "pd.DataFrame") -> str:
    rows = table[table["wait"].notna()].sort_values("wait").to_dict("records")
    if not rows:
        return "Departments, their people and how busy they are."
    longest = rows[-1]
    where = f"{longest['department']} under {longest['structure']}"
    hours = f"{longest['wait']:.1f} h before each piece"
    return f"Work waits longest in {where}: {hours}, with {longest['people']:g} workers."


def _load_reading(table: "pd.DataFrame") -> str:
    ordered = table.sort_values("utilisation").to_dict("records")
    least, most, hidden = ordered[0], ordered[-1], max(ordered, key=lambda row: float(row["hidden"]))
    return (
        f"Busiest is {_department(most, 'utilisation')}, least busy {_department(least, 'utilisation')}; "
        f"hidden work takes most of the hours in {_department(hidden, 'hidden')}."
    )


def _department(row: Mapping[Any, Any], share: str) -> str:
    return f"{row['department']} under {row['structure']} ({100 * row[share]:.0f} %)"


def _satisfaction(tables: Tables, group: ComparisonGroup, name: str) -> Picture | None:
    return _by_segment(tables, group, name, "satisfaction_mean", "Who is satisfied")


def _scores(tables: Tables, group: ComparisonGroup, name: str) -> Picture | None:
    names = {column.scenario: column.structure for column in group.columns[1:] if column.is_told}
    rows = tables.differences[tables.differences["scope"] == tidy.COMPANY]
    rows = rows[rows["scenario"].astype(str).isin(names) & (rows["withheld"] == "")]
    rows = rows[rows["metric"].str.startswith(FROM)]
    if rows.empty:
        return None
    kinds = rows["metric"].str.removeprefix(FROM)
    table = rows.assign(structure=rows["scenario"].astype(str).map(names), kind=kinds, hours=rows["mean"])
    order = [column.structure for column in group.columns]
    drawn = figures.gap_bars(table, group.reference, order, "points of satisfaction", "right: better liked")
    return as_picture(
        f"Why customers are more or less satisfied than under {group.reference}",
        _scores_reading(table),
        drawn,
        name,
        "The bars of a structure add up to its difference in satisfaction, exactly; lines: 95 % intervals. "
        "People get familiar by cases of the same kind.",
    )


def _scores_reading(table: "pd.DataFrame") -> str:
    sentences = []
    for structure in _few([str(name) for name in dict.fromkeys(table["structure"])]):
        points = table[table["structure"] == structure].set_index("kind")["hours"]
        most = str(points.abs().idxmax())
        by = f"most by {kind_of(most).label} ({points[most]:+.1f})"
        sentences.append(f"{structure}: {float(points.sum()):+.1f} points, {by}")
    return "; ".join(sentences) + "."


def _response_by_segment(tables: Tables, group: ComparisonGroup, name: str) -> Picture | None:
    return _by_segment(tables, group, name, "response_time_mean", "Who waits longest")


def _by_segment(tables: Tables, group: ComparisonGroup, name: str, metric: str, title: str) -> Picture | None:
    table = tidy.segment_values(tables.estimates, group, metric)
    if table.empty or table["segment"].nunique() > MOST_SEGMENTS:
        return None
    measure = measure_of(metric)
    order = [column.structure for column in group.columns]
    label = {"satisfaction_mean": "satisfaction, 0 to 100"}.get(metric, f"mean {measure.label}, open hours")
    figure = figures.segment_dots(table, label, order, _marked(group))
    return as_picture(
        title,
        _segment_reading(table, " h" if measure.unit == "h" else ""),
        figure,
        name,
        "Mark: mean of the replications; line: its 95 % interval. The axis need not start at 0.",
    )


def _segment_reading(table: "pd.DataFrame", unit: str) -> str:
    """Lowest and highest structure of each segment; segments that agree on both share a sentence."""
    ends: dict[tuple[str, str], list[tuple[str, float, float]]] = {}
    for segment, rows in table.groupby("segment", sort=False):
        means = rows.set_index("structure")["mean"]
        names = (str(means.idxmin()), str(means.idxmax()))
        ends.setdefault(names, []).append((str(segment), float(means.min()), float(means.max())))
    alike = "every segment" if len(ends) == 1 and table["segment"].nunique() > 1 else ""
    return "; ".join(_range(names, found, unit, alike) for names, found in ends.items()) + "."


def _range(names: tuple[str, str], found: list[tuple[str, float, float]], unit: str, alike: str) -> str:
    segments, lows, highs = zip(*found, strict=True)
    who = alike or ", ".join(segments)
    low, high = _between(lows), _between(highs)
    return f"{who}: from {low}{unit} ({names[0]}) to {high}{unit} ({names[1]})"


def _between(values: Sequence[float]) -> str:
    least, most = f"{min(values):.1f}", f"{max(values):.1f}"
    return least if least == most else f"{least}–{most}"
