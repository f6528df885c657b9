"""What turns the answer, in words: how far the winner holds for each uncertain input, and where another wins.

Invariant: a winner is named at a value only where the analysis calls its lead settled there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sim.analysis.turns import HOLDS, NOTHING, OPEN, TURNS, Answer, Side, Turn
from sim.figures.turns import strips
from sim.report.layout_records import Finding
from sim.report.page_data import Grid, Section
from sim.report.pictures import Picture, as_picture
from sim.report.summary import CHANGE
from sim.report.wording import capital, listed, measure_of, quoted, spoken, visible

if TYPE_CHECKING:
    from sim.study.results import Results

TABLES: Final = ("turns", "crossover", "unknowns", "unknown_inputs")
"""Answers whose first scenarios are the structures as they are now."""
HEADING: Final = "What turns the answer"
UNITS: Final = {
    "": "",
    "factor": "",
    "share": " %",
    "h/week": " h a week",
    "changes/year": " a year",
    "money/year": " a year",
}
DOES: Final = {"response_time_mean": "serves fastest", "satisfaction_mean": "satisfies customers most"}
MOST_DRAWN, MOST_SAID = 30, 2


def does(metric: str) -> str:
    """What the best by a metric does.

    >>> does("response_time_mean"), does("cost")
    ('serves fastest', 'is best by cost a year')
    """
    return DOES.get(metric, f"is best by {measure_of(metric).label}")


def amount(value: float, unit: str) -> str:
    """A value of an input with its unit.

    >>> amount(0.05, "share"), amount(2.0, "h"), amount(0.25, "h/week"), amount(1.25, "factor")
    ('5 %', '2 h', '0.25 h a week', '1.25')
    """
    size = 100.0 * value if unit == "share" else value
    return f"{size:.4g}{UNITS.get(unit, f' {unit}')}"


def now_and_range(turn: Turn) -> str:
    """What an input is now, and its range.

    >>> from sim.analysis.leading import Lead
    >>> about = {"now": 2.0, "low": 0.0, "high": 8.0, "unit": "h", "grade": "D", "evidence": True}
    >>> now_and_range(Turn(about, Lead(), ()))
    'now 2 h; the evidence allows 0 h to 8 h, grade D'
    """
    about, unit = turn.about, turn.about["unit"]
    ends = f"{amount(about['low'], unit)} to {amount(about['high'], unit)}"
    allows = (
        f"the evidence allows {ends}, grade {about['grade']}" if about["evidence"] else f"tried from {ends}"
    )
    return f"now {amount(about['now'], unit)}; {allows}"


def findings(answer: Answer) -> list[Finding]:
    """The answer: in how many inputs the winner holds, then what turns it, then what leaves it open."""
    ordered = by_change(answer)
    said = [Finding(_summary(answer))]
    said += [_finding(turn, answer) for turn in ordered if turn.verdict == TURNS]
    said += [_finding(turn, answer) for turn in ordered if turn.verdict == OPEN and answer.now.winner]
    for word, label in ((HOLDS, "Holds over the whole range"), (NOTHING, "Plays no part here")):
        names = [_name(turn) for turn in ordered if turn.verdict == word]
        if names:
            said.append(Finding(f"{listed(names)}.", label))
    return said


def by_change(answer: Answer) -> list[Turn]:
    """Inputs with the smallest change that turns the winner first, then what leaves it open."""
    places = {TURNS: 0, OPEN: 1, HOLDS: 2, NOTHING: 3}
    return sorted(answer.turns, key=lambda turn: (places[turn.verdict], turn.change))


def _name(turn: Turn) -> str:
    return spoken(visible(turn.about["key"]))


def _summary(answer: Answer) -> str:
    counts = {
        word: sum(turn.verdict == word for turn in answer.turns) for word in (TURNS, OPEN, HOLDS, NOTHING)
    }
    many, best = len(answer.turns), answer.now.winner
    if not best:
        turned = f"{counts[TURNS] or 'none'} of {many} uncertain inputs, changed one at a time"
        return (
            f"Which structure {does(answer.metric)} is not settled as things are; "
            f"{turned} over their ranges, would settle it."
        )
    held = counts[HOLDS] + counts[NOTHING]
    first = f"{quoted(visible(best))} {does(answer.metric)}"
    if held == many:
        return f"{first} whatever a single one of {many} uncertain inputs is within its range."
    parts = [f"{counts[TURNS]} can turn it" if counts[TURNS] else "none is shown to turn it"]
    parts += [f"{counts[OPEN]} can leave it open"] if counts[OPEN] else []
    return (
        f"{first} now. Of {many} uncertain inputs, changed one at a time over their ranges, "
        f"{held} leave{'s' if held == 1 else ''} that as it is, {listed(parts)}."
    )


def says(answer: Answer) -> dict[str, str]:
    """What the summary says of it: the smallest changes that turn the winner."""
    best = quoted(visible(answer.now.winner))
    turned = [turn for turn in by_change(answer) if turn.verdict == TURNS][:MOST_SAID]
    if not answer.now.winner:
        return {CHANGE: f"{listed([_name(turn) for turn in turned])} could settle it"} if turned else {}
    told = [
        f"{_name(turn)} of {amount(side.turn[0], turn.about['unit'])} instead of "
        f"{amount(turn.about['now'], turn.about['unit'])} ({quoted(visible(side.turn[1].winner))} then)"
        for turn in turned
        for side in turn.sides
        if side.turn
    ]
    if told:
        return {CHANGE: f"{best} {does(answer.metric)} no longer at {listed(told)}"}
    many = f"none of {len(answer.turns)} uncertain inputs, changed one at a time"
    open_ = [_name(turn) for turn in by_change(answer) if turn.verdict == OPEN]
    such = f"; {len(open_)} can leave it open, such as {listed(open_[:MOST_SAID])}" if open_ else ""
    return {CHANGE: f"{many}, is shown to make another structure than {best} win{such}"}


def _finding(turn: Turn, answer: Answer) -> Finding:
    texts = [text for side in turn.sides if (text := _side(turn, side, answer))]
    name = _name(turn)
    return Finding(f"{now_and_range(turn)}. {' '.join(texts)}", capital(name))


def _side(turn: Turn, side: Side, answer: Answer) -> str:
    """One side in a sentence; nothing where it changes nothing."""
    unit, base = turn.about["unit"], float(turn.about["now"])
    way, further = ("up to", "more") if side.end > base else ("down to", "less")
    best = quoted(visible(answer.now.winner))
    if side.verdict in (NOTHING, HOLDS):
        return f"{way.capitalize()} {amount(side.end, unit)} {best} wins." if side.verdict == HOLDS else ""
    if side.turn:
        value, lead = side.turn
        wins = f"{quoted(visible(lead.winner))} {does(answer.metric)} at {amount(value, unit)} or {further}"
        if not answer.now.winner:
            return f"{capital(wins)}, as far as was looked at."
        last = base if side.held is None else side.held
        border = f"between {amount(last, unit)} and {amount(value, unit)} it is not settled"
        return f"{wins}; {best} does {way} {amount(last, unit)}; {border}."
    if not answer.now.winner:
        return ""
    held = "only at the value of now" if side.held is None else f"{way} {amount(side.held, unit)}"
    why = (
        f"at {amount(side.unranked_from, unit)} or {further} structures cannot be ranked"
        if side.unranked_from is not None
        else "further it is not settled who does"
    )
    return f"{best} {does(answer.metric)} {held}; {why}."


def grid(answer: Answer) -> Grid:
    """A row an input."""
    rows = []
    for turn in by_change(answer):
        about, unit = turn.about, turn.about["unit"]
        ends = f"{amount(about['low'], unit)} to {amount(about['high'], unit)}"
        evidence = f"{about['grade']}" if about["evidence"] else f"{about['grade']}, range assumed"
        held = ", ".join(_span(turn, answer))
        turned = [f"{visible(s.turn[1].winner)} at {amount(s.turn[0], unit)}" for s in turn.sides if s.turn]
        rows.append(
            (
                _name(turn),
                visible(about["what"]),
                amount(about["now"], unit),
                ends,
                evidence,
                held,
                "; ".join(turned) or "-",
            )
        )
    winner = f"{visible(answer.now.winner)} wins from, to" if answer.now.winner else "settled now"
    return Grid(("input", "what it is", "now", "range", "grade", winner, "another wins"), tuple(rows))


def _span(turn: Turn, answer: Answer) -> Iterator[str]:
    """From where to where the winner of now is settled to win."""
    if not answer.now.winner:
        yield "-"
        return
    base, unit = float(turn.about["now"]), turn.about["unit"]
    ends = [base]
    for side in turn.sides:
        if side.verdict == NOTHING:
            ends.append(side.end)
        elif side.held is not None:
            ends.append(side.held)
    yield f"{amount(min(ends), unit)} to {amount(max(ends), unit)}"


def section(answer: Answer, order: Sequence[str]) -> Section:
    """The section of the page: sentences, figure, table."""
    drawn = [turn for turn in by_change(answer) if turn.verdict != NOTHING][:MOST_DRAWN]
    figures = [_picture(drawn, answer, order)] if drawn else []
    return Section(
        HEADING, tuple(findings(answer)), grid(answer), tuple(figures), method(answer), says(answer)
    )


def _picture(drawn: Sequence[Turn], answer: Answer, order: Sequence[str]) -> Picture:
    figure = strips([_strip(turn) for turn in drawn], list(order))
    note = (
        "Each bar is the range of an input, low end left, high end right; the line is its value now, a dot a "
        "value that was looked at. Coloured: this structure is settled to win at both dots of a stretch; "
        "hatched: it is not settled who does, or another wins at the next dot."
    )
    return as_picture("Who wins over the range of each input", _reading(drawn), figure, "turns", note)


def _reading(drawn: Sequence[Turn]) -> str:
    if drawn[0].verdict == TURNS:
        return f"{capital(_name(drawn[0]))} turns it with the smallest change."
    return "No input is shown to turn it; where a bar is hatched, it is not settled."


def _strip(turn: Turn) -> tuple[str, float, list[tuple[float, str]], tuple[str, str]]:
    """Name, place of now, winners by place, ends as text."""
    about, unit = turn.about, turn.about["unit"]
    span = about["high"] - about["low"]
    places = [((value - about["low"]) / span, lead.winner) for value, lead in turn.seen]
    places.append(((about["now"] - about["low"]) / span, turn.now.winner))
    ends = (amount(about["low"], unit), amount(about["high"], unit))
    return _name(turn), (about["now"] - about["low"]) / span, sorted(places), ends


def method(answer: Answer) -> tuple[str, ...]:
    """How the answer was found and tested."""
    return (
        f"What turns the answer: one input at a time, the others as now, {answer.points} points in all, "
        "each with all structures and the same customers. Half way and the end of each side were looked at "
        "whatever came out; borders between winners were then halved on replications of their own, and what "
        "is told was tested on those of the comparison, adjusted over all points (Holm). Between values that "
        "were looked at, a winner is taken to hold if it wins at both.",
    )


def chosen(loaded: "Results") -> "Results":
    """The scenarios of now alone: the comparison that is told in full."""
    name = next(name for name in TABLES if name in loaded.extras)
    own = range(int(loaded.extras[name]["structures"].iloc[0]))
    tables = (each for each in loaded.extras.items() if each[0] not in TABLES)
    extras = {name: table[table["scenario"].isin(own)] for name, table in tables}
    return replace(
        loaded,
        results=loaded.results[loaded.results["scenario"].isin(own)],
        scenarios=loaded.scenarios[loaded.scenarios["scenario"].isin(own)],
        extras=extras,
    )
