"""The companies that show when a structure wins: inside the evidence ranges, and their winners still win."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from sim import compare, load_results, load_scenario
from sim.analysis.catalogue import judged
from sim.cli import main
from sim.config.loading import load_plain
from sim.config.shipped import configs
from sim.replication import prepare
from sim.report.layout import BUSIEST

WINNERS = {
    "laboratory": "function",
    "supplier": "customer",
    "machine_service": "product",
    "town_hall": "pooled",
    "insurer": "front_back",
    "project_house": "matrix",
}
STRUCTURES = ("function", "customer", "product", "pooled", "front_back", "matrix")
RANGES = {
    "E1, learning rate": (("people", "learning_rate"), 0.70, 0.95),
    "E1, knowledge": (("company", "facts", "knowledge"), 0.5, 3.0),
    "E6": (("people", "switch_share"), 0.0, 0.25),
    "E8, one day": (("coordination", "handoff", "mean"), 0.0, 8.0),
    "E9, notes": (("coordination", "context_between"), 0.93, 0.99),
    "E15": (("company", "facts", "step_cv"), 0.6, 1.6),
}


def value(plain: dict[str, Any], path: tuple[str, ...]) -> float:
    """The number at a path of keys."""
    for key in path:
        plain = plain[key]
    return float(str(plain))


@pytest.mark.parametrize("company", WINNERS)
@pytest.mark.parametrize("evidence", RANGES)
def test_a_winners_company_stays_inside_the_evidence(company: str, evidence: str) -> None:
    path, low, high = RANGES[evidence]
    assert low <= value(load_plain([f"company={company}"]), path) <= high


@pytest.mark.parametrize("company", WINNERS)
def test_only_the_groups_that_its_file_names_differ_from_the_defaults(company: str) -> None:
    written = yaml.safe_load((configs() / "company" / f"{company}.yaml").read_text(encoding="utf-8"))
    named = {next(iter(line)).split("@")[0].removeprefix("override /") for line in written["defaults"]}
    plain, default = load_plain([f"company={company}"]), load_plain()
    assert {group for group in plain if plain[group] != default[group]} == named | {"company"}


@pytest.mark.parametrize("company", WINNERS)
def test_no_structure_is_expected_to_be_overloaded(company: str) -> None:
    for structure in STRUCTURES:
        _, organisation, _ = prepare(load_scenario([f"company={company}", f"structure={structure}"]))
        assert max(organisation.load) <= BUSIEST, structure


@pytest.mark.slow
@pytest.mark.parametrize(("company", "winner"), WINNERS.items())
def test_the_winner_still_wins(company: str, winner: str, tmp_path: Path) -> None:
    folder = tmp_path / company
    asked = (f"company={company}", f"structure={','.join(STRUCTURES)}", f"sweep.folder={folder}")
    assert main([*asked, "experiment.replications=10", "experiment.jobs=1"]) == 0
    leaders = compare(load_results(folder)).leaders.set_index("metric")
    lead = leaders.loc["response_time_mean"]
    assert lead["structure"] == winner
    assert lead["stable"]
    assert lead["settled"]
    assert lead["load"] <= BUSIEST
    assert lead["lead"] >= judged("response_time_mean").margin
    assert lead["low"] > 0
