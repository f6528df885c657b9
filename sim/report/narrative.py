"""The answer in plain words: who serves best, by how much, why, at what cost, who pays for it.

Invariant: a lead is stated as such only where analysis calls it settled; every mean has its interval.
"""

import math
from collections.abc import Iterator, Sequence

from sim.analysis.verdict import more_replications
from sim.report.contest import (
    ABANDONED,
    BALKED,
    CHEAPER,
    COST,
    DECIDED,
    FROM,
    HANDOFFS,
    KEPT,
    LIKED,
    OUTCOME,
    ROOM,
    CompanyRows,
    Contest,
    Row,
    Shortlist,
    contest,
    shortlist,
    who_leads,
)
from sim.report.explanation import (
    COST_PARTS,
    WORDS,
    Pair,
    find_out,
    hangs_on,
    hidden,
    liked_for,
    spent_on,
    why,
)
from sim.report.layout_records import RECOMMENDATION, SPEED, Column, Finding
from sim.report.wording import listed, money, number, percent, quoted, without_keys

MOST_COMPARED = 8
FEWEST_LEAVE = 0.0005
ADVICE = {
    "short": "A longer run, more replications or less load helps.",
    "unstable": "Where a department has more work than hours, more people or less demand is needed.",
}


def narrative(found: CompanyRows, group: int, columns: Sequence[Column]) -> list[Finding]:
    """What a setting says, the most important first; the first finding is the headline."""
    if len(columns) == 1:
        advice = "name several, such as structure=function,customer"
        return [Finding(f"One structure only, so nothing is compared; {advice}."), *_leaving(found, columns)]
    if alike_throughout(found, columns):
        names = listed([quoted(column.structure) for column in columns])
        value = found.value(int(columns[0].scenario), SPEED, "h")
        same = f"{names} are the same here: mean response time {value}."
        return [Finding(f"{same} It makes no difference here which you choose.")]
    chosen = shortlist(found, group, first_asked(found, group))
    findings = [
        *_headline(found, group, columns),
        *_leaving(found, columns),
        *_recommended(found, group, columns, chosen),
        *_against(found, group, columns, SPEED, "Response time"),
        *_liked(found, group, columns),
        *_liked_for(found, group, columns, chosen),
        *_reasons(found, group, columns, chosen),
        *_cost(found, columns, chosen),
        *_paying(found, chosen),
        *_unranked(columns),
    ]
    return findings or [Finding("No structure can be compared here: see the remarks.")]


def first_asked(found: CompanyRows, group: int) -> str:
    """The metric that decides: speed, or the promise where not as many leave."""
    return SPEED if (group, SPEED) in found.rivals else KEPT


def alike_throughout(found: CompanyRows, columns: Sequence[Column]) -> bool:
    """Whether no structure differs from the reference in anything that is told."""
    return all(_same(found, int(column.scenario)) for column in columns[1:])


def _same(found: CompanyRows, scenario: int) -> bool:
    """Whether a structure differs from the reference in nothing that is told."""
    rows = [found.differences.get((scenario, metric)) for metric in (SPEED, LIKED, COST)]
    return all(row and not row["withheld"] and row["low"] == row["high"] == 0 for row in rows)


def _headline(found: CompanyRows, group: int, columns: Sequence[Column]) -> Iterator[Finding]:
    held, kept = contest(found, group, SPEED), contest(found, group, KEPT)
    if held is not None:
        yield Finding(
            who_leads(found, held, "serves fastest", "mean response time", "h")
            + _both_faster(found, held, columns)
        )
    elif kept is not None and _leave(found, columns):
        text = who_leads(found, kept, "keeps the promised time most often", "share of requests in time", "%")
        yield Finding(
            f"{text} Times say little here, because not as many leave: {_who_leave(found, columns)}."
        )
    elif any(found.outcome(int(column.scenario), SPEED) in DECIDED for column in columns):
        yield Finding("Which structure serves fastest cannot be told: fewer than two can be ranked.")


