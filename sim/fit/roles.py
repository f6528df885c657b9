"""What part each activity of a log plays: work, work that begins a wait outside the company, or closing.

Invariant: every activity is either closing or belongs to exactly one work function that is frequent enough to
be planned with; rare activities go to a neighbour.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count, pairwise

import numpy as np

from sim.fit.events import Events, Floats, Integers
from sim.fit.table import BadLog
from sim.model.mistake import Mistake, unknown_name

RARE = 0.05
"""Activities in fewer tickets than this are folded into a neighbour."""
MOST_FUNCTIONS, MOST_DELAYS = 20, 8
"""Beyond the most frequent, activities are folded too; a route has 30 places."""
LONG_DAYS = 1.0
FEWEST_GAPS = 20
REOPENED, RESTING = "reopened", "resting"
"""Delays that no activity names; an activity of the same name is called otherwise."""


@dataclass(frozen=True)
class Roles:
    """The part of each activity.

    `closing` ends a ticket by itself and is no work. `outside` begins a wait outside the company; the work it
    takes belongs to its function. `function` names the work function of every activity that is not closing,
    and `pause` the delay function of every activity in `outside`. `folded` says what was folded into what.
    """

    closing: tuple[str, ...]
    outside: tuple[str, ...]
    function: dict[str, str]
    pause: dict[str, str]
    resolving: tuple[str, ...]
    folded: dict[str, str]

    @property
    def functions(self) -> tuple[str, ...]:
        """Names of the work functions, in order of first appearance."""
        return tuple(dict.fromkeys(self.function.values()))


def assign(
    events: Events, outside: Sequence[str] | None = None, closing: Sequence[str] | None = None
) -> Roles:
    """Find the part of each activity from how tickets run, or take it from the options.

    Closing: the last event of at least half the tickets, long after the event before. Outside: what is
    followed by a median gap of at least a calendar day and five times the usual one.

    Raises
    ------
    BadLog
        when an option names an activity that the log does not have.
    """
    wrong = [
        (option, name)
        for option, names in (("--outside", outside), ("--closing", closing))
        for name in names or ()
        if name not in events.activities
    ]
    if wrong:
        raise BadLog([unknown_name(option, name, events.activities, "activity") for option, name in wrong])
    runs = sequences(events)
    ended = _closing(events, runs) if closing is None else set(closing)
    open_runs = [
        [index for index in run if events.activities[events.activity[index]] not in ended] for run in runs
    ]
    if not any(open_runs):
        raise BadLog([Mistake("--closing", "leaves no activity that is work", todo="Name fewer")])
    last = Counter(_name(events, run[-1]) for run in open_runs if run)
    resolving = tuple(name for name, count in last.items() if count >= 0.5 * sum(last.values()))
    waits = _outside(events, open_runs, resolving) if outside is None else set(outside) - ended
    return _folded(events, open_runs, ended, waits, resolving)


def sequences(events: Events) -> list[list[int]]:
    """Indices of each ticket's events in order of time."""
    runs: list[list[int]] = [[] for _ in range(events.tickets)]
    for index, ticket in enumerate(events.ticket.tolist()):
        runs[ticket].append(index)
    return runs


def slug(name: str) -> str:
    """A name for a config: lower case, words joined by underscores.

    >>> slug("Take in charge ticket")
    'take_in_charge_ticket'
    """
    return re.sub(r"\W+", "_", name.lower()).strip("_")[:50] or "unnamed"


def apart(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Names that differ from one another and from those taken.

    >>> apart(["a", "a", "b"], taken=["b"])
    ['a', 'a_2', 'b_2']
    """
    used = set(taken)
    result: list[str] = []
    for name in names:
        tries = (name if number == 1 else f"{name}_{number}" for number in count(1))
        result.append(next(one for one in tries if one not in used))
        used.add(result[-1])
    return result


def _name(events: Events, index: int) -> str:
    return events.activities[int(events.activity[index])]


def _gaps(events: Events, runs: list[list[int]]) -> tuple[Integers, Integers, Floats]:
    """Activity before, activity after, and calendar hours between consecutive events of a ticket."""
    pairs = [(first, second) for run in runs for first, second in pairwise(run)]
    before, after = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return (
        events.activity[before],
        events.activity[after],
        (events.time[after] - events.time[before]) / 3600.0,
    )


def _closing(events: Events, runs: list[list[int]]) -> set[str]:
    last = Counter(int(events.activity[run[-1]]) for run in runs)
    _, after, gap = _gaps(events, runs)
    found = set()
    for activity, often in last.items():
        before_it, others = gap[after == activity], gap[after != activity]
        if often < 0.5 * len(runs) or len(before_it) < FEWEST_GAPS or len(others) < FEWEST_GAPS:
            continue
        if np.median(before_it) >= max(24.0 * LONG_DAYS, 10 * np.median(others)):
            found.add(events.activities[activity])
    return found


def _outside(events: Events, runs: list[list[int]], resolving: Sequence[str]) -> set[str]:
    before, _, gap = _gaps(events, runs)
    if not len(gap):
        return set()
    usual = float(np.median(gap))
    found = set()
    for activity, name in enumerate(events.activities):
        after_it = gap[before == activity]
        if (
            name not in resolving
            and len(after_it) >= FEWEST_GAPS
            and np.median(after_it) >= max(24.0 * LONG_DAYS, 5 * usual)
        ):
            found.add(name)
    return found


def _folded(
    events: Events, runs: list[list[int]], ended: set[str], waits: set[str], resolving: Sequence[str]
) -> Roles:
    visited = Counter(name for run in runs for name in {_name(events, index) for index in run})
    share = {name: visited[name] / len(runs) for name in events.activities if visited[name]}
    often = sorted(share, key=lambda name: -share[name])
    most = [name for name in often if name not in waits and share[name] >= RARE][:MOST_FUNCTIONS]
    kept = [name for name in share if name in most]
    kept = kept or [max((name for name in share), key=lambda name: share[name])]
    function = dict(zip(kept, apart(map(_function, kept)), strict=True))
    folded = {}
    for name in share:
        if name not in function:
            target = _neighbour(events, runs, name, set(kept), forward=name not in waits)
            function[name] = function[target]
            folded[name] = target
    long = [name for name in often if name in waits and share[name] >= RARE][:MOST_DELAYS]
    named = dict(zip(long, apart(map(slug, long)), strict=True))
    pause = {name: named.get(name, "other_waits") for name in share if name in waits}
    return Roles(
        closing=tuple(name for name in events.activities if name in ended),
        outside=tuple(name for name in events.activities if name in pause),
        function=function,
        pause=pause,
        resolving=tuple(resolving),
        folded=folded,
    )


def _function(activity: str) -> str:
    name = slug(activity)
    return f"{name}_work" if name in (REOPENED, RESTING) else name


def _neighbour(events: Events, runs: list[list[int]], name: str, kept: set[str], forward: bool) -> str:
    """The frequent activity that most often stands next to `name`: after it, or before it for a wait."""
    found: Counter[str] = Counter()
    for run in runs:
        names = [_name(events, index) for index in run]
        for position, here in enumerate(names):
            if here == name:
                ahead = names[position + 1 :] if forward else names[:position][::-1]
                behind = names[:position][::-1] if forward else names[position + 1 :]
                nearest = next((other for other in [*ahead, *behind] if other in kept), None)
                found[nearest or min(kept)] += 1
    return min(found, key=lambda other: (-found[other], other))
