"""The worked example of a company of one's own is a company: it composes, and every structure divides it."""

from pathlib import Path

import pytest

from sim import load_scenario
from sim.model.partition import partition

FOLDER = Path(__file__).parents[2] / "experiments" / "client_question"


@pytest.mark.parametrize("structure", ["function", "front_back", "customer_teams"])
def test_the_clients_company_is_divided_without_gaps(structure: str) -> None:
    words = ["company=assura", "staffing=sixty", f"structure={structure}"]
    scenario = load_scenario(words, config_dir=FOLDER)
    assert scenario.staffing.headcount == 60
    assert partition(scenario.structure, scenario.company).sound
