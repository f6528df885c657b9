"""What is about to be run, in a few lines, before it runs.

Invariant: it always says whether a steady state or a period is meant, and what is cut off as warm-up.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.config.diagnostics import plural

if TYPE_CHECKING:
    from sim.study.design import Row

LOOKED_AT = 50
"""Scenarios whose notes are looked for; a sweep of thousands repeats itself."""
MOST_NOTES = 12


def run_header(rows: "Sequence[Row]", notes: Sequence[str] = (), before: int = 0) -> list[str]:
    """Number of scenarios and replications, kind of study, warm-up, notes.

    before: replications of each that an earlier run of the folder asked for.
    """
    feasible = [row for row in rows if not row.infeasible]
    runs = sum(row.replications for row in feasible)
    each = _span(feasible, "replications")
    size = f"{plural(len(feasible), 'scenario')} x {each} replications = {plural(runs, 'run')}"
    lines = [f"{size}; seed {_span(feasible, 'seed')}, engine {_span(feasible, 'engine')}", _period(feasible)]
    if before > max((row.replications for row in feasible), default=0):
        lines.append(f"{before} replications of each were asked for before; those there are stay and count")
    if len(feasible) < len(rows):
        lines.append(
            f"{plural(len(rows) - len(feasible), 'impossible combination')} kept as rows without results"
        )
    return lines + [f"note: {note}" for note in [*_notes(feasible), *notes][:MOST_NOTES]]


def _period(rows: "Sequence[Row]") -> str:
    weeks, drain = _span(rows, "horizon_weeks"), _span(rows, "drain_weeks")
    if _span(rows, "kind") == "terminating":
        return (
            f"terminating study of {weeks} weeks, nothing cut off; {drain} more weeks to finish open requests"
        )
    return (
        f"long-run study of {weeks} weeks, the first {_span(rows, 'warm_up_weeks')} cut off as warm-up; "
        f"{drain} more weeks to finish open requests"
    )


def _span(rows: "Sequence[Row]", key: str) -> str:
    values: list[Any] = list(dict.fromkeys(row.scenario["experiment"].get(key) for row in rows))
    if len(values) == 1:
        return str(values[0])
    if all(isinstance(value, int | float) for value in values):
        return f"{min(values)} to {max(values)}"
    return " or ".join(map(str, values))


def _notes(rows: "Sequence[Row]") -> list[str]:
    from sim.model.check import notes, scenario

    found = (note for row in rows[:LOOKED_AT] for note in notes(scenario(row.scenario)))
    return list(dict.fromkeys(found))
