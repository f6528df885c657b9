"""A replication's history as an event log, as process mining reads it: a row for each step that was done.

Invariant: times are moments at which the company is open; a log of a fitted company names activities as the
log it was fitted to.
"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

import numpy as np

from sim.rules.opening import MONDAY, WEEK, moments, usual_week

if TYPE_CHECKING:
    import pandas as pd

    from sim.model.company import Clock, Company
    from sim.model.scenario import Scenario
    from sim.trajectory import Trajectory

COLUMNS = ("case", "activity", "resource", "start_time", "end_time", "department", "product", "segment",
           "lifecycle")  # fmt: skip
ENDINGS = (".csv", ".csv.gz", ".xes", ".xes.gz")
OUTSIDE = "outside"
"""The kind of visit nobody in the company has done."""
XES = {"case": "concept:name", "activity": "concept:name", "resource": "org:resource",
       "start_time": "start_timestamp", "end_time": "time:timestamp",
       "lifecycle": "lifecycle:transition"}  # fmt: skip
"""Keys of the standard IEEE 1849 for the columns it knows."""


def event_log(history: Trajectory) -> pd.DataFrame:
    """See `Trajectory.event_log`."""
    if history.scenario is None:
        raise ValueError("the trajectory does not know its scenario, so not when the company is open")
    company = history.scenario.company
    rows = history.visits
    mine = (rows["kind"] != history.names["kind"].index(OUTSIDE)) & np.isfinite(rows["end"])
    rows = rows[mine]
    named = ("customer", "function", "worker", "department", "product", "segment")
    names = {column: np.array(history.names[column], dtype=object)[rows[column]] for column in named}
    import pandas as pd

    frame = pd.DataFrame(
        {
            "case": [f"{who} {count}" for who, count in zip(names["customer"], rows["number"], strict=True)],
            "activity": _activities(company, names["function"]),
            "resource": _people(history.scenario, names["worker"]),
            "start_time": _calendar(rows["start"], company.clock, history.scenario.week, ends=False),
            "end_time": _calendar(rows["end"], company.clock, history.scenario.week, ends=True),
            "department": names["department"],
            "product": names["product"],
            "segment": names["segment"],
            "lifecycle": "complete",
        }
    )
    order = np.lexsort((rows["end"], rows["start"], rows["number"], rows["customer"]))
    return frame.iloc[order].reset_index(drop=True)


def _people(scenario: Scenario, seats: Any) -> list[str | None]:
    """Further hands are their person's."""
    hands = {name: person.hand_of for name, person in scenario.staffing.roster.items()}
    return [hands.get(seat) or seat for seat in seats]


def _activities(company: Company, functions: Any) -> list[str]:
    named = {name: function.activity or name for name, function in company.functions.items()}
    return [named[function] for function in functions]


def _calendar(hours: Any, clock: Clock, week: float, ends: bool) -> Any:
    """Open hours as moments of the calendar; a step that took no time ends when it began."""
    import pandas as pd

    shares = np.array(clock.week) if clock.week else usual_week(clock.hours_per_day, clock.days_per_week)
    first = (np.datetime64(clock.begins) - np.datetime64(0, "D")) / np.timedelta64(1, "s")
    begun = (first - MONDAY) / WEEK * week
    seconds = pd.to_datetime(moments(hours + begun, shares, week, ends), unit="s").round("ms")
    local = pd.Series(seconds)
    if clock.time_zone is None:
        return local
    return local.dt.tz_localize(clock.time_zone, ambiguous=False, nonexistent="shift_forward")


def check_path(path: Path) -> str | None:
    """Why an event log cannot be written there, or None."""
    if not path.name.lower().endswith(ENDINGS):
        return f'"{path.name}" ends with none of {", ".join(ENDINGS)}'
    if not path.parent.is_dir() or path.is_dir():
        return (
            f"{path} cannot be written: {path.parent} is no folder"
            if not path.is_dir()
            else f"{path} is a folder"
        )
    return None


def write(frame: pd.DataFrame, path: Path) -> None:
    """Write an event log; its kind is told by the name, one of `ENDINGS`.

    Raises
    ------
    ValueError
        when `check_path` has something to say.
    OSError
        when it cannot be written.
    """
    wrong = check_path(path)
    if wrong is not None:
        raise ValueError(wrong)
    if path.name.lower().endswith((".csv", ".csv.gz")):
        frame.to_csv(path, index=False)
        return
    zipped = path.name.lower().endswith(".gz")
    with gzip.open(path, "wt", encoding="utf-8") if zipped else path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        file.write('<log xes.version="1849-2016" xmlns="http://www.xes-standard.org/">\n')
        for case, events in frame.groupby("case", sort=False):
            file.write(f"<trace>{_attribute('string', 'concept:name', case)}\n")
            for event in events.drop(columns="case").to_dict("records"):
                file.write(f"<event>{''.join(_written(*one) for one in event.items())}</event>\n")
            file.write("</trace>\n")
        file.write("</log>\n")


def _written(column: Any, value: Any) -> str:
    kind = "date" if column.endswith("_time") else "string"
    if value is None:
        return ""
    text = value.isoformat(timespec="milliseconds") if kind == "date" else str(value)
    return _attribute(kind, XES.get(column, column), text)


def _attribute(kind: str, key: str, value: Any) -> str:
    return f"<{kind} key={quoteattr(key)} value={quoteattr(str(value))}/>"
