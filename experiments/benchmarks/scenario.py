"""The comparison work as scenarios of this project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from work import ARRIVALS_PER_HOUR, PEOPLE, REWORK, STEP_MEANS

if TYPE_CHECKING:
    from sim.model.scenario import Scenario

CONFIGS = Path(__file__).with_name("configs")
HOURS_PER_WEEK = 40
STRUCTURES = {"function": "function", "customer": "speed_customer"}
EVERYTHING = (
    "people=steep_learning",
    "people.related_weight=0.3",
    "people.switch_hours=0.05",
    "people.dispatch_request=due_date",
    "people.dispatch_worker=most_proficient",
    "coordination.rework.fresh=true",
    "customers.patience=true",
    "customers.patience_until=resolution",
    "customers.misgrouped=0.1",
    "customers.excluded=0.05",
    "staffing.waiting_room=12",
    "experiment.kind=terminating",
)
"""Every mechanism that can be on at once, in a way that does something."""
OWNERSHIP = {"function": "relay", "customer": "owner"}
"""The peers queue again at every station and keep a request within a department."""


def overrides(by: str, requests: int) -> list[str]:
    """Settings of the work for about ``requests`` arrivals, everything but queues, priorities and rework
    neutral."""
    weeks = max(1, round(requests / ARRIVALS_PER_HOUR / HOURS_PER_WEEK))
    per_step = 1 - (1 - REWORK) ** (1 / len(STEP_MEANS))
    return [
        "company=speed",
        f"structure={STRUCTURES[by]}",
        "people=neutral",
        f"people.ownership={OWNERSHIP[by]}",
        "people.dispatch_request=segment_priority",
        "coordination=neutral",
        f"coordination.defects.base={per_step!r}",
        "customers=neutral",
        "customers.patience=true",
        "staffing=neutral",
        f"staffing.headcount={PEOPLE}",
        f"experiment.horizon_weeks={weeks}",
        "experiment.warm_up_weeks=0",
        "experiment.drain_weeks=1",
        "experiment.kind=terminating",
    ]


def load(by: str, requests: int, more: tuple[str, ...] = ()) -> Scenario:
    """The scenario of the work by ``function`` or ``customer``."""
    from sim import load_scenario

    return load_scenario([*overrides(by, requests), *more], config_dir=CONFIGS)
