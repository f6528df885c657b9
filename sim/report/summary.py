"""The answer read in a minute: what to do, how much better, how sure, what it costs, what would change it.

Invariant: at most five lines, each under fixed words; they say what the analysis found and nothing beyond it.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sim.report.contest import (
    CHEAPER,
    COST,
    DECIDED,
    KEPT,
    LIKED,
    MOST_TOLD,
    CompanyRows,
    Contest,
    Shortlist,
    apart,
    contest,
    shortlist,
)
from sim.report.explanation import rests_on
from sim.report.layout_records import SPEED, Column, Finding
from sim.report.narrative import (
    advice,
    alike_throughout,
    explained,
    first_asked,
    room_of,
)
from sim.report.wording import capital, listed, money, percent, quoted, without_keys

DO: Final = "What to do"
BETTER: Final = "How much better"
SURE: Final = "How sure"
COSTS: Final = "What it costs"
CHANGE: Final = "What would change it"
LINES: Final = (DO, BETTER, SURE, COSTS, CHANGE)
SERVICE: Final = {SPEED: ("mean response time", "h"), KEPT: ("share of requests in time", "%")}
LOSERS: Final = {
    "worse": "customers of {} pay for it, their response time is {}",
    "better": "no group of customers waits longer",
    "alike": "no group of customers waits longer",
}


def summary(found: CompanyRows, group: int, columns: Sequence[Column]) -> tuple[Finding, ...]:
    """The lines of one setting."""
    texts = _nothing_to_choose(found, columns) or dict(_of_contest(found, group, columns))
    return told(texts)


def told(texts: dict[str, str]) -> tuple[Finding, ...]:
    """The lines that have something to say, in their order."""
    return tuple(
        Finding(f"{capital(without_keys(text))}.", label) for label in LINES if (text := texts.get(label, ""))
    )


def with_answers(lines: Sequence[Finding], answers: Sequence[Mapping[str, str]]) -> tuple[Finding, ...]:
    """The lines with what further answers say: they go on with a line, and replace what would change it."""
    found = {line.label: line.text.rstrip(".") for line in lines}
    for says in answers:
        for label, text in says.items():
            before = "" if label == CHANGE else found.get(label, "")
            found[label] = f"{before}; {text}" if before else text
    return told(found)


def _nothing_to_choose(found: CompanyRows, columns: Sequence[Column]) -> dict[str, str]:
    """The line where there is no choice, or where it makes no difference."""
    if len(columns) == 1:
        return {DO: f"nothing to choose: {quoted(columns[0].structure)} alone was looked at"}
    if alike_throughout(found, columns):
        return {DO: "choose by what is not counted here: service and cost do not differ at all"}
    return {}


def _of_contest(found: CompanyRows, group: int, columns: Sequence[Column]) -> Iterator[tuple[str, str]]:
    asked = first_asked(found, group)
    held, chosen = contest(found, group, asked), shortlist(found, group, asked)
    if held is None:
        yield DO, "nothing yet: no two structures can be ranked here"
        return
    yield DO, advice(found, group, chosen)
    yield BETTER, _better(found, group, columns, held, chosen)
    yield SURE, _sure(found, held, columns)
    yield COSTS, _costs(found, columns, chosen)
    yield CHANGE, _change(found, group, columns, chosen)


def _better(
    found: CompanyRows, group: int, columns: Sequence[Column], held: Contest, chosen: Shortlist
) -> str:
    """What those told give, beside the reference or, where that is the best, beside the next."""
    what, unit = SERVICE[held.metric]
    own, reference = chosen.scenarios[0], int(columns[0].scenario)
    values = [f"{found.value(one, held.metric, unit)} under {found.named(one)}" for one in chosen.scenarios]
    if len(chosen.scenarios) > 1:
        return f"{what} {listed(values)}"
    change = found.differences.get((own, held.metric))
    if change is None or own == reference:
        other = int(held.ahead[0]["rival"]) if held.ahead else reference
        next_best = f", {found.value(other, held.metric, unit)} under {found.named(other)}"
        beside = next_best if other != own else ""
        return f"{what} {values[0]}{beside}{_liking(found, group, own, reference)}"
    verdict = "" if change["withheld"] else f": {change['verdict']}"
    instead = f"{found.value(reference, held.metric, unit)} under {found.named(reference)}"
    return f"{what} {values[0]}, {instead}{verdict}{_liking(found, group, own, reference)}"


def _liking(found: CompanyRows, group: int, own: int, reference: int) -> str:
    """How satisfied customers are with it, and who satisfies them more."""
    change, liked = found.differences.get((own, LIKED)), contest(found, group, LIKED)
    says = change and not change["withheld"] and change["outcome"] in DECIDED
    text = f"; satisfaction {change['verdict'].partition(' (')[0]}" if change and says else ""
    if liked and liked.settled and liked.best != own:
        text += f"; {found.named(liked.best)} satisfies customers more"
    return text


def _sure(found: CompanyRows, held: Contest, columns: Sequence[Column]) -> str:
    counts = sorted({column.replications for column in columns if column.is_ranked})
    many = f"{counts[0]} replications" if len(counts) == 1 else f"{counts[0]} to {counts[-1]} replications"
    best = found.named(held.best)
    if held.settled:
        return f"settled by {many}: {best} is {apart(found, held.ahead[0])}, the next"
    if not held.open:
        same = all(row["outcome"] == "same" for row in held.alike)
        names = listed([found.named(own) for own in held.tied])
        return f"{names} {'are the same' if same else 'are shown to serve alike'} in {many}"
    rivals = listed([apart(found, row) for row in held.open[:MOST_TOLD]])
    if held.by_little and not held.alike:
        return f"{best} is surely ahead, but hardly by as much as matters: {rivals}"
    return f"not settled by {many}: {best} is {rivals}"


def _costs(found: CompanyRows, columns: Sequence[Column], chosen: Shortlist) -> str:
    """Money a year of those told, beside the reference, and which customers pay."""
    reference = int(columns[0].scenario)
    many = len(chosen.scenarios) > 1
    parts = [
        f"{f'{found.named(own)} ' if many else ''}{text}"
        for own in chosen.scenarios
        if (text := _spent(found, own, reference))
    ]
    loser = found.losers.get((chosen.scenarios[0], SPEED)) if not many else None
    if loser:
        words = LOSERS.get(str(loser["outcome"]), "whether a group of customers waits longer is open")
        parts.append(words.format(quoted(loser["segment"]), loser["verdict"].partition(" (")[0]))
    return "; ".join(parts)


def _spent(found: CompanyRows, own: int, reference: int) -> str:
    spent, change = found.mean(own, COST), found.differences.get((own, COST))
    if not math.isfinite(spent):
        return ""
    text = f"{money(spent)} a year"
    if own == reference or change is None or change["withheld"] or not math.isfinite(change["relative"]):
        return text
    relative = float(change["relative"])
    if abs(relative) < CHEAPER:
        return f"{text}, within {percent(CHEAPER)} of {found.named(reference)}"
    return (
        f"{text}, {percent(abs(relative))} {'more' if relative > 0 else 'less'} than {found.named(reference)}"
    )


def _change(found: CompanyRows, group: int, columns: Sequence[Column], chosen: Shortlist) -> str:
    """What the difference rests on and nobody varied, and how much demand it bears."""
    first = next(iter(explained(found, group, columns, chosen)), None)
    unknown = rests_on(first, [key for key, _ in found.keys.get(group, ())]) if first else []
    rests = f"{listed(unknown)}: the difference rests on {'it' if len(unknown) == 1 else 'them'}"
    known = room_of(found, chosen)
    return "; ".join(text for text in (rests if unknown else "", known) if text)
