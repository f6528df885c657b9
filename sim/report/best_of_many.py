"""The best of many scenarios in words: who it is, who else may be it, what it gives when played afresh.

Invariant: the mean by which a scenario was chosen is never told as what it gives.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from sim.analysis.best_of_many import Choice
from sim.analysis.verdict import amount
from sim.report.layout_records import Estimate, Finding, Layout
from sim.report.narrative_of_many import by_count
from sim.report.page_data import Section
from sim.report.summary import SURE
from sim.report.what_turns import does
from sim.report.wording import listed, measure_of, number, quoted, visible, written, written_unit

HEADING: Final = "The best of many"
MOST_NAMED, MOST_SETS = 6, 3
CAUTION: Final = (
    "Being chosen by its mean, the best of many looks better than it is. Have it selected "
    "(experiment.select): then it is played afresh, and replications are added where they decide."
)


def sections(choices: Sequence[Choice], layout: Layout) -> list[Section]:
    """The section of the page; none where few scenarios compete."""
    if not choices:
        return []
    metrics = dict.fromkeys(own.metric for own in choices)
    sets = [[own for own in choices if own.metric == name] for name in metrics]
    if len(choices) > MOST_SETS * len(sets):
        found = [_counted(own, choices) for own in sets]
    else:
        found = [Finding(_sentence(own, layout), _label(own, choices)) for own in choices]
    found += [] if choices[0].most else [Finding(CAUTION, "Mind")]
    says = _says(choices[0]) if len(layout.groups) == 1 else {}
    return [Section(HEADING, tuple(found), method=tuple(dict.fromkeys(map(_method, choices))), says=says)]


def _counted(own: Sequence[Choice], choices: Sequence[Choice]) -> Finding:
    """Who is best how often, where scenarios compete in many sets."""
    best = [one.best for one in own]
    names, wins = by_count(best), does(own[0].metric)
    told = [f"{quoted(visible(name))} {wins} in {best.count(name)}" for name in names[:MOST_NAMED]]
    rest = sum(best.count(name) for name in names[MOST_NAMED:])
    more = f", others in {rest}" if rest else ""
    sure = sum(one.settled for one in own)
    text = (
        f"Of {len(own)} sets of scenarios, each with the same customers, {listed(told)}{more}; in {sure} of "
        "them nobody else may be better by as much as matters (95 % confidence)."
    )
    return Finding(text, _label(own[0], choices))


def _says(own: Choice) -> dict[str, str]:
    """What it adds to the summary: how sure the choice among all is."""
    named = listed([quoted(visible(name)) for name in own.left[:MOST_NAMED]])
    many = len(own.left) - MOST_NAMED
    more = f" and {many} others" if many > 0 else ""
    word = "among" if len(own.left) > 1 else "surely"
    return {SURE: f"the best of {own.size} is {word} {named}{more} (95 % confidence)"}


def _label(own: Choice, choices: Sequence[Choice]) -> str:
    several = len({one.metric for one in choices}) > 1
    return measure_of(own.metric).label.capitalize() if several else ""


def _sentence(own: Choice, layout: Layout) -> str:
    fresh = _fresh(own, layout)
    afresh = [f"On fresh replications, by which nobody was chosen, it gives {fresh}."] if fresh else []
    return " ".join([_who(own), *_sure(own), *afresh, *_advice(own)])


def _who(own: Choice) -> str:
    best = quoted(visible(own.best))
    of = f"Of {own.size} scenarios with the same customers"
    beside = f" ({own.unranked} more cannot be ranked)" if own.unranked else ""
    return f"{of}{beside}, {best} {does(own.metric)}" + ("." if own.settled else ", as far as is shown.")


def _sure(own: Choice) -> Iterator[str]:
    margin = amount(own.margin, own.told_in)
    others = own.left[1:]
    if not others:
        yield "With 95 % confidence none of the others is better."
        return
    named = listed([quoted(visible(name)) for name in others[:MOST_NAMED]])
    more = f" and {len(others) - MOST_NAMED} others" if len(others) > MOST_NAMED else ""
    yield f"With 95 % confidence the best is among these {len(own.left)}: it, {named}{more}."
    if own.settled:
        yield f"None is better by more than {margin}, which does not matter."
    else:
        within = f"{number(own.within, 1)} {own.told_in}".strip()
        yield f"One of them may be better by up to {within}, more than the {margin} that do not matter."


def _advice(own: Choice) -> Iterator[str]:
    if own.most and not own.settled:
        yield f"{own.replications:,} replications are the most allowed (experiment.most_replications)."


def _fresh(own: Choice, layout: Layout) -> str:
    """What the best gives on fresh replications, with its unit."""
    for group in layout.groups if own.scenario >= 0 else ():
        line = group.line(own.metric)
        for place, column in enumerate(group.columns):
            if line and column.scenario == str(own.scenario) and (value := line.cells[place].value):
                return _value(own.metric, value, line.measure.unit)
    return ""


def _value(metric: str, value: Estimate, unit: str) -> str:
    size = " ".join([*filter(None, written(value, unit)), written_unit(unit)]).strip()
    return f"a {measure_of(metric).label} of {size}"


def _method(own: Choice) -> str:
    said = (
        f"The best of many by {measure_of(own.metric).label}: whose mean lies above another's by more than a "
        "one-sided paired interval reaches is screened out; the level, 5 %, is shared by all rivals"
    )
    if not own.most:
        return f"{said}."
    return (
        f"{said} and all looks. Looks were at replications of their own, one and a half times as many each "
        f"time, up to {own.most:,}, until nobody left can be better than the best by what matters."
    )
