"""The answer over many settings, read in a minute: the same lines as for one, counted over all settings.

Invariant: a structure is recommended as such only where no other is settled to serve faster in any setting.
"""

import math
from collections.abc import Iterator

from sim.report.contest import COST, LIKED
from sim.report.layout_records import SPEED, Finding, Layout
from sim.report.narrative_of_many import (
    by_count,
    cells,
    changes,
    leads_over,
    narrative_of_many,
    others,
    settled,
    span,
    turns,
)
from sim.report.summary import BETTER, CHANGE, COSTS, DO, SURE, told
from sim.report.wording import listed, money, percent, quoted, visible


def summary_of_many(layout: Layout) -> tuple[Finding, ...]:
    """The lines over all settings of a study."""
    return told(dict(_lines(layout)))


def details_of_many(layout: Layout) -> tuple[Finding, ...]:
    """The findings that the summary does not say."""
    said = {line.label for line in layout.summary} | ({""} if layout.summary else set())
    return tuple(found for found in narrative_of_many(layout) if found.label not in said)


def _lines(layout: Layout) -> Iterator[tuple[str, str]]:
    if len(layout.structures) == 1:
        yield DO, f"nothing to choose: {quoted(visible(layout.structures[0]))} alone was looked at"
        return
    if not any(SPEED in group.leads for group in layout.groups):
        yield DO, "nothing yet: in no setting can structures be ranked by response time"
        return
    won = [lead.structure for lead in settled(layout, SPEED)]
    names = by_count(won)
    yield DO, _advice(won, names, len(layout.groups))
    if names:
        yield BETTER, "; ".join([*_gains(layout, names), *_liked(layout, names)])
        yield COSTS, "; ".join(text for name in names[:2] if (text := _costs(layout, name)))
    rest = others(layout, SPEED) if len(won) < len(layout.groups) else ""
    where = f"who serves fastest is settled in {len(won)} of {len(layout.groups)} settings"
    yield SURE, f"{where}; {rest}" if rest else where
    yield CHANGE, next((found.text.rstrip(".") for found in turns(layout)), "")


def _advice(won: list[str], names: list[str], many: int) -> str:
    if not names:
        return "do not choose by speed: in no setting is it settled who serves fastest"
    shares = [f"{quoted(visible(name))} in {won.count(name)}" for name in names]
    if len(names) > 1:
        return f"find out first which setting applies: of {many}, {listed(shares)} serve fastest"
    best = quoted(visible(names[0]))
    if len(won) == many:
        return f"choose {best}: it serves fastest in every setting"
    if 2 * len(won) < many:
        few = f"{best} serves fastest in {len(won)} of {many}, nobody else is shown to"
        return f"find out first which setting applies: {few}"
    return f"choose {best}: it serves fastest in {len(won)} of {many} settings, and nobody else is shown to"


def _gains(layout: Layout, names: list[str]) -> Iterator[str]:
    """What those who lead somewhere give beside the reference; the lead where that is the one who leads."""
    reference = layout.groups[0].reference
    said = [text for name in names if name != reference and (text := changes(layout, name, SPEED))]
    if said:
        yield f"response time beside {quoted(visible(reference))}: {'; '.join(said)}"
    elif len(names) == 1:
        yield f"response time {leads_over(settled(layout, SPEED))} ahead of the next"


def _liked(layout: Layout, names: list[str]) -> Iterator[str]:
    """Who satisfies customers most, where that is another than who serves fastest."""
    won = [lead.structure for lead in settled(layout, LIKED)]
    told = [f"{quoted(visible(name))} in {won.count(name)}" for name in by_count(won) if name not in names]
    if told:
        yield f"{listed(told)} of {len(layout.groups)} satisfies customers most"


def _costs(layout: Layout, name: str) -> str:
    """Money a year over the settings, and the change from the reference."""
    own = [cell for cell in cells(layout, name, COST) if cell.value is not None]
    spent = sorted(cell.value.mean for cell in own if cell.value)
    if not spent:
        return ""
    ends = money(spent[0]) if spent[0] == spent[-1] else f"{money(spent[0])} to {money(spent[-1])}"
    changed = [cell.relative.mean for cell in own if cell.relative and math.isfinite(cell.relative.mean)]
    text = f"{quoted(visible(name))} {ends} a year"
    if not changed:
        return text
    reference = quoted(visible(layout.groups[0].reference))
    for word, sign in (("less", -1), ("more", 1)):
        if all(sign * size > 0 for size in changed):
            return f"{text}, {span([abs(size) for size in changed])} {word} than {reference}"
    return f"{text}, {percent(min(changed))} to {percent(max(changed))} beside {reference}"
