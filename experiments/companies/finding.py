"""Puts the results of the page's commands into its tables.

    python experiments/companies/finding.py support_centre=FOLDER support_centre.people=FOLDER ...

The first folder of a company comes from its comparison, the one of its people from `orgdes staff`.
Invariant: every number in the marked blocks comes from a result folder.
"""

import csv
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim import compare, load_results

PAGE = Path(__file__).parent / "README.md"
TIME, LIKED = "response_time_mean", "satisfaction_mean"
SHORT_YEAR = ("experiment.horizon_weeks=26", "experiment.warm_up_weeks=4")  # many short calls, soon settled


@dataclass(frozen=True)
class Row:
    """A line of a table: label, metric, digits, and what a unit of the metric is multiplied by."""

    label: str
    metric: str
    digits: int
    scale: float = 1.0


PROMISE = Row("within the promise, %", "within_promise", 1, 100)
CALLS = (Row("hung up, %", "abandoned", 1, 100), Row("answered after, s", "first_response_mean", 0, 3600))
ROWS = (
    Row("satisfaction, 0 to 100", LIKED, 1),
    Row("by speed and reliability alone", "satisfaction_outcome", 1),
    Row("workers", "workers", 0),
    Row("managers", "managers", 0),
    Row("cost a year, thousand", "cost", 0, 0.001),
    Row("room to grow, x", "capacity", 2),
)


@dataclass(frozen=True)
class Company:
    """A section of the page: its structures with their names in the field, settings, rows, the service that
    people are counted for, and the metric that says who serves best."""

    structures: dict[str, str]
    settings: tuple[str, ...]
    rows: tuple[Row, ...]
    target: str | None
    best: str = TIME

    def words(self, name: str) -> tuple[str, ...]:
        """The command of the section, without its first word."""
        return (f"company={name}", f"structure={','.join(self.structures)}", *self.settings)

    def people_words(self, name: str) -> tuple[str, ...]:
        """The command that counts people for the same service."""
        return ("staff", *self.words(name), f"target.{self.target}")


OFFICE = (Row("response time, h", TIME, 1), PROMISE, *ROWS)
VISIT = (Row("response time, h", TIME, 2), PROMISE, *ROWS)
COMPANIES = {
    "support_centre": Company(
        {"function": "tiers", "customer": "pods by customer", "pooled": "swarming"},
        (),
        OFFICE,
        "within_promise=0.85",
    ),
    "software_product": Company(
        {
            "function": "component teams",
            "product": "streams by product",
            "customer": "streams by segment",
            "streams_and_platform": "streams and a platform team",
        },
        (),
        OFFICE,
        "within_promise=0.95",
    ),
    "contact_centre": Company(
        {"pooled": "generalists", "product": "skills by product", "customer": "desks by customer"},
        SHORT_YEAR,
        (*CALLS, PROMISE, *ROWS),
        "abandoned=0.1",
        "abandoned",
    ),
    "outpatients": Company(
        {
            "function": "all shared",
            "specialty_clinics": "doctors by specialty",
            "patient_pathways": "doctors by pathway",
            "function_product": "all by specialty",
        },
        (),
        VISIT,
        "within_promise=0.6",
    ),
    "town_hall": Company(
        {
            "pooled": "one counter for all",
            "function": "front office, back office",
            "product": "by service",
            "customer": "by group of citizens",
        },
        (),
        VISIT,
        None,
    ),
}


def text_of(name: str, folder: str) -> str:
    """The table of a company, a structure in a column, and who serves best and is liked best."""
    company, found = COMPANIES[name], compare(load_results(folder))
    table = found.estimates[found.estimates["scope"] == "company"].to_dict("records")
    cells = {(row["structure"], row["metric"]): row for row in table}
    ranked = dict(zip(found.status["structure"], found.status["ranked"], strict=True))
    heads = [label if ranked[key] else f"{label} (not ranked)" for key, label in company.structures.items()]
    lines = [f"| | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    for row in company.rows:
        told = [_span(cells[key, row.metric], row) for key in company.structures]
        lines.append(f"| {row.label} | {' | '.join(told)} |")
    leaders = found.leaders.set_index("metric")
    return "\n".join([*lines, "", *(_leader(company, leaders, metric) for metric in (company.best, LIKED))])


def people_of(name: str, folder: str) -> str:
    """How many people each structure needs for the same service, and what they cost."""
    company = COMPANIES[name]
    with (Path(folder) / "staffing.csv").open(encoding="utf-8") as table:
        rows = {row["structure"]: row for row in csv.DictReader(table)}
    met = {key: rows[key]["status"] == "met" for key in company.structures}
    people = [_people(rows[key]) for key in met]
    cost = [f"{float(rows[key]['cost']) / 1000:,.0f}" if met[key] else "" for key in met]
    lines = [f"| | {' | '.join(company.structures.values())} |", "|---" * (len(met) + 1) + "|"]
    told = (("people", people), ("cost a year, thousand", cost))
    return "\n".join([*lines, *(f"| {label} | {' | '.join(cells)} |" for label, cells in told)])


def _people(row: dict[str, str]) -> str:
    """How many, or why there is no number."""
    never = f"none of up to {row['most']}"
    return {"met": row["people"], "impossible": never}.get(row["status"], row["status"].replace("_", " "))


def _span(cell: dict[str, Any], row: Row) -> str:
    half = row.scale * (cell["high"] - cell["low"]) / 2
    shown = f"{row.scale * cell['mean']:,.{row.digits}f}"
    return shown if half < 0.5 * 10**-row.digits else f"{shown} ± {half:.{row.digits}f}"


def _leader(company: Company, leaders: Any, metric: str) -> str:
    """Who is ahead in a metric, in the words of the field."""
    lead = leaders.loc[metric]
    word = {TIME: "Fastest", "abandoned": "Fewest hang up", LIKED: "Liked best"}[metric]
    sure = "settled" if lead["settled"] else "not settled"
    return f"* {word}: **{company.structures[lead['structure']]}** ({sure})."


def put(name: str, text: str) -> None:
    """Replace a marked block of the page."""
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.S)
    new, count = pattern.subn(lambda block: f"{block[1]}{text}\n{block[2]}", PAGE.read_text("utf-8"))
    assert count == 1, name
    PAGE.write_text(new, "utf-8")


if __name__ == "__main__":
    for name, _, folder in (word.partition("=") for word in sys.argv[1:]):
        company, _, people = name.partition(".")
        written = people_of(company, folder) if people else text_of(company, folder)
        put(f"{company} people" if people else company, written)
