"""What is designed: the structure and its staff.

Invariant: these are the levers; the company and its demand stay as they are when they change.
"""

from typing import Annotated, Literal

from pydantic import Field

from sim.schema.base import Name, Record, quantity, share

Axis = Literal["function", "product", "segment"]
Names = Literal["all"] | tuple[Name, ...]
Wage = Annotated[float, Field(ge=0.0, le=1e9)]
People = Annotated[int, Field(ge=0, le=100_000)]


class Block(Record):
    """Some functions, cut along some axes."""

    functions: Literal["front", "back", "rest", "all"] | tuple[Name, ...] = quantity(
        "front, back, rest, all, or names"
    )
    group_by: tuple[Axis, ...] = quantity(
        "axes that separate departments; none: one department", default=(), max_length=3
    )


class Cells(Record):
    """A box of the work cube: these functions x these products x these segments."""

    functions: Names = quantity("function names, or all", default="all")
    products: Names = quantity("product names, or all", default="all")
    segments: Names = quantity("segment names, or all", default="all")


class Coordinators(Record):
    """A person per segment or product who owns requests across departments (matrix)."""

    group_by: Annotated[tuple[Literal["segment", "product"], ...], Field(min_length=1, max_length=1)] = (
        quantity("what a coordinator looks after")
    )


class Structure(Record):
    """A partition of the work cube: which department does which (function, product, segment)."""

    name: Name = quantity("name of the structure")
    description: str = quantity("what it is", default="", max_length=4000)
    source: str = quantity("where it comes from", default="", max_length=4000)
    blocks: tuple[Block, ...] = quantity(
        "rules that cut the cube; leave empty when departments are listed", default=()
    )
    departments: dict[Name, tuple[Cells, ...]] = quantity("explicit departments with their cells", default={})
    coordinators: Coordinators | None = quantity("matrix coordination", default=None)


class Wages(Record):
    """Yearly cost of a person, in any one currency."""

    worker: float = quantity("a worker", default=50_000.0, unit="money/year", ge=0.0, le=1e9)
    manager: float = quantity("a manager", default=75_000.0, unit="money/year", ge=0.0, le=1e9)
    coordinator: float = quantity("a coordinator", default=60_000.0, unit="money/year", ge=0.0, le=1e9)
    premium_per_function: float = share("extra wage for each further function a worker covers", default=0.0)
    functions: dict[Name, Wage] = quantity(
        "a worker by function, where not `worker`; who covers several gets the highest",
        default={},
        unit="money/year",
    )


class Skill(Record):
    """Cells some workers may do, and how gladly: 0 is their first choice."""

    cells: Cells = quantity("what they may do", default=Cells())
    rank: int = quantity(
        "order of preference, the smallest is served first", default=0, unit="rank", ge=0, le=1000
    )


class Person(Record):
    """A worker described one by one: for skill-based routing and for pairs of unlike people."""

    department: Name = quantity("department the person works in")
    skills: tuple[Skill, ...] = quantity(
        "what the person may do; everything in the department when empty", default=()
    )
    hand_of: Name | None = quantity(
        "another person of the roster, just before, whose further hand this is, for work at the same time",
        default=None,
    )
    pace: float | None = quantity(
        "time factor of this person; null: drawn from people.speed_cv",
        default=None,
        unit="factor",
        gt=0.0,
        le=100.0,
    )


class Staffing(Record):
    """How many people, and where."""

    basis: Literal["payroll", "workers", "cost"] = quantity(
        "what headcount limits: all people, workers only, or workers' wages that could be paid",
        default="payroll",
    )
    headcount: int = quantity(
        "size of the company on that basis", default=24, unit="people", ge=1, le=100_000
    )
    allocation: Literal["load", "best", "square_root", "explicit"] = quantity(
        "how people are spread over departments", default="load"
    )
    workers: dict[Name, People] = quantity(
        "workers by department, for explicit allocation", default={}, unit="people"
    )
    spread: Literal["once", "each"] = quantity(
        "in a sweep over what nobody designs (demand, people, coordination, customers): once for each"
        " structure, at the values of the study, and held; or anew in each scenario",
        default="once",
    )
    held: dict[Name, People] = quantity(
        "workers by department that a sweep has spread and holds; filled in by it", default={}, unit="people"
    )
    held_coordinators: dict[Name, People] = quantity(
        "coordinators by segment or product, likewise", default={}, unit="people"
    )
    roster: dict[Name, Person] = quantity("people one by one; overrides the numbers", default={})
    managers: bool = quantity("departments have managers", default=True)
    span: int = quantity(
        "workers a manager can lead", default=10, unit="people", ge=1, le=1000, advised=(5, 15)
    )
    share_manager_below: int = quantity(
        "departments smaller than this may share a manager", default=5, unit="people", ge=0, le=1000
    )
    waiting_room: int | None = quantity(
        "places to wait in each department; null: no limit", default=None, unit="requests", ge=0, le=1_000_000
    )
    training_hours_per_function: float = quantity(
        "training a worker needs a week for each further function covered",
        default=0.0,
        unit="h/week",
        ge=0.0,
        le=40.0,
    )
    wages: Wages = quantity("cost of people", default=Wages())

    @property
    def given(self) -> dict[str, int] | None:
        """Workers by department, where no rule has to spread them."""
        return self.held or (self.workers if self.allocation == "explicit" else None)
