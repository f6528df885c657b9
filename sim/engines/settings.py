"""What both engines are told: the scenario's constants as bare numbers.

Invariant: an engine sees the scenario through this, the market, the world, the organisation and the state
only.
"""

from typing import Any, NamedTuple

from sim.model.scenario import Scenario
from sim.rules.effort import learning_exponent
from sim.rules.laws import Packed, pack

HANDOFF, CLAIM, RETURN_DELAY, DECISION_TIME = range(4)
"""Rows of Settings.laws."""


class Settings(NamedTuple):
    """Constants of a scenario; times in open hours, probabilities in [0, 1]."""

    week: float
    day: float
    horizon: float
    end: float
    beginner_cases: float
    exponent: float
    related_weight: float
    switch_share: float
    switch_hours: float
    context_within: float
    context_between: float
    context_coordinated: float
    reread_share: float
    empowered_share: float
    share_cross: float
    coordination_hours: float
    conflict: float
    defect_base: float
    defect_unfamiliarity: float
    defect_reference: float
    defect_context: float
    caught: float
    complaint: float
    rework_share: float
    rounds: int
    fresh: bool
    triage_share: float
    corrected: float
    until_resolution: bool
    laws: Packed
    most_events: int
    most_rounds: int
    most_seconds: float
    most_megabytes: float


def build_settings(scenario: Scenario) -> Settings:
    """Constants of a scenario."""
    people, rules, customers = scenario.people, scenario.coordination, scenario.customers
    weeks = scenario.experiment.horizon_weeks + scenario.experiment.drain_weeks
    limits = scenario.experiment.budgets
    values: dict[str, Any] = {
        "week": scenario.week,
        "day": scenario.day,
        "horizon": scenario.horizon,
        "end": weeks * scenario.week,
        "beginner_cases": people.beginner_cases,
        "exponent": float(learning_exponent(people.learning_rate)),
        "related_weight": people.related_weight,
        "switch_share": people.switch_share,
        "switch_hours": people.switch_hours,
        "context_within": rules.context_within,
        "context_between": rules.context_between,
        "context_coordinated": rules.context_coordinated,
        "reread_share": rules.reread_share,
        "empowered_share": rules.empowered_share,
        "share_cross": rules.share_cross,
        "coordination_hours": rules.matrix.coordination_hours,
        "conflict": rules.matrix.conflict,
        "defect_base": rules.defects.base,
        "defect_unfamiliarity": scenario.defect_unfamiliarity,
        "defect_reference": rules.defects.reference,
        "defect_context": rules.defects.context,
        "caught": rules.rework.caught,
        "complaint": rules.rework.complaint,
        "rework_share": rules.rework.share,
        "rounds": rules.rework.rounds,
        "fresh": rules.rework.fresh,
        "triage_share": customers.triage_share,
        "corrected": customers.corrected,
        "until_resolution": customers.patience_until == "resolution",
        "laws": pack([rules.handoff, customers.claim, rules.rework.return_delay, rules.decision]),
        "most_events": limits.events,
        "most_rounds": limits.instant,
        "most_seconds": limits.seconds,
        "most_megabytes": limits.megabytes,
    }
    return Settings(**values)
