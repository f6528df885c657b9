"""Where two histories part: the first event in time that differs, told so that it can be looked up.

Invariant: None exactly when all tables are equal byte for byte; rows are matched by what they are about
(customer by name, number, step), never by their place in a table.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sim.model.scenario import Scenario
from sim.replication import simulate
from sim.trajectory import DUTY, KIND, Table, Trajectory

TABLES = ("requests", "visits", "duties", "people")
REQUEST_MOMENTS = {"first_start": "first_start", "done": "done", "status": "done"}
"""When a field of a request is settled; what is missing here is known at the arrival."""
COUNTED = ("handoffs", "repeats", "returns", "silent")
"""Counts of a request, of which only the final value is kept: told when nothing earlier differs."""
BEFORE = ("claim", "outside", "handoff", "coordination", "queued")
AFTER = ("end", "decision_wait", "decision", "concession")

Row = dict[str, Any]
Found = tuple[float, int, str]
"""Hour, order among differences of the same hour, text."""


def first_difference(scenario: Scenario, replication: int = 0) -> str | None:
    """Play a replication with both engines; None when they give the same bits.

    Returns
    -------
    The first differing event: hour, table, customer and number of the request, step, field and both values.
    """
    reference = simulate(scenario, replication, "simpy")
    return difference(reference, simulate(scenario, replication, "compiled"), ("simpy", "compiled"))


def difference(one: Trajectory, other: Trajectory, titles: tuple[str, str] = ("one", "other")) -> str | None:
    """The first event in time in which two histories of the same scenario differ; None if there is none.

    Parameters
    ----------
    titles : what to call the two in the text.
    """
    if same(one, other):
        return None
    found = [
        (hour, order, f"{table}, {told}")
        for table, differences in _differences(one, other, titles)
        for hour, order, told in differences
    ]
    if found:
        hour, _, told = min(found)
        return told if math.isinf(hour) else f"hour {hour!r}: {told}"
    if one.end != other.end:
        return _told("the whole history", "end", one.end, other.end, titles)
    unlike = [name for name in TABLES if not _same_table(one, other, name)]
    return f"the rows of {' and '.join(unlike)} are the same; their order, their number or a type differs"


def same(one: Trajectory, other: Trajectory) -> bool:
    """All four tables, byte for byte, and the end."""
    return one.end == other.end and all(_same_table(one, other, name) for name in TABLES)


def _same_table(one: Trajectory, other: Trajectory, name: str) -> bool:
    left: Table = getattr(one, name)
    right: Table = getattr(other, name)
    return left.dtype == right.dtype and left.tobytes() == right.tobytes()


def _rows(table: Table) -> list[Row]:
    names = table.dtype.names or ()
    return [dict(zip(names, row, strict=True)) for row in table.tolist()]


def _who(played: Trajectory, row: Row) -> str:
    return f"{played.names['customer'][row['customer']]} request {row['number']}"


class _Kind(NamedTuple):
    """How the rows of a table are compared: found by what they are about, told at the hour of a moment.

    Attributes
    ----------
    rows : rows by name.
    begins : the field with the hour of a row that is missing on one side.
    missing, differing : order among differences of the same hour.
    moment : the field with the hour at which another field is settled; None: after everything.
    """

    rows: Callable[[Trajectory], dict[str, Row]]
    begins: str
    missing: int
    differing: int
    moment: Callable[[str], str | None]


def _in_rows(kind: _Kind, one: Trajectory, other: Trajectory, titles: tuple[str, str]) -> Iterator[Found]:
    left, right = kind.rows(one), kind.rows(other)
    for name in left.keys() | right.keys():
        a, b = left.get(name), right.get(name)
        if a is None or b is None:
            yield _missing(kind.missing, name, kind.begins, a, b, titles)
            continue
        for field in _differing(a, b):
            moment = kind.moment(field)
            hour = math.inf if moment is None else _earliest(a[moment], b[moment])
            yield hour, kind.differing, _told(name, field, a[field], b[field], titles)


def _requests(played: Trajectory) -> dict[str, Row]:
    return {_who(played, row): row for row in _rows(played.requests)}


def _visits(played: Trajectory) -> dict[str, Row]:
    """By request, passage, step and kind; triage may come more than once at the same step."""
    seen: Counter[str] = Counter()
    found: dict[str, Row] = {}
    for row in _rows(played.visits):
        function = played.names["function"][row["function"]]
        name = (
            f"{_who(played, row)}, visit {row['visit']}, step {row['step']} ({function}), {KIND[row['kind']]}"
        )
        seen[name] += 1
        found[name if seen[name] == 1 else f"{name} number {seen[name]}"] = row
    return found


def _duties(played: Trajectory) -> dict[str, Row]:
    """By person, what it is about, and how often that came."""
    seen: Counter[str] = Counter()
    found: dict[str, Row] = {}
    for row in _rows(played.duties):
        about = "" if row["customer"] < 0 else f" for {_who(played, row)}"
        name = f"{played.names['person'][row['worker']]}, {DUTY[row['kind']]}{about}"
        seen[name] += 1
        found[f"{name} number {seen[name]}"] = row
    return found


KINDS = (
    _Kind(
        _requests, "arrival", 0, 0,
        lambda field: None if field in COUNTED else REQUEST_MOMENTS.get(field, "arrival"),
    ),
    _Kind(
        _visits, "start", 2, 1,
        lambda field: "queued" if field in BEFORE else "end" if field in AFTER else "start",
    ),
    _Kind(_duties, "start", 3, 3, lambda field: "end" if field == "end" else "start"),
)  # fmt: skip


def _differences(
    one: Trajectory, other: Trajectory, titles: tuple[str, str]
) -> Iterator[tuple[str, Iterator[Found]]]:
    """By table."""
    for table, kind in zip(TABLES, KINDS, strict=False):
        yield table, _in_rows(kind, one, other, titles)
    yield TABLES[-1], _in_people(one, other, titles)


def _in_people(one: Trajectory, other: Trajectory, titles: tuple[str, str]) -> Iterator[Found]:
    """People have no time of their own: told when nothing else differs."""
    names = [t.names["person"] for t in (one, other)]
    for a, b in zip(_rows(one.people), _rows(other.people), strict=False):
        for field in _differing(a, b):
            yield math.inf, 4, _told(names[0][a["person"]], field, a[field], b[field], titles)


def _differing(a: Row, b: Row) -> list[str]:
    """Fields with other bits; NaN equals NaN."""
    return [name for name in a if repr(a[name]) != repr(b[name])]


def _earliest(*hours: float) -> float:
    return min((hour for hour in hours if not math.isnan(hour)), default=math.inf)


def _missing(
    order: int, name: str, moment: str, a: Row | None, b: Row | None, titles: tuple[str, str]
) -> Found:
    row, absent = (a, titles[1]) if b is None else (b, titles[0])
    assert row is not None
    return _earliest(row[moment]), order, f"{name}: missing in {absent}"


def _told(name: str, field: str, a: object, b: object, titles: tuple[str, str]) -> str:
    return f"{name}: {field} {a!r} ({titles[0]}), {b!r} ({titles[1]})"
