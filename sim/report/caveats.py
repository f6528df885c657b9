"""What has to be said beside the figures: how they were measured, and which of them not to trust.

Invariant: every scenario that is not plainly ok is counted, whichever of the two lists names it.
"""

import math
from collections.abc import Iterator, Sequence

from sim.analysis.suppression import Caveat, together
from sim.report.layout_records import Column, ComparisonGroup
from sim.report.wording import capital, number

MOST_NAMED = 6
FEW = 3


def method(groups: Sequence[ComparisonGroup], confidence: float, correction: str) -> tuple[str, ...]:
    """One sentence a fact: kind of study and cut, replications, pairing, people, remarks."""
    columns = [column for group in groups for column in group.columns]
    counts = sorted({column.replications for column in columns}) or [0]
    many = f"{counts[0]} to {counts[-1]}" if len(counts) > 1 else str(counts[0])
    said = list(dict.fromkeys(_measured(column) for column in columns if column.label))
    said.append(
        f"The replication is the unit: {many} replications a scenario, {100 * confidence:.0f} % t intervals "
        "over them."
    )
    if any(len(group.columns) > 1 for group in groups):
        said.append(
            "Differences are paired: every structure meets the same customers with the same luck. "
            f"Verdicts and the intervals of differences allow for several comparisons ({correction})."
        )
        said.append(
            "Settled: the leader beats every other structure, at a level of 5 % shared by all of them. "
            "Not settled: chance cannot be ruled out."
        )
        said.append(_people(groups))
    return (*said, *_warm_up(columns), *_notes(groups))


def _warm_up(columns: Sequence[Column]) -> Iterator[str]:
    """The warm-up that would do for all scenarios, where that of the study is shown to be too short."""
    late = [column for column in columns if math.isfinite(column.start_up)]
    if not late:
        return
    need = math.ceil(max(column.start_up for column in late))
    starts = "starts" if len(late) == 1 else "start"
    who = f"{len(late)} of {len(columns)} scenarios {starts} up for longer than what is cut"
    if need > min(column.weeks for column in columns) / 2:
        yield f"{who}, and half the run is not enough: a longer one is needed (experiment.horizon_weeks)."
    else:
        yield f"{who}: {need} weeks of warm-up would do for all (experiment.warm_up_weeks={need})."


def _measured(column: Column) -> str:
    cut = "nothing is cut" if column.first_week == 1 else "the weeks before are cut as warm-up"
    return f"{capital(column.label)}; {cut}."


def _people(groups: Sequence[ComparisonGroup]) -> str:
    each = [{column.headcount for column in group.columns} for group in groups]
    counts = sorted({count for own in each for count in own if math.isfinite(count)})
    if len(counts) == 1:
        return f"Equal people: {number(counts[0], 0)} on the payroll of every structure, managers included."
    if all(len({count for count in own if math.isfinite(count)}) <= 1 for own in each) and counts:
        word = "or" if len(counts) == 2 else "to"
        span = f"{number(counts[0], 0)} {word} {number(counts[-1], 0)}"
        return f"Equal people within each setting: {span} on the payroll, managers included."
    listed = ", ".join(number(count, 0) for count in counts[:8])
    return f"The scenarios do not have the same number of people ({listed})."


def _notes(groups: Sequence[ComparisonGroup]) -> Iterator[str]:
    """Remarks on scenarios that are ranked all the same; counted by kind where there are many."""
    noted = [
        (group, column) for group in groups for column in group.columns if column.is_ranked and column.reasons
    ]
    if len(noted) <= FEW:
        yield from (f"{who(group, column)}{_status(column)}: {reasons(column)}." for group, column in noted)
        return
    alike: dict[str, list[tuple[Caveat, Column]]] = {}
    for _, column in noted:
        for remark in map(Caveat.of, column.reasons):
            alike.setdefault(remark.form, []).append((remark, column))
    scenarios = sum(len(group.columns) for group in groups)
    for same in sorted(alike.values(), key=lambda same: -len(same))[:MOST_NAMED]:
        remarks, columns = zip(*same, strict=True)
        where = only(groups, columns)
        yield f"{len(remarks)} of {scenarios} scenarios{where and f', {where}'}: {together(remarks)}."


