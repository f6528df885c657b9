"""C7: service better than the competitors' counts only as far as customers value it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.measured import Measured
from sim.mechanisms.appreciation import norm_after, valued_score
from sim.opinions import request_scores
from sim.replication import simulate
from tests.scenarios import Plain, checked, office

shares = st.floats(0.0, 1.0)
ASSURANCE, EMPATHY = 2, 3


def scores(**parameters: float | bool) -> np.ndarray:
    rules: Plain = {"enabled": True, "valued": 1.0, "norm": 0.3, "rise": 0.0, **parameters}
    scenario = checked(office("default", "customer", ("customers.appreciation", rules)))
    found = request_scores(scenario, Measured(simulate(scenario, engine="compiled")))
    return found[np.isfinite(found[:, 0])]


@given(shares, shares, shares)
def test_a_valued_score_lies_between_the_norm_and_the_score(own: float, norm: float, valued: float) -> None:
    assert min(own, norm) - 1e-12 <= valued_score(own, norm, valued) <= own + 1e-12


def test_who_values_all_effort_judges_as_before() -> None:
    assert scores(enabled=False).tobytes() == scores().tobytes()


def test_effort_that_nobody_values_counts_as_the_norm_and_the_rest_stays() -> None:
    full, none = scores(), scores(valued=0.0)
    assert none[:, (ASSURANCE, EMPATHY)] == pytest.approx(np.minimum(full[:, (ASSURANCE, EMPATHY)], 0.3))
    assert np.array_equal(none[:, :2], full[:, :2])


def test_competitors_catch_up() -> None:
    assert norm_after(0.6, 0.01, 520.0) == pytest.approx(0.66)
    early, late = scores(valued=0.5, rise=0.0)[:, 5].mean(), scores(valued=0.5, rise=1.0)[:, 5].mean()
    assert late > early  # what is above the norm shrinks, and with it what is not valued
