"""What crossing borders, asking for decisions, meeting and repeating work costs.

Bases stand in reverse: fields of the last one come first. Invariant: a lever like the structure; the same
costs hold for every structure compared.
"""

from sim.mechanisms.complaints import Complaints
from sim.mechanisms.decisions import Decisions
from sim.mechanisms.defects import Defects, Inspection
from sim.mechanisms.empowerment import Empowerment
from sim.mechanisms.feedback import Feedback
from sim.mechanisms.handoffs import Handoffs
from sim.mechanisms.matrix import Matrix
from sim.mechanisms.meetings import Meetings
from sim.mechanisms.quality_programme import QualityProgramme
from sim.mechanisms.queue_order import Priorities
from sim.mechanisms.shared_record import SharedRecord
from sim.mechanisms.telling import Telling
from sim.schema.base import quantity


class Rework(Complaints, Inspection):
    """What happens to a defect."""


class Coordination(Priorities, Empowerment, Decisions, Handoffs):
    """What crossing borders, asking for decisions and meeting costs."""

    meetings: Meetings = quantity("meetings", default=Meetings())
    defects: Defects = quantity("what goes wrong", default=Defects())
    rework: Rework = quantity("what is done about it", default=Rework())
    matrix: Matrix = quantity("two lines of authority", default=Matrix())
    telling: Telling = quantity("what customers are told", default=Telling())
    quality_programme: QualityProgramme = quantity("what inspection looks for", default=QualityProgramme())
    feedback: Feedback = quantity("how system causes of defects are found", default=Feedback())
    shared_record: SharedRecord = quantity("a customer record that all share", default=SharedRecord())
