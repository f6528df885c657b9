"""A mechanism is a file: its record is complete, what is derived from it is fresh, off is off."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.config.reference import policies, with_table
from sim.figures.kinds import KINDS
from sim.mechanisms import MECHANISMS, Mechanism
from sim.model.scenario import Scenario
from sim.numbers import numbers_of
from sim.replication import simulate
from sim.trajectory import VISITS
from tests.scenarios import checked, office

ROOT = Path(__file__).parents[2]
SPECIFICATION = ROOT.parent / "shared" / "design" / "mechanisms.md"
NOBODYS = {"work", "queue", "outside", "absence"}
"""Kinds of time that no single mechanism makes, or that none makes yet."""
WITH_KINDS = [one for one in MECHANISMS if any(kind in (VISITS.names or ()) for kind, *_ in one.kinds)]


def named(one: Mechanism) -> str:
    return one.id


def off_values(one: Mechanism) -> list[tuple[str, Any]]:
    return [
        (f"{place}.{name}", about["off"])
        for place, record in one.records
        for name, field in record.model_fields.items()
        if isinstance(about := field.json_schema_extra, dict) and "off" in about
    ]


def test_every_id_is_there_once() -> None:
    ids = [one.id for one in MECHANISMS]
    assert len(set(ids)) == len(ids)


@pytest.mark.skipif(not SPECIFICATION.exists(), reason="the specification is not beside the project")
def test_every_id_is_one_of_the_specification() -> None:
    rows = set(re.findall(r"^\| ([SCPK]\d+) \|", SPECIFICATION.read_text(encoding="utf-8"), re.MULTILINE))
    assert {one.id for one in MECHANISMS} <= rows


def test_every_policy_parameter_belongs_to_a_mechanism_or_to_the_flow() -> None:
    flow = {"dispatch_worker", "ownership", "owner_wait_hours", "uninformed_hours"}
    own = {name for one in MECHANISMS for _, record in one.records for name in record.model_fields}
    groups: list[Any] = [
        Scenario.model_fields[name].annotation for name in ("people", "coordination", "customers")
    ]
    names = {name for group in groups for name in group.model_fields}
    inside = {place.partition(".")[2] for one in MECHANISMS for place, _ in one.records} - {""}
    assert names - own == flow | inside


def test_every_kind_of_time_has_the_mechanism_that_makes_it() -> None:
    makers = [kind for one in MECHANISMS for kind, *_ in one.kinds]
    assert sorted(makers) == sorted({kind.name for kind in KINDS} - NOBODYS)


@pytest.mark.parametrize("name", policies())
def test_default_and_neutral_policies_are_what_the_records_say(name: str) -> None:
    kept = (ROOT / "configs" / name).read_text(encoding="utf-8")
    assert kept == policies()[name], "run `make docs` and commit what it writes"


def test_the_table_of_mechanisms_is_what_the_records_say() -> None:
    page = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    assert page == with_table(page), "run `make docs` and commit what it writes"


@pytest.mark.parametrize("one", [one for one in MECHANISMS if one.switch], ids=named)
def test_a_mechanism_with_a_switch_is_off_unless_asked_for(one: Mechanism) -> None:
    assert (one.default, one.switch.endswith("_enabled")) == ("off", True)
    assert getattr(numbers_of(checked(office("default", "function"))).plain, one.switch) is False


@pytest.mark.parametrize("one", WITH_KINDS, ids=named)
def test_switched_off_a_mechanism_takes_no_time(one: Mechanism) -> None:
    scenario = checked(office("default", "function", *off_values(one), ("experiment.kind", "terminating")))
    visits = simulate(scenario).visits
    kinds = [kind for kind, *_ in one.kinds if kind in (VISITS.names or ())]
    assert [float(np.abs(np.nan_to_num(visits[kind])).max()) for kind in kinds] == [0.0] * len(kinds)