def only(groups: Sequence[ComparisonGroup], affected: Sequence[Column]) -> str:
    """What sets some scenarios apart from all others: values of one factor, else of as few as name no other.

    Nothing where all are affected, or where no values do. A factor with a value of its own in each setting,
    as samples have, counts only where the affected lie above or below all others.
    """
    every = [
        ({"structure": column.structure, **dict(group.keys)}, column)
        for group in groups
        for column in group.columns
    ]
    hit = {column.scenario for column in affected}
    inside = [facts for facts, column in every if column.scenario in hit]
    outside = [facts for facts, column in every if column.scenario not in hit]
    if not inside or not outside or len(groups) < 2:
        return ""
    chosen: dict[str, str] = {}
    alike = outside
    for factor in inside[0]:
        own, others = ({facts.get(factor, "") for facts in side} for side in (inside, outside))
        sampled = factor != "structure" and len(own | others) == len(groups) > FEW
        told = (
            _beyond(own, others) if sampled else ", ".join(dict.fromkeys(facts[factor] for facts in inside))
        )
        if told and not own & others:
            return f"only {_at(factor, told)}"
        if not sampled and others - own:
            chosen[factor] = told
            alike = [facts for facts in alike if facts.get(factor, "") in own]
    return f"only {' and '.join(_at(*pair) for pair in chosen.items())}" if chosen and not alike else ""


def _at(factor: str, values: str) -> str:
    return f"under {values}" if factor == "structure" else f"with {factor} {values}"


def _beyond(own: set[str], others: set[str]) -> str:
    """From or up to which value the own ones lie, where none of the others does."""
    try:
        mine, theirs = ([float(value) for value in side] for side in (own, others))
    except ValueError:
        return ""
    if min(mine) > max(theirs):
        return f"from {min(mine):.4g}"
    return f"up to {max(mine):.4g}" if max(mine) < min(theirs) else ""


def _status(column: Column) -> str:
    return "" if column.is_ok else f" ({column.status})"


def warnings(groups: Sequence[ComparisonGroup]) -> tuple[str, ...]:
    """What is not ranked, and why: one sentence a scenario, or one a status where there are many."""
    out = [(group, column) for group in groups for column in group.columns if not column.is_ranked]
    if len(out) <= FEW:
        said = [f"{who(group, column)} is {_is(column)}: {reasons(column)}." for group, column in out]
        where = only(groups, [column for _, column in out])
        said += [f"That is so {where}."] if where and len(out) > 1 else []
    else:
        said = list(_by_status(groups, out))
    alone = sum(column.replications == 1 for group in groups for column in group.columns)
    if alone:
        said.append("One replication only: no interval is possible, and nothing is compared.")
    return tuple(said)


def _is(column: Column) -> str:
    return {
        "ok": "not ranked",
        "short": "too short to be ranked",
        "unstable": "unstable, its means are withheld",
    }.get(column.status, f"{column.status}, it has no result")


def _by_status(
    groups: Sequence[ComparisonGroup], out: Sequence[tuple[ComparisonGroup, Column]]
) -> Iterator[str]:
    for kind in dict.fromkeys(_is(column) for _, column in out):
        where = only(groups, [column for _, column in out if _is(column) == kind])
        said = f"scenarios, {where}, are" if where else "scenarios are"
        named = [f"{who(group, column)}: {first(column)}" for group, column in out if _is(column) == kind]
        more = f"; and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
        many = kind.replace("its means", "their means").replace("it has no", "they have no")
        yield f"{len(named)} {said} {many}: {'; '.join(named[:MOST_NAMED])}{more}."


def who(group: ComparisonGroup, column: Column) -> str:
    """The structure, with its setting where there are several."""
    return f"{column.structure} ({group.label})" if group.keys else column.structure


def reasons(column: Column) -> str:
    """All reasons in one line."""
    return "; ".join(column.reasons) or "no reason was recorded"


def first(column: Column) -> str:
    """The weightiest reason."""
    return column.reasons[0] if column.reasons else "no reason was recorded"
