"""The map of two inputs: refinement on a border that a rule knows, and the command from end to end."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from sim.analysis.crossover import COARSE, FINE, Cell, Map, Place, leaves, map_of
from sim.analysis.leading import NO_DIFFERENCE, SETTLED, Lead
from sim.cli import main
from sim.study.results import load_results
from sim.turns.crossover import Crossover, differs, grid
from sim.turns.inputs import Input

ABOUT = {axis: vars(Input(f"{axis}.key", 1.0, 0.0, 64.0)) for axis in "xy"}


def winner(place: Place) -> str:
    """“a” left of the diagonal, “b” right of it."""
    return "a" if place[0] < place[1] else "b"


def refined(most: int) -> dict[Place, str]:
    """What the refinement plays."""
    asked = Crossover((), (), "cost", most)
    seen = {place: winner(place) for place in grid()}
    while wanted := asked._next(seen):
        seen |= {place: winner(place) for place in wanted}
    return seen


def drawn(seen: Mapping[Place, str]) -> Map:
    leads = {place: Lead(name, SETTLED) for place, name in seen.items()}
    return Map(ABOUT, leads, {place: (float(place[0]), float(place[1])) for place in seen}, Lead(), "cost")


def test_a_cell_is_divided_by_five_points_into_four() -> None:
    cell = Cell(0, 16, 16)
    corners = {corner for quarter in cell.quarters for corner in quarter.corners}
    assert corners == {*cell.corners, *cell.dividing}


def test_the_leaves_cover_the_map_once() -> None:
    seen = refined(200)
    assert sum(cell.step**2 for cell in leaves(seen)) == FINE**2
    assert {corner for cell in leaves(seen) for corner in cell.corners} <= set(seen)


def test_points_are_placed_where_the_border_is_and_no_more_than_asked_for() -> None:
    seen = refined(120)
    assert 100 < len(seen) <= 120
    fresh = set(seen) - set(grid())
    assert max(abs(x - y) for x, y in fresh) <= 1.5 * COARSE
    undecided = [cell for cell in leaves(seen) if differs(cell, seen)]
    assert max(cell.step for cell in undecided) <= COARSE // 2


def test_more_points_narrow_the_band_that_is_not_settled() -> None:
    few, many = (drawn(refined(most)).areas for most in (25, 200))
    assert few[""] == pytest.approx(7 * COARSE**2 / FINE**2)
    assert many[""] < 0.25 * few[""]
    assert sum(many.values()) == pytest.approx(1.0)


def test_a_line_is_told_stretch_by_stretch() -> None:
    value, stretches = drawn({place: winner(place) for place in grid()}).lines[2]
    assert value == 32.0
    assert stretches == [("a", 0.0, 16.0), ("", 16.0, 32.0), ("b", 32.0, 64.0)]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


SMALL = [
    "study=crossover",
    "structure=function,pooled",
    "demand.scale=0.5",
    "experiment.kind=terminating",
    "experiment.replications=5",
    "experiment.horizon_weeks=8",
    "experiment.backend=serial",
    "sweep.samples=30",
]


def test_the_command_draws_the_map(here: Path) -> None:
    axes = ["coordination.handoff.mean=interval(0,8)", "people.knowledge_scale=interval(0,1)"]
    assert main([*SMALL, *axes, "sweep.folder=out"]) == 0
    found = map_of(load_results("out"))
    assert found is not None
    assert 25 <= len(found.leads) <= 30
    assert found.about["x"]["key"] == "coordination.handoff.mean"
    assert found.about["x"]["unit"] == "h"
    assert found.leads[FINE, 0].word == "pooled"
    assert found.leads[0, 0].word in ("", NO_DIFFERENCE)
    page = (here / "out" / "report.html").read_text(encoding="utf-8")
    assert "Where the winner changes" in page
    assert (here / "out" / "figures" / "crossover.png").is_file()
    assert len((here / "out" / "crossover.csv").read_text(encoding="utf-8").splitlines()) == 1 + len(
        found.leads
    )


def test_a_map_needs_two_ranges(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main([*SMALL, "people.knowledge_scale=interval(0,1)"]) == 2
    assert "needs two inputs" in capfd.readouterr().err
