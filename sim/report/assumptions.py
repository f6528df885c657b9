"""What a comparison rests on: demand, customers, promises, wages, and assumed numbers that carry the answer.

Invariant: every number is that of the stored scenario; what a sweep varies is said to be varied.
"""

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from sim.figures.kinds import kind_of
from sim.model.company import Segment
from sim.report.explanation import DEPENDS_ON
from sim.report.layout_records import Column, Finding, Layout
from sim.report.wording import CURRENCY, number, quoted, spoken

if TYPE_CHECKING:
    import pandas as pd
    from pydantic.fields import FieldInfo

MOST_NAMED: Final = 6
SMALLEST_SHARE: Final = 0.1
"""Share of the response time from which a kind of time carries the answer."""


class Stored(Protocol):
    """What is read of stored results."""

    @property
    def scenarios(self) -> "pd.DataFrame":
        """One row a scenario, the dotted config keys as columns."""
        ...

    @property
    def extras(self) -> "dict[str, pd.DataFrame]":
        """decomposition, where it was kept."""
        ...


def assumptions(stored: Stored, layout: Layout) -> Iterator[Finding]:
    """Sentences about the first scenario, with what varies between scenarios named as such."""
    if not layout.groups or "config" not in stored.scenarios:
        return
    first = layout.groups[0].columns[0]
    rows = stored.scenarios[stored.scenarios["scenario"].astype(str) == first.scenario]
    plain = json.loads(rows["config"].iloc[0])
    varied = _varied(stored.scenarios)
    segments = plain["company"].get("segments") or {}
    if segments:
        yield Finding(_demand(plain, segments) + _also(varied, "demand."), "Demand")
        yield Finding(_promises(segments) + _also(varied, "company."), "Promises")
    wages = plain.get("staffing", {}).get("wages")
    if wages:
        yield Finding(_wages(wages) + _also(varied, "staffing.wages."), "Wages")
    if plain.get("staffing", {}).get("held"):
        text = (
            "Spread over departments once a structure, at the base values of the study, and held in settings"
        )
        yield Finding(f"{text} that differ in what nobody designs.", "People")
    carried = list(_carried(stored, layout, first, plain))
    if carried:
        yield Finding(" ".join(carried), "Carries the answer")


def _varied(scenarios: "pd.DataFrame") -> list[str]:
    return [str(key) for key in scenarios.columns if "." in str(key) and scenarios[key].nunique() > 1]


def _also(varied: list[str], group: str) -> str:
    """What of a group of settings differs between the scenarios."""
    keys = [spoken(key) for key in varied if key.startswith(group)][:MOST_NAMED]
    return f" Varied here: {', '.join(keys)}." if keys else ""


def _demand(plain: Mapping[str, Any], segments: Mapping[str, Any]) -> str:
    scale = plain.get("demand", {}).get("scale", 1.0)
    many = ", ".join(f"{number(each['customers'], 0)} {name}" for name, each in _few(segments))
    rates = [each.get("requests_per_year") for each in segments.values()]
    told = f"{len(segments)} groups of customers" if len(segments) > MOST_NAMED else f"Customers: {many}"
    if any(rate is None for rate in rates):
        return f"{told}."
    total = scale * sum(each["customers"] * each["requests_per_year"] for each in segments.values())
    return f"{told}; about {number(total, 0)} requests a year."


def _few(segments: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return list(segments.items())[:MOST_NAMED]


def _promises(segments: Mapping[str, Any]) -> str:
    usual = Segment.model_fields["promise_hours"].default
    hours = {name: each.get("promise_hours", usual) for name, each in segments.items()}
    if len(set(hours.values())) == 1:
        return f"Every request is promised within {next(iter(hours.values())):g} open hours."
    told = ", ".join(f"{value:g} h for {name}" for name, value in list(hours.items())[:MOST_NAMED])
    return f"Open hours within which a request is promised: {told}."


def _wages(wages: Mapping[str, Any]) -> str:
    told = [
        f"{number(wages[role], 0)} for a {role}"
        for role in ("worker", "manager", "coordinator")
        if role in wages
    ]
    own = [f"{number(value, 0)} in {name}" for name, value in wages.get("functions", {}).items()]
    premium = wages.get("premium_per_function", 0.0)
    generalists = (
        f"Who covers several functions earns {100 * premium:g} % more for each further one."
        if premium
        else "The premium for covering several functions is 0: ask the client."
    )
    return f"A year: {', '.join([*told, *own])}; {CURRENCY.get() or 'any one currency'}. {generalists}"


def _carried(stored: Stored, layout: Layout, first: Column, plain: Mapping[str, Any]) -> Iterator[str]:
    """Kinds of time that are much of the response time and hang on a number that is judgement."""
    table, line = stored.extras.get("decomposition"), layout.groups[0].line("handoffs_mean")
    if table is None or not first.is_told:
        return
    rows = table[(table["scenario"].astype(str) == first.scenario) & (table["scope"] == "company")]
    hours = rows.groupby("kind")["hours"].sum() / max(1, rows["replication"].nunique())
    total, borders = float(hours.sum()), line.cells[0].value if line else None
    for kind, own in hours.sort_values(ascending=False).items():
        key, _ = DEPENDS_ON.get(str(kind), ("", ""))
        value = _at(plain, key)
        if (
            own < SMALLEST_SHARE * total
            or kind == "queue"
            or not isinstance(value, int | float)
            or grade(key) != "D"
        ):
            continue
        made = f"{own:.1f} of {total:.1f} h under {quoted(first.structure)}"
        if kind == "handoff" and borders:
            yield f"{made} is {borders.mean:.2f} handoffs x one assumed number, {value:.3g} h each."
        else:
            label = kind_of(str(kind)).label
            yield f"{made} is {label}, which hangs on one assumed number: {spoken(key)} {value:.3g}."


def _at(plain: Mapping[str, Any], key: str) -> Any:
    found: Any = plain
    for part in key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def grade(key: str) -> str:
    """Grade of the evidence behind a default, A to D.

    >>> grade("coordination.handoff.mean"), grade("coordination.exception_share")
    ('D', 'C')
    """
    return str(evidence(key).get("grade", ""))


def evidence(key: str) -> dict[str, Any]:
    """What the schema says of a key: description, unit, source, grade; nothing where no such key is.

    What stands in a law is described by the field around it.

    >>> evidence("demand.scale")["unit"], evidence("coordination.handoff.mean")["unit"], evidence("a.b")
    ('factor', 'h', {})
    """
    from sim.model.scenario import Scenario
    from sim.schema.base import OF_THE_FIELD
    from sim.schema.paths import inside, is_record

    kinds: list[Any] = [Scenario]
    found: dict[str, Any] = {}
    for part in key.split("."):
        fields = [kind.model_fields[part] for kind in kinds if is_record(kind) and part in kind.model_fields]
        told = [{"description": field.description or "", **_extra(field)} for field in fields]
        found = next((own for own in told if "grade" in own and own["unit"] != OF_THE_FIELD), found)
        kinds = inside(kinds, part)
    return found if kinds else {}


def _extra(field: "FieldInfo") -> dict[str, Any]:
    return dict(field.json_schema_extra) if isinstance(field.json_schema_extra, dict) else {}
