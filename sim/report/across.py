"""The answer over many settings: who leads where, by how much, and with what the answer turns.

Invariant: counts name all settings, those that cannot be ranked too.
"""

import math
from collections.abc import Iterator
from statistics import median
from typing import Final

from sim.report.view import Finding, Setting, View
from sim.report.wording import briefly, percent, quoted, visible

SPEED: Final = "response_time_mean"
LIKED: Final = "satisfaction_mean"
OUTCOME: Final = "satisfaction_outcome"
MOST_VALUES: Final = 8
MOST_COMPARED: Final = 8
FEWEST_COMPARED: Final = 8
MOST_CONTRASTS: Final = 3
FEWEST_ERRORS: Final = 3.0
"""Standard errors between the halves of a key before it is named: many keys are looked at."""
DOES: Final = {SPEED: "serves fastest", LIKED: "satisfies customers most"}


def summary(view: View) -> tuple[Finding, ...]:
    """The headline on speed, then changes against the reference, satisfaction, and where the answer turns."""
    return (
        *_headline(view),
        *_against(view, SPEED, "Response time"),
        *_liked(view),
        *_turns(view),
    )


def _headline(view: View) -> Iterator[Finding]:
    text = _who(view, SPEED)
    yield Finding(text or "In no setting can structures be ranked: see the remarks.")


def _who(view: View, name: str) -> str:
    """Who leads by a measure, in how many settings, and by how much."""
    ranked = [setting.leads[name] for setting in view.settings if name in setting.leads]
    if not ranked:
        return ""
    names = by_count([lead.structure for lead in ranked])
    sizes = [lead.lead for lead in ranked]
    ahead = f"{_span(sizes)} ahead of the runner-up"
    if len(names) == 1:
        where = "every setting" if len(ranked) == len(view.settings) else _of_ranked(view, len(ranked))
        sure = _settled([lead.settled for lead in ranked])
        return f"{quoted(visible(names[0]))} {DOES[name]} in {where}, {ahead} ({sure})."
    return f"Which structure {DOES[name]} depends on the setting: {leading(view, name)}"


def _of_ranked(view: View, ranked: int) -> str:
    all_of_them = "the one setting" if ranked == 1 else f"all {ranked} settings"
    return f"{all_of_them} that can be ranked (of {len(view.settings)})"


def leading(view: View, name: str) -> str:
    """In how many settings each structure leads by a measure, and how often that is settled."""
    leads = [setting.leads[name] for setting in view.settings if name in setting.leads]
    if not leads:
        return ""
    parts = []
    for structure in by_count([lead.structure for lead in leads]):
        own = [lead.settled for lead in leads if lead.structure == structure]
        parts.append(f"{visible(structure)} leads in {len(own)} ({_settled(own)})")
    unranked = len(view.settings) - len(leads)
    left = f"; {unranked} cannot be ranked" if unranked else ""
    return f"of {len(view.settings)} settings, {', '.join(parts)}{left}."


def _settled(own: list[bool]) -> str:
    if len(own) == 1:
        return "settled" if own[0] else "not settled"
    return "settled in all" if all(own) else "not settled" if not any(own) else f"settled in {sum(own)}"


def _against(view: View, name: str, label: str) -> Iterator[Finding]:
    """How often and by how much each structure differs from the reference, by verdict of the analysis."""
    references = {setting.reference for setting in view.settings}
    if len(references) != 1:
        return
    said = [
        text
        for structure in view.structures[1 : MOST_COMPARED + 1]
        if (text := _changes(view, structure, name))
    ]
    if said:
        reference = quoted(visible(references.pop()))
        yield Finding(f"Against {reference}, {'; '.join(said)}.", label)


def _changes(view: View, structure: str, name: str) -> str:
    found = [cell for setting in view.settings if (cell := _cell(setting, structure, name))]
    parts = []
    for outcome in ("better", "worse"):
        sizes = [abs(size) for word, size in found if word == outcome and math.isfinite(size)]
        if sizes:
            parts.append(f"{outcome} in {len(sizes)} by {_span(sizes)}")
    parts += [f"alike in {count}" for count in [sum(word == "alike" for word, _ in found)] if count]
    parts += [f"not settled in {count}" for count in [sum(word == "unsettled" for word, _ in found)] if count]
    return f"{quoted(visible(structure))} is {', '.join(parts)}" if parts else ""


