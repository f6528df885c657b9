"""How many people each structure needs for the same service: the answer in words, as a table, as a picture.

Invariant: every number comes from the tables `staffing` and `frontier` of the folder; nothing is estimated.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from sim import figures
from sim.figures.kinds import kind_of
from sim.report.layout_records import Finding
from sim.report.page_data import Grid
from sim.report.pictures import Picture, as_picture
from sim.report.summary import BETTER, CHANGE, COSTS, DO, SURE, told
from sim.report.wording import CURRENCY, listed, measure_of, money, number, percent, quoted, scaled, visible

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.results import Results

Row = Mapping[str, Any]
TABLES: Final = ("staffing", "frontier")
MET: Final = "met"
LOAD: Final = "load"
HEADCOUNT: Final = "staffing.headcount"
TITLE: Final = "How many people does the same service take?"
HEADING: Final = "The structures at this service, side by side"


@dataclass(frozen=True)
class Staffing:
    """How many people each structure needs for the same service.

    Attributes
    ----------
    structures : a row a structure: status (met, impossible, not settled), people, workers, managers,
        coordinators, spread (workers by department), cost; fewer_people with fewer_meets, breaks,
        breaks_value and where (what one person fewer breaks); difference, relative and cost_relative, each
        with _low and _high, against `reference`, with verdict (fewer, more, same, open).
    frontier : a row a structure and number of people: cost, response time, satisfaction and every target with
        intervals, meets (yes, no, not settled), chosen, steady (else a department has more work than hours),
        dominated_by (a scenario, -1: by none).
    """

    structures: "pd.DataFrame"
    frontier: "pd.DataFrame"

    def __repr__(self) -> str:
        """The headline, for notebooks."""
        return f"<Staffing: {self.answer[0]}>"

    @property
    def tables(self) -> "dict[str, pd.DataFrame]":
        """The tables, by name."""
        return {"staffing": self.structures, "frontier": self.frontier}

    @property
    def answer(self) -> list[str]:
        """The answer in sentences."""
        return [finding.sentence for finding in findings(self)]

    @cached_property
    def rows(self) -> list[Row]:
        """The structures as rows."""
        return _rows(self.structures)

    @property
    def answered(self) -> list[Row]:
        """Structures that can meet the targets."""
        return [row for row in self.rows if row["status"] == MET]


def staffing_of(loaded: "Results") -> Staffing | None:
    """The tables of a folder that `orgdes staff` wrote; None of any other."""
    if not all(name in loaded.extras for name in TABLES):
        return None
    return Staffing(loaded.extras["staffing"], loaded.extras["frontier"])


def chosen(loaded: "Results", found: Staffing) -> "Results":
    """The results of the told staffs alone: a scenario a structure, side by side at the same service."""
    told = [row["scenario"] for row in found.answered] or [row["scenario"] for row in found.rows]
    scenarios = loaded.scenarios[loaded.scenarios["scenario"].isin(told)]
    alike = scenarios.assign(**{HEADCOUNT: scenarios[HEADCOUNT].iloc[0]})  # what was looked for is no setting
    tables = {
        name: table[table["scenario"].isin(told)]
        for name, table in loaded.extras.items()
        if name not in TABLES
    }
    return replace(
        loaded, results=loaded.results[loaded.results["scenario"].isin(told)], scenarios=alike, extras=tables
    )


def _rows(table: "pd.DataFrame") -> list[Row]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def goal(key: str, limit: float) -> str:
    """A target in words.

    >>> goal("target.within_promise", 0.9), goal("target.private.response_time_p90", 16.0)
    ('90 % within promise', '9 of 10 requests of “private” within 16 h')
    """
    segment, _, metric = key.removeprefix("target.").rpartition(".")
    whom = f" of {quoted(visible(segment))}" if segment else ""
    size = f"{100 * limit if metric in SHARES else limit:g}{' %' if metric in SHARES else ''}"
    bound = "at most" if metric in LESS else "at least"
    words = GOALS.get(metric, f"{bound} {{}} {measure_of(metric).label}{{}}")
    return words.format(whom, size) if words.startswith(NUMBERED) else words.format(size, whom)


NUMBERED: Final = ("9 of", "19 of")
GOALS: Final = {
    "response_time_mean": "a mean response time of at most {} h{}",
    "response_time_p90": "9 of 10 requests{} within {} h",
    "response_time_p95": "19 of 20 requests{} within {} h",
    "first_response_mean": "a first response within {} h on average{}",
    "wait_mean": "a mean wait of at most {} h{}",
    "satisfaction_mean": "a satisfaction of at least {}{}",
    "within_promise": "{} within promise{}",
}
SHARES: Final = frozenset({"within_promise", "abandoned", "balked", "unresolved", "first_time_right"})
TIMES: Final = frozenset(
    {"response_time_mean", "response_time_p90", "response_time_p95", "first_response_mean", "wait_mean"}
)
LESS: Final = TIMES | {"abandoned", "balked", "unresolved", "handoffs_mean", "unfamiliarity_mean"}


def goals(found: Staffing) -> str:
    """All targets in words."""
    asked = json.loads(found.rows[0]["targets"])
    return listed([goal(str(key), float(limit)) for key, limit in asked.items()])


def findings(found: Staffing) -> list[Finding]:
    """The answer: who needs fewest, by how much and how surely, then each structure."""
    said = [Finding(_headline(found))]
    if compared := [_compared(row) for row in found.answered if row["verdict"]]:
        said.append(Finding(" ".join(compared), "Same service"))
    said += [Finding(_own(row), str(visible(row["structure"]))) for row in found.rows]
    return said


def summary(found: Staffing) -> tuple[Finding, ...]:
    """The answer read in a minute; see `sim.report.summary`."""
    met = sorted(found.answered, key=lambda row: row["people"])
    if not met:
        return told({DO: "ask for less, or change more than the number of people: nobody meets the targets"})
    first, *others = met
    level = [row for row in others if row["people"] == first["people"]]
    names = listed([quoted(visible(row["structure"])) for row in (first, *level)])
    choose = f"choose between {names} by cost and service" if level else f"choose {names}"
    confidence = f"each number of people was shown with {100 * first['confidence']:.0f} % confidence"
    return told(
        {
            DO: f"{choose}: {first['people']} people{' each' if level else ''} give {goals(found)}",
            BETTER: _fewer_than(first, others),
            SURE: f"{confidence}{_interval(first)}",
            COSTS: f"{money(first['cost'])} a year{_cost_beside(first)}",
            CHANGE: f"{_one_fewer_changes(first)}; other targets ask for other numbers of people",
        }
    )


def _fewer_than(first: Row, others: Sequence[Row]) -> str:
    """The fewest people beside those that the others need."""
    need = [f"{row['people']} under {quoted(visible(row['structure']))}" for row in others]
    own = f"{first['people']} people under {quoted(visible(first['structure']))}"
    if first["verdict"] in ("fewer", "more"):
        own = f"{percent(abs(first['relative']))} {first['verdict']} people than {_reference(first)}: {own}"
    return f"{own}, {listed(need)}" if need else f"{own}; no other structure was shown to meet the targets"


def _reference(row: Row) -> str:
    return quoted(visible(row["reference"]))


def _interval(row: Row) -> str:
    """What is known of the difference in people from the reference."""
    if row["verdict"] in ("fewer", "more"):
        return f"; {_span(row, 'relative')} {row['verdict']} than {_reference(row)} (95 % CI)"
    return {
        "same": f"; the same as {_reference(row)} within one person",
        "open": f"; the difference from {_reference(row)} is not settled",
    }.get(str(row["verdict"]), "")


def _cost_beside(row: Row) -> str:
    """What it costs beside the reference, at exactly the same service."""
    if row["verdict"] not in ("fewer", "more"):
        return ""
    size, _, rest = _cost_change(row).partition(" a year")
    return f", {size} than {_reference(row)}{rest}"


def _one_fewer_changes(row: Row) -> str:
    words = {"no": "falls short", "yes": "seems enough", "": "is not possible"}
    state = words.get(str(row["fewer_meets"]), "is not settled to fall short")
    return f"one person fewer {state} under {quoted(visible(row['structure']))}"


def _headline(found: Staffing) -> str:
    met = sorted(found.answered, key=lambda row: row["people"])
    if not met:
        none = all(row["status"] == "impossible" for row in found.rows)
        most = f" with any number of people up to {found.rows[0]['most']}"
        return f"No structure {'can' if none else 'was shown to'} give {goals(found)}{most if none else ''}."
    need = [f"{quoted(visible(row['structure']))} {row['people']}" for row in met]
    first = f"{need[0].rpartition(' ')[0]} needs {met[0]['people']} people"
    rest = f", {listed(need[1:])}," if need[1:] else ""
    missing = [quoted(visible(row["structure"])) for row in found.rows if row["status"] != MET]
    without = f" {listed(missing)} cannot give it." if missing else ""
    sure = f"{100 * met[0]['confidence']:.0f} %"
    return f"{first}{rest} for {goals(found)} (each shown with {sure} confidence).{without}"


def _compared(row: Row) -> str:
    """A structure against the reference at exactly the same service."""
    own, other = quoted(visible(row["structure"])), quoted(visible(row["reference"]))
    exact = f"{row['exact_people']:.1f} against {row['exact_reference']:.1f}"
    gap = f"{row['difference_low']:+.1f} to {row['difference_high']:+.1f} people"
    if row["verdict"] == "same":
        return f"{own} needs the same as {other}, within one person ({exact}; 95 % CI {gap})."
    if row["verdict"] == "open":
        return f"{own} and {other} are not told apart ({exact} people; 95 % CI {gap})."
    return (
        f"{own} needs {percent(abs(row['relative']))} {row['verdict']} people than {other} at exactly this "
        f"service ({exact}; 95 % CI {_span(row, 'relative')}) and costs {_cost_change(row)}."
    )


def _span(row: Row, name: str) -> str:
    ends = sorted(abs(100 * row[f"{name}_{end}"]) for end in ("low", "high"))
    return f"{ends[0]:.1f} to {ends[1]:.1f} %"


def _cost_change(row: Row) -> str:
    low, high = row["cost_relative_low"], row["cost_relative_high"]
    word = "less" if row["cost_relative"] < 0 else "more"
    if low <= 0 <= high:
        return f"{percent(abs(row['cost_relative']))} {word}, which is not settled"
    return f"{percent(abs(row['cost_relative']))} {word} a year (95 % CI {_span(row, 'cost_relative')})"


def _own(row: Row) -> str:
    if row["status"] != MET:
        return _not_met(row)
    besides = [f"{row['managers']} managers" if row["managers"] != 1 else "1 manager"]
    besides += [f"{row['coordinators']} coordinators"] if row["coordinators"] else []
    return (
        f"{row['people']} people, {row['workers']} of them workers ({visible(row['spread'])}), with "
        f"{listed(besides)}; {money(row['cost'])} a year. {_fewer(row)}"
    )


def _fewer(row: Row) -> str:
    """What one person fewer breaks, and where."""
    if row["fewer_people"] < 0:
        return "Fewer are not possible: every department needs a worker."
    if row["breaks"] == LOAD:
        return f"With {row['fewer_people']}, {_endless(row, 'breaks_value')}."
    value = _valued(row, "breaks", "breaks_value")
    place = f"most of the waiting is in {quoted(visible(row['where']))}, busy {percent(row['where_busy'])}"
    if row["fewer_meets"] == "no":
        return f"With {row['fewer_people']}, {value}: {place}."
    state = "is not settled" if row["fewer_meets"] == "not settled" else "seems to be enough"
    return f"Whether {row['fewer_people']} are enough {state}: {value}; {place}."


def _endless(row: Row, value: str) -> str:
    """A department that cannot keep up, in all replications or in some: people differ, and are dealt anew."""
    times = f"{row['overloaded']} of {row['of_replications']} replications"
    often = "" if row["overloaded"] == row["of_replications"] else f" in {times}"
    return (
        f"{quoted(visible(row['where']))} has more work than hours{often} (load up to {percent(row[value])})"
    )


def _valued(row: Row, key: str, value: str) -> str:
    """The metric of a target with its value and interval."""
    metric = str(row[key]).rpartition(".")[2]
    segment = str(row[key]).removeprefix("target.").rpartition(".")[0]
    unit = "share" if metric in SHARES else ""
    mark = " %" if metric in SHARES else " h" if metric in TIMES else ""
    label = measure_of(metric).label + (f" of {quoted(visible(segment))}" if segment else "")
    low, high = (scaled(row[f"{value}_{end}"], unit) for end in ("low", "high"))
    digits = 1 if not high - low > 0 else max(0, min(2, 1 - math.floor(math.log10((high - low) / 2))))
    mean = number(scaled(row[value], unit), digits)
    return f"{label} is {mean}{mark} ({number(low, digits)} to {number(high, digits)})"


def _not_met(row: Row) -> str:
    if row["status"] != "impossible":
        return (
            f"not settled: {row['people']} people seem to be enough, but that could not be shown with so few "
            "replications. Raise staff.replications."
        )
    if row["missed"] == LOAD:
        most = f"with up to {row['most']} people"
        return f"cannot keep up {most}: with {row['people']}, {_endless(row, 'nearest')}."
    value = _valued(row, "missed", "nearest")
    asked = json.loads(row["targets"])
    limit = asked.get(row["missed"], 0.01)
    where = [kind_of(kind).label for kind in str(row["held_by"]).split(", ") if kind]
    held = (
        f" Only {percent(row['waiting'])} of the time is waiting in a queue; the rest, most of it "
        f"{listed(where)}, does not get shorter with more people."
        if row["waiting"] < 0.5
        else ""
    )
    return (
        f"cannot give {goal(str(row['missed']), limit)} with any number of people up to {row['most']}. "
        f"Nearest, with {row['people']}, {value}.{held}"
    )


def grid(found: Staffing) -> Grid:
    """A row a structure: people, cost, one fewer, the difference."""
    rows = [
        (
            visible(row["structure"]),
            str(row["people"]) if row["status"] == MET else row["status"],
            visible(row["spread"]) if row["status"] == MET else "-",
            money(row["cost"]) if row["status"] == MET else "-",
            _briefly_compared(row),
        )
        for row in found.rows
    ]
    against = f"people, against {visible(found.rows[0]['structure'])}"
    return Grid(("structure", "people", "workers by department", "cost a year", against), tuple(rows))


def _briefly_compared(row: Row) -> str:
    if not row["verdict"]:
        return "reference" if row["structure"] == row["reference"] else "-"
    if row["verdict"] == "same":
        return "the same, within one person"
    if row["verdict"] == "open":
        return "not settled"
    return f"{percent(abs(row['relative']))} {row['verdict']} ({_span(row, 'relative')})"


def frontier_grid(found: Staffing) -> Grid:
    """A row a staff that was looked at: what it costs and gives."""
    rows = []
    for row in _rows(found.frontier):
        mark = "fewest" if row["chosen"] else "dominated" if row["dominated_by"] >= 0 else ""
        rows.append(
            (
                visible(row["structure"]),
                str(row["people"]),
                money(row["cost"]),
                _plus_minus(row, "response_time_mean", 1),
                _plus_minus(row, "satisfaction_mean", 1),
                row["meets"],
                mark,
            )
        )
    return Grid(
        (
            "structure",
            "people",
            "cost a year",
            "response time, h",
            "satisfaction",
            "meets the targets",
            "remark",
        ),
        tuple(rows),
    )


def _plus_minus(row: Row, name: str, digits: int) -> str:
    half = (row[f"{name}_high"] - row[f"{name}_low"]) / 2
    return f"{number(row[name], digits)} ± {number(half, digits)}" if half > 0 else number(row[name], digits)


def picture(found: Staffing) -> Picture:
    """Cost against response time and satisfaction."""
    order = [str(row["structure"]) for row in found.rows]
    drawn = figures.frontier(found.frontier, order, f"thousand {CURRENCY.get()}".rstrip())
    return as_picture(
        "What more people buy", _reading(found), drawn, "frontier",
        "A point is a number of people on the payroll; lines: 95 % intervals. Ringed: the fewest that meet "
        "the targets. Hollow: another point is no dearer, faster and better liked. Staffs that "
        "cannot keep up are left out.",
    )  # fmt: skip


def _reading(found: Staffing) -> str:
    dominated, points = int((found.frontier["dominated_by"] >= 0).sum()), len(found.frontier)
    said = [
        f"{quoted(visible(row['structure']))} meets the targets from {row['people']} people "
        f"({money(row['cost'])} a year) on"
        for row in found.answered
    ]
    verb = "is" if dominated == 1 else "are"
    return "; ".join([*said, f"{dominated or 'none'} of {points} points {verb} dominated"]) + "."


def lines(found: Staffing) -> Iterator[tuple[str, Sequence[str]]]:
    """The table on the screen: label, a cell a structure."""
    rows = found.rows
    yield "people", [str(row["people"]) if row["status"] == MET else row["status"] for row in rows]
    yield "workers", [_if_met(row, str(row["workers"])) for row in rows]
    yield "managers", [_if_met(row, str(row["managers"] + row["coordinators"])) for row in rows]
    yield "cost a year", [_if_met(row, money(row["cost"])) for row in rows]
    yield "one fewer", [_if_met(row, _one_fewer(row)) for row in rows]
    if any(row["verdict"] for row in rows):
        yield "exactly as good with", [_exact(row, rows) for row in rows]
        yield f"against {visible(rows[0]['structure'])}", [_briefly_compared(row) for row in rows]


def _if_met(row: Row, text: str) -> str:
    return text if row["status"] == MET else "-"


def _one_fewer(row: Row) -> str:
    return {"no": "falls short", "yes": "seems enough", "": "not possible"}.get(
        row["fewer_meets"], "not settled"
    )


def _exact(row: Row, rows: Sequence[Row]) -> str:
    exact = row["exact_people"]
    if row is rows[0]:
        exact = next((other["exact_reference"] for other in rows if other["verdict"]), math.nan)
    return number(exact, 1)


def method(found: Staffing) -> tuple[str, ...]:
    """How the answer was found and tested."""
    first = found.rows[0]
    tried = sum(row["tried"] for row in found.rows)
    return (
        f"People: {tried} staffs were tried on replications of their own; the best of each size were then "
        f"tested on fresh ones. With {100 * first['confidence']:.0f} % confidence the true means under the "
        "people told meet every target (one-sided t tests from more to fewer, in an order fixed before).",
        "People and cost at exactly this service lie between two whole numbers of people, on the straight "
        "line between their means; differences are paired by replication (jackknife; Holm over structures).",
        "What one fewer falls short of was shown for the best spread of people that was found, not for all.",
    )
