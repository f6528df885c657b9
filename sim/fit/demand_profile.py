"""How demand varies over the day, the week and the year, and its trend.

Invariant: every list of factors has mean 1; a factor that chance alone could explain is drawn towards 1.
"""

from dataclasses import dataclass

import numpy as np

from sim.fit.events import NOWHERE, Flags, Floats
from sim.fit.hours import DAY, months, weekdays
from sim.fit.tickets import Tickets

TWO_YEARS = 700.0
"""Days; a shorter log says nothing about the months of a year."""


@dataclass(frozen=True)
class Window:
    """A part of the log in open hours, `first <= arrival < last`."""

    first: float
    last: float
    week: float

    @property
    def weeks(self) -> float:
        """Length in weeks."""
        return (self.last - self.first) / self.week


def demand_profile(tickets: Tickets, used: Flags, window: Window) -> tuple[Floats, Floats, Floats, float]:
    """Factors of mean 1 for the open hours of a day, the days of a week and the months of a year, and the
    trend."""
    first = np.full(tickets.events.tickets, np.inf)
    work = tickets.function != NOWHERE
    begun = np.fmin(tickets.events.time, tickets.events.start)
    np.minimum.at(first, tickets.events.ticket[work], begun[work])
    hours = tickets.hours.hours_per_day
    moment, clock = tickets.arrival[used], first[used]
    of_day = np.bincount(
        np.minimum(moment % hours, hours - 1e-9).astype(np.int64), minlength=int(np.ceil(hours))
    ).astype(float)
    of_week = np.bincount(weekdays(clock), minlength=7)[list(tickets.hours.days)].astype(float)
    counts = np.bincount(((moment - window.first) / window.week).astype(np.int64))[
        : int(window.weeks)
    ].astype(float)
    place = np.arange(len(counts)) - (len(counts) - 1) / 2
    slope = float((place * counts).sum() / (place**2).sum())
    expected = np.maximum(
        counts.mean() + slope * ((moment - window.first) / window.week - len(counts) / 2),
        0.25 * counts.mean(),
    )
    return (
        of_day / of_day.mean(),
        of_week / of_week.mean(),
        _months(clock, expected, counts.mean()),
        slope * 52 / counts.mean(),
    )


def _months(clock: Floats, expected: Floats, level: float) -> Floats:
    """Monthly factors with the trend taken out, drawn towards 1 by what chance alone would give; flat under 2
    years."""
    span = months(clock)
    if (clock.max() - clock.min()) / DAY < TWO_YEARS:
        return np.ones(12)
    length = np.bincount(np.arange(span.min(), span.max() + 1) % 12, minlength=12)
    counted = np.bincount(span % 12, weights=level / expected, minlength=12) / length
    factors = counted / counted.mean()
    tickets = np.bincount(span % 12, minlength=12)
    chance = float((1.0 / np.maximum(tickets, 1)).mean())
    real = max(0.0, float(factors.var()) - chance)
    drawn = 1.0 + (factors - 1.0) * real / (real + chance)
    result: Floats = drawn / drawn.mean()
    return result
