"""C3 Individuals, organisations and government need different adaptation: more work, and only who knows them
answers it well.

Invariant: a segment without a need for adapted service pays and loses nothing.
"""

from sim.jit import compiled
from sim.mechanisms.record import Mechanism
from sim.schema.base import Record, quantity


class Customisation(Record):
    """What adapted service costs."""

    customisation_work: float = quantity(
        "more work for a segment with customisation 1",
        default=0.5,
        off=0.0,
        unit="share",
        source="E17",
        grade="D",
        ge=0.0,
        le=10.0,
    )


MECHANISM = Mechanism(
    id="C3",
    claim="kinds of customers need different adaptation",
    source="E17",
    section="2.2, 2.12",
    shown="satisfaction by segment (empathy)",
    records=(("customers", Customisation),),
    keys=("company.segments.<name>.customisation",),
)


@compiled
def content_factor(complexity: float, customisation: float, more_work: float) -> float:
    """Work content of a segment's request over that of a plain one (C3): `complexity (1 + more work x need)`.

    Parameters
    ----------
    complexity : factor, > 0. customisation : need for adapted service, in [0, 1]. more_work : share, >= 0.
        Source: E17.

    >>> float(content_factor(2.0, 0.5, 0.5))
    2.5
    """
    return complexity * (1.0 + more_work * customisation)


@compiled
def unmet_customisation(customisation: float, adapted: bool, unfamiliarity: float) -> float:
    """Share of a step's need for adapted service that is not met (C3): `c (1 - adapted (1 - u))`.

    A step is adapted when the company acts on the right segment; even then only what the person knows
    about
    that segment is answered well.

    Parameters
    ----------
    customisation : c, need of the segment, in [0, 1]. adapted : is the right segment acted on?
    unfamiliarity : u, of the person with the segment, in [0, 1]. Source: assumption; E33 for empathy.

    >>> unmet_customisation(0.4, True, 0.25), unmet_customisation(0.4, False, 0.25)
    (0.1, 0.4)
    """
    return customisation * (1.0 - (1.0 - unfamiliarity if adapted else 0.0))
