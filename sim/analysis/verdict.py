"""The words of a comparison, always the same few, and only where the interval supports them.

Invariant: "better" and "worse" need an adjusted p below 5 % (or nearly all pairs of replications, below 1 %),
"no difference" needs equivalence shown; everything else is not settled.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.analysis.catalogue import Better

LEVEL = 0.05
SIGN_LEVEL = 0.01
"""Level of the sign test that is asked where the t test leaves a difference open: both together, 6 %."""
MANY = 10_000


@dataclass(frozen=True)
class Evidence:
    """One difference from the reference.

    effect, low, high: in per cent of the reference or in points, as `unit` says; the interval excludes 0
    exactly when p is below 5 %. p, alike_p: of "no difference" and of "larger than the margin", adjusted for
    the family. margin: in the same unit. further: replications still needed. sign_p, typical, agreeing,
    pairs: of as many differences above as below 0, their median, how many share its sign, how many there are.
    """

    effect: float
    low: float
    high: float
    p: float
    alike_p: float
    margin: float
    further: float
    better: Better
    unit: str = "%"
    sign_p: float = 1.0
    typical: float = 0.0
    agreeing: float = 0.0
    pairs: float = 0.0

    @property
    def same(self) -> bool:
        """No difference at all, in any replication."""
        return self.effect == self.low == self.high == 0.0

    @property
    def by_pairs(self) -> bool:
        """Whether the mean is not settled, but nearly every pair says the same, and so does the mean."""
        return not self.p < LEVEL and self.sign_p < SIGN_LEVEL and self.typical * self.effect > 0


def outcome(found: Evidence) -> str:
    """One word: better, worse, more, less, alike or unsettled.

    What is shown to be too small to matter is alike, though it may be sure.
    """
    if found.alike_p < LEVEL:
        return "alike"
    if not found.p < LEVEL and not found.by_pairs:
        return "unsettled"
    if found.better is Better.NEITHER:
        return "more" if found.effect > 0 else "less"
    return "better" if (found.effect > 0) == (found.better is Better.MORE) else "worse"


def sentence(found: Evidence) -> str:
    """The verdict in its fixed words.

    >>> base = Evidence(-12.0, -15.0, -9.0, 0.001, 1.0, 3.0, 5.0, Better.LESS)
    >>> sentence(base)
    'better by 12 % (95 % CI 9–15 %)'
    >>> sentence(Evidence(0.4, -1.1, 1.9, 0.5, 0.01, 3.0, 5.0, Better.LESS))
    'no difference larger than 3 % (equivalence shown)'
    >>> sentence(Evidence(0.0, 0.0, 0.0, 1.0, 0.0, 3.0, 5.0, Better.LESS))
    'the same'
    >>> sentence(Evidence(4.0, -1.0, 9.0, 0.1, 0.7, 3.0, 138.0, Better.LESS))
    'not settled: needs about 140 more replications'
    >>> sentence(Evidence(180.0, -90.0, 450.0, 0.3, 1.0, 3.0, 99.0, Better.LESS, "%", 0.0, 65.0, 20, 20))
    'worse in 20 of 20 replications (in the median by 65 %; the mean is not settled)'
    """
    word = outcome(found)
    if found.same:
        return "the same"
    if word == "alike":
        return f"no difference larger than {amount(found.margin, found.unit)} (equivalence shown)"
    if word == "unsettled":
        return f"not settled: needs about {more_replications(found.further)}"
    if found.by_pairs:
        pairs, typical = f"{found.agreeing:.0f} of {found.pairs:.0f} replications", abs(found.typical)
        median = f"{typical:.{places(0.0, typical)}f} {found.unit}".strip()
        return f"{word} in {pairs} (in the median by {median}; the mean is not settled)"
    size, span = _written(found)
    return f"{word} by {size}" + (f" (95 % CI {span})" if span else "")


def brief(found: Evidence) -> str:
    """The verdict for a narrow column.

    >>> brief(Evidence(-12.0, -15.0, -9.0, 0.001, 1.0, 3.0, 5.0, Better.LESS))
    'better by 12 % (9–15 %)'
    >>> brief(Evidence(0.4, -1.1, 1.9, 0.5, 0.01, 3.0, 5.0, Better.LESS))
    'alike within 3 %'
    """
    word = outcome(found)
    if found.same:
        return "the same"
    if word == "alike":
        return f"alike within {amount(found.margin, found.unit)}"
    if word == "unsettled":
        return "not settled"
    if found.by_pairs:
        return f"{word} in {found.agreeing:.0f} of {found.pairs:.0f}"
    size, span = _written(found)
    return f"{word} by {size}" + (f" ({span})" if span else "")


def _written(found: Evidence) -> tuple[str, str]:
    """Size and interval with their unit; no interval where it has no width, as planned figures have it."""
    near, far = sorted((abs(found.low), abs(found.high)))
    digits = places(far - near, abs(found.effect))
    ends = [f"{end:.{digits}f}" for end in (near, far)]
    size = f"{abs(found.effect):.{digits}f}"
    unit = "point" if found.unit == "points" and float(size) == 1 else found.unit
    span = f"{'–'.join(ends)} {found.unit}".strip() if ends[0] != ends[1] else ""
    return f"{size} {unit}".strip(), span


def more_replications(count: float) -> str:
    """How many more, with its noun.

    >>> more_replications(138.0), more_replications(0.5)
    ('140 more replications', '1 more replication')
    """
    many = rounded_count(count)
    return f"{many} more replication{'' if many == '1' else 's'}"


def amount(value: float, unit: str) -> str:
    """A margin with its unit, without idle zeros.

    >>> amount(3.0, "%"), amount(1.0, "points"), amount(2.5, "%")
    ('3 %', '1 point', '2.5 %')
    """
    return f"{value:g} {'point' if unit == 'points' and value == 1 else unit}"


def places(width: float, size: float) -> int:
    """Decimals worth printing: as many as an interval of that width supports, 0 to 2.

    >>> places(6.0, 12.0), places(0.6, 12.0), places(0.03, 1.0), places(0.0, 25.0)
    (0, 1, 2, 0)
    """
    scale = width if width > 0 else size
    return 0 if scale >= 3 or scale == 0 else 1 if scale >= 0.3 else 2


def rounded_count(count: float) -> str:
    """A number of replications to two digits.

    >>> rounded_count(138.0), rounded_count(7.0), rounded_count(1e9), rounded_count(0.2)
    ('140', '7', '10,000 or more', '1')
    """
    if not count < MANY:
        return f"{MANY:,} or more"
    whole = max(1, math.ceil(count))
    unit = 10 ** max(0, len(str(whole)) - 2)
    return f"{round(whole / unit) * unit:,}"
