"""The search for the fewest people: brackets and halves by expected load, then moves people one by one.

Invariant: a search is told nothing but samples, in the order in which it asked for them; it judges with
replications of its own, so what it finds has to be tested on others.
"""

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from sim.staffing.case import Case, Workers
from sim.staffing.sample import Floats, Sample

FEW, ENOUGH, MOST = 4, 12, 48
"""Replications of a first look, of a choice between the best, and of a decision at most."""
KEPT = 3
"""Staffs that a first look leaves."""
IDLE = 0.15
"""Load of the busiest department below which more people cannot shorten a queue."""
PAIRS = 3
"""Departments considered as giver and as taker where there are many."""

Ask = tuple[Workers, int]
Asks = Generator[list[Ask], list[Sample], "Found"]
Looks = Generator[list[Ask], list[Sample], list[Sample]]


@dataclass
class Found:
    """What a search came to: the staff that was best at each number of people, and all that was tried.

    `fewest`: people with which all targets seem to be met; None where none were found up to the limit.
    """

    best: dict[int, Workers] = field(default_factory=dict)
    tried: dict[Workers, Sample] = field(default_factory=dict)
    fewest: int | None = None
    scale: Floats | None = None


@dataclass
class Search:
    """A search under way; every method that looks at staffs is a generator of what it wants to see."""

    case: Case
    found: Found = field(default_factory=Found)

    def run(self) -> Asks:
        """The whole search."""
        bracket = yield from self._bracket()
        if bracket is None:
            return self.found
        low, high = bracket
        while high - low > 1:
            middle = (low + high) // 2
            if (yield from self._meets(self.case.by_load(middle))):
                high = middle
            else:
                low = middle
        best = self.case.by_load(high)
        while (below := self.case.people(best) - 1) >= self.case.fewest:
            better = yield from self._contest(below, best)
            self._keep(better)
            if not (yield from self._meets(better)):
                break
            best = better
        self._keep(best)
        self.found.fewest = self.case.people(best)
        return self.found

    def _bracket(self) -> Generator[list[Ask], list[Sample], tuple[int, int] | None]:
        """Numbers of people of which the first fails and the second does, by load; None: nobody does."""
        case, step = self.case, 1
        guess = min(max(case.first_guess, case.fewest), case.most)
        if (yield from self._meets(case.by_load(guess))):
            high = guess
            while high > case.fewest:
                low = max(case.fewest, high - step)
                if not (yield from self._meets(case.by_load(low))):
                    return low, high
                high, step = low, 2 * step
            return high - 1, high
        low = guess
        while low < case.most:
            high = min(case.most, low + step)
            if (yield from self._meets(case.by_load(high))):
                return low, high
            low, step = high, 2 * step
            if max(case.loads(case.by_load(high))) < IDLE:
                break
        return (yield from self._last_resort())

    def _last_resort(self) -> Generator[list[Ask], list[Sample], tuple[int, int] | None]:
        """Around the staff that came nearest: too many people can be as bad as too few."""
        for _ in range(4):
            nearest = min(self.found.tried, key=self._rank)
            people = self.case.people(nearest)
            sizes = sorted({self.case.people(staff) for staff in self.found.tried})
            place = sizes.index(people)
            between = [
                (people + sizes[other]) // 2 for other in (place - 1, place + 1) if 0 <= other < len(sizes)
            ]
            fresh = [self.case.by_load(size) for size in between if size not in sizes]
            fresh = [staff for staff in fresh if staff not in self.found.tried]
            if not fresh:
                break
            for staff in fresh:
                if (yield from self._meets(staff)):
                    return self.case.fewest - 1, self.case.people(staff)
        nearest = min(self.found.tried, key=self._rank)
        better = yield from self._contest(self.case.people(nearest), nearest)
        self._keep(min(better, nearest, key=self._rank))
        if (yield from self._meets(better)):
            return self.case.people(better) - 1, self.case.people(better)
        return None

    def _meets(self, staff: Workers) -> Generator[list[Ask], list[Sample], bool]:
        """Does the staff seem to meet the targets? As many replications as it takes to tell."""
        count = FEW
        sample = (yield from self._look([staff], count))[0]
        while not sample.clear and count < MOST:
            count = min(2 * count, MOST)
            sample = (yield from self._look([staff], count))[0]
        return sample.met

    def _contest(self, people: int, above: Workers) -> Generator[list[Ask], list[Sample], Workers]:
        """The best staff of so many people: by rule, or one fewer than `above`, then one moved at a time."""
        starts = [self.case.by_load(people), tuple(self.case.by_root.spread(people))]
        starts += [self.case.filled(staff, people) for staff in one_fewer(above)]
        best = yield from self._choose([staff for staff in starts if self._fits(staff, people)])
        for _ in range(2 * len(best)):
            if (yield from self._meets(best)):
                break
            moved = [self.case.filled(staff, people) for staff in self._moves(best)]
            rivals = [staff for staff in moved if self._fits(staff, people) and staff != best]
            better = yield from self._choose([best, *rivals])
            if better == best:
                break
            best = better
        return best

    def _fits(self, staff: Workers, people: int) -> bool:
        return self.case.people(staff) <= people

    def _moves(self, staff: Workers) -> Iterable[Workers]:
        """One person from a department to another: all pairs, or from the least to the most loaded."""
        places = list(range(len(staff)))
        if len(staff) * (len(staff) - 1) > 2 * PAIRS * PAIRS:
            loads = self.case.loads(staff)
            places.sort(key=loads.__getitem__)
        givers = [place for place in places if staff[place] > 1]
        many = len(staff) * (len(staff) - 1) > 2 * PAIRS * PAIRS
        for giver in givers[:PAIRS] if many else givers:
            for taker in places[-PAIRS:] if many else places:
                if giver != taker:
                    yield _changed(staff, giver, taker)

    def _choose(self, staffs: Sequence[Workers]) -> Generator[list[Ask], list[Sample], Workers]:
        """The best of some staffs: a short look at all, a longer one at those that it leaves."""
        rivals = list(dict.fromkeys(staffs))
        for count, left in ((FEW, KEPT), (ENOUGH, 1)):
            if len(rivals) > 1:
                yield from self._look(rivals, count)
                rivals = sorted(rivals, key=self._rank)[:left]
        return rivals[0]

    def _rank(self, staff: Workers) -> tuple[float, float, float, Workers]:
        """Less is better: violations, the tightest slack, and of what cannot end the load."""
        sample, scale = self.found.tried[staff], self.found.scale
        strain = sample.strain(np.ones(len(sample.slack)) if scale is None else scale)
        return (*strain, 0.0 if np.isfinite(strain[0]) else max(self.case.loads(staff)), staff)

    def _look(self, staffs: Sequence[Workers], count: int) -> Looks:
        """Samples of at least so many replications of each staff; of what cannot end none is played."""
        wanted = [staff for staff in staffs if self._short(staff, count)]
        asks = [(staff, count if self.case.can_end(staff) else 0) for staff in wanted]
        if asks:
            samples = yield asks
            self.found.tried |= {staff: sample for (staff, _), sample in zip(asks, samples, strict=True)}
        if self.found.scale is None:
            seen = (self.found.tried[staff] for staff in wanted)
            self.found.scale = next((sample.scale for sample in seen if sample.replications > 1), None)
        return [self.found.tried[staff] for staff in staffs]

    def _short(self, staff: Workers, count: int) -> bool:
        known = self.found.tried.get(staff)
        return known is None or (known.steady and 0 < known.replications < count)

    def _keep(self, staff: Workers) -> None:
        self.found.best[self.case.people(staff)] = staff


