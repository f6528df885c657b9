"""What the field says happens in organisations: a file each, with claim, parameters, evidence and rule.

Add one here and to the tuple; schema, neutral configuration and pages follow. Invariant: at its neutral
values a mechanism changes no bit of a result.
"""

from sim.mechanisms import (
    absence,
    anticipation,
    appreciation,
    complaints,
    culture,
    customisation,
    decisions,
    defects,
    empowerment,
    expectations,
    feedback,
    forgetting,
    grouping,
    handoffs,
    innovation,
    learning,
    markets,
    matrix,
    meetings,
    misgrouping,
    morale,
    own_queue,
    pace,
    patience,
    quality_programme,
    queue_order,
    rewards,
    shared_record,
    switching,
    training,
    turnover,
    workload,
)
from sim.mechanisms.record import Mechanism
from sim.mechanisms.structures import STRUCTURES

MECHANISMS: tuple[Mechanism, ...] = (
    *STRUCTURES[:5],
    matrix.MECHANISM,
    *STRUCTURES[5:],
    grouping.MECHANISM,
    misgrouping.MECHANISM,
    customisation.MECHANISM,
    appreciation.MECHANISM,
    expectations.MECHANISM,
    innovation.MECHANISM,
    complaints.MECHANISM,
    markets.MECHANISM,
    patience.MECHANISM,
    anticipation.MECHANISM,
    learning.MECHANISM,
    forgetting.MECHANISM,
    turnover.REPLACING,
    training.MECHANISM,
    morale.MECHANISM,
    turnover.MECHANISM,
    absence.MECHANISM,
    rewards.MECHANISM,
    culture.MECHANISM,
    workload.MECHANISM,
    pace.MECHANISM,
    own_queue.MECHANISM,
    handoffs.MECHANISM,
    shared_record.MECHANISM,
    queue_order.MECHANISM,
    empowerment.MECHANISM,
    feedback.MECHANISM,
    meetings.MECHANISM,
    quality_programme.MECHANISM,
    decisions.MECHANISM,
    defects.MECHANISM,
    switching.MECHANISM,
)
"""In the order of their ids."""

__all__ = ["MECHANISMS", "Mechanism"]
