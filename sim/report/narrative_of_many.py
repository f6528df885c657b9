"""The answer over many settings: who leads where, by how much, and with what the answer turns.

Invariant: counts name all settings, those that cannot be ranked too.
"""

import math
from collections.abc import Iterator
from statistics import median
from typing import Final

from sim.report.contest import LIKED, OUTCOME
from sim.report.layout_records import SPEED, Cell, ComparisonGroup, Finding, Layout, Lead
from sim.report.summary import CHANGE
from sim.report.wording import briefly, number, percent, quoted, visible

MOST_VALUES: Final = 8
MOST_COMPARED: Final = 8
FEWEST_COMPARED: Final = 8
MOST_CONTRASTS: Final = 3
FEWEST_RANKED: Final = 6
RANK_LEVEL: Final = 0.01
FEWEST_ERRORS: Final = 3.0
"""Standard errors between the halves of a key before it is named: many keys are looked at."""
DOES: Final = {SPEED: "serves fastest", LIKED: "satisfies customers most"}


def narrative_of_many(layout: Layout) -> tuple[Finding, ...]:
    """The headline on speed, then changes against the reference, satisfaction, and where the answer turns."""
    return (
        *_headline(layout),
        *_against(layout, SPEED, "Response time"),
        *_liked(layout),
        *turns(layout),
        *_decides(layout),
    )


def _headline(layout: Layout) -> Iterator[Finding]:
    text = _who(layout, SPEED)
    yield Finding(text or "In no setting can structures be ranked: see the remarks.")


def _who(layout: Layout, name: str) -> str:
    """Who is settled to lead by a measure, in how many of all settings, and by how much."""
    if not any(name in group.leads for group in layout.groups):
        return ""
    won = settled(layout, name)
    names = by_count([lead.structure for lead in won])
    if len(names) != 1:
        how = "depends on the setting" if names else "is settled in no setting"
        return f"Which structure {DOES[name]} {how}: {leading(layout, name)}"
    ahead = f"{leads_over(won)} ahead of the next"
    best = quoted(visible(names[0]))
    if len(won) == len(layout.groups):
        return f"{best} {DOES[name]} in every setting, {ahead} (settled in all)."
    where = f"{len(won)} of {len(layout.groups)} settings"
    return f"{best} {DOES[name]} in {where}, {ahead}; {others(layout, name)}."


def leads_over(won: list[Lead]) -> str:
    """The least and the greatest lead, in points where the measure is told in points."""
    points = [lead.points for lead in won if lead.points is not None]
    if len(points) < len(won):
        return span([lead.lead for lead in won])
    least, most = (number(end, 1) for end in (min(points), max(points)))
    return f"{least} points" if least == most else f"{least} to {most} points"


def settled(layout: Layout, name: str) -> list[Lead]:
    """The settled leads by a measure, one for each setting that has one."""
    leads = (group.leads.get(name) for group in layout.groups)
    return [lead for lead in leads if lead and lead.settled]


def leading(layout: Layout, name: str) -> str:
    """In how many settings each structure is settled to lead by a measure, and what of the others."""
    if not any(name in group.leads for group in layout.groups):
        return ""
    won = [lead.structure for lead in settled(layout, name)]
    parts = [f"{visible(structure)} leads in {won.count(structure)}" for structure in by_count(won)]
    rest = [others(layout, name)] if len(won) < len(layout.groups) else []
    return f"of {len(layout.groups)} settings, {', '.join(parts + rest)}."


def others(layout: Layout, name: str) -> str:
    """What is known of the settings in which nobody is settled to lead."""
    leads = [group.leads.get(name) for group in layout.groups]
    others = [lead for lead in leads if lead and not lead.settled]
    little = [lead.structure for lead in others if lead.by_little]
    counts = {
        **{
            f"{visible(best)} leads, hardly by as much as matters": little.count(best)
            for best in by_count(little)
        },
        "nobody leads (the same)": sum(lead.same for lead in others),
        "nobody leads (alike)": sum(lead.alike and not lead.same for lead in others),
        "it is not settled": sum(not lead.alike and not lead.by_little for lead in others),
        "structures cannot be ranked": leads.count(None),
    }
    return ", ".join(f"in {count} {what}" for what, count in counts.items() if count)


