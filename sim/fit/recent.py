"""Which past cases to draw from: finished ones, and only the latest where the log has changed.

Invariant: a case is left out for when it came, never for how long it took or where it went.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.fit.events import Floats, Integers

USUAL_END = 0.02
"""An activity with which fewer cases end is no end."""
CUT = 0.3
"""Late cases without an end, as a share of them, by which a log counts as cut off."""
LONG = 0.9
"""Cases that came so late that one in ten would not have ended yet are left out of a log that was cut off."""
CHECKED = 0.2
WINDOWS = (1.0, 0.5, 0.25, 0.125)
FEWEST = 150
BETTER = 0.9
"""A shorter window is taken when what came last is so much nearer to it, and by more than chance would."""


class Cases(NamedTuple):
    """Cases with their events one after the other: `first` (cases + 1,) slices; the others (n,)."""

    first: Integers
    activity: Integers
    begun: Floats
    ended: Floats

    @property
    def came(self) -> Floats:
        """When each case began."""
        came: Floats = self.begun[self.first[:-1]]
        return came

    @property
    def over(self) -> Floats:
        """When each case ended."""
        over: Floats = np.maximum.reduceat(self.ended, self.first[:-1])
        return over


@dataclass(frozen=True)
class Chosen:
    """Cases to draw from, in order of the log, and what was left out, in words."""

    cases: Integers
    notes: tuple[str, ...]


def choose(cases: Cases) -> Chosen:
    """The cases that tell what comes next."""
    kept, notes = _ended(cases)
    order = kept[np.argsort(cases.came[kept], kind="stable")]
    share = _window(cases, order)
    latest = np.sort(order[len(order) - max(1, round(share * len(order))) :])
    if share < 1.0:
        notes += (
            f"The log has changed: the cases that came last are most like the latest {share * 100:.0f} % of "
            f"all ({len(latest):,} cases).",
        )
    return Chosen(latest, notes)


def _ended(cases: Cases) -> tuple[Integers, tuple[str, ...]]:
    """All cases, or in a log that was cut off those that came early enough to end."""
    everybody = np.arange(len(cases.first) - 1)
    last = cases.activity[cases.first[1:] - 1]
    hours = cases.over - cases.came
    horizon = float(cases.over.max() - np.quantile(hours, LONG))
    late = cases.came > horizon
    early = ~late
    if early.sum() < max(FEWEST, len(everybody) / 2) or not late.any():
        return everybody, ()
    ends = np.bincount(last[early], minlength=int(cases.activity.max()) + 1) / early.sum()
    if float((ends[last[late]] < USUAL_END).mean()) < CUT:
        return everybody, ()
    return everybody[early], (
        f"The log is cut off: many of the {int(late.sum()):,} cases that came last had not ended.",
    )


def _window(cases: Cases, order: Integers) -> float:
    """Share of the latest cases that is nearest to what came last."""
    known, new = np.split(order, [round((1.0 - CHECKED) * len(order))])
    best, nearest = 1.0, np.inf
    if len(new) < FEWEST / 3:
        return best
    chance = _distance(cases, new[::2], new[1::2]) / 2
    for share in WINDOWS:
        size = round(share * len(known))
        if size < FEWEST:
            break
        apart = _distance(cases, known[len(known) - size :], new)
        if apart < min(BETTER * nearest, nearest - chance):
            best, nearest = share, apart
    return best


def _distance(cases: Cases, some: Integers, others: Integers) -> float:
    """How far two sets of cases are apart: in what follows what, in hours of cases and of events in them."""
    from scipy.stats import wasserstein_distance

    parts = []
    for chosen in (some, others):
        hours = (cases.over - cases.came)[chosen]
        rows = _rows(cases, chosen)
        after = cases.ended[rows] - np.repeat(cases.came[chosen], np.diff(cases.first)[chosen])
        parts.append((_follows(cases, rows, chosen), hours, after))
    (follows, hours, after), (others_follow, other_hours, other_after) = parts
    keys = set(follows) | set(others_follow)
    way = sum(abs(follows.get(key, 0.0) - others_follow.get(key, 0.0)) for key in keys) / 2
    scale = max(float(other_hours.mean()), 1e-9), max(float(other_after.mean()), 1e-9)
    times = (
        wasserstein_distance(hours, other_hours) / scale[0]
        + wasserstein_distance(after, other_after) / scale[1]
    )
    return float(way + times / 2)


def _rows(cases: Cases, chosen: Integers) -> Integers:
    sizes = np.diff(cases.first)[chosen]
    rows: Integers = np.repeat(cases.first[chosen] - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
    return rows


def _follows(cases: Cases, rows: Integers, chosen: Integers) -> dict[int, float]:
    """Shares of what follows what, the beginning and the end of a case included."""
    base = int(cases.activity.max()) + 3
    sizes = np.diff(cases.first)[chosen]
    ends = np.cumsum(sizes)
    before = np.concatenate([[base - 1], cases.activity[rows][:-1]])
    before[np.concatenate([[0], ends[:-1]])] = base - 1
    pairs = np.concatenate(
        [before * base + cases.activity[rows], cases.activity[rows][ends - 1] * base + base - 2]
    )
    keys, counts = np.unique(pairs, return_counts=True)
    return dict(zip(keys.tolist(), (counts / counts.sum()).tolist(), strict=True))
