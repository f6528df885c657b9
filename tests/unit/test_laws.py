"""Laws: values, moments against closed forms, the same bits compiled or not and on older processors."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim.draws import PURPOSE_WORK, child, root, uniform, uniforms
from sim.jit import is_compiled
from sim.rules.laws import (
    LAW_DETERMINISTIC,
    LAW_EMPIRICAL,
    LAW_NONE,
    Encoded,
    choose,
    cumulative,
    draw,
    encode,
    mean,
    pack,
    variance,
)

SIZE = 20_000 if is_compiled() else 2_000


def law(name: str, **parameters: Any) -> SimpleNamespace:
    return SimpleNamespace(law=name, **parameters)


RANDOM = [
    law("exponential", mean=3.0),
    law("lognormal", mean=3.0, cv=0.8),
    law("uniform", low=1.0, high=6.0),
    law("erlang", mean=3.0, stages=4),
    law("gamma", mean=3.0, cv=1.7),
    law("hyperexponential", mean=3.0, cv=2.5),
    law("empirical", values=[4.0, 1.0, 2.5], weights=[0.2, 0.5, 0.3]),
]
NAMES = [each.law for each in RANDOM]


INNER = (2 * np.random.default_rng(5).integers(0, 2**52, 300) + 1) * 2.0**-53
ENDS = 2.0 ** -np.arange(1.0, 54.0)
U = np.sort(np.concatenate([INNER, ENDS, 1.0 - ENDS]))  # as `uniform` gives them, both ends included


def arguments(encoded: Encoded) -> tuple[int, float, float, NDArray[np.float64], int, int]:
    kind, first, second, values = encoded
    return kind, first, second, values, 0, len(values) // 2 if kind == LAW_EMPIRICAL else len(values)


def moments(each: SimpleNamespace) -> tuple[float, float]:
    return mean(*arguments(encode(each))), variance(*arguments(encode(each)))


def quantiles(each: SimpleNamespace, us: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([draw(*arguments(encode(each)), u, 0) for u in us.tolist()])


@pytest.mark.parametrize("each", RANDOM, ids=NAMES)
def test_a_larger_uniform_gives_no_smaller_value(each: SimpleNamespace) -> None:
    values = quantiles(each, U)
    assert np.all(np.diff(values) >= -1e-15 * values[1:])


# Moments


@pytest.mark.parametrize("name", ["lognormal", "gamma", "hyperexponential"])
@pytest.mark.parametrize(("average", "cv"), [(0.02, 1.0), (3.0, 1.5), (400.0, 6.0)])
def test_encoding_keeps_the_mean_and_the_coefficient_of_variation(
    name: str, average: float, cv: float
) -> None:
    found, spread = moments(law(name, mean=average, cv=cv))
    assert [found, math.sqrt(spread) / found] == pytest.approx([average, cv])


@pytest.mark.parametrize(
    ("each", "expected"),
    [
        (law("deterministic", mean=3.0), (3.0, 0.0)),
        (law("exponential", mean=3.0), (3.0, 9.0)),
        (law("uniform", low=1.0, high=7.0), (4.0, 3.0)),
        (law("erlang", mean=6.0, stages=3), (6.0, 12.0)),
        (law("empirical", values=[1.0, 5.0], weights=[3.0, 1.0]), (2.0, 3.0)),
        (law("empirical", values=[1.0, 5.0]), (3.0, 4.0)),
        (law("trace", values=[1.0, 5.0]), (3.0, 4.0)),
    ],
    ids=lambda value: getattr(value, "law", ""),
)
def test_mean_and_variance_are_the_closed_forms(each: SimpleNamespace, expected: tuple[float, float]) -> None:
    assert moments(each) == pytest.approx(expected)


@pytest.mark.parametrize("each", RANDOM, ids=NAMES)
def test_drawn_values_have_the_mean_of_their_law(each: SimpleNamespace) -> None:
    average, spread = moments(each)
    assert abs(sample(each).mean() - average) < 4.5 * math.sqrt(spread / SIZE)


@pytest.mark.parametrize(
    ("each", "reference"),
    [
        (
            law("lognormal", mean=3.0, cv=0.8),
            stats.lognorm(math.sqrt(math.log(1.64)), scale=3 / math.sqrt(1.64)),
        ),
        (law("gamma", mean=3.0, cv=1.7), stats.gamma(1 / 1.7**2, scale=3.0 * 1.7**2)),
        (law("erlang", mean=3.0, stages=4), stats.gamma(4, scale=0.75)),
        (law("exponential", mean=3.0), stats.expon(scale=3.0)),
        (law("uniform", low=1.0, high=6.0), stats.uniform(1.0, 5.0)),
    ],
    ids=lambda value: getattr(value, "law", ""),
)
def test_drawn_values_follow_scipys_distribution(each: SimpleNamespace, reference: Any) -> None:
    assert stats.kstest(sample(each), reference.cdf).pvalue > 1e-5


def sample(each: SimpleNamespace) -> NDArray[np.float64]:
    encoded = arguments(encode(each))
    request = child(root(11, 0), 4)
    return np.array([draw(*encoded, uniform(request, PURPOSE_WORK, 0, n), n) for n in range(SIZE)])


# Kinds


def test_none_never_ends() -> None:
    assert (draw(LAW_NONE, 0.0, 0.0, np.zeros(0), 0, 0, 0.5, 0), moments(law("none"))[0]) == (
        math.inf,
        math.inf,
    )


@pytest.mark.parametrize("name", ["lognormal", "gamma"])
@pytest.mark.parametrize(("average", "cv"), [(0.0, 1.0), (2.0, 0.0)])
def test_without_spread_a_law_is_deterministic(name: str, average: float, cv: float) -> None:
    assert encode(law(name, mean=average, cv=cv))[:2] == (LAW_DETERMINISTIC, average)


def test_a_single_erlang_stage_is_exponential_to_the_bit() -> None:
    assert np.array_equal(
        quantiles(law("erlang", mean=3.0, stages=1), U), quantiles(law("exponential", mean=3.0), U)
    )


def test_a_hyperexponential_with_cv_1_is_exponential_to_the_bit() -> None:
    both = [law("hyperexponential", mean=3.0, cv=1.0), law("exponential", mean=3.0)]
    assert np.array_equal(quantiles(both[0], U), quantiles(both[1], U))


def test_scaling_the_mean_by_a_power_of_two_scales_every_value_exactly() -> None:
    for name in ("exponential", "gamma", "erlang", "hyperexponential"):
        small, large = (law(name, mean=m, cv=1.5, stages=3) for m in (3.0, 12.0))
        assert np.array_equal(4.0 * quantiles(small, U), quantiles(large, U))


def test_empirical_values_come_with_their_weights() -> None:
    each = law("empirical", values=[4.0, 1.0, 2.5], weights=[0.25, 0.5, 0.25])
    us = np.array([1e-9, 0.49, 0.5, 0.74, 0.75, 1 - 2.0**-53])
    assert quantiles(each, us).tolist() == [1.0, 1.0, 2.5, 2.5, 4.0, 4.0]


def test_a_trace_gives_its_values_in_order_and_then_nothing_more() -> None:
    encoded = arguments(encode(law("trace", values=[3.0, 1.0, 2.0])))
    assert [draw(*encoded, 0.5, i) for i in range(5)] == [3.0, 1.0, 2.0, math.inf, math.inf]


def test_packed_laws_draw_like_single_ones() -> None:
    laws = [*RANDOM, law("trace", values=[5.0, 6.0]), law("none"), law("empirical", values=[7.0, 8.0])]
    kinds, firsts, seconds, starts, counts, table = pack(laws)
    for i, each in enumerate(laws):
        numbers = (kinds[i].item(), firsts[i].item(), seconds[i].item())
        packed = draw(*numbers, table, starts[i].item(), counts[i].item(), 0.6, 1)
        assert packed == draw(*arguments(encode(each)), 0.6, 1), each.law


@pytest.mark.parametrize(
    ("each", "message"),
    [
        (law("gaussian", mean=1.0), "unknown law 'gaussian'; known: none, deterministic"),
        (law("hyperexponential", mean=1.0, cv=0.5), "needs a cv of at least 1, not 0.5"),
        (law("empirical", values=[1.0, 2.0], weights=[1.0]), "2 values but 1 weights"),
        (law("empirical", values=[1.0], weights=[0.0]), "not all 0"),
        (law("empirical", values=[]), "not all 0"),
    ],
)
def test_a_law_that_makes_no_sense_is_refused(each: SimpleNamespace, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        encode(each)


# Choosing


def test_choosing_is_a_search_in_the_running_sums() -> None:
    weights = np.random.default_rng(2).integers(0, 4, 40).astype(float).tolist()
    table = np.concatenate([[9.0, 9.0], cumulative(weights), [0.1]])
    expected = np.searchsorted(table[2:42], U, side="right")
    assert [choose(table, 2, 40, u) for u in U.tolist()] == expected.tolist()


def test_what_has_no_weight_is_never_chosen() -> None:
    table = cumulative([0.0, 0.1, 0.0, 0.2, 0.0])
    assert {choose(table, 0, 5, u) for u in U.tolist()} == {1, 3}


def test_running_sums_end_at_exactly_one() -> None:
    assert cumulative([0.1] * 7)[-1] == 1.0


def test_choosing_follows_the_weights() -> None:
    us = uniforms(np.arange(SIZE, dtype=np.int64), PURPOSE_WORK, 0, 0)
    table = cumulative([5.0, 1.0, 4.0])
    counts = np.bincount([choose(table, 0, 3, u) for u in us.tolist()])
    assert stats.chisquare(counts, np.array([0.5, 0.1, 0.4]) * SIZE).pvalue > 1e-5


# Same bits everywhere

SAMPLE = """
import hashlib
from types import SimpleNamespace
import numpy as np
from sim.draws import child, children, root, uniform, uniforms
from sim.jit import is_compiled
from sim.rules.grid import on_grid
from sim.rules.laws import draw, pack
from sim.rules.sampling import draws
laws = [dict(law="exponential", mean=3.0), dict(law="uniform", low=1.0, high=3.0), dict(law="none"),
        dict(law="erlang", mean=2.0, stages=5), dict(law="hyperexponential", mean=2.0, cv=3.0),
        dict(law="empirical", values=[1.0, 2.0, 9.0]), dict(law="trace", values=[1.0, 2.0, 9.0])]
