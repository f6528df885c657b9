"""Two stations in line: the fewest people are those of every spread, by the exact formula (Burke 1956).

Stations M/M/c in line wait Wq1 + Wq2, so every spread of every number of people can be looked at.
"""

import math

import pytest

import sim
from sim.known_answers.case import NEUTRAL, exponential, in_hours, setting
from sim.known_answers.stations import markov_station
from tests.staffing.conftest import ARRIVALS, HOURS

MOST = 14
SLOW = pytest.mark.slow


def wait(rate: float, means: tuple[float, float], servers: tuple[int, int]) -> float:
    """Mean wait in both queues; infinite where one has no end."""
    if any(rate * mean >= many for mean, many in zip(means, servers, strict=True)):
        return math.inf
    both = zip(means, servers, strict=True)
    return math.fsum(markov_station(rate, 1.0 / mean, many)["Wq"] for mean, many in both)


def best(rate: float, means: tuple[float, float], people: int) -> float:
    """The shortest wait of every spread of so many people."""
    return min(wait(rate, means, (first, people - first)) for first in range(1, people))


@pytest.mark.parametrize(
    ("rate", "means", "people"),
    [
        (1.5, (0.4, 2.4), 7),
        pytest.param(2.0, (1.0, 1.6), 8, marks=SLOW),
        pytest.param(3.0, (1.0, 0.5), 7, marks=SLOW),
        pytest.param(2.5, (0.3, 3.0), 11, marks=SLOW),
    ],
)
def test_the_fewest_people_are_those_of_every_spread(
    rate: float, means: tuple[float, float], people: int
) -> None:
    limit = math.sqrt(best(rate, means, people) * best(rate, means, people - 1))
    work = {name: in_hours(exponential(mean)) for name, mean in zip(("first", "second"), means, strict=True)}
    settings = [
        "company=queue_line",
        *NEUTRAL,
        setting("company.products.a", {"route": ["first", "second"], "work": work}),
        setting("company.segments.a.interarrival", in_hours(exponential(1.0 / rate))),
        f"experiment.horizon_weeks={1 + math.ceil(ARRIVALS * HOURS / (40.0 * rate))}",
        "experiment.warm_up_weeks=1",
        "experiment.replications=10",
        "experiment.backend=serial",
    ]
    found = sim.staff(["function"], {"wait": limit * HOURS}, settings, around=1, most=MOST).structures
    assert found["people"].tolist() == [people]
    assert min(people for people in range(2, MOST) if best(rate, means, people) <= limit) == people
