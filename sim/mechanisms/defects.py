"""K10 Inspection and rework: steps go wrong, more so for who knows less, and are done again in part.

Invariant: every probability lies in [0, 1].
"""

from sim.jit import compiled
from sim.mechanisms.record import Mechanism
from sim.rules.elementary import power
from sim.schema.base import Record, quantity, share


class Defects(Record):
    """How often a step goes wrong: base + unfamiliarity (u - reference) + context (1 - c)."""

    base: float = share(
        "probability for a person of reference familiarity with full context",
        default=0.03,
        off=0.0,
        source="E14",
        grade="C",
        advised=(0, 0.1),
    )
    unfamiliarity: float = quantity(
        "more for each unit of unfamiliarity",
        default=0.06,
        off=0.0,
        unit="share",
        source="E14",
        grade="D",
        ge=0.0,
        le=1.0,
        advised=(0, 0.2),
    )
    reference: float = share(
        "unfamiliarity at which base holds, the same for all structures", default=0.5, off=0.0
    )
    context: float = share(
        "more when all context is lost", default=0.2, off=0.0, source="E9", grade="D", advised=(0, 1)
    )


class Inspection(Record):
    """What is found inside, and how much is done again."""

    caught: float = share(
        "share of defective requests found inside, before the customer sees them",
        default=0.5,
        off=1.0,
        advised=(0.2, 0.9),
    )
    share: float = quantity(
        "work of a repeated step as a share of the first visit",
        default=0.5,
        off=1.0,
        unit="share",
        ge=0.0,
        le=10.0,
        advised=(0.2, 1),
    )
    rounds: int = quantity("most repeats of a request", default=3, off=10_000, unit="rounds", ge=0, le=10_000)
    fresh: bool = quantity(
        "draw the work of a repeat anew instead of repeating a share of the first visit's",
        default=False,
        off=True,
    )


MECHANISM = Mechanism(
    id="K10",
    claim="inspection and rework",
    source="E14",
    section="2.5",
    shown="V14, V15; passage *rework*; `first_time_right`",
    records=(("coordination.defects", Defects), ("coordination.rework", Inspection)),
)


@compiled
def defect_probability(
    base: float, slope: float, unfamiliar: float, reference: float, context: float, context_slope: float,
    care: float,
) -> float:  # fmt: skip
    """Probability that a step is defective (K10).

    `care (base + slope (u - reference) + (1 - c) context_slope)`, cut to [0, 1].

    Parameters
    ----------
    base, slope, context_slope : shares, in [0, 1]. unfamiliar : u, in [0, 1]. reference : in [0, 1], a
        constant of
        the company, so the same for all structures. context : c, what is left of it before rereading, in
        [0, 1]. care : factor of the person, an effect of other mechanisms, >= 0.
        Source: E9 and E14 for the form.

    >>> round(float(defect_probability(0.03, 0.1, 0.7, 0.5, 0.9, 0.2, 1.0)), 12)
    0.07
    >>> round(float(defect_probability(0.03, 0.1, 0.7, 0.5, 0.9, 0.2, 0.5)), 12)
    0.035
    """
    probability = base + slope * (unfamiliar - reference) + (1.0 - context) * context_slope
    return min(1.0, max(0.0, care * probability))


@compiled
def expected_repeats(wrong: float, caught: float, complaint: float, rounds: int) -> float:
    """Repeated rounds of a request (K10, C12): `q (1 - q^n) / (1 - q)`, q being the chance of another round.

    A defect is found inside or brought back by the customer:
    `q = wrong (caught + (1 - caught) complaint)`.

    Parameters
    ----------
    wrong, caught, complaint : probabilities, in [0, 1]. rounds : n, most repeats, >= 0.
        Source: model.md, 2.5; the sum of a geometric series.

    >>> round(float(expected_repeats(0.5, 1.0, 0.0, 2)), 12)
    0.75
    """
    again = wrong * (caught + (1.0 - caught) * complaint)
    if again <= 0.0 or again >= 1.0:
        return again * rounds
    return again * (1.0 - power(again, float(rounds))) / (1.0 - again)