laws += [dict(law="lognormal", mean=0.3, cv=cv) for cv in (0.1, 1.0, 5.0)]
laws += [dict(law="gamma", mean=0.3, cv=cv) for cv in (0.05, 0.5, 0.9, 1.5, 4.0)]
kinds, firsts, seconds, starts, counts, table = packed = pack([SimpleNamespace(**each) for each in laws])
digest = hashlib.sha256()
for i in range(len(laws)):
    for n in range(60):
        u = uniform(child(root(9, 0), i), 4, 0, n)
        value = draw(kinds[i].item(), firsts[i].item(), seconds[i].item(), table,
                     starts[i].item(), counts[i].item(), u, n)
        digest.update(repr((value, on_grid(value))).encode())
many = uniforms(children(root(9, 0), 1200), 4, 0, 0)
draws(packed, np.arange(1200) % len(laws), np.arange(1200), many)
digest.update(many.tobytes())
print(is_compiled(), digest.hexdigest())
"""


def run_sample(**environment: str) -> list[str]:
    command = [sys.executable, "-W", "error:::sim", "-c", SAMPLE]
    environment = {**os.environ, **environment}
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.split()


def test_compiled_and_plain_laws_are_the_same_bits() -> None:
    (on, compiled_digest), (off, plain_digest) = run_sample(ORGDES_JIT="1"), run_sample(ORGDES_JIT="0")
    assert (on, off, compiled_digest) == ("True", "False", plain_digest)


OLD_PROCESSOR = {
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2,-AVX512F,-AVX2_Usable,-FMA_Usable",
}


def test_laws_are_the_same_bits_on_an_older_processor() -> None:
    here = run_sample(ORGDES_JIT="0")
    assert run_sample(ORGDES_JIT="0", **OLD_PROCESSOR) == here


@pytest.mark.slow
def test_laws_compiled_for_a_generic_processor_are_the_same_bits() -> None:
    generic = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", **OLD_PROCESSOR}
    assert run_sample(ORGDES_JIT="1", **generic)[1] == run_sample(ORGDES_JIT="0")[1]
