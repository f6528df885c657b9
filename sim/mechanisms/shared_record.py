"""K2 Everybody knows the customer at every touchpoint: a record that all departments share, if it is kept.

Invariant: with quality 0 and no upkeep the record changes nothing.
"""

from sim.jit import compiled
from sim.mechanisms.record import Mechanism
from sim.schema.base import Switched, quantity, share

BEST_CONTEXT = 0.998
"""Context kept across a border with a perfect record (E9: print)."""
HELP = 0.3
"""Share of the unfamiliarity with a segment that a perfect record makes up for; assumption, D."""


class SharedRecord(Switched):
    """A customer record that all departments read and write."""

    quality: float = share(
        "how complete and current the record is", default=0.5, source="E9 for what a perfect one keeps"
    )
    upkeep_minutes: float = quantity(
        "minutes a step takes longer because the record is kept", default=3.0, unit="min", ge=0.0, le=120.0
    )
    licence: float = quantity(
        "money a year and person on the payroll", default=600.0, unit="money/year", ge=0.0, le=1e6
    )


MECHANISM = Mechanism(
    id="K2",
    claim="everybody knows the customer at every touchpoint",
    source="E9",
    section="2.14",
    shown="kind *rereading*; `cost`; `coordination.shared_record=on`",
    records=(("coordination.shared_record", SharedRecord),),
    default="off",
    switch="shared_record_enabled",
)


@compiled
def shared_context(kept: float, quality: float) -> float:
    """Context kept across a border with a shared record (K2): `r + q (0.998 - r)`, never less than r.

    Parameters
    ----------
    kept : r, without a record, in [0, 1]. quality : q, in [0, 1]. Source: E9.

    >>> round(float(shared_context(0.798, 0.5)), 12), float(shared_context(1.0, 1.0))
    (0.898, 1.0)
    """
    return kept + quality * max(0.0, BEST_CONTEXT - kept)


@compiled
def looked_up(unfamiliarity: float, quality: float) -> float:
    """Unfamiliarity with a segment of somebody who can look it up (K2): `u (1 - 0.3 q)`.

    Parameters
    ----------
    unfamiliarity : u, in [0, 1]. quality : q, in [0, 1]. Source: assumption.

    >>> float(looked_up(0.5, 0.0)), round(float(looked_up(0.5, 1.0)), 12)
    (0.5, 0.35)
    """
    return unfamiliarity * (1.0 - HELP * quality)


@compiled
def known_by_record(known: float, quality: float) -> float:
    """Share of steps at which the customer is known (K2): who only has the record counts as half, `q / 2`.

    Parameters
    ----------
    known : share of steps by people who have met the customer, in [0, 1]. quality : q, in [0, 1].
        Source: assumption.

    >>> known_by_record(0.5, 1.0), known_by_record(0.5, 0.0)
    (0.75, 0.5)
    """
    return known + (1.0 - known) * 0.5 * quality
