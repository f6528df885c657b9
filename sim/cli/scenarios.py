"""All scenarios of a sweep, checked: rows for the study, or every mistake in one list.

Invariant: a scenario reaches the study only when the schema and the cross-checks have nothing to say.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.cli.session import Session
from sim.config.compose import Composer
from sim.config.config_layers import SourceMap
from sim.config.diagnostics import COMMAND_LINE, Diagnostic, Refused, diagnostic, plural, unique
from sim.config.feasibility import feasibility, spread_people
from sim.config.override import complaints, reason_of
from sim.model.check import Mistake, mistakes

if TYPE_CHECKING:
    from sim.study.design import Row


LOOKED_AT = 300
"""Scenarios of a sweep refused for other reasons that are checked for further mistakes."""


def checked_rows(session: Session, composer: Composer, jobs: Sequence[Sequence[str]]) -> "list[Row]":
    """A row for every scenario.

    Impossible combinations are refused, or, with `experiment.skip_infeasible`, kept with their reason.

    Raises
    ------
    Refused
        with every mistake of every scenario, each once.
    """
    from sim.study.design import Row

    wanted = [list(job) for job in jobs]
    if session.checked is not None and session.checked[0] == wanted:
        return session.checked[1]
    plains, found = _composed(composer, jobs)
    if found:
        raise Refused(found)
    wrong = _wrong_among(plains)
    if not wrong or _skips(plains):
        session.announce_compiling()
        hold_staff(composer, jobs, plains, wrong)
        feasible = {number: plain for number, plain in enumerate(plains) if number not in wrong}
        impossible, session.notes = feasibility(feasible)
        wrong |= impossible
    if wrong and not (_skips(plains) and len(wrong) < len(plains)):
        raise Refused(_list(session, composer, jobs, wrong))
    varied = varied_keys(jobs)
    rows = [
        Row(
            plain, tuple(text for text in job if key_of(text) in varied), infeasible=_reason(wrong.get(index))
        )
        for index, (plain, job) in enumerate(zip(plains, jobs, strict=True))
    ]
    session.checked = (wanted, rows)
    return rows


def hold_staff(
    composer: Composer, jobs: Sequence[Sequence[str]], plains: list[dict[str, Any]], wrong: Collection[int]
) -> None:
    """Note in each scenario how many people work where: spread once at the values of the study, and held.

    A better shared record would else move a person silently, and be blamed for it. Solved again where
    company, structure or staffing differ; kept as it is where nothing else does, or people are given.
    """
    from sim.study.design import DESIGNED

    loose = {key for key in varied_keys(jobs) if not DESIGNED.match(key)}
    known: dict[tuple[str, ...], dict[str, dict[str, int]]] = {}
    for number, job in enumerate(jobs):
        staffing = plains[number].get("staffing") or {}
        if not loose or number in wrong or is_spread(staffing):
            continue
        base = tuple(text for text in job if key_of(text) not in loose)
        if base not in known:
            known[base] = spread_people(composer.plain(base))
        plains[number] = plains[number] | {"staffing": staffing | known[base]}


def is_spread(staffing: Mapping[str, Any]) -> bool:
    """Whether nobody has to be spread and held: people are given, or are to be spread in each scenario."""
    given = staffing.get("allocation") == "explicit" or staffing.get("roster") or staffing.get("held")
    return bool(given) or staffing.get("spread") == "each"


def _wrong_among(plains: Sequence[dict[str, Any]]) -> dict[int, list[Mistake]]:
    """The mistakes of scenarios by number, where there are any."""
    return {number: found for number, plain in enumerate(plains) if (found := mistakes(plain))}


def mistakes_in(session: Session, composer: Composer, jobs: Sequence[Sequence[str]]) -> list[Diagnostic]:
    """Every mistake of these scenarios, each once."""
    plains, found = _composed(composer, jobs)
    return found or _list(session, composer, jobs, _wrong_among(plains))


def _composed(
    composer: Composer, jobs: Sequence[Sequence[str]]
) -> tuple[list[dict[str, Any]], list[Diagnostic]]:
    """Plain scenarios of all jobs; combinations of files that Hydra cannot compose are told, each once."""
    plains: list[dict[str, Any]] = []
    found: list[Diagnostic] = []
    for job in jobs:
        try:
            plains.append(composer.plain(job))
        except Refused as refusal:
            found += refusal.found
        except complaints() as problem:
            choices = " ".join(composer.group_choices(job))
            found.append(diagnostic(COMMAND_LINE, choices, reason_of(problem)))
    return plains, unique(found)


def _skips(plains: Sequence[dict[str, Any]]) -> bool:
    return any(_flag(plain) for plain in plains)


def _flag(plain: dict[str, Any]) -> bool:
    experiment = plain.get("experiment")
    return isinstance(experiment, dict) and experiment.get("skip_infeasible") is True


def _reason(found: list[Mistake] | None) -> str:
    return "; ".join(map(str, found[:3])) if found else ""


def key_of(text: str) -> str:
    """Key of an override."""
    return text.partition("=")[0].lstrip("+")


def varied_keys(jobs: Sequence[Sequence[str]]) -> set[str]:
    """Keys that differ between scenarios."""
    seen: dict[str, set[str]] = {}
    times: dict[str, int] = {}
    for job in jobs:
        for text in job:
            key = key_of(text)
            seen.setdefault(key, set()).add(text)
            times[key] = times.get(key, 0) + 1
    return {key for key, texts in seen.items() if len(texts) > 1 or times[key] < len(jobs)}


def _list(
    session: Session, composer: Composer, jobs: Sequence[Sequence[str]], wrong: dict[int, list[Mistake]]
) -> list[Diagnostic]:
    """Every mistake once, with its place and, in a sweep, in how many scenarios it occurs.

    Mistakes that differ in the value alone, as along the points of an interval, are one.
    """
    alike: dict[str, list[Diagnostic]] = {}
    for index, mistaken in wrong.items():
        places = SourceMap.under(composer, jobs[index], session.places_of(index))
        for mistake in mistaken:
            item = Diagnostic(places.of(mistake.where), mistake)
            alike.setdefault(
                _NUMBER.sub("#", str(item)) if len(jobs) > MOST_LISTED else str(item), []
            ).append(item)
    in_table = bool(session.plan and session.plan.axes.table)
    listed = [items[0] if in_table else _counted(items, len(jobs)) for items in alike.values()]
    if len(wrong) == len(jobs) > 1 and not any(len(items) == len(jobs) for items in alike.values()):
        listed.insert(
            0, Diagnostic("", Mistake("sweep", f"0 of {plural(len(jobs), 'combination')} are valid"))
        )
    return unique(listed)


_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
MOST_LISTED = 50
"""Size of a sweep up to which every wrong value is listed."""


def _counted(items: Sequence[Diagnostic], scenarios: int) -> Diagnostic:
    """The first of mistakes that are alike, with how often and with how many values it occurs."""
    first, values = items[0], len({str(item) for item in items})
    if len(items) == scenarios and values == 1:
        return first
    more = f"; so are {values - 1:,} other values" if values > 1 else ""
    note = f"(in {len(items):,} of {scenarios:,} scenarios{more})"
    old = first.mistake
    return Diagnostic(
        first.place, Mistake(old.where, old.what, old.allowed, f"{old.todo} {note}".strip(), old.suggestion)
    )