def _both_faster(found: CompanyRows, held: Contest, columns: Sequence[Column]) -> str:
    """That all of the tied are faster than the first structure, where they are."""
    if held.settled or not all(found.outcome(own, SPEED) == "better" for own in held.tied):
        return ""
    names = [found.named(own) for own in held.tied]
    many = "both" if len(names) == 2 else "all"
    return f" {listed(names)} {many} serve faster than {quoted(columns[0].structure)}."


def _leave(found: CompanyRows, columns: Sequence[Column]) -> bool:
    return any(_left(found, int(column.scenario)) >= FEWEST_LEAVE for column in columns)


def _left(found: CompanyRows, scenario: int) -> float:
    return math.fsum(
        share for metric in (ABANDONED, BALKED) if math.isfinite(share := found.mean(scenario, metric))
    )


def _who_leave(found: CompanyRows, columns: Sequence[Column]) -> str:
    told = [column for column in columns if column.is_told]
    return ", ".join(
        f"{percent(_left(found, int(each.scenario)))} under {quoted(each.structure)}" for each in told
    )


def _leaving(found: CompanyRows, columns: Sequence[Column]) -> Iterator[Finding]:
    """How many give up or are turned away under each structure, and of whom the most."""
    texts = []
    for column in columns[:MOST_COMPARED]:
        own = int(column.scenario)
        parts = [
            f"{found.value(own, metric, '%')} {does}"
            for metric, does in ((ABANDONED, "give up"), (BALKED, "are turned away"))
            if found.mean(own, metric) >= FEWEST_LEAVE
        ]
        segment, share = found.leavers.get(own, ("", 0.0))
        most = f" (most of {quoted(segment)}: {percent(share)})" if segment and parts else ""
        texts += [f"{quoted(column.structure)}: {listed(parts)}{most}"] if parts else []
    if texts:
        yield Finding(f"{'; '.join(texts)}.", "Who leaves")


def _against(
    found: CompanyRows, group: int, columns: Sequence[Column], metric: str, what: str
) -> Iterator[Finding]:
    """Paired verdicts against the reference, also of structures that are not ranked.

    The pair of which a lead was told with its interval is left out: that interval allows for another number
    of comparisons.
    """
    texts, told = [], _told_pair(found, group, metric)
    for column in columns[1 : MOST_COMPARED + 1]:
        row = found.differences.get((int(column.scenario), metric))
        if {int(column.scenario), int(columns[0].scenario)} == told:
            continue
        if row is not None and row["outcome"] != "withheld":
            texts.append(f"{quoted(column.structure)} {row['verdict']}")
    if texts:
        yield Finding(f"Compared with {quoted(columns[0].structure)}, {'; '.join(texts)}.", what)


def _told_pair(found: CompanyRows, group: int, metric: str) -> set[int]:
    """The best and the rival ahead of which it was told to be, with the interval; nothing where none was."""
    held = contest(found, group, metric)
    return {held.best, int(held.ahead[0]["rival"])} if held and held.ahead else set()


def _liked(found: CompanyRows, group: int, columns: Sequence[Column]) -> Iterator[Finding]:
    """Who is liked best, with and without what rewards familiarity by definition."""
    liked, plain = contest(found, group, LIKED), contest(found, group, OUTCOME)
    texts = [who_leads(found, liked, "satisfies customers most", "satisfaction", "of 100")] if liked else []
    texts += [finding.text for finding in _against(found, group, columns, LIKED, "")]
    if plain is not None:
        value = found.value(plain.best, OUTCOME, "of 100")
        best = f"customers like {found.named(plain.best)} best ({value})"
        if not plain.settled:
            names = listed([found.named(own) for own in plain.tied])
            best = f"{names} are not told apart ({value} under {found.named(plain.best)})"
        texts.append(f"Counting speed and reliability alone, {best}.")
    if texts:
        yield Finding(" ".join(texts), "Satisfaction")


