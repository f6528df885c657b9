"""How people learn and choose, how customers are recognised and judge: the policies towards both.

Bases stand in reverse: fields of the last one come first. Invariant: levers like the structure; the company
and its demand stay as they are when they change.
"""

from typing import Literal

from sim.mechanisms.absence import Absence
from sim.mechanisms.anticipation import Anticipation
from sim.mechanisms.appreciation import Appreciation
from sim.mechanisms.best_customers import BestCustomers
from sim.mechanisms.culture import Culture
from sim.mechanisms.customisation import Customisation
from sim.mechanisms.equipment import Equipment
from sim.mechanisms.expectations import Expectations
from sim.mechanisms.forgetting import Forgetting
from sim.mechanisms.grouping import Grouped
from sim.mechanisms.helping import Helping
from sim.mechanisms.innovation import Innovation
from sim.mechanisms.intelligence import Intelligence
from sim.mechanisms.learning import Learning
from sim.mechanisms.loyalty import Loyalty
from sim.mechanisms.marketing import Marketing
from sim.mechanisms.misgrouping import Misgrouping, PuttingRight
from sim.mechanisms.morale import Morale
from sim.mechanisms.own_queue import OwnQueue
from sim.mechanisms.pace import Pace
from sim.mechanisms.patience import Patience
from sim.mechanisms.queue_order import Dispatch
from sim.mechanisms.rewards import Rewards
from sim.mechanisms.support import Support
from sim.mechanisms.switching import Switching
from sim.mechanisms.training import Training
from sim.mechanisms.turnover import Turnover
from sim.mechanisms.variants import Variants
from sim.mechanisms.workload import Workload
from sim.schema.base import quantity


class PeoplePolicy(Dispatch, Switching, OwnQueue, Pace, Forgetting, Learning):
    """How people learn, forget, differ and choose what to do next."""

    dispatch_worker: Literal["longest_idle", "same_worker", "most_proficient"] = quantity(
        "which free worker takes it", default="longest_idle"
    )
    ownership: Literal["owner", "relay"] = quantity(
        "a person keeps a request over consecutive steps in a department, or each step queues again",
        default="owner",
        off="relay",
    )
    owner_wait_hours: float = quantity(
        "how long a returning request waits for an absent owner", default=8.0, unit="h", ge=0.0, le=10_000.0
    )
    turnover: Turnover = quantity("people leave and are replaced", default=Turnover())
    absence: Absence = quantity("people are ill, on holiday, part-time", default=Absence())
    training: Training = quantity("a training programme", default=Training())
    morale: Morale = quantity("what moves morale and what morale moves", default=Morale())
    support: Support = quantity("internal services", default=Support())
    helping: Helping = quantity("who helps other departments", default=Helping())
    equipment: Equipment = quantity("workplaces fail and are repaired", default=Equipment())
    rewards: Rewards = quantity("what people are rewarded for", default=Rewards())
    culture: Culture = quantity("care for customers spreads", default=Culture())
    workload: Workload = quantity("workload changes speed", default=Workload())


class CustomerPolicy(Expectations, Patience, Customisation, PuttingRight, Grouped, Misgrouping):
    """How customers are recognised and what they make of the service."""

    uninformed_hours: float = quantity(
        "a single wait longer than this counts as uninformed", default=16.0, unit="h", ge=0.0, le=100_000.0
    )
    appreciation: Appreciation = quantity(
        "whether effort beyond that of competitors is valued", default=Appreciation()
    )
    innovation: Innovation = quantity("exploring, and a new technology", default=Innovation())
    anticipation: Anticipation = quantity("hours that prevent requests", default=Anticipation())
    loyalty: Loyalty = quantity("what satisfaction does to customers", default=Loyalty())
    intelligence: Intelligence = quantity("needs that drift, and who listens", default=Intelligence())
    variants: Variants = quantity("versions of products for segments", default=Variants())
    best: BestCustomers = quantity("finding the best customers", default=BestCustomers())
    marketing: Marketing = quantity("budgets for keeping and winning customers", default=Marketing())