def one_fewer(staff: Workers) -> Iterable[Workers]:
    """The staffs with one worker less in one department.

    >>> list(one_fewer((2, 1)))
    [(1, 1)]
    """
    for place, size in enumerate(staff):
        if size > 1:
            yield (*staff[:place], size - 1, *staff[place + 1 :])


def _changed(staff: Workers, giver: int, taker: int) -> Workers:
    return tuple(size - (place == giver) + (place == taker) for place, size in enumerate(staff))


def together(
    searches: Sequence[Generator[list[Ask], list[Sample], Found]],
    play: Callable[[list[list[Ask]]], list[list[Sample]]],
) -> list[Found]:
    """All searches, a step of each at a time, so that every round of them is played at once.

    `play` is handed what each search asks for (nothing of those that have ended) and gives the samples.
    """
    found: dict[int, Found] = {}
    waiting: dict[int, list[Ask]] = {}
    for number, search in enumerate(searches):
        _advance(number, partial(next, search), waiting, found)
    while waiting:
        samples = play([waiting.get(number, []) for number in range(len(searches))])
        for number in list(waiting):
            _advance(number, partial(searches[number].send, samples[number]), waiting, found)
    return [found[number] for number in range(len(searches))]


def _advance(
    number: int, step: Callable[[], list[Ask]], waiting: dict[int, list[Ask]], found: dict[int, Found]
) -> None:
    waiting.pop(number, None)
    try:
        waiting[number] = step()
    except StopIteration as end:
        found[number] = end.value
