"""Small questions with an engine: a queue of theory whose fewest servers a formula knows."""

import math
from collections.abc import Callable, Mapping

import pytest

import sim
from sim.known_answers.case import NEUTRAL, exponential, in_hours, setting

ARRIVALS = 20_000
HOURS = 0.1
"""Of one service on average."""
Fewest = Callable[[Mapping[str, float], list[str]], int]


def queue_settings(rate: float, patience: float | None = None) -> list[str]:
    """Overrides of M/M/c with `rate` requests, and patience of so many services, in the mean time of one."""
    weeks = 1 + math.ceil(ARRIVALS * HOURS / (40.0 * rate))
    law = [] if patience is None else [exponential(patience)]
    return [
        "company=queue",
        *NEUTRAL,
        setting("company.segments.a.interarrival", in_hours(exponential(1.0 / rate))),
        setting("company.products.a.work.service", in_hours(exponential(1.0))),
        f"experiment.horizon_weeks={weeks}",
        "experiment.warm_up_weeks=1",
        "experiment.replications=10",
        "experiment.backend=serial",
        *(["customers.patience=true"] if law else []),
        *(setting("company.segments.a.patience", in_hours(own)) for own in law),
    ]


@pytest.fixture(scope="session")
def fewest() -> Fewest:
    """The fewest people that `sim.staff` finds for a queue; -1 where it finds none."""

    def found(targets: Mapping[str, float], overrides: list[str]) -> int:
        answer = sim.staff(["function"], targets, overrides, around=1, most=40)
        row = answer.structures.iloc[0]
        if row["status"] != "met":
            return -1
        assert f"“function” needs {row['people']}" in answer.answer[0]
        return int(row["people"])

    return found
