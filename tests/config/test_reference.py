"""The parameter reference holds every parameter of every shipped scenario, with its evidence."""

from pathlib import Path
from typing import Any

import pytest

from sim.config.compose import composer_for
from sim.config.override_keys import SWEEP_KEYS
from sim.config.reference import page, write
from sim.model.scenario import Scenario

SCHEMA = Scenario.model_json_schema()
PAGE = page(SCHEMA)


def paths(value: Any, prefix: str) -> list[str]:
    """Dotted keys of a record of the schema, without the names a company gives."""
    found = []
    for key, inner in value.items():
        found.append(f"{prefix}{key}")
        if isinstance(inner, dict) and "law" not in inner:
            found += paths(inner, f"{prefix}{key}.")
    return found


@pytest.mark.parametrize("group", ["demand", "people", "coordination", "customers", "experiment"])
def test_every_key_of_the_default_scenario_has_a_row(group: str) -> None:
    plain = composer_for(None).plain([])
    missing = [path for path in paths(plain[group], f"{group}.") if f"| `{path}` |" not in PAGE]
    assert missing == []


def test_keys_under_free_names_have_rows() -> None:
    for key in (
        "company.segments.<name>.customers",
        "company.functions.<name>.side",
        "demand.surges.<n>.factor",
    ):
        assert f"| `{key}` |" in PAGE


def test_a_row_tells_unit_default_range_and_evidence() -> None:
    row = next(line for line in PAGE.splitlines() if "`people.learning_rate`" in line)
    about = SCHEMA["$defs"]["PeoplePolicy"]["properties"]["learning_rate"]
    for part in (about["description"], str(about["default"]), about["source"], about["grade"]):
        assert part in row


def test_every_law_is_described() -> None:
    for record in SCHEMA["$defs"].values():
        if "law" in record.get("properties", {}):
            assert f"### {record['properties']['law']['const']}" in PAGE


def test_the_settings_of_a_sweep_are_those_of_the_primary_config() -> None:
    assert set(composer_for(None).whole([])["sweep"]) == set(SWEEP_KEYS)
    assert all(f"`sweep.{key}`" in PAGE for key in SWEEP_KEYS)


def test_reference_and_schema_are_written(tmp_path: Path) -> None:
    import json

    first, second = write(tmp_path)
    assert first.read_text(encoding="utf-8") == PAGE
    assert json.loads(second.read_text(encoding="utf-8")) == SCHEMA
