"""Where the winner changes over two inputs, in words: shares of the map, the border line by line.

Invariant: what is not settled is always told beside what is.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sim.analysis.crossover import COARSE, FINE, Map
from sim.analysis.leading import NO_DIFFERENCE, NO_RANK
from sim.figures.crossover import Axis, crossover_map
from sim.report.layout_records import Finding
from sim.report.page_data import Grid, Section
from sim.report.pictures import Picture, as_picture
from sim.report.summary import CHANGE
from sim.report.what_turns import amount, does
from sim.report.wording import capital, listed, percent, quoted, spoken, visible

HEADING: Final = "Where the winner changes"
WHY: Final = {
    "": "it is not settled",
    NO_DIFFERENCE: "there is no difference that matters",
    NO_RANK: "structures cannot be ranked",
}
TICKS: Final = tuple(range(0, FINE + 1, COARSE))


def name(about: Mapping[str, Any]) -> str:
    """What an input is called."""
    return spoken(visible(about["key"]))


def findings(found: Map) -> list[Finding]:
    """Shares of the map, then the border along each line."""
    ends = [f"{name(own)} from {_span(own['low'], own['high'], own['unit'])}" for own in found.about.values()]
    areas = found.areas
    told = [f"{_who(word, does(found.metric))} in {percent(share)}" for word, share in areas.items()]
    said = [Finding(f"Over {listed(ends)}: {listed(told)}.")]
    if len(areas) > 1:
        said += [Finding(_line(found, own), _at(found.about["y"], value)) for value, own in found.lines]
    return said


def says(found: Map) -> dict[str, str]:
    """What the summary says of it: who wins in which share of the map."""
    names = listed([name(own) for own in found.about.values()])
    shares = [f"{_who(word, 'wins')} in {percent(share)}" for word, share in found.areas.items()]
    return {CHANGE: f"{names}: over both ranges {listed(shares)}"}


def _who(word: str, wins: str = "") -> str:
    """Who wins, or why nobody does.

    >>> _who("a", "serves fastest"), _who(""), _who("(no difference)")
    ('“a” serves fastest', 'it is not settled', 'there is no difference that matters')
    """
    return WHY.get(word) or f"{quoted(visible(word))} {wins}".rstrip()


def _span(low: float, high: float, unit: str) -> str:
    return f"{amount(low, unit)} to {amount(high, unit)}"


def _at(about: Mapping[str, Any], value: float) -> str:
    words = f"{name(about)} {amount(value, about['unit'])}"
    return capital(words)


def _line(found: Map, stretches: Sequence[tuple[str, float, float]]) -> str:
    """Who wins along one line, stretch by stretch."""
    unit, label = found.about["x"]["unit"], name(found.about["x"])
    if len(stretches) == 1:
        return f"{_who(stretches[0][0])} over the whole range of {label}."
    parts = [f"{_who(word)} from {_span(start, end, unit)}" for word, start, end in stretches]
    return f"{', '.join(parts)} ({label})."


def grid(found: Map) -> Grid:
    """A row a line of the coarse grid: from where to where each structure wins."""
    unit = found.about["x"]["unit"]
    rows = []
    for value, stretches in reversed(found.lines):
        spans: dict[str, list[str]] = {}
        for winner, start, end in stretches:
            spans.setdefault(winner, []).append(_span(start, end, unit))
        cells = (", ".join(spans.get(word, ["-"])) for word in found.areas)
        rows.append((amount(value, found.about["y"]["unit"]), *cells))
    headings = (visible(word).strip("()") or "not settled" for word in found.areas)
    return Grid((f"{name(found.about['y'])} / {name(found.about['x'])}", *headings), tuple(rows))


def section(found: Map, order: Sequence[str]) -> Section:
    """The section of the page."""
    return Section(
        HEADING, tuple(findings(found)), grid(found), (_picture(found, order),), method(found), says(found)
    )


def _picture(found: Map, order: Sequence[str]) -> Picture:
    squares = [(cell.x / FINE, cell.y / FINE, cell.step / FINE, winner) for cell, winner in found.cells]
    points = {(x / FINE, y / FINE): lead.word for (x, y), lead in found.leads.items()}
    figure = crossover_map(squares, points, [_axis(found, side) for side in (0, 1)], list(order))
    note = (
        "A dot is a point that was played with every structure, the star the values of now. A cell is "
        "coloured where its four corners say the same; hatched: it is not settled, or the winner changes."
    )
    return as_picture("Who wins over both inputs", _reading(found), figure, "crossover", note)


def _reading(found: Map) -> str:
    across, up = (name(found.about[axis]) for axis in "xy")
    return f"{capital(across)} grows to the right, {up} upwards; {len(found.leads)} points were played."


def _axis(found: Map, side: int) -> Axis:
    about = found.about["xy"[side]]
    places = [(tick, 0) if side == 0 else (0, tick) for tick in TICKS]
    ticks = [
        (tick / FINE, amount(found.values[place][side], about["unit"]))
        for tick, place in zip(TICKS, places, strict=True)
    ]
    return Axis(name(about), ticks, float(about["share_now"]))


def method(found: Map) -> tuple[str, ...]:
    """How the map was made."""
    return (
        f"Where the winner changes: {len(found.leads)} points, each with all structures and the same "
        "customers; a coarse grid, then more points where neighbouring winners differ. Verdicts are adjusted "
        "over all points (Holm). A cell is counted as won where its four corners are.",
    )
