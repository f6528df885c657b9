"""Which conclusions survive what nobody knows, in words: shares, rules, and the unknowns that drive the lead.

Invariant: a rule is told only where settings bear it out on which it was not found.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sim.analysis.found_rules import Rule
from sim.analysis.leading import ALIKE, NO_DIFFERENCE, NO_RANK, OPEN, UNRANKED
from sim.analysis.unknowns import Conclusion, Unknowns
from sim.figures.tornado import Bar, tornado
from sim.report.layout_records import Finding
from sim.report.page_data import Grid, Section
from sim.report.pictures import Picture, as_picture
from sim.report.summary import CHANGE, SURE
from sim.report.what_turns import amount, does
from sim.report.where_turns import WHY, name
from sim.report.wording import capital, listed, percent, quoted, spoken, visible

HEADING: Final = "Which conclusions survive what nobody knows"
NOBODY: Final = {
    OPEN: "they are not told apart",
    ALIKE: WHY[NO_DIFFERENCE],
    UNRANKED: WHY[NO_RANK],
}
MOST_NAMED, MOST_DRAWN = 3, 15


def section(answer: Unknowns) -> Section:
    """The section of the page."""
    figures = (_picture(answer),) if any(own.size > 0.0 for own in answer.drivers) else ()
    return Section(HEADING, tuple(findings(answer)), grid(answer), figures, method(answer), says(answer))


def findings(answer: Unknowns) -> list[Finding]:
    """The conclusion and its share, each pair, what drives it, rules."""
    said = [Finding(_summary(answer))]
    said += [Finding(_pair(each, answer.metric), _label(each)) for each in answer.pairs]
    said += [Finding(_driving(answer), "What drives it")] if answer.drivers else []
    told = [rule for rule in answer.rules if rule.told]
    said += [Finding(_rule(rule, answer), "Rule") for rule in told]
    if not told and len(answer.overall.counts) > 1:
        none = "No rule found: none that was tried does better than chance on settings held out."
        said.append(Finding(none, "Rule"))
    return said


def _summary(answer: Unknowns) -> str:
    whole, many = answer.overall, len(answer.overall.leads)
    evidence = all(own["evidence"] for own in answer.inputs)
    ranges = "of grade C or D drawn at once over their evidence ranges" if evidence else "drawn at once"
    names = f"{len(answer.inputs)} inputs {ranges}"
    told = listed([_share(whole, word, answer.metric) for word in whole.counts if whole.counts[word]])
    now = f"{_who(whole.now.winner or whole.now.state, answer.metric)} now"
    return f"{capital(now)}. With {names} ({many} settings): {told}."


def says(answer: Unknowns) -> dict[str, str]:
    """What the summary says of it: how far the answer holds, and what moves it most."""
    whole = answer.overall
    word = whole.now.winner or whole.now.state
    settings = f"{len(whole.leads)} settings of what nobody knows"
    others = sum(whole.counts.get(name, 0) for name in whole.between if name != word)
    another = f"another does in {percent(others / len(whole.leads))}" if others else "no other does in any"
    held = f"{_who(word, answer.metric)} in {percent(whole.share(word)[0])} of {settings}"
    sure = f"{held}, {another}, and in the rest it is not known" if whole.now.winner else held
    drawn = [name(answer.inputs[own.number]) for own in answer.drivers if own.size > 0.0][:MOST_NAMED]
    moves = f"{listed(drawn)}: they move the lead of {quoted(visible(answer.best))} most"
    return {SURE: sure, **({CHANGE: moves} if drawn else {})}


def _who(word: str, metric: str) -> str:
    return NOBODY.get(word) or f"{quoted(visible(word))} {does(metric)}"


def _share(each: Conclusion, word: str, metric: str) -> str:
    share, low, high = each.share(word)
    return f"{_who(word, metric)} in {percent(share)} (95 % CI {percent(low)} to {percent(high)})"


def _label(each: Conclusion) -> str:
    return " or ".join(visible(name) for name in each.between)


def _pair(each: Conclusion, metric: str) -> str:
    """What is said now and how far it holds, turns, or is left open."""
    best, counts, many = each.now.winner, each.counts, len(each.leads)
    other = next((word for word in each.between if word != best), "")
    if not best:
        told = [_share(each, word, metric) for word in counts if counts[word]]
        return f"Now {_who(each.now.state, metric)}; {listed(told)}."
    holds, low, high = each.share(best)
    ends = f"(95 % CI {percent(low)} to {percent(high)})"
    turned, rest = counts.get(other, 0), many - counts[best] - counts.get(other, 0)
    return (
        f"{_who(best, metric)} holds in {percent(holds)} {ends} of the settings, "
        f"turns in {percent(turned / many)}, is not told apart or cannot be ranked in {percent(rest / many)}."
    )


def _driving(answer: Unknowns) -> str:
    drawn = [own for own in answer.drivers if own.size > 0.0][:MOST_NAMED]
    if not drawn:
        return "none of the inputs moves the lead."
    ways = {1: "more of it helps", -1: "more of it harms", 0: "now one way, now the other"}
    parts = [
        f"{name(answer.inputs[own.number])} ({100 * own.size:.3g} points over its range, 95 % CI "
        f"{100 * own.low:.3g} to {100 * own.high:.3g}; {ways[own.way]})"
        for own in drawn
    ]
    return f"the lead of {quoted(visible(answer.best))} over its best rival moves most with {listed(parts)}."


def _rule(rule: Rule, answer: Unknowns) -> str:
    where = listed(list(conditions(rule, answer.inputs)))
    who = _who(rule.word, answer.metric)
    return (
        f"{capital(who)} where {where}: covers {percent(rule.coverage)} of the settings in which "
        f"it is so, right in {percent(rule.density)} of those it names ({rule.right} of {rule.inside}; "
        f"without the rule {percent(rule.all_right / rule.fresh)}), by {rule.fresh} settings held out."
    )


def conditions(rule: Rule, inputs: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The conditions of a rule in words.

    >>> rule = Rule("a", {0: (2.0, float("inf"))}, 1, 1, 1, 1, 0.01)
    >>> list(conditions(rule, [{"key": "coordination.handoff.mean", "unit": "h"}]))
    ['hours for a handoff above 2 h']
    """
    for number, (low, high) in sorted(rule.box.items()):
        about = inputs[number]
        least, most = amount(low, about["unit"]), amount(high, about["unit"])
        if low == float("-inf"):
            yield f"{name(about)} at most {most}"
        else:
            yield f"{name(about)} above {least}" + ("" if high == float("inf") else f" and at most {most}")


