"""The events of a log as arrays, in order of time, with what is known of each ticket.

Invariant: times are wall-clock seconds of one time zone; events of a ticket are in order of time, ties in the
order of the file.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

import numpy as np
from numpy.typing import NDArray

from sim.fit import cycle, times
from sim.fit.columns import Columns
from sim.fit.table import BadLog
from sim.model.mistake import Mistake
from sim.tables.reading import Table

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
NOWHERE = -1
DAY = 86_400.0
MOST_FAR = 0.1
"""Of all events, at most so many are dates gone wrong."""


@dataclass(frozen=True)
class Events:
    """One entry per event; `ticket`, `activity`, `person` count into the lists of names (-1: nobody).

    `start` is NaN where the log has no start time. `customer`, `product` and each of `attributes` hold one
    text per ticket.
    """

    ticket: Integers
    activity: Integers
    person: Integers
    time: Floats
    start: Floats
    activities: tuple[str, ...]
    people: tuple[str, ...]
    customer: tuple[str, ...]
    product: tuple[str, ...]
    attributes: dict[str, tuple[str, ...]]
    notes: tuple[str, ...]

    @property
    def tickets(self) -> int:
        """Number of tickets."""
        return len(self.customer)

    def only(self, kept: Flags, note: str) -> "Events":
        """The events of some of the tickets (bool per ticket), with a note on why."""
        rows = kept[self.ticket]
        place = np.cumsum(kept) - 1

        def kept_of(values: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(value for value, keep in zip(values, kept.tolist(), strict=True) if keep)

        return replace(
            self,
            ticket=place[self.ticket[rows]],
            activity=self.activity[rows],
            person=self.person[rows],
            time=self.time[rows],
            start=self.start[rows],
            customer=kept_of(self.customer),
            product=kept_of(self.product),
            attributes={name: kept_of(values) for name, values in self.attributes.items()},
            notes=(*self.notes, note),
        )


def gather(table: Table, columns: Columns, form: str | None = None, zone: tzinfo | None = None) -> Events:
    """Turn the chosen columns of a table into events.

    Raises
    ------
    BadLog
        when times cannot be read or needed values are missing; at most ten of each kind are listed.
    """
    finished, begun, notes = _phases(table, columns)
    mistakes: list[Mistake] = []
    time, start, read = _times(table, columns, sorted({*finished, *begun}), form, zone, mistakes)
    if begun and columns.start is None:
        notes += _join(table, columns, finished, begun, time, start)
    elif begun:
        notes.append(
            f"{len(begun):,} events that only begin work were left out: column {columns.start} says when."
        )
    unfinished = {row for row in finished if not np.isfinite(time[row]) and np.isfinite(start[row])}
    kept = [row for row in finished if row not in unfinished]
    if unfinished:
        notes.append(f"{len(unfinished):,} events that were begun and not finished were left out.")
    mistakes += _missing(table, columns, kept)
    if mistakes:
        raise BadLog(mistakes)
    kept, far = _near(table, columns, kept, time)
    time, start = time[kept], start[kept]
    order = np.argsort(time, kind="stable")
    rows = [kept[place] for place in order]
    tickets, names = _coded(table.columns[columns.case], rows)
    activity, activities = _coded(table.columns[columns.activity], rows)
    person, people = _people(table, columns, rows)
    attributes = columns.attributes or _describing(table, columns, rows, tickets, len(names))
    return Events(
        tickets,
        activity,
        person,
        time[order],
        start[order],
        activities,
        people,
        customer=_per_ticket(table, columns.customer, rows, tickets, len(names)),
        product=_per_ticket(table, columns.product, rows, tickets, len(names)),
        attributes={name: _per_ticket(table, name, rows, tickets, len(names)) for name in attributes},
        notes=(*table.notes, *read, *notes, *far),
    )


def _phases(table: Table, columns: Columns) -> tuple[list[int], list[int], list[str]]:
    """Rows that finish something and rows that begin it; other steps are left out, with a note."""
    if columns.lifecycle is None:
        return list(range(table.rows)), [], []
    finished, begun = cycle.phases(table.columns[columns.lifecycle])
    others = table.rows - len(finished) - len(begun)
    what = f"{others:,} events that neither begin nor finish work (column {columns.lifecycle}) were left out."
    return finished, begun, [what] if others else []


def _join(
    table: Table, columns: Columns, finished: list[int], begun: list[int], time: Floats, start: Floats
) -> list[str]:
    """Set the start of what was finished to the time of what began it."""
    cases, activities = table.columns[columns.case], table.columns[columns.activity]
    who = table.columns[columns.resource] if columns.resource else [""] * table.rows
    pairs = cycle.joined(finished, begun, list(zip(cases, activities, strict=True)), who, time)
    for row, one in pairs.items():
        start[row] = time[one]
    alone = len(begun) - len(pairs)
    joined = f"{len(pairs):,} begins and ends of work (column {columns.lifecycle}) were joined."
    return [joined] + ([f"{alone:,} begins without an end were left out."] if alone else [])


def _near(table: Table, columns: Columns, rows: list[int], time: Floats) -> tuple[list[int], list[str]]:
    """Rows without dates far outside the rest: beyond a gap of 90 days and half the time the rest covers."""
    order = sorted(rows, key=lambda row: time[row])
    moments = time[order]
    first, last = 0, len(order)
    while last - first > 2:
        gaps = np.diff(moments[first:last])
        place = first + int(np.argmax(gaps)) + 1
        low = place - first <= last - place
        few, rest = (place - first, moments[place:last]) if low else (last - place, moments[first:place])
        if few > MOST_FAR * len(order) or gaps.max() < max(90 * DAY, (rest[-1] - rest[0]) / 2):
            break
        first, last = (place, last) if low else (first, place)
    far = sorted([*order[:first], *order[last:]])
    if not far:
        return rows, []
    shown = [f"{_place(table, row)} ({table.columns[columns.time][row]})" for row in far[:5]]
    listed = ", ".join(shown) + (" ..." if len(far) > 5 else "")
    gone = set(far)
    count = f"{len(far):,} {'event' if len(far) == 1 else 'events'}"
    return [row for row in rows if row not in gone], [
        f"{count} dated far outside the rest left out: {listed}."
    ]


def _place(table: Table, row: int) -> str:
    return f"line {table.line(row)}" if table.lines else f"event {row + 1}"


def _missing(table: Table, columns: Columns, rows: list[int]) -> list[Mistake]:
    found = []
    for role in ("case", "activity", "time"):
        name = getattr(columns, role)
        empty = [_place(table, row) for row in rows if not table.columns[name][row]]
        if empty:
            shown = ", ".join(empty[:5]) + (" ..." if len(empty) > 5 else "")
            found.append(
                Mistake(
                    f'column "{name}"',
                    f"is empty in {len(empty)} events ({shown})",
                    f"Every event needs its {role}",
                )
            )
    return found


def _times(
    table: Table,
    columns: Columns,
    rows: list[int],
    form: str | None,
    zone: tzinfo | None,
    mistakes: list[Mistake],
) -> tuple[Floats, Floats, list[str]]:
    """Times and starts of all rows, NaN where there is none, and a note on their form, which both share."""
    names = [name for name in (columns.time, columns.start) if name is not None]
    cells = {
        name: [(row, table.point(table.columns[name][row])) for row in rows if table.columns[name][row]]
        for name in names
    }
    texts = [text for name in names for _, text in cells[name]]
    forms = [times.given(form, zone)] if form else times.recognise(texts, zone)
    if len(forms) > 1:
        mistakes.append(_two_ways(columns.time, texts, forms))
    values = {name: np.full(table.rows, np.nan) for name in names}
    for name in names:
        if len(forms) > 1 or not cells[name]:
            continue
        read = (forms[0] if forms else times.iso(zone)).read([text for _, text in cells[name]])
        values[name][[row for row, _ in cells[name]]] = read
        wrong = [cell for cell, value in zip(cells[name], read.tolist(), strict=True) if np.isnan(value)]
        mistakes += _unread(table, name, wrong, form, forms)
    plain = not forms or form or forms[0].name == times.ISO
    notes = [] if plain else [f"Times were read as {forms[0].name}, such as {texts[0]}."]
    start = values[columns.start] if columns.start else np.full(table.rows, np.nan)
    return values[columns.time], start, notes


def _two_ways(name: str, texts: Sequence[str], forms: Sequence[times.Form]) -> Mistake:
    """Day and month could be either way round."""
    first, second = forms[0].read(texts), forms[1].read(texts)
    example = texts[int(np.flatnonzero(first != second)[0])]
    what = f'day and month of "{example}" can be told apart by no row'
    allowed = " or ".join(f"--time-format '{form.name}{times.clock(form.name, example)}'" for form in forms)
    return Mistake(f'column "{name}"', what, allowed, "Say which it is")


def _unread(
    table: Table, name: str, wrong: Sequence[tuple[int, str]], form: str | None, forms: Sequence[times.Form]
) -> list[Mistake]:
    hint = "" if form else "Mend it, or give the form of all, such as --time-format '%d/%m/%Y %H:%M'"
    known = form or (forms[0].name if forms and forms[0].name != times.ISO else "")
    allowed = f"The form {known}" if known else "ISO 8601, such as 2026-01-31T14:05:00"
    found = [
        Mistake(f'column "{name}", {_place(table, row)}', f'"{text[:40]}" is not a time', allowed, hint)
        for row, text in wrong[:10]
    ]
    if len(wrong) > 10:
        found.append(Mistake(f'column "{name}"', f"{len(wrong) - 10} more events have no readable time"))
    return found


def _coded(values: Sequence[str], rows: list[int]) -> tuple[Integers, tuple[str, ...]]:
    codes: dict[str, int] = {}
    indices = np.array([codes.setdefault(values[row], len(codes)) for row in rows], dtype=np.int64)
    return indices, tuple(codes)


def _people(table: Table, columns: Columns, rows: list[int]) -> tuple[Integers, tuple[str, ...]]:
    if columns.resource is None:
        return np.full(len(rows), NOWHERE, dtype=np.int64), ()
    codes, names = _coded(table.columns[columns.resource], rows)
    known = [name for name in names if name]
    places = np.array([known.index(name) if name else NOWHERE for name in names], dtype=np.int64)
    return places[codes], tuple(known)


def _per_ticket(
    table: Table, name: str | None, rows: list[int], tickets: Integers, count: int
) -> tuple[str, ...]:
    """The first value a ticket has in a column; empty where it has none."""
    values = [""] * count
    if name is not None:
        column = table.columns[name]
        for row, ticket in zip(rows, tickets.tolist(), strict=True):
            if not values[ticket]:
                values[ticket] = column[row]
    return tuple(values)


def _describing(
    table: Table, columns: Columns, rows: list[int], tickets: Integers, count: int
) -> tuple[str, ...]:
    """Columns that may describe customers: 2 to 20 values, constant in at least 95 % of the tickets."""
    used = {
        columns.case,
        columns.activity,
        columns.time,
        columns.start,
        columns.resource,
        columns.customer,
        columns.product,
        columns.lifecycle,
    }
    found = []
    for name, column in table.columns.items():
        if name in used or not 2 <= len({column[row] for row in rows} - {""}) <= 20:
            continue
        pairs = {(ticket, column[row]) for row, ticket in zip(rows, tickets.tolist(), strict=True)}
        changing = sum(number > 1 for number in Counter(ticket for ticket, _ in pairs).values())
        if changing <= 0.05 * count:
            found.append(name)
    return tuple(found)
