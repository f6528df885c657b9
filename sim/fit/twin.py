"""A fitted company played through a later period of its log, and both as event logs of one form.

Invariant: of the later period only its beginnings (or nothing but its length) are taken over.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.draws import PURPOSE_ARRIVAL, child, root, uniform
from sim.fit.columns import choose
from sim.fit.events import Events, Floats, gather
from sim.fit.hours import DAY
from sim.fit.present import observe, plain
from sim.fit.recent import Cases
from sim.fit.recent import choose as choose_cases
from sim.fit.table import read
from sim.model.check import scenario as checked
from sim.replication import simulate
from sim.rules import opening

if TYPE_CHECKING:
    import pandas as pd


def read_events(path: Path) -> Events:
    """The events of a log, columns recognised."""
    table = read(path)
    return gather(table, choose(table, {}))


def frame_of(events: Events) -> "pd.DataFrame":
    """Events as a table of case, activity, resource, start_time, end_time; without a begin it is the end."""
    import pandas as pd

    names = np.array([*events.people, None], dtype=object)
    begun = np.where(np.isfinite(events.start), events.start, events.time)
    return pd.DataFrame(
        {
            "case": events.ticket,
            "activity": np.array(events.activities, dtype=object)[events.activity],
            "resource": names[events.person],
            "start_time": pd.to_datetime(np.minimum(begun, events.time), unit="s"),
            "end_time": pd.to_datetime(events.time, unit="s"),
        }
    )


def counts(log: "pd.DataFrame") -> dict[str, float]:
    """Plain counts of a log: changes of person and repeats a case, people, hours a case (mean, median)."""
    log = log.sort_values(["case", "start_time", "end_time"], kind="stable")
    same_case = log["case"].eq(log["case"].shift())
    changed = same_case & log["resource"].ne(log["resource"].shift())
    cases = log.groupby("case")
    hours = (cases["end_time"].max() - cases["start_time"].min()).dt.total_seconds() / 3600
    return {
        "cases": float(len(hours)),
        "events_per_case": len(log) / len(hours),
        "changes_of_person_per_case": float(changed.sum() / len(hours)),
        "repeats_per_case": float(log.duplicated(["case", "activity"]).sum() / len(hours)),
        "people": float(log["resource"].nunique()),
        "busiest_person_share": float(log["resource"].value_counts(normalize=True).max()),
        "cycle_hours_mean": float(hours.mean()),
        "cycle_hours_median": float(hours.median()),
    }


def begins(events: Events) -> Floats:
    """When each ticket begins, sorted, in seconds of the wall clock."""
    first = np.full(events.tickets, np.inf)
    np.minimum.at(first, events.ticket, np.fmin(events.time, events.start))
    return np.sort(first)


def _one_of(days: Floats, origin: int, day: int) -> float:
    """The day of the log that a day is like."""
    return float(days[int(uniform(child(origin, day), PURPOSE_ARRIVAL, 0, 0) * len(days))])


class Twin:
    """The present of a company fitted to all of a log."""

    def __init__(self, past: Events):
        self.found = observe(past)
        cases = Cases(self.found.first, past.activity[self.found.rows], self.found.begun, self.found.ended)
        chosen = choose_cases(cases)
        self.chosen, self.notes = chosen.cases, chosen.notes

    def simulate(self, arrivals: Floats, replication: int) -> "pd.DataFrame":
        """The event log of one replication; cases begin at these seconds of the wall clock, sorted."""
        found = self.found
        hours = opening.open_hours(arrivals, found.shares, found.week)
        week = int(hours[0] // found.week)
        gaps = np.diff(hours - week * found.week, prepend=0.0)
        first = np.datetime64(0, "D") + np.timedelta64(7 * week + 4, "D")
        log = simulate(checked(plain(found, self.chosen, gaps.tolist(), str(first))), replication).event_log()
        return self._as_logged(log, arrivals)

    def _as_logged(self, log: "pd.DataFrame", arrivals: Floats) -> "pd.DataFrame":
        """Cases that come when the company is closed begin then; without begins in the log there are none."""
        import pandas as pd

        cases = pd.Index([f"customers 0 {number}" for number in range(len(arrivals))])
        came = pd.to_datetime(arrivals, unit="s").to_series(index=cases)
        begun = log["start_time"].astype("datetime64[ns]")
        opened = pd.to_datetime(
            opening.moments(
                opening.open_hours(arrivals, self.found.shares, self.found.week),
                self.found.shares,
                self.found.week,
            ),
            unit="s",
        ).to_series(index=came.index)
        first = ~log["case"].duplicated() & ((begun - log["case"].map(opened)).abs() < pd.Timedelta("1s"))
        log["start_time"] = begun.where(~first, log["case"].map(came))
        if not self.found.timed:
            log["end_time"] = log["end_time"].where(~first, log["start_time"])
            log["start_time"] = log["end_time"]
        return log

    def arrivals(self, first: float, last: float, replication: int) -> Floats:
        """Beginnings of cases in a period: of whole days of the log with the same weekday, drawn anew."""
        came = begins(self.found.events)
        day = came // DAY
        days = np.arange(day[0] + 1, day[-1])
        origin = root(1, replication)
        drawn = []
        for one in np.arange(first // DAY, last // DAY + 1):
            alike = days[(days - one) % 7 == 0]
            source = _one_of(alike if len(alike) else days, origin, int(one))
            drawn.append(came[day == source] + (one - source) * DAY)
        found = np.concatenate(drawn)
        return np.sort(found[(found >= first) & (found <= last)])
