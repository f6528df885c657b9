"""The company and its market as they are, whatever its organisation: functions, products, segments, demand.

Invariant: nothing here depends on the structure.
"""

from typing import Annotated, Literal

from pydantic import Field

from sim.schema.base import Name, Record, quantity, share
from sim.schema.laws import Deterministic, Law, Patience, Unlimited

Factor = Annotated[float, Field(ge=0.0, le=1000.0)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


class Clock(Record):
    """Opening hours; the model's time unit is one open hour."""

    hours_per_day: float = quantity("open hours a day", default=8.0, unit="h", gt=0.0, le=24.0)
    days_per_week: int = quantity("open days a week", default=5, unit="days", ge=1, le=7)
    week: tuple[Share, ...] = quantity(
        "how much of each clock hour of the week is open, Monday 0:00 first; empty: whole days from 9:00",
        default=(),
        unit="share",
    )
    begins: str = quantity("the Monday on which week 0 begins, for event logs", default="2024-01-01")
    time_zone: str | None = quantity("zone of the clock hours, such as Europe/Rome", default=None)


class Knowledge(Record):
    """How much longer a beginner takes on each axis (a_f, a_p, a_s): 1 doubles the step."""

    function: float = quantity(
        "weight of knowing the function", default=0.4, unit="factor", ge=0.0, le=10.0, advised=(0, 3)
    )
    product: float = quantity(
        "weight of knowing the product", default=0.3, unit="factor", ge=0.0, le=10.0, advised=(0, 3)
    )
    segment: float = quantity(
        "weight of knowing the segment", default=0.3, unit="factor", ge=0.0, le=10.0, advised=(0, 3)
    )


class Function(Record):
    """A kind of work, or a pure delay outside the company that no department owns."""

    side: Literal["front", "back"] = quantity("does it face the customer")
    kind: Literal["work", "delay"] = quantity("work done by people, or time passing outside", default="work")
    knowledge: Knowledge = quantity(
        "weights of knowledge; E1 and E2 for the existence, sizes are swept",
        default=Knowledge(),
        source="E1",
        grade="C",
    )
    exception_share: Share | None = share(
        "share of visits that need a decision; null: coordination.exception_share",
        default=None,
        source="E13",
        grade="C",
    )
    activity: str | None = quantity(
        "its name in an event log; null: the function's own", default=None, min_length=1, max_length=200
    )


class Recorded(Record):
    """Past cases of a product, one after the other: a request goes the way of one that came at such an hour.

    Lists have one entry per case (`steps`, `hour`) or per step (the others).
    """

    steps: tuple[int, ...] = quantity("steps of each case", unit="steps", min_length=1)
    hour: tuple[float, ...] = quantity("open hour of the week at which the case came", unit="h")
    alike: int = quantity("cases of about the same hour of which one is drawn", unit="cases", ge=1)
    functions: tuple[Name, ...] = quantity("functions that `function` counts into", min_length=1)
    function: tuple[int, ...] = quantity("what was done in each step")
    work: tuple[float, ...] = quantity("how long it was worked on", unit="h")
    wait: tuple[float, ...] = quantity("time that was nobody's work before the step", unit="h")
    waiting: Name = quantity("the delay as which those waits are told")
    alongside: tuple[bool, ...] = quantity(
        "was the next step free to begin, after its wait, when this one began"
    )
    people: tuple[Name, ...] = quantity("people that `person` counts into", default=())
    person: tuple[int, ...] = quantity(
        "who did each step, -1 where nobody is known; in relays, if they are there"
    )


class Product(Record):
    """What a request is about: an ordered route of functions with the work content of each."""

    route: tuple[Name, ...] = quantity(
        "functions in order; a function may come more than once", min_length=1, max_length=500
    )
    work: dict[Name, Law] = quantity(
        "work content of a visit by function, of a fully experienced person",
        unit="h",
        source="E15",
        grade="C",
    )
    visit_share: dict[Name, Share] = quantity(
        "probability that a step of this function happens; 1 where missing", default={}, unit="share"
    )
    recorded: Recorded | None = quantity(
        "past cases to draw from instead, whole; the route then lists their functions", default=None
    )


class Weights(Record):
    """What a segment's satisfaction is made of."""

    responsiveness: float = quantity(
        "weight of responsiveness", default=0.2, unit="weight", source="E33", grade="B", ge=0.0, le=1.0
    )
    reliability: float = quantity(
        "weight of reliability", default=0.2, unit="weight", source="E33", grade="B", ge=0.0, le=1.0
    )
    assurance: float = quantity(
        "weight of assurance", default=0.2, unit="weight", source="E33", grade="B", ge=0.0, le=1.0
    )
    empathy: float = quantity(
        "weight of empathy", default=0.2, unit="weight", source="E33", grade="B", ge=0.0, le=1.0
    )
    ease: float = quantity(
        "weight of ease", default=0.2, unit="weight", source="E33", grade="B", ge=0.0, le=1.0
    )


class Segment(Record):
    """A group of customers with the same real needs."""

    customers: int = quantity("number of customers", unit="customers", ge=1, le=1_000_000)
    kind: Literal["individual", "organisation", "government"] = quantity(
        "kind of customer", default="individual"
    )
    requests_per_year: float | None = quantity(
        "requests per customer and year, Poisson; or give interarrival",
        default=None,
        unit="1/year",
        gt=0.0,
        le=1e7,
    )
    interarrival: Law | None = quantity(
        "time between requests of one customer; or give requests_per_year", default=None, unit="h"
    )
    batch: Law = quantity(
        "requests that come together, rounded to whole numbers of at least 1",
        default=Deterministic(law="deterministic", mean=1.0),
        unit="requests",
    )
    mix: dict[Name, Share] = quantity("share of each product in the requests; adds up to 1", unit="share")
    complexity: float = quantity(
        "factor on the work content of this segment",
        default=1.0,
        unit="factor",
        gt=0.0,
        le=100.0,
        advised=(0.5, 2),
    )
    customisation: float = share("need for adapted service", default=0.0)
    promise_hours: float = quantity("promised response time", default=40.0, unit="h", gt=0.0, le=100_000.0)
    patience: Patience = quantity(
        "how long a customer waits, used when customers.patience is on",
        default=Unlimited(law="none"),
        unit="h",
        source="E30",
        grade="B",
    )
    priority: int = quantity(
        "class for segment_priority dispatch, 1 is served first", default=1, unit="class", ge=1, le=1000
    )
    margin: float = quantity(
        "margin of a resolved request, before wages", default=100.0, unit="money", ge=0.0, le=1e9
    )
    weights: Weights = quantity(
        "weights of the satisfaction scores", default=Weights(), source="E33", grade="B"
    )
    opens: int = quantity(
        "week in which the first of them comes; 0: they always did", default=0, unit="week", ge=0, le=10_000
    )
    closes: int | None = quantity(
        "first week in which none of them comes any more", default=None, unit="week", ge=1, le=10_000
    )
    overlap: dict[Name, Share] = quantity(
        "segment: share of what people know of it that holds for this one, when this one opens",
        default={},
        unit="share",
    )
    attributes: dict[Name, dict[Name, Share]] = quantity(
        "attribute: share of customers with each value", default={}, unit="share"
    )


class Profile(Record):
    """How demand varies over the open hours; factors are scaled to mean 1, empty lists mean flat."""

    hour_of_day: tuple[Factor, ...] = quantity(
        "factor for each open hour of a day", default=(), unit="factor"
    )
    day_of_week: tuple[Factor, ...] = quantity(
        "factor for each open day of a week", default=(), unit="factor"
    )
    month_of_year: tuple[Factor, ...] = quantity(
        "factor for each twelfth of a year", default=(), unit="factor"
    )


class Facts(Record):
    """A company in short, instead of functions, products and segments: all alike but for these facts."""

    functions: int = quantity(
        "kinds of work; the first half faces the customer", unit="functions", ge=1, le=20
    )
    products: int = quantity("products, asked for equally often", unit="products", ge=1, le=50)
    segments: int = quantity("customer segments of equal size", unit="segments", ge=1, le=50)
    step_hours: float = quantity("mean work content of a step", unit="h", gt=0.0, le=1000.0)
    step_cv: float = quantity(
        "spread of the work content",
        default=1.0,
        unit="factor",
        source="E15",
        grade="A",
        ge=0.0,
        le=10.0,
        advised=(0.6, 1.6),
    )
    offered: float = share(
        "work that comes in for each hour of the payroll, at an unfamiliarity of 0.6", advised=(0.4, 0.8)
    )
    knowledge: float = quantity(
        "sum of the knowledge weights of each function",
        default=1.0,
        unit="factor",
        source="E1",
        grade="C",
        ge=0.0,
        le=10.0,
        advised=(0.5, 3),
    )
    front: Knowledge = quantity(
        "shares of function, product and segment in it, for functions facing the customer"
    )
    back: Knowledge = quantity("the same for the other functions")


class Company(Record):
    """Who the customers are and what serving them takes."""

    name: Name = quantity("name of the company")
    description: str = quantity("one paragraph on what it stands for", max_length=4000)
    source: str = quantity("where the numbers come from", max_length=4000)
    grade: Literal["A", "B", "C", "D"] = quantity("strength of the source", default="D")
    clock: Clock = quantity("opening hours", default=Clock())
    facts: Facts | None = quantity("the company in short, written out before anything runs", default=None)
    functions: dict[Name, Function] = quantity("kinds of work", min_length=1, max_length=500)
    products: dict[Name, Product] = quantity("products and their routes", min_length=1, max_length=200)
    segments: dict[Name, Segment] = quantity("customer segments", min_length=1, max_length=200)
    profile: Profile = quantity("daily, weekly and yearly pattern of demand", default=Profile())

    def __repr__(self) -> str:
        """One line for notebooks."""
        parts = ", ".join(
            f"{len(getattr(self, kind))} {kind}" for kind in ("functions", "products", "segments")
        )
        return f"<Company {self.name}: {parts}>"

    __str__ = __repr__


class Surge(Record):
    """A one-off change of demand between two weeks."""

    from_week: int = quantity("first week, counted from 0", unit="week", ge=0, le=10_000)
    to_week: int = quantity("first week after the surge", unit="week", ge=1, le=10_000)
    factor: float = quantity("factor on demand", unit="factor", ge=0.0, le=100.0)
    segment: Name | None = quantity("only this segment", default=None)


class Demand(Record):
    """How much of the company's usual demand comes: an uncertainty, not a lever."""

    scale: float = quantity(
        "factor on all request rates", default=1.0, unit="factor", gt=0.0, le=1000.0, advised=(0.5, 1.5)
    )
    profile: bool = quantity("use the company's pattern over day, week and year", default=True)
    trend_per_year: float = quantity("growth of demand a year", default=0.0, unit="share", ge=-0.9, le=10.0)
    surges: tuple[Surge, ...] = quantity("one-off changes", default=())
