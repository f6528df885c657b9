"""Why a structure is faster, and what the difference hangs on: sentences for the answer.

Invariant: hours are the parts of the exact decomposition; a sentence about a lead is said only where
analysis calls the difference from the reference settled.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from sim.figures.kinds import kind_of
from sim.mechanisms import MECHANISMS
from sim.report.contest import CHEAPER
from sim.report.layout_records import Finding
from sim.report.wording import listed, money, number, quoted

SMALLEST_PART: Final = 0.08
"""Share of all changes that a kind of time must make to be named."""
MOST_PARTS: Final = 3
SMALLEST_REST: Final = 0.01
"""Share of a difference that may be left untold."""
SMALLEST_POINTS: Final = 0.05
SMALLEST_HOURS: Final = 0.005
ALIKE: Final = 0.05
"""Share of a difference that may be left over when nearly all of it is one kind of time."""
DEPENDS_ON: Final = {
    "queue": ("staffing.headcount", "how many people there will be"),
    **{kind: (key, words) for one in MECHANISMS for kind, key, words in one.kinds},
}
"""What moves a kind of time most directly: the key of the configuration, and in the reader's words."""

COST_PARTS: Final = {
    "managers": ("manager", "managers"),
    "coordinators": ("coordinator", "coordinators"),
    "workers": ("worker", "workers"),
    "concessions": ("of concessions", "of concessions"),
    "hidden_people": (),
    "hidden_cost": (),
}
"""Metrics that say why a structure costs what it does: one and several; none where told elsewhere."""

WORDS: Final = {
    "responsiveness": ("faster as customers see it", "slower as customers see it"),
    "reliability": ("more reliable", "less reliable"),
    "assurance": ("more familiar with the work", "less familiar with the work"),
    "empathy": ("customers better known", "customers less well known"),
    "ease": ("less effort for the customer", "more effort for the customer"),
}
"""What a score of satisfaction says when it is higher, and when it is lower."""

CASES: Final = ("by_function", "by_product")
"""Kinds of unfamiliarity that fewer cases of the same kind a head make."""

Parts = Mapping[str, float]


class Pair(NamedTuple):
    """The structure that is explained, the one it is compared with, and its hours a request more by kind."""

    structure: str
    reference: str
    parts: Parts

    @property
    def total(self) -> float:
        """Hours a request more than under the reference, negative if it is faster."""
        return math.fsum(self.parts.values())


def why(pair: Pair) -> Iterator[Finding]:
    """The kinds of time that make the difference, largest first, and what works against it."""
    along, against = _sides(pair)
    if not along:
        return
    own, other, hours = quoted(pair.structure), quoted(pair.reference), _hours(abs(pair.total))
    made, lost, small = (
        _listed(pair.parts, along),
        _listed(pair.parts, against),
        _smaller(pair, along, against),
    )
    if pair.total < 0:
        back = f"; it adds {lost}" if against else ""
        yield Finding(f"Against {other}, {own} saves {hours} a request: {made}{back}{small}.", "Why")
    else:
        back = f"; it saves {lost}" if against else ""
        yield Finding(f"{own} takes {hours} a request more than {other}: {made}{back}{small}.", "Why")


def _smaller(pair: Pair, along: Sequence[str], against: Sequence[str]) -> str:
    """What the parts that are too small to be named make together, so that what is told adds up.

    >>> _smaller(Pair("a", "b", {"handoff": -6.0, "queue": 0.4}), ["handoff"], [])
    '; smaller parts take 0.40 h back'
    >>> _smaller(Pair("a", "b", {"handoff": 6.0, "queue": 0.4}), ["handoff"], [])
    '; smaller parts add 0.40 h'
    """
    told = math.fsum(pair.parts[kind] for kind in (*along, *against))
    rest = pair.total - told
    if abs(rest) < SMALLEST_REST * abs(pair.total) or abs(rest) < SMALLEST_HOURS:
        return ""
    does = "take {} back" if pair.total < 0 < rest else "save {}" if rest < 0 else "add {}"
    return f"; smaller parts {does.format(_hours(abs(rest)))}"


def hangs_on(pair: Pair) -> Iterator[Finding]:
    """Whether the order would turn without the largest part."""
    along, _ = _sides(pair)
    if along:
        yield Finding(_without(pair, along[0]), "What it hangs on")


def find_out(pair: Pair, swept: Sequence[str]) -> str:
    """What to find out first; nothing if all of it was varied."""
    unknown = rests_on(pair, swept)
    what = "it" if len(unknown) == 1 else "them"
    return f" Find out first {listed(unknown)}: the difference rests on {what}." if unknown else ""


def rests_on(pair: Pair, swept: Sequence[str]) -> list[str]:
    """What the difference rests on and was not varied, the weightiest first."""
    along, _ = _sides(pair)
    known = dict(DEPENDS_ON[kind] for kind in along if kind in DEPENDS_ON)
    return [words for key, words in known.items() if key not in swept][:MOST_PARTS]


