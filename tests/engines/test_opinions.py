"""What reviews make of requests as they end is what the analysis makes of them afterwards, bit for bit."""

import numpy as np
import pytest

from sim.analysis.measured import Measured
from sim.mechanisms import Mechanism
from sim.mechanisms.effects import Effects
from sim.opinions import request_scores
from sim.replication import Engine, lay_out, play, prepare
from sim.review import State, starting_state
from sim.review.judging import Opinions
from sim.world import build_world
from tests.strategies import lively

ENGINES: tuple[Engine, ...] = ("compiled", "simpy")
Judged = dict[tuple[int, int], bytes]


def judged_both_ways(seed: int, engine: Engine) -> tuple[Judged, Judged]:
    """Scores by customer and number: as reviews found them, and of the same requests by the analysis."""
    scenario = lively(seed)
    model, organisation, numbers = prepare(scenario)
    world = build_world(scenario, model, 0)
    state = starting_state(scenario, model, world, organisation, numbers)
    opinions, found = Opinions(scenario, world, len(organisation.role)), {}

    def note(_: State, effects: Effects, week: int) -> None:
        for request, scores in zip(opinions.requests.tolist(), opinions.scores, strict=True):
            key = int(world.customer[request]), int(world.number[request])
            assert key not in found  # nobody is asked twice
            found[key] = scores.tobytes()

    object.__setattr__(state, "opinions", opinions)
    state.slow.append(Mechanism("X1", "somebody asks", "", "", "", effect=note))
    output = play(model, world, organisation, numbers, state, engine)
    trajectory = lay_out(scenario, model, organisation, world, state, output)
    table, scores = trajectory.requests, request_scores(scenario, Measured(trajectory))
    last = (round(output.end / scenario.week) - 1) * scenario.week
    rows = np.flatnonzero(np.isfinite(scores[:, 0]) & (table["done"] < last))
    asked = {(int(table["customer"][row]), int(table["number"][row])): scores[row].tobytes() for row in rows}
    return found, asked


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seeds", [range(8), range(8, 16)])
def test_reviews_and_analysis_judge_alike(seeds: range, engine: Engine) -> None:
    both = [judged_both_ways(seed, engine) for seed in seeds]
    assert [reviewed == analysed for reviewed, analysed in both] == [True] * len(seeds)
    assert sum(len(analysed) for _, analysed in both) > 400