def _span(sizes: list[float]) -> str:
    """The least and the greatest of some shares, in per cent.

    >>> _span([0.12, 0.3]), _span([0.12])
    ('12 to 30 %', '12 %')
    """
    least, most = percent(min(sizes)), percent(max(sizes))
    return most if least == most else f"{least.removesuffix(' %')} to {most}"


def _cell(setting: Setting, structure: str, name: str) -> tuple[str, float] | None:
    """Outcome and relative change of a structure in a setting, None where it is not compared."""
    line = setting.line(name)
    if line is None:
        return None
    for column, cell in zip(setting.columns, line.cells, strict=True):
        if column.structure == structure and cell.relative is not None:
            return cell.outcome, cell.relative.mean
    return None


def _liked(view: View) -> Iterator[Finding]:
    text, plain = _who(view, LIKED), leading(view, OUTCOME)
    alone = f" Counting speed and reliability alone: {plain}" if plain else ""
    if text or alone:
        yield Finding(f"{text}{alone}".strip(), "Satisfaction")


def _turns(view: View) -> Iterator[Finding]:
    """With which values of a swept key the fastest structure changes, or the ranges in which it does not."""
    names = [setting.leads[SPEED].structure for setting in view.settings if SPEED in setting.leads]
    if not names:
        return
    values = {key: list(dict.fromkeys(_value(each, key) for each in view.settings)) for key in _keys(view)}
    if len(set(names)) == 1:
        tried = "; ".join(f"{key} {_range(found)}" for key, found in values.items())
        closest = min(
            (each for each in view.settings if SPEED in each.leads), key=lambda each: each.leads[SPEED].lead
        )
        least = f"The lead is smallest, {percent(closest.leads[SPEED].lead)}, at {visible(closest.label)}."
        yield Finding(f"Nowhere in the values tried: {tried}. {least}", "Where it turns")
        return
    said = [text for key, found in values.items() if (text := _by_value(view, key, found))]
    said = said or list(_contrasts(view, list(values)))
    if said:
        yield Finding(f"{'. '.join(said)}.", "Where it turns")


def _by_value(view: View, key: str, values: list[str]) -> str:
    """Who leads at each value of a key, where that is one structure each and not always the same."""
    if not 1 < len(values) <= MOST_VALUES:
        return ""
    leaders = {
        value: _leaders([each for each in view.settings if _value(each, key) == value]) for value in values
    }
    if any(len(names) > 1 for names in leaders.values()) or len({*map(tuple, leaders.values())}) == 1:
        return ""
    told = (
        f"{value} {visible(names[0]) if names else 'nobody can be ranked'}"
        for value, names in leaders.items()
    )
    return f"{key}: {', '.join(told)}"


def _leaders(settings: list[Setting]) -> list[str]:
    return by_count([setting.leads[SPEED].structure for setting in settings if SPEED in setting.leads])


def _contrasts(view: View, keys: list[str]) -> Iterator[str]:
    """The keys whose lower and upper halves differ most, and beyond chance, in how often one leads."""
    ranked = [setting for setting in view.settings if SPEED in setting.leads]
    if len(ranked) < FEWEST_COMPARED:
        return
    found = [each for key in keys for name in _leaders(ranked) if (each := _contrast(ranked, key, name))]
    for _, text in sorted(found, key=lambda each: -each[0])[:MOST_CONTRASTS]:
        yield text


def _contrast(ranked: list[Setting], key: str, name: str) -> tuple[float, str] | None:
    """Difference of the shares that a structure leads in the two halves of a key, in words; None if small."""
    try:
        numbers = [
            (float(_value(setting, key)), setting.leads[SPEED].structure == name) for setting in ranked
        ]
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


def _keys(view: View) -> list[str]:
    return list(dict.fromkeys(visible(key) for setting in view.settings for key, _ in setting.keys))


def _value(setting: Setting, key: str) -> str:
    return next((visible(value) for own, value in setting.keys if visible(own) == key), "")


def _range(values: list[str]) -> str:
    """Values as read: all of a few, the ends of many numbers.

    >>> _range(["0.8", "1.0"]), _range([str(value) for value in range(20)])
    ('0.8, 1.0', '0 to 19')
    """
    if len(values) <= MOST_VALUES:
        return ", ".join(values)
    try:
        ordered = sorted(values, key=float)
    except ValueError:
        return f"{len(values)} values"
    return f"{briefly(ordered[0])} to {briefly(ordered[-1])}"


def by_count(names: list[str]) -> list[str]:
    """Each name once, the most frequent first; the empty one left out."""
    return sorted(dict.fromkeys(name for name in names if name), key=lambda name: -names.count(name))
