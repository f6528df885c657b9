"""C1 Customers are grouped by attributes, which need not follow what they really need.

Invariant: a grouping changes what the company knows, never what customers are.
"""

from typing import Annotated

from pydantic import Field

from sim.mechanisms.record import Mechanism
from sim.schema.base import Name, Record, quantity


class Grouping(Record):
    """Customers grouped by attributes; how well that meets their needs emerges from the overlap."""

    by: Annotated[tuple[Name, ...], Field(min_length=1, max_length=8)] = quantity("attributes used")
    groups: int = quantity(
        "most groups kept apart; the rest are treated as the last", unit="groups", ge=1, le=1000
    )


class Grouped(Record):
    """Whether the company groups by attributes."""

    grouping: Grouping | None = quantity("group by attributes instead of the two shares", default=None)


MECHANISM = Mechanism(
    id="C1",
    claim="customers are grouped by attributes; into how many groups, by which?",
    source="assumption",
    section="2.8",
    shown="kinds *wrong group put right*, *finding the right place*",
    records=(("customers", Grouped),),
    keys=("company.segments.<name>.attributes",),
    default="shares on, grouping off",
)
