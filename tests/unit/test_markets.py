"""C13: a segment comes or goes in a week, with nobody who knows it when it comes."""

import numpy as np
import pytest

from sim.model.check import mistakes
from sim.replication import simulate
from sim.trajectory import Trajectory
from tests.scenarios import Plain, checked, office, workshop

TERMINATING = ("experiment.kind", "terminating")


def arrivals(history: Trajectory, segment: str) -> np.ndarray:
    """Hours at which customers of a segment asked."""
    requests = history.requests
    return np.asarray(requests["arrival"][requests["segment"] == history.names["segment"].index(segment)])


def played(*changes: tuple[str, object]) -> Trajectory:
    return simulate(checked(workshop(TERMINATING, *changes)), engine="compiled")


def test_customers_ask_between_opening_and_closing_only() -> None:
    asked = arrivals(played(("company.segments.town.opens", 5), ("company.segments.town.closes", 12)), "town")
    assert len(asked) > 100
    assert (asked.min() >= 5 * 40.0, asked.max() < 12 * 40.0) == (True, True)
    assert len(asked) == pytest.approx(7 * 20, rel=0.25)


def test_other_customers_ask_as_they_always_did() -> None:
    usual, entered = played(), played(("company.segments.town.opens", 5))
    assert arrivals(usual, "village").tobytes() == arrivals(entered, "village").tobytes()


def office_with(opens: int, overlap: dict[str, float]) -> Trajectory:
    entering = ("company.segments.corporate.opens", opens), ("company.segments.corporate.overlap", overlap)
    return simulate(checked(office("default", "function", TERMINATING, *entering)), engine="compiled")


def unfamiliar_at_first(history: Trajectory) -> float:
    """Mean unfamiliarity with the segment in its first hundred visits that a person did."""
    visits = history.visits
    corporate = history.names["segment"].index("corporate")
    requests = history.requests[history.requests["segment"] == corporate]
    own = np.isin(visits["customer"], requests["customer"]) & (visits["worker"] >= 0)
    first = np.sort(visits[own & np.isfinite(visits["start"])], order="start")[:100]
    return float(first["u_segment"].mean())


def test_nobody_knows_a_new_segment_but_for_what_it_overlaps_with() -> None:
    usual = unfamiliar_at_first(office_with(0, {}))
    new = unfamiliar_at_first(office_with(2, {}))
    helped = unfamiliar_at_first(office_with(2, {"small_business": 1.0}))
    assert new > 0.9
    assert max(usual, helped) < 0.8 * new


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ([("opens", 5), ("closes", 5)], "After it opens"),
        ([("opens", 5)], "warm-up"),
        ([("closes", 19)], "horizon"),
        ([("opens", 1), ("overlap", {"vilage": 0.5})], "village"),
        ([("opens", 1), ("overlap", {"town": 0.5})], "village"),
    ],
)
def test_impossible_markets_are_told(changes: list[tuple[str, object]], told: str) -> None:
    plain: Plain = workshop(*((f"company.segments.town.{key}", value) for key, value in changes))
    assert [told in str(mistake) for mistake in mistakes(plain)] == [True]
