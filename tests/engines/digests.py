"""A digest for every table of chosen scenarios, played by both engines; as a program, one line of JSON.

Command: ORGDES_JIT=0 python -m tests.engines.digests 0 3 matrix/default. A number is a random company of
`tests.strategies`, lively/3 one with more mechanisms on, a pair a shipped structure and company.
"""

import hashlib
import json
import sys

from sim.jit import is_compiled
from sim.model.scenario import Scenario
from sim.replication import Engine, simulate
from tests.engines.shipped import shipped
from tests.strategies import lively, scenario

TABLES = ("requests", "visits", "duties", "people")
ENGINES: tuple[Engine, ...] = ("compiled", "simpy")
Digests = dict[str, dict[str, dict[str, str]]]


def named(name: str) -> Scenario:
    """The scenario of this name."""
    structure, _, company = name.partition("/")
    if structure == "lively":
        return lively(int(company))
    return shipped(structure, company, "experiment.horizon_weeks=2") if company else scenario(int(name))


def digests(names: list[str]) -> Digests:
    """SHA-256 of the bytes of each table, by scenario and engine."""
    return {name: {engine: of_tables(named(name), engine) for engine in ENGINES} for name in names}


def of_tables(played: Scenario, engine: Engine) -> dict[str, str]:
    """By table; its length stands before the digest, so that a failure can be read."""
    history = simulate(played, 0, engine)
    tables = {name: getattr(history, name) for name in TABLES}
    return {
        name: f"{len(table)} rows, {hashlib.sha256(table.tobytes()).hexdigest()}"
        for name, table in tables.items()
    } | {"end": repr(history.end)}


if __name__ == "__main__":
    json.dump({"compiling": is_compiled(), "digests": digests(sys.argv[1:])}, sys.stdout)
