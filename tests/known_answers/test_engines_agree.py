"""Both engines play every case alike, bit for bit: batches, patience, skills, set-ups, closed populations."""

import pytest

from sim import load_scenario, simulate
from sim.known_answers.case import Case, Trace
from sim.known_answers.cases import named
from sim.known_answers.verdicts import Tier, length
from tests.known_answers.conftest import COMPILED

TABLES = ("requests", "visits", "duties", "people")


@pytest.mark.skipif(not COMPILED, reason="there is only the SimPy engine")
@pytest.mark.parametrize("case", named(""), ids=lambda case: case.name)
def test_both_engines_leave_the_same_tables(case: Case | Trace) -> None:
    more = length(case, Tier(2, 1_000)) if isinstance(case, Case) else ()
    scenario = load_scenario([*case.overrides, *more])
    ours, theirs = simulate(scenario, 0, "simpy"), simulate(scenario, 0, "compiled")
    differing = [name for name in TABLES if getattr(ours, name).tobytes() != getattr(theirs, name).tobytes()]
    assert differing == []
