"""The events of a log as arrays, in order of time, with what is known of each ticket.

Invariant: times are wall-clock seconds of one time zone; events of a ticket are in order of time, ties in the
order of the file.
"""

import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

import numpy as np
from numpy.typing import NDArray

from sim.fit.columns import Columns
from sim.fit.table import BadLog
from sim.model.mistake import Mistake
from sim.tables.reading import Table

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
NOWHERE = -1
EPOCH = datetime(1970, 1, 1)


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


def gather(table: Table, columns: Columns, form: str | None = None, zone: tzinfo | None = None) -> Events:
    """Turn the chosen columns of a table into events.

    Raises
    ------
    BadLog
        when times cannot be read or needed values are missing; at most ten of each kind are listed.
    """
    kept, notes = _completed(table, columns)
    mistakes = _missing(table, columns, kept)
    time = _times(table, columns.time, kept, form, zone, mistakes, needed=True)
    start = _times(table, columns.start, kept, form, zone, mistakes, needed=False)
    if mistakes:
        raise BadLog(mistakes)
    order = np.argsort(time, kind="stable")
    rows = [kept[i] for i in order]
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
        notes=tuple(notes),
    )


def _completed(table: Table, columns: Columns) -> tuple[list[int], list[str]]:
    """Rows that say something was finished; other life-cycle steps are left out, with a note."""
    rows = list(range(table.rows))
    if columns.lifecycle is None:
        return rows, []
    phase = [value.lower() for value in table.columns[columns.lifecycle]]
    kept = [row for row in rows if phase[row] in ("complete", "")]
    if not kept or len(kept) == len(rows):
        return rows, []
    return kept, [
        f"{len(rows) - len(kept):,} events that finish nothing (column {columns.lifecycle}) were left out."
    ]


def _missing(table: Table, columns: Columns, rows: list[int]) -> list[Mistake]:
    found = []
    for role in ("case", "activity", "time"):
        name = getattr(columns, role)
        empty = [row + 1 for row in rows if not table.columns[name][row]]
        if empty:
            shown = ", ".join(map(str, empty[:5])) + (" ..." if len(empty) > 5 else "")
            found.append(
                Mistake(
                    f'column "{name}"',
                    f"is empty in {len(empty)} events (number {shown})",
                    f"Every event needs its {role}",
                )
            )
    return found


def _times(
    table: Table,
    name: str | None,
    rows: list[int],
    form: str | None,
    zone: tzinfo | None,
    mistakes: list[Mistake],
    needed: bool,
) -> Floats:
    if name is None:
        return np.full(len(rows), np.nan)
    parse = _parser(form, zone)
    values = np.full(len(rows), np.nan)
    wrong = 0
    for position, row in enumerate(rows):
        text = table.columns[name][row]
        if not text:
            continue
        try:
            values[position] = parse(text)
        except (ValueError, OverflowError):
            wrong += 1
            if wrong <= 10:
                hint = "" if form else "Give its form, such as --time-format '%d/%m/%Y %H:%M'"
                allowed = f"The form {form}" if form else "ISO 8601, such as 2026-01-31T14:05:00"
                mistakes.append(
                    Mistake(
                        f'column "{name}", event {row + 1}', f'"{text[:40]}" is not a time', allowed, hint
                    )
                )
    if wrong > 10:
        mistakes.append(Mistake(f'column "{name}"', f"{wrong - 10} more events have no readable time"))
    return values


def _parser(form: str | None, zone: tzinfo | None) -> Callable[[str], float]:
    def parse(text: str) -> float:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", DeprecationWarning
            )  # a format without a year is the user's to give
            moment = datetime.strptime(text, form) if form else datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            moment = moment.astimezone(zone or UTC).replace(tzinfo=None)
        return (moment - EPOCH).total_seconds()

    return parse


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
