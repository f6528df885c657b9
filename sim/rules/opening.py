"""Opening hours: the map between the calendar and open hours, both ways.

Invariant: neither way runs backwards; a week of the calendar is a week of open hours, and closed time has no
length.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
HOURS = 168
"""Clock hours of a week, Monday 0:00 first."""
HOUR = 3600.0
WEEK = HOURS * HOUR
MONDAY = 345_600.0
"""1970-01-05, the first Monday of the clock, in seconds since 1970."""
HAIR = 1e-6
"""Open hours within which a moment counts as that at which the company opens or closes."""


def usual_week(hours_per_day: float, days_per_week: int) -> Floats:
    """Shares of the clock hours of a week, (168,): open from 9:00, or from early enough to close at midnight.

    >>> usual_week(7.5, 5)[[8, 9, 15, 16, 17]].tolist()
    [0.0, 1.0, 1.0, 0.5, 0.0]
    """
    first = min(9, 24 - int(np.ceil(hours_per_day)))
    day = np.clip(hours_per_day - (np.arange(24) - first), 0.0, 1.0) * (np.arange(24) >= first)
    return np.concatenate([day if number < days_per_week else np.zeros(24) for number in range(7)])


def open_hours(seconds: Floats, shares: Floats, week: float) -> Floats:
    """Open hours since the first Monday of the clock.

    Parameters
    ----------
    seconds : since 1970, of the wall clock.
    shares : (168,) how much of each clock hour of the week counts, at least one above 0.
    week : open hours of a week.
    """
    weeks, rest = np.divmod(seconds - MONDAY, WEEK)
    passed: Floats = weeks * week + np.interp(rest / HOUR, np.arange(HOURS + 1), _passed(shares, week))
    return passed


def moments(hours: Floats, shares: Floats, week: float, ends: bool = False) -> Floats:
    """The inverse of `open_hours`: seconds since 1970.

    At the instant of closing something ends that day (`ends`), and something begins when the company opens
    again.

    >>> friday = np.array([40.0])
    >>> [int(moments(friday, usual_week(8, 5), 40.0, ends)[0] - MONDAY) // 3600 for ends in (True, False)]
    [113, 177]
    """
    passed = _passed(shares, week)
    weeks, rest = np.divmod(hours + (-HAIR if ends else HAIR), week)
    hour = np.searchsorted(passed, rest, side="right") - 1
    within = np.clip((rest - passed[hour]) / np.diff(passed)[hour], 0.0, 1.0)
    rounded: Floats = np.round(MONDAY + weeks * WEEK + (hour + within) * HOUR + _hair(shares, hour, ends), 3)
    return rounded


def _hair(shares: Floats, hour: NDArray[np.int64], ends: bool) -> Floats:
    """The hair by which a moment was moved, in seconds of the clock."""
    back: Floats = (HAIR if ends else -HAIR) * HOUR / np.maximum(shares[hour], HAIR)
    return back


def _passed(shares: Floats, week: float) -> Floats:
    """Open hours passed at the beginning of each clock hour of the week and at its end, (169,)."""
    passed = np.concatenate([[0.0], np.cumsum(shares)])
    scaled: Floats = passed * (week / passed[-1])
    return scaled
