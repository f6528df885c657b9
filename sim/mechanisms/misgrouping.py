"""C2 Grouping goes wrong: a customer stands in the wrong group or in none, until somebody finds out.

Invariant: the true segment of a customer never changes here. The shares are standing ones: a record that is
drawn anew, after a change or a request, is wrong as often as before, so as many go wrong as are put right.
"""

from sim.jit import compiled
from sim.mechanisms.record import Mechanism
from sim.schema.base import Record, quantity, share
from sim.schema.laws import Exponential, Law


class Misgrouping(Record):
    """How often records are wrong or missing, and what that costs."""

    misgrouped: float = share(
        "share of records in the wrong group, at any time",
        default=0.05,
        off=0.0,
        source="E12",
        grade="C",
        advised=(0.01, 0.2),
    )
    excluded: float = share(
        "share of customers in no group, at any time",
        default=0.01,
        off=0.0,
        source="E12",
        grade="D",
        advised=(0, 0.05),
    )


class PuttingRight(Record):
    """What it takes to find out, and how long a record stays what it is."""

    triage_share: float = quantity(
        "effort to find out, as a share of the step",
        default=0.3,
        off=0.0,
        unit="share",
        source="E12",
        grade="D",
        ge=0.0,
        le=10.0,
    )
    claim: Law = quantity(
        "time until an excluded customer is taken on",
        default=Exponential(law="exponential", mean=8.0),
        off={"law": "deterministic", "mean": 0.0},
        unit="h",
    )
    corrected: float = share(
        "probability that the record is drawn anew after a request: wrong ones heal, as many others go wrong",
        default=0.5,
        off=0.0,
    )
    changes_per_year: float = quantity(
        "how often a customer changes so that the record is drawn anew",
        default=0.2,
        off=0.0,
        unit="changes/year",
        ge=0.0,
        le=100.0,
        advised=(0.05, 1),
    )


MECHANISM = Mechanism(
    id="C2",
    claim="grouping goes wrong: customers in the wrong group or in none",
    source="E12",
    section="2.8",
    shown="kinds *wrong group put right*, *finding the right place*; `handoffs_mean`",
    records=(("customers", Misgrouping), ("customers", PuttingRight)),
    kinds=(
        ("triage", "customers.misgrouped", "how many customers are filed wrongly"),
        ("claim", "customers.excluded", "how many customers are in no record"),
    ),
)


@compiled
def triage_hours(work: float, share: float) -> float:
    """Finding out that a customer belongs elsewhere (C2): `share x work` of the step.

    Parameters
    ----------
    work : content of the step, hours, >= 0. share : >= 0. Source: E12.

    >>> float(triage_hours(2.0, 0.25))
    0.5
    """
    return share * work