def _against(layout: Layout, name: str, label: str) -> Iterator[Finding]:
    """How often and by how much each structure differs from the reference, by verdict of the analysis."""
    references = {group.reference for group in layout.groups}
    if len(references) != 1:
        return
    said = [
        text
        for structure in layout.structures[1 : MOST_COMPARED + 1]
        if (text := changes(layout, structure, name))
    ]
    if said:
        reference = quoted(visible(references.pop()))
        yield Finding(f"Against {reference}, {'; '.join(said)}.", label)


def changes(layout: Layout, structure: str, name: str) -> str:
    """In how many settings a structure is better and worse than the reference, and by how much."""
    found = [cell for cell in cells(layout, structure, name) if cell.relative is not None]
    parts = []
    for outcome in ("better", "worse"):
        own = [cell.relative.mean for cell in found if cell.relative and cell.outcome == outcome]
        sizes = [abs(size) for size in own if math.isfinite(size)]
        parts += [f"{outcome} in {len(sizes)} by {span(sizes)}"] if sizes else []
    counts = {
        "the same": sum(cell.same for cell in found),
        "alike": sum(cell.outcome == "alike" and not cell.same for cell in found),
        "not settled": sum(cell.outcome == "unsettled" for cell in found),
    }
    parts += [f"{word} in {count}" for word, count in counts.items() if count]
    missing = len(layout.groups) - len(found)
    parts += [f"not compared in {missing}"] if parts and missing else []
    return f"{quoted(visible(structure))} is {', '.join(parts)}" if parts else ""


def span(sizes: list[float]) -> str:
    """The least and the greatest of some shares, in per cent.

    >>> span([0.12, 0.3]), span([0.12])
    ('12 to 30 %', '12 %')
    """
    least, most = percent(min(sizes)), percent(max(sizes))
    return most if least == most else f"{least.removesuffix(' %')} to {most}"


def cells(layout: Layout, structure: str, name: str) -> list[Cell]:
    """The cells of a structure by a measure, setting by setting."""
    return [cell for group in layout.groups if (cell := _cell(group, structure, name))]


def _cell(group: ComparisonGroup, structure: str, name: str) -> Cell | None:
    line = group.line(name)
    pairs = zip(group.columns, line.cells, strict=True) if line else ()
    return next((cell for column, cell in pairs if column.structure == structure), None)


def _liked(layout: Layout) -> Iterator[Finding]:
    text, plain = _who(layout, LIKED), leading(layout, OUTCOME)
    alone = f" Counting speed and reliability alone: {plain}" if plain else ""
    if text or alone:
        yield Finding(f"{text}{alone}".strip(), "Satisfaction")


def turns(layout: Layout) -> Iterator[Finding]:
    """With which values of a swept key the structure settled to be fastest changes, or where it does not."""
    won = [group for group in layout.groups if _leader(group)]
    if not won:
        return
    values = {key: _sorted([_value(each, key) for each in layout.groups]) for key in _keys(layout)}
    if len({_leader(group) for group in won}) == 1:
        tried = "; ".join(f"{key} {_range(found)}" for key, found in values.items())
        where = "Nothing" if len(won) == len(layout.groups) else "Nothing is shown to,"
        closest = min(won, key=lambda each: each.leads[SPEED].lead)
        least = f"The lead is smallest, {percent(closest.leads[SPEED].lead)}, at {visible(closest.label)}."
        yield Finding(f"{where} in the values tried: {tried}. {least}", CHANGE)
        return
    said = [text for key, found in values.items() if (text := _by_value(won, key, found))]
    said = said or list(_contrasts(won, list(values)))
    if said:
        yield Finding(f"{'. '.join(said)}.", CHANGE)


def _leader(group: ComparisonGroup) -> str:
    """The structure settled to be fastest, or nothing."""
    lead = group.leads.get(SPEED)
    return lead.structure if lead and lead.settled else ""


def _sorted(values: list[str]) -> list[str]:
    """Each value once, numbers by size.

    >>> _sorted(["1.0", "0.8", "10", "0.8"]), _sorted(["fifo", "due"])
    (['0.8', '1.0', '10'], ['fifo', 'due'])
    """
    found = list(dict.fromkeys(values))
    try:
        return sorted(found, key=float)
    except ValueError:
        return found


def _by_value(won: list[ComparisonGroup], key: str, values: list[str]) -> str:
    """Who is settled to lead at each value of a key, where that is one structure each and turns."""
    sampled = len(values) >= len(won) and len(won[0].keys) > 1  # other factors differ from value to value
    if not 1 < len(values) <= MOST_VALUES or sampled:
        return ""
    leaders = {
        value: by_count([_leader(each) for each in won if _value(each, key) == value]) for value in values
    }
    names = [tuple(found) for found in leaders.values() if found]
    if any(len(found) > 1 for found in names) or len(set(names)) < 2:
        return ""
    told = (
        f"{briefly(value)} {visible(found[0]) if found else 'not settled'}"
        for value, found in leaders.items()
    )
    return f"{key}: {', '.join(told)}"