def grid(answer: Unknowns) -> Grid:
    """A row an input, the strongest first: its range, how much it moves the lead."""
    rows = []
    for own in answer.drivers:
        about = answer.inputs[own.number]
        ends = f"{amount(about['low'], about['unit'])} to {amount(about['high'], about['unit'])}"
        moves = f"{100 * own.size:.3g} ({100 * own.low:.3g} to {100 * own.high:.3g})"
        way = {1: "helps", -1: "harms", 0: "both"}[own.way] if own.size > 0.0 else "-"
        rows.append((name(about), visible(about["what"]), ends, str(about["grade"]), moves, way))
    headings = ("input", "what it is", "range", "grade", "moves the lead by, points", "more of it")
    return Grid(headings, tuple(rows))


def _picture(answer: Unknowns) -> Picture:
    bars = [
        Bar(name(answer.inputs[own.number]), 100 * own.size, 100 * own.low, 100 * own.high, own.way)
        for own in answer.drivers
        if own.size > 0.0
    ][:MOST_DRAWN]
    best = quoted(visible(answer.best))
    ways = {1: f"more of it helps {best}", -1: f"more of it harms {best}", 0: "now one way, now the other"}
    figure = tornado(bars, f"change of the lead of {best} over the input's range, points", ways)
    note = (
        "Mean absolute elementary effect (Morris) of each input on the lead over the best rival, in per cent "
        "of the rival's value; the line is its bootstrap interval of 95 %. Simulation noise alone gives a "
        "short bar."
    )
    shown = f"The {len(bars)} strongest of {len(answer.inputs)} inputs, the strongest first."
    return as_picture("Which unknowns move the lead", shown, figure, "tornado", note)


def method(answer: Unknowns) -> tuple[str, ...]:
    """How it was found, and what was left out."""
    many, fresh = len(answer.overall.leads), len(answer.overall.leads) - len(answer.overall.leads) // 2
    said = [
        f"What survives: {many} joint settings spread evenly over the ranges, each with all structures and "
        "the same customers, judged one by one (5 % a setting, not adjusted over settings); "
        f"{answer.steps} further ones step one input at a time (Morris). Rules: a small decision tree found "
        f"on the first half, tried on the other {fresh} (Fisher's test, Holm over all rules). A share is "
        "one of the settings, not a probability: nobody knows how likely values in a range are."
    ]
    if answer.left_out:
        said.append(f"{answer.left_out} settings were left out: their values are not allowed together.")
    if answer.held:
        names = listed([spoken(visible(key)) for key in answer.held])
        said.append(f"Also of grade C or D, but without an evidence range, and so left as they are: {names}.")
    return tuple(said)
