"""The words of a comparison, always the same few, and only where the interval supports them.

Invariant: "better" and "worse" need an adjusted p below 5 %, "no difference" needs equivalence shown;
everything else is not settled.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.analysis.catalogue import Better

LEVEL = 0.05
MANY = 10_000


@dataclass(frozen=True)
class Evidence:
    """One difference from the reference.

    effect, low, high: in per cent of the reference or in points, as `unit` says, with a plain 95 % interval.
    p, alike_p: of "no difference" and of "larger than the margin", both adjusted for the family.
    margin: in the same unit. further: replications still needed.
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


def outcome(found: Evidence) -> str:
    """One word: better, worse, more, less, alike or unsettled."""
    if found.p < LEVEL:
        if found.better is Better.NEITHER:
            return "more" if found.effect > 0 else "less"
        return "better" if (found.effect > 0) == (found.better is Better.MORE) else "worse"
    return "alike" if found.alike_p < LEVEL else "unsettled"


def sentence(found: Evidence) -> str:
    """The verdict in its fixed words.

    >>> base = Evidence(-12.0, -15.0, -9.0, 0.001, 1.0, 3.0, 5.0, Better.LESS)
    >>> sentence(base)
    'better by 12 % (95 % CI 9–15 %)'
    >>> sentence(Evidence(0.4, -1.1, 1.9, 0.5, 0.01, 3.0, 5.0, Better.LESS))
    'no difference larger than 3 % (equivalence shown)'
    >>> sentence(Evidence(4.0, -1.0, 9.0, 0.1, 0.7, 3.0, 138.0, Better.LESS))
    'not settled: needs about 140 more replications'
    """
    word = outcome(found)
    if word == "alike":
        return f"no difference larger than {amount(found.margin, found.unit)} (equivalence shown)"
    if word == "unsettled":
        return f"not settled: needs about {rounded_count(found.further)} more replications"
    near, far = sorted((abs(found.low), abs(found.high)))
    digits = places(far - near, abs(found.effect))
    size, span = f"{abs(found.effect):.{digits}f}", f"{near:.{digits}f}–{far:.{digits}f}"
    return f"{word} by {size} {found.unit} (95 % CI {span} {found.unit})"


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
