"""One run: one replication of one scenario, from plain data to small tables.

Invariant: a run's tables depend on its scenario and replication number alone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Columns = Mapping[str, Any]
"""A small table: name of a column -> values (NumPy array or list), all of one length."""


TABLE_NAME = r"[a-z][a-z0-9_]*"
"""What a table may be called; its file is named after it."""


class Stopped(Exception):
    """A replication was ended by a budget; the text names the budget, and after a colon where it stood."""


@dataclass(frozen=True)
class RunTables:
    """What a replication leaves behind.

    `metrics`: rows (metric, scope, value, unit). `extras`: further tables, name -> column -> values.

    Raises
    ------
    ValueError
        for a name that cannot be a table's.
    """

    metrics: Sequence[tuple[str, str, float, str]]
    extras: Mapping[str, Columns] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.extras:
            if not re.fullmatch(TABLE_NAME, name) or name in ("results", "scenarios", "metrics"):
                raise ValueError(f"a table cannot be called {name!r}")


def compute_run(plain: dict[str, Any], replication: int) -> RunTables:
    """Simulate one replication of a plain scenario and measure it.

    Raises
    ------
    Stopped
        when a budget ended the replication.
    ArithmeticError
        when something in its history that has to be a number is none.
    """
    from sim.analysis.metrics import run_tables
    from sim.engines.output import BudgetExceeded
    from sim.model.check import scenario
    from sim.replication import prepare, simulate
    from sim.trajectory import not_finite

    checked = scenario(plain)
    try:
        trajectory = simulate(checked, replication)
    except BudgetExceeded as budget:
        raise Stopped(str(budget)) from budget
    wrong = not_finite(trajectory)
    if wrong is not None:
        raise ArithmeticError(f"{wrong} is not a finite number everywhere")
    tables = run_tables(checked, prepare(checked)[1], trajectory)
    return RunTables(tables.pop("metrics"), tables)