def _liked_for(
    found: CompanyRows, group: int, columns: Sequence[Column], chosen: Shortlist
) -> Iterator[Finding]:
    """The gap in satisfaction of the best liked and of those told, split into its five scores."""
    reference, liked = int(columns[0].scenario), contest(found, group, LIKED)
    best = (liked.best, *(int(row["rival"]) for row in liked.ahead)) if liked else ()
    wanted = dict.fromkeys(own for own in (*best[:1], *chosen.scenarios, *best[1:]) if own != reference)
    texts = []
    for own in list(wanted)[: max(1, len({*best[:1], *chosen.scenarios} - {reference}))]:
        points = {name: found.differences.get((own, f"{FROM}{name}")) for name in WORDS}
        parts = {name: float(row["mean"]) for name, row in points.items() if row and not row["withheld"]}
        if found.outcome(own, LIKED) in DECIDED and len(parts) == len(WORDS):
            handoffs = found.mean(own, HANDOFFS) - found.mean(reference, HANDOFFS)
            alike = not any(" (" in found.names[each] for each in (own, reference))
            made = liked_for(parts, found.gaps.get(own, {}), handoffs, alike)
            total = number(math.fsum(parts.values()), 1, signed=True)
            texts.append(f"{found.named(own)} {total} points against {found.named(reference)}: {made}.")
    if texts:
        yield Finding(" ".join(texts), "Why liked")


def _reasons(
    found: CompanyRows, group: int, columns: Sequence[Column], chosen: Shortlist
) -> Iterator[Finding]:
    """Why the structures that are told differ from the reference in response time."""
    for pair in explained(found, group, columns, chosen):
        yield from why(pair)
        yield from hangs_on(pair)


def explained(found: CompanyRows, group: int, columns: Sequence[Column], chosen: Shortlist) -> Iterator[Pair]:
    """The structures told against the reference; where that is the fastest, the next one against it."""
    reference = int(columns[0].scenario)
    held = contest(found, group, SPEED)
    scenarios = list(chosen.scenarios)
    if scenarios == [reference] and held and held.ahead:
        scenarios = [int(held.ahead[0]["rival"])]
    for scenario in scenarios:
        parts = found.gaps.get(scenario)
        if parts and columns[0].is_told and found.outcome(scenario, SPEED) in DECIDED:
            yield Pair(found.names[scenario], columns[0].structure, parts)


def _cost(found: CompanyRows, columns: Sequence[Column], chosen: Shortlist) -> Iterator[Finding]:
    """What the structures that are told cost beside the reference."""
    texts = [text for own in chosen.scenarios if (text := _cost_of(found, own, int(columns[0].scenario)))]
    if texts:
        yield Finding(" ".join(texts), "Cost")


def _cost_of(found: CompanyRows, scenario: int, reference: int) -> str:
    change = found.differences.get((scenario, COST))
    if change is None or change["withheld"] or not math.isfinite(change["relative"]):
        return ""
    own, other = found.named(scenario), found.named(reference)
    spent = f"{money(found.mean(scenario, COST))} a year"
    parts = [{part: found.mean(each, part) for part in (*COST_PARTS, COST)} for each in (scenario, reference)]
    made = f": {spent_on(*parts)}".removesuffix(": ")
    names = (found.names[scenario], found.names[reference])
    more = f" {hidden(dict(zip(names, parts, strict=True)))}".rstrip()
    relative = float(change["relative"])
    if abs(relative) < CHEAPER:
        return f"{own} costs {spent}, within {percent(CHEAPER)} of {other}{made}.{more}"
    word = "more" if relative > 0 else "less"
    return f"{own} costs {spent}, {percent(abs(relative))} {word} than {other}{made}.{more}"


