"""Opening hours read off the events, and the map from the calendar to open hours.

Invariant: the map never runs backwards; a week of the calendar is `hours_per_day * days_per_week` open hours.
"""

from dataclasses import dataclass

import numpy as np

from sim.fit.events import Floats, Integers

DAY = 86_400.0
MONDAY = 4 * DAY
"""1970-01-05, the first Monday of the clock."""
OPEN_DAY = 0.1
"""A day with less than this share of the busiest day's events counts as closed."""
SINGLE_HOUR = 0.9


@dataclass(frozen=True)
class OpenHours:
    """When the company works.

    `hour_weights` (24): how much of each clock hour counts as open; `days` (Monday is 0): the open days.
    A clock hour with half the usual activity counts half, so lunch and the edges of the day shrink instead of
    being cut off, and the weights of a day add up to `hours_per_day`.
    """

    hours_per_day: float
    days: tuple[int, ...]
    hour_weights: tuple[float, ...]
    assumed: bool = False

    @property
    def week(self) -> float:
        """Open hours of a week."""
        return self.hours_per_day * len(self.days)

    @property
    def clock_hours(self) -> tuple[float, ...]:
        """Share of each clock hour of the week that is open, (168,), Monday 0:00 first."""
        closed = (0.0,) * 24
        return sum((self.hour_weights if day in self.days else closed for day in range(7)), ())

    def open_hours(self, seconds: Floats) -> Floats:
        """Calendar seconds to open hours since the first Monday; closed time has no length."""
        weeks, rest = np.divmod(seconds - MONDAY, 7 * DAY)
        weekday, second = np.divmod(rest, DAY)
        passed = np.searchsorted(np.array(self.days), weekday, side="left")
        within = np.interp(
            second / 3600.0, np.arange(25), np.concatenate([[0.0], np.cumsum(self.hour_weights)])
        )
        is_open = np.isin(weekday, self.days)
        result: Floats = weeks * self.week + passed * self.hours_per_day + np.where(is_open, within, 0.0)
        return result


def estimate(seconds: Floats) -> OpenHours:
    """Opening hours from the times of events that people caused.

    Hours a day: all events over those of the three busiest clock hours' mean, as a whole number. Events given
    by the day only say nothing of hours: 9 to 17 is assumed then.
    """
    weekday = weekdays(seconds)
    by_day = np.bincount(weekday, minlength=7).astype(np.float64)
    days = tuple(int(day) for day in np.flatnonzero(by_day >= OPEN_DAY * by_day.max()))
    counts = np.bincount((seconds % DAY // 3600.0).astype(np.int64), minlength=24).astype(np.float64)
    if counts.max() > SINGLE_HOUR * counts.sum():
        weights = tuple(1.0 if 9 <= hour < 17 else 0.0 for hour in range(24))
        return OpenHours(8.0, days, weights, assumed=True)
    busiest = float(np.sort(counts)[-3:].mean())
    hours = float(min(24, max(1, round(counts.sum() / busiest))))
    return OpenHours(hours, days, _filled(counts, hours))


def weekdays(seconds: Floats) -> Integers:
    """Day of the week, Monday is 0."""
    return ((seconds - MONDAY) // DAY % 7).astype(np.int64)


def months(seconds: Floats) -> Integers:
    """Months since January 1970."""
    dates = seconds.astype("int64").astype("datetime64[s]").astype("datetime64[M]")
    return dates.astype(np.int64)


def _filled(counts: Floats, total: float) -> tuple[float, ...]:
    """Weights min(1, count / level) with the level at which they add up to `total`."""
    busy = int((counts > 0).sum())
    if busy <= total:
        return tuple(np.where(counts > 0, total / busy, 0.0).tolist())
    low = np.float64(0.0)
    high = np.float64(counts.max())
    for _ in range(100):
        level = (low + high) / 2
        if float(np.minimum(1.0, counts / level).sum()) > total:
            low = level
        else:
            high = level
    weights = np.minimum(1.0, counts / high)
    return tuple((weights * (total / weights.sum())).tolist())