def liked_for(points: Parts, hours: Parts, handoffs: float, alike: bool) -> str:
    """The parts of a gap in satisfaction, the largest first, each with what it says and what shows it.

    points, hours, handoffs: more than under the reference, by score and by kind of time. alike: whether the
    two differ in nothing but the structure, so that only fewer cases a head make people less familiar.

    >>> liked_for({"assurance": -1.9, "ease": 3.04, "empathy": 0.01}, {"by_function": 0.4}, -2.96, True)
    'less effort for the customer (3.0 fewer handoffs): +3.0; fewer cases a head, so less familiar: -1.9'
    """
    named = sorted((name for name in WORDS if abs(points.get(name, 0.0)) >= SMALLEST_POINTS),
                   key=lambda name: -abs(points[name]))  # fmt: skip
    told = []
    for name in named:
        size = points[name]
        words, sized = WORDS[name][size < 0], number(size, 1, signed=True)
        cases = math.fsum(hours.get(kind, 0.0) for kind in CASES)
        if name == "assurance" and alike and cases * size < 0:
            words = (
                "more cases a head, so more familiar" if size > 0 else "fewer cases a head, so less familiar"
            )
        if name == "ease" and handoffs * size < 0 and abs(handoffs) >= SMALLEST_POINTS:
            words += f" ({number(abs(handoffs), 1)} {'fewer' if size > 0 else 'more'} handoffs)"
        told.append(f"{words}: {sized}")
    return "; ".join(told)


def _without(pair: Pair, kind: str) -> str:
    hours, rest = abs(pair.parts[kind]), pair.total - pair.parts[kind]
    label, own, other = kind_of(kind).label, quoted(pair.structure), quoted(pair.reference)
    word = "faster" if rest < 0 else "slower"
    if abs(rest) < max(ALIKE * abs(pair.total), SMALLEST_HOURS):
        return f"Nearly all of it is {label} ({_hours(hours)}): without that the two would be about alike."
    if (rest < 0) == (pair.total < 0):
        return (
            f"Not on {label} alone: without those {_hours(hours)}, all else unchanged, {own} would still be "
            f"{_hours(abs(rest))} {word} than {other}."
        )
    return (
        f"On {label}: without those {_hours(hours)}, all else unchanged, {own} would be "
        f"{_hours(abs(rest))} {word} than {other}."
    )


def spent_on(own: Mapping[str, float], other: Mapping[str, float]) -> str:
    """What makes the difference in cost, one structure instead of the other; nothing where all is alike.

    >>> spent_on({"managers": 3, "workers": 21}, {"managers": 4, "workers": 20})
    '3 managers instead of 4, 21 workers instead of 20'
    >>> spent_on({"concessions": 1764, "cost": 99996}, {"concessions": 1768, "cost": 100000})
    ''
    """
    told = []
    gap = abs(own.get("cost", math.inf) - other.get("cost", 0.0))
    for name, words in COST_PARTS.items():
        mine, theirs = own.get(name, 0.0), other.get(name, 0.0)
        little = name == "concessions" and (
            abs(mine - theirs) < CHEAPER * other.get("cost", 0.0)
            or (math.isfinite(gap) and abs(mine - theirs) < SMALLEST_PART * gap)
        )
        if words and abs(mine - theirs) >= 0.5 and not little:
            many = number(mine, 0)
            told.append(f"{many} {words[many != '1']} instead of {number(theirs, 0)}")
    return ", ".join(told)


def hidden(sides: Mapping[str, Mapping[str, float]]) -> str:
    """Hidden work as people and as money, by structure.

    >>> hidden({"customer": {"hidden_people": 3.14, "hidden_cost": 161234.0}})
    'Hidden work takes 3.1 people (161,234 a year) under “customer”.'
    """
    told = [
        f"{number(own['hidden_people'], 1)} people ({money(own['hidden_cost'])} a year) under “{name}”"
        for name, own in sides.items()
        if math.isfinite(own["hidden_people"])
    ]
    return f"Hidden work takes {listed(told)}." if told else ""


def _sides(pair: Pair) -> tuple[list[str], list[str]]:
    """Kinds that make the difference, and kinds that work against it, the largest first."""
    size = math.fsum(abs(hours) for hours in pair.parts.values())
    named = [
        kind
        for kind, hours in sorted(pair.parts.items(), key=lambda part: -abs(part[1]))
        if abs(hours) >= max(SMALLEST_HOURS, SMALLEST_PART * size)
    ]
    along = [kind for kind in named if (pair.parts[kind] < 0) == (pair.total < 0)]
    against = [kind for kind in named if kind not in along]
    return along[:MOST_PARTS], against[:1]


def _listed(parts: Parts, kinds: Sequence[str]) -> str:
    told = [f"{_hours(abs(parts[kind]))} of {kind_of(kind).label}" for kind in kinds]
    return listed(told)


def _hours(hours: float) -> str:
    """Hours with the digits that tell parts apart.

    >>> _hours(12.34), _hours(0.234)
    ('12.3 h', '0.23 h')
    """
    return f"{number(hours, 1 if abs(hours) >= 1 else 2)} h"
