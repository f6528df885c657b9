"""Draws of many laws at once against one draw after the other, bit for bit."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.draws import PURPOSE_WORK, uniforms
from sim.rules.laws import LAW_TRACE, Packed, draw, pack
from sim.rules.sampling import TOGETHER, draws


def law(name: str, **parameters: Any) -> SimpleNamespace:
    return SimpleNamespace(law=name, **parameters)


LOGNORMAL = [law("lognormal", mean=mean, cv=cv) for mean, cv in ((3.0, 0.8), (0.2, 1.5), (9.0, 0.1))]
EXPONENTIAL = [law("exponential", mean=3.0), law("exponential", mean=0.1)]
OTHERS = [
    law("uniform", low=1.0, high=6.0),
    law("erlang", mean=3.0, stages=4),
    law("gamma", mean=3.0, cv=1.7),
    law("hyperexponential", mean=3.0, cv=2.5),
    law("deterministic", mean=2.0),
    law("none"),
    law("empirical", values=[4.0, 1.0, 2.5], weights=[0.2, 0.5, 0.3]),
    law("trace", values=[5.0, 6.0, 7.0]),
]


def one_by_one(
    laws: Packed, rows: NDArray[np.int64], index: NDArray[np.int64], us: NDArray[np.float64]
) -> list[float]:
    drawn = []
    for row, number, u in zip(rows.tolist(), index.tolist(), us.tolist(), strict=True):
        kind, count = laws.kinds[row].item(), laws.counts[row].item()
        parameters = laws.firsts[row].item(), laws.seconds[row].item(), laws.table, laws.starts[row].item()
        drawn.append(draw(kind, *parameters, count, u, number % count if kind == LAW_TRACE else number))
    return drawn


@pytest.mark.parametrize(
    "laws",
    [LOGNORMAL, EXPONENTIAL, OTHERS, [*OTHERS, *LOGNORMAL, *EXPONENTIAL]],
    ids=["lognormal", "exponential", "others", "mixed"],
)
@pytest.mark.parametrize("size", [0, 1, TOGETHER, 3 * TOGETHER + 7])
def test_many_draws_are_those_of_each_law(laws: list[SimpleNamespace], size: int) -> None:
    generator = np.random.default_rng(size)
    packed, rows = pack(laws), generator.integers(0, len(laws), size)
    index, us = generator.integers(0, 50, size), uniforms(np.arange(size), PURPOSE_WORK, 0, 0)
    found = us.copy()
    draws(packed, rows, index, found)
    assert found.tolist() == one_by_one(packed, rows, index, us)