def _contrasts(won: list[ComparisonGroup], keys: list[str]) -> Iterator[str]:
    """The keys whose lower and upper halves differ most, and beyond chance, in how often one leads."""
    if len(won) < FEWEST_COMPARED:
        return
    names = by_count([_leader(each) for each in won])
    found = [each for key in keys for name in names if (each := _contrast(won, key, name))]
    for _, text in sorted(found, key=lambda each: -each[0])[:MOST_CONTRASTS]:
        yield text


def _contrast(ranked: list[ComparisonGroup], key: str, name: str) -> tuple[float, str] | None:
    """Difference of the shares that a structure leads in the two halves of a key, in words; None if small."""
    try:
        numbers = [(float(_value(group, key)), _leader(group) == name) for group in ranked]
    except ValueError:
        return None
    middle = median(number for number, _ in numbers)
    low = [leads for number, leads in numbers if number <= middle]
    high = [leads for number, leads in numbers if number > middle]
    if not low or not high:
        return None
    share = (sum(low) + sum(high)) / len(ranked)
    error = math.sqrt(share * (1 - share) * (1 / len(low) + 1 / len(high)))
    size = abs(sum(low) / len(low) - sum(high) / len(high)) / error if error else 0.0
    below = f"{sum(low)} of {len(low)} settings with {key} up to {middle:.3g}"
    text = f"{quoted(visible(name))} leads in {below}, in {sum(high)} of {len(high)} above"
    return (size, text) if size >= FEWEST_ERRORS else None


def _decides(layout: Layout) -> Iterator[Finding]:
    """The number that goes most surely with what a structure saves, where several were varied."""
    from scipy.stats import spearmanr

    keys = [
        key for key in _keys(layout) if all(numeric(_value(each, key)) is not None for each in layout.groups)
    ]
    tests = len(keys) * len(layout.structures[1 : MOST_COMPARED + 1])
    found = []
    for structure in layout.structures[1 : MOST_COMPARED + 1] if len(keys) > 1 else ():
        own = [(each, _cell(each, structure, SPEED)) for each in layout.groups]
        gains = [(each, cell.relative.mean) for each, cell in own if cell and cell.relative]
        for key in keys if len(gains) >= FEWEST_RANKED else ():
            values = [float(_value(each, key)) for each, _ in gains]
            if len(set(values)) > 1 and len({gain for _, gain in gains}) > 1:
                shown = spearmanr(values, [gain for _, gain in gains])
                found.append((float(shown.pvalue), key, structure, float(shown.statistic)))
    for p, key, structure, rank in sorted(found)[:1]:
        if p * tests < RANK_LEVEL:
            word = "less" if rank > 0 else "more"
            reference = quoted(visible(layout.groups[0].reference))
            saves = f"the {word} time {quoted(visible(structure))} saves against {reference}"
            sure = f"(rank correlation {abs(rank):.2f} over the settings)"
            yield Finding(f"{key}: the higher it is, {saves} {sure}.", "What decides")


def numeric(text: str) -> float | None:
    """The number a config value is, or None.

    >>> numeric("0.8"), numeric("load"), numeric("nan")
    (0.8, None, None)
    """
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _keys(layout: Layout) -> list[str]:
    return list(dict.fromkeys(visible(key) for group in layout.groups for key, _ in group.keys))


def _value(group: ComparisonGroup, key: str) -> str:
    return next((visible(value) for own, value in group.keys if visible(own) == key), "")


def _range(values: list[str]) -> str:
    """Values as read: all of a few, the ends of many numbers.

    >>> _range(["0.8", "1.0"]), _range([str(value) for value in range(20)])
    ('0.8, 1.0', '0 to 19')
    """
    if len(values) <= MOST_VALUES:
        return ", ".join(map(briefly, values))
    ends = f"{briefly(values[0])} to {briefly(values[-1])}"
    return ends if numeric(values[0]) is not None else f"{len(values)} values"


def by_count(names: list[str]) -> list[str]:
    """Each name once, the most frequent first; the empty one left out."""
    return sorted(dict.fromkeys(name for name in names if name), key=lambda name: -names.count(name))
