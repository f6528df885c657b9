"""Effects: whatever slow mechanisms write into them, both engines do the same with it."""

from typing import Any

import numpy as np
import pytest

from sim.engines.output import Output
from sim.mechanisms import Mechanism
from sim.mechanisms.effects import Effects
from sim.replication import Engine, play, prepare
from sim.review import State, starting_state
from sim.rules.grid import on_grid
from sim.world import build_world
from tests.strategies import scenario

ENGINES: tuple[Engine, ...] = ("compiled", "simpy")


def played(seed: int, engine: Engine, *wild: str) -> Output:
    """A random company whose effects of these names are drawn anew each week."""
    company = scenario(seed)
    model, organisation, numbers = prepare(company)
    world = build_world(company, model, 0)
    state = starting_state(company, model, world, organisation, numbers)
    source = np.random.default_rng(seed)

    def scramble(state: State, effects: Effects, week: int) -> None:
        drawn = {
            "pace": lambda shape: source.choice([0.5, 1.0, 1.25], shape),
            "care": lambda shape: source.choice([0.0, 1.0, 1.5], shape),
            "duty_hours": lambda shape: source.choice([0.0, 0.5], shape),
            "away": lambda shape: _away(source, shape, numbers.plain.day),
            "active": lambda shape: source.choice([0.0, 0.5, 1.0], shape),
            "standing": lambda shape: source.choice([0.0, 1000.0], shape),
            "work_factor": lambda shape: source.choice([1.0, 1.5], shape),
            "defect_base": lambda shape: source.choice([0.0, 0.2], shape),
        }
        for name in wild:
            effect = getattr(effects, name)
            effect[...] = drawn[name](effect.shape)

    state.slow.append(_mechanism(scramble))
    state.set_effects(0)
    return play(model, world, organisation, numbers, state, engine)


def _mechanism(scramble: Any) -> Mechanism:
    return Mechanism("X1", "anything may happen", "", "", "", effect=scramble)


def _away(source: np.random.Generator, shape: tuple[int, int], day: float) -> Any:
    days = source.choice([0.0, 0.0, 0.5, 1.0, 2.0], shape)
    return np.vectorize(lambda share: on_grid(share * day))(days)


def texts(output: Output) -> dict[str, bytes]:
    """Bytes of every part; numbers may be kept in fewer bits by one engine."""
    columns = {name: np.asarray(value) for name, value in output._asdict().items()}
    return {
        name: (column if column.dtype.names else column.astype(np.float64)).tobytes()
        for name, column in columns.items()
    }


@pytest.mark.parametrize("seed", range(12))
def test_engines_agree_whatever_the_effects_are(seed: int) -> None:
    compiled, readable = (texts(played(seed, engine, *Effects._fields)) for engine in ENGINES)
    assert [name for name in compiled if compiled[name] != readable[name]] == []


@pytest.mark.parametrize("effect", Effects._fields)
def test_an_effect_changes_what_happens(effect: str) -> None:
    changed = [
        texts(played(seed, "compiled", effect)) != texts(played(seed, "compiled")) for seed in range(6)
    ]
    assert any(changed)


@pytest.mark.parametrize("effect", Effects._fields)
def test_effects_are_set_from_neutral_each_week(effect: str) -> None:
    company = scenario(1)
    model, organisation, numbers = prepare(company)
    state = starting_state(company, model, build_world(company, model, 0), organisation, numbers)
    getattr(state.effects, effect)[...] = -1.0
    state.set_effects(0)
    assert np.array_equal(getattr(state.effects, effect), getattr(state.usual, effect))
