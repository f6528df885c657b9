"""A fitted company played through a later period of its log, and both as event logs of one form.

Invariant: of the later period only its beginnings (or nothing but its length) are taken over.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.fit.calibrate import calibrate, offered, plain
from sim.fit.columns import choose
from sim.fit.estimate import estimate
from sim.fit.events import Events, Floats, gather
from sim.fit.roles import assign
from sim.fit.table import read
from sim.fit.tickets import arrange
from sim.model.check import scenario as checked
from sim.replication import simulate

if TYPE_CHECKING:
    import pandas as pd

SESSION_HOURS = 2.0


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


class Twin:
    """A company fitted to all of a log; `load`: of its people."""

    def __init__(self, past: Events, say: Callable[[str], None]):
        self.found = estimate(arrange(past, assign(past)), SESSION_HOURS, 1.0)
        calibration = calibrate(self.found, {}, say)
        self.load = offered(self.found, calibration.restate)
        self.company = plain(self.found, calibration.work, calibration.resting, {})

    def simulate(self, future: Events, replication: int, own_arrivals: bool) -> "pd.DataFrame":
        """The event log of one replication of the period of another log."""
        hours = self.found.tickets.hours
        arrivals = hours.open_hours(begins(future))
        week = int(arrivals[0] // hours.week)
        gaps = np.diff(arrivals - week * hours.week, prepend=0.0)
        first = np.datetime64(0, "D") + np.timedelta64(7 * week + 4, "D")
        plain = self._scenario(gaps.tolist() if own_arrivals else [], str(first))
        log = simulate(checked(plain), replication).event_log()
        last = np.datetime64(int(begins(future)[-1]), "s")
        return log if own_arrivals else log[log.groupby("case")["start_time"].transform("min") <= last]

    def _scenario(self, gaps: list[float], begins: str) -> dict[str, Any]:
        company = self.company["company"]
        hours = self.found.tickets.hours
        segments = company["segments"]
        if gaps:
            each = [(one["customers"] * one["requests_per_year"], one["mix"]) for one in segments.values()]
            whole = sum(rate for rate, _ in each)
            mix: dict[str, float] = {}
            for rate, shares in each:
                for name, share in shares.items():
                    mix[name] = mix.get(name, 0.0) + rate / whole * share
            name = next(iter(segments))
            segments = {name: {"customers": 1, "interarrival": {"law": "trace", "values": gaps}, "mix": mix}}
        weeks = int(sum(gaps) // hours.week) + 1 if gaps else 5
        clock = company["clock"] | {"week": list(hours.clock_hours), "begins": begins}
        return self.company | {
            "company": company | {"segments": segments, "clock": clock},
            "experiment": {"horizon_weeks": weeks, "warm_up_weeks": 0, "drain_weeks": 52, "seed": 1},
        }
