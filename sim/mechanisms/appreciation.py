"""C7 The customer may not value the effort: what is better than competitors' service counts only in part.

Invariant: service below the competitors' norm counts in full; with appreciation 1 all does.
"""

from sim.jit import compiled
from sim.mechanisms.record import Mechanism
from sim.schema.base import Switched, quantity, share

WEEKS = 52.0


class Appreciation(Switched):
    """What customers make of service that is better than elsewhere."""

    valued: float = share(
        "part of what is above the competitors' norm that customers value; 1 values all", default=0.3,
        source="E46", grade="C",
    )  # fmt: skip
    norm: float = share("assurance and empathy of competitors at the start", default=0.6)
    rise: float = quantity(
        "by how much the norm rises a year", default=0.01, unit="1/year", source="E46", grade="C", ge=0.0,
        le=1.0, advised=(0, 0.03),
    )  # fmt: skip


MECHANISM = Mechanism(
    id="C7",
    claim="the customer may not value the effort",
    source="E46",
    section="2.14",
    shown="satisfaction by segment (assurance, empathy); `customers.appreciation=on`",
    records=(("customers.appreciation", Appreciation),),
    default="off",
    switch="appreciation_enabled",
)


@compiled
def valued_score(own: float, norm: float, valued: float) -> float:
    """A score as customers feel it (C7): `norm + v (own - norm)` above the norm, else the score itself.

    Parameters
    ----------
    own : score in [0, 1]. norm : of competitors, in [0, 1]. valued : v, in [0, 1]. Source: E46.

    >>> valued_score(0.9, 0.5, 0.25), valued_score(0.4, 0.5, 0.25)
    (0.6, 0.4)
    """
    return norm + valued * (own - norm) if own > norm and valued < 1.0 else own


@compiled
def norm_after(norm: float, rise: float, weeks: float) -> float:
    """What competitors offer after so many weeks (C7), at most 1: `norm (1 + r weeks / 52)`.

    Parameters
    ----------
    norm : at the start, in [0, 1]. rise : r, a year, >= 0. weeks : >= 0. Source: E46.

    >>> norm_after(0.5, 0.1, 104.0), norm_after(0.9, 1.0, 52.0)
    (0.6, 1.0)
    """
    return min(1.0, norm * (1.0 + rise * weeks / WEEKS))
