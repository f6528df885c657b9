"""One scenario: a company with its demand, an organisation, and how the experiment is run.

Invariant: a Scenario that exists is complete and valid on its own; nothing is looked up later.
"""

import math
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, Literal

from sim.model.company import Company, Demand
from sim.model.coordination import Coordination
from sim.model.levers import Staffing, Structure
from sim.model.policies import CustomerPolicy, PeoplePolicy
from sim.schema.base import Name, Record, quantity

POINTS_AN_HOUR = 2.0**36
"""Of the grid on which time lies."""


class Budgets(Record):
    """When a runaway replication is stopped."""

    events: int = quantity("most events of a replication", default=50_000_000, unit="events", ge=1, le=10**12)
    instant: int = quantity("most rounds at one instant", default=100_000, unit="rounds", ge=1, le=10**9)
    seconds: float = quantity("most seconds of a replication", default=600.0, unit="s", gt=0.0, le=1e6)
    megabytes: float = quantity("most memory of a process", default=4_000.0, unit="MB", gt=0.0, le=1e6)
    requests: int = quantity(
        "most requests a replication may create", default=5_000_000, unit="requests", ge=1, le=10**9
    )


class Experiment(Record):
    """Run settings: they change how precisely something is known, never what is true."""

    seed: int = quantity("root of all random numbers", default=1, unit="seed", ge=0, lt=2**128)
    replications: int = quantity("independent repetitions", default=20, unit="replications", ge=1, le=100_000)
    precision: float | None = quantity(
        "replications are added until half an interval is at most this share of its mean",
        default=None,
        unit="share",
        gt=0.0,
        le=1.0,
    )
    precision_metrics: tuple[Name, ...] = quantity(
        "metrics of the company that have to be so precise", default=("response_time_mean",)
    )
    most_replications: int = quantity(
        "most replications that precision or selection may take",
        default=200,
        unit="replications",
        ge=10,
        le=100_000,
    )
    select: Literal["best"] | None = quantity(
        "replications go to the scenarios that may be the best by sweep.by, which is then played afresh",
        default=None,
    )
    indifference: float | None = quantity(
        "gap to the best that does not matter, of its mean or of 100 points; null: as in every verdict",
        default=None,
        unit="share",
        gt=0.0,
        le=1.0,
    )
    kind: Literal["long_run", "terminating"] = quantity(
        "is a steady state meant, or a period that ends", default="long_run"
    )
    horizon_weeks: int = quantity(
        "observed weeks, warm-up included", default=104, unit="weeks", ge=1, le=3_276
    )
    warm_up_weeks: int = quantity(
        "weeks cut off at the start of a long-run study", default=26, unit="weeks", ge=0, le=3_276
    )
    drain_weeks: int = quantity(
        "weeks the company goes on to finish what has arrived", default=8, unit="weeks", ge=0, le=520
    )
    engine: Literal["compiled", "simpy"] = quantity(
        "which engine computes; both give the same bits", default="compiled"
    )
    backend: Literal["local", "threads", "serial", "dask", "ray", "slurm"] = quantity(
        "where scenarios are computed", default="local"
    )
    address: str | None = quantity("address of a Dask or Ray cluster", default=None, max_length=200)
    jobs: int = quantity(
        "processes; 0: as many as there are cores", default=0, unit="processes", ge=0, le=4096
    )
    keep: Literal["all", "summary"] = quantity(
        "keep per-request detail of the analysis, or summaries only", default="all"
    )
    skip_infeasible: bool = quantity(
        "keep impossible combinations as rows instead of refusing", default=False
    )
    keep_going: bool = quantity("go on after many identical failures", default=False)
    budgets: Budgets = quantity("limits of a replication", default=Budgets())


class Scenario(Record):
    """Everything a replication needs to know."""

    company: Company = quantity("the company and its market")
    demand: Demand = quantity("how much demand comes", default=Demand())
    structure: Structure = quantity("the partition of the work cube")
    staffing: Staffing = quantity("how many people and where", default=Staffing())
    people: PeoplePolicy = quantity("how people learn and choose", default=PeoplePolicy())
    coordination: Coordination = quantity("what borders and decisions cost", default=Coordination())
    customers: CustomerPolicy = quantity("how customers are recognised and judge", default=CustomerPolicy())
    experiment: Experiment = quantity("how it is run", default=Experiment())

    changes: ClassVar[Callable[[Any, Iterable[str]], Any] | None] = None
    """Who reads overrides: the door, which is above the model, enters itself here."""

    def __repr__(self) -> str:
        """One line for notebooks; `model_dump()` shows everything."""
        size = f"{self.staffing.headcount} people, {self.experiment.horizon_weeks} weeks"
        runs = f"{self.experiment.replications} replications"
        return f"<Scenario {self.structure.name}: {self.company.name}, {size}, {runs}>"

    __str__ = __repr__

    def with_(self, *overrides: str) -> "Scenario":
        """A copy with other values, checked like a new scenario; the scenario itself stays as it is.

        Parameters
        ----------
        overrides : as on the command line: values by dotted key, and choices of shipped files such as
            `"structure=matrix"`. Another company or study is another scenario: load it. A company given by
            facts is written out when it is loaded, so here its demand no longer follows the headcount.

        Raises
        ------
        BadScenario
            with every mistake at once.

        >>> from sim import load_scenario
        >>> load_scenario(["structure=customer"]).with_("demand.scale=1.2").demand.scale
        1.2
        """
        if Scenario.changes is None:
            raise RuntimeError("overrides are read by the library: import it first, from sim import Scenario")
        changed: Scenario = Scenario.changes(self, overrides)
        return changed

    @property
    def day(self) -> float:
        """Open hours of a day, on the grid of time (see `sim.rules.grid`): days begin at points of it."""
        return math.floor(self.company.clock.hours_per_day * POINTS_AN_HOUR + 0.5) / POINTS_AN_HOUR

    @property
    def week(self) -> float:
        """Open hours of a week, on the grid."""
        return self.day * self.company.clock.days_per_week

    @property
    def horizon(self) -> float:
        """End of the observed period in open hours."""
        return self.experiment.horizon_weeks * self.week

    @property
    def warm_up(self) -> float:
        """Start of the observed period in open hours."""
        return self.experiment.warm_up_weeks * self.week

    @property
    def knowledge_matters(self) -> bool:
        """Whether knowing the work makes a difference: to effort, to defects, to what customers see of it."""
        return self.people.knowledge_scale > 0.0

    @property
    def work_functions(self) -> tuple[str, ...]:
        """Functions done by people, in the order of the company."""
        return tuple(name for name, function in self.company.functions.items() if function.kind == "work")