def _paying(found: CompanyRows, chosen: Shortlist) -> Iterator[Finding]:
    """The segment that each structure told serves worst, compared with the reference."""
    texts = [
        _paying_under(found, loser) for own in chosen.scenarios if (loser := found.losers.get((own, SPEED)))
    ]
    if texts:
        yield Finding(" ".join(texts), "Who loses")


def _paying_under(found: CompanyRows, loser: Row) -> str:
    best, segment = found.named(int(loser["scenario"])), quoted(loser["segment"])
    verdict = loser["verdict"]
    texts = {
        "worse": f"Under {best} the segment {segment} loses most, its response time is {verdict}.",
        "better": f"No segment waits longer under {best}: even {segment}, which gains least, is {verdict}.",
        "alike": f"No segment loses under {best}: even for {segment} it is {verdict}.",
    }
    unsure = f"Whether a segment loses under {best} is open: {segment} gains least ({verdict})."
    return texts.get(str(loser["outcome"]), unsure)


def _recommended(
    found: CompanyRows, group: int, columns: Sequence[Column], chosen: Shortlist
) -> Iterator[Finding]:
    """What follows, in one line: whom to choose, how much demand may grow, what to find out first."""
    if not chosen.scenarios:
        return
    first = next(iter(explained(found, group, columns, chosen)), None)
    unknown = find_out(first, [key for key, _ in found.keys.get(group, ())]) if first else ""
    room = f"; {known}" if (known := room_of(found, chosen)) else ""
    text = f"{advice(found, group, chosen)}{room}.{unknown}"
    yield Finding(without_keys(text), RECOMMENDATION)


def advice(found: CompanyRows, group: int, chosen: Shortlist) -> str:
    """Whom to choose, without a full stop."""
    names = [found.named(own) for own in chosen.scenarios]
    others = [found.named(own) for own in chosen.tied if own not in chosen.scenarios]
    if len(names) > 1:
        return _undecided(names, contest(found, group, SPEED))
    because = f": {_hardly_worse(found, group, chosen)}, and it is {chosen.reason}" if others else ""
    return f"Choose {names[0]}{because}"


def room_of(found: CompanyRows, chosen: Shortlist) -> str:
    """How much demand may grow; nothing where it may not, or nobody knows."""
    rooms = [(found.named(own), found.mean(own, ROOM) - 1.0) for own in chosen.scenarios]
    known = [f"{percent(room)} under {name}" for name, room in rooms if math.isfinite(room) and room > 0]
    if not known:
        return ""
    return f"demand may grow by {listed(known)} before a department has more work than hours"


def _hardly_worse(found: CompanyRows, group: int, chosen: Shortlist) -> str:
    """How far who is chosen may be behind the others that may be as fast."""
    held, own = contest(found, group, SPEED), chosen.scenarios[0]
    if held is not None:
        for row in held.open:
            if int(row["rival"]) == own and row["low"] > 0:
                return f"it is at most {row['high']:.1f} {row['told_in']} behind {found.named(held.best)}"
    others = [found.named(other) for other in chosen.tied if other != own]
    return f"nothing shows that it serves worse than {listed(others)}"


def _undecided(names: Sequence[str], held: Contest | None) -> str:
    if held and held.open:
        further = more_replications(max(float(row["further"]) for row in held.open))
        return f"Do not choose between {listed(names)} yet: about {further} would tell which is faster"
    if held and not held.ahead and all(row["outcome"] == "same" for row in held.alike):
        return "It makes no difference here which you choose"
    return f"{listed(names)}: neither service nor cost decides, so choose by what is not counted here"


def _unranked(columns: Sequence[Column]) -> Iterator[Finding]:
    out = [column for column in columns if not column.is_ranked]
    if not out:
        return
    names = ", ".join(f"{quoted(column.structure)} ({column.status})" for column in out)
    statuses = dict.fromkeys(column.status for column in out)
    advice = "".join(f" {ADVICE[status]}" for status in statuses if status in ADVICE)
    yield Finding(f"{names}; the remarks say why.{advice}", "Not ranked")
