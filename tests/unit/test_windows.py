"""Places between edges are NumPy's, wherever the times lie."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.windows import edges_before

anywhere = st.lists(
    st.sampled_from([0.0, 0.5, 7.0, 40.0, 80.0, 1e300, np.inf, np.nan]) | st.floats(-9.0, 99.0)
)
rising = st.lists(st.floats(-8.0, 90.0), min_size=2, max_size=9, unique=True).map(sorted)


@given(anywhere, rising | st.just([0.0, 40.0, 80.0]))
@pytest.mark.parametrize(("side", "at"), [("left", False), ("right", True)])
def test_places_are_those_of_searchsorted(
    side: str, at: bool, times: list[float], edges: list[float]
) -> None:
    found = edges_before(np.array(times), np.array(edges), at)
    assert found.tolist() == np.searchsorted(edges, times, side).tolist()  # type: ignore[call-overload]
