"""P7 Departments help each other: who has nothing to do takes work from a long queue elsewhere.

At his or her own familiarity, and with the context lost that is lost at a border; the request stays where it
is. Invariant: one's own department comes first; nobody is called away from anything.
"""

from typing import Literal

from sim.jit import inlined
from sim.mechanisms.record import Mechanism
from sim.schema.base import Switched, quantity


class Helping(Switched):
    """When people help another department."""

    threshold: int = quantity(
        "requests that must be waiting in a department before somebody else helps", default=3,
        unit="requests", ge=1, le=1_000_000, advised=(1, 20),
    )  # fmt: skip
    who: Literal["all", "same_side", "neighbours"] = quantity(
        "who helps whom: all, departments with functions on the same side, those that exchange work",
        default="all",
    )


MECHANISM = Mechanism(
    id="P7",
    claim="departments help each other",
    source="assumption",
    section="2.14",
    shown="`helped_share`; `people.helping=on`",
    records=(("people.helping", Helping),),
    default="off",
    switch="helping_enabled",
)


@inlined
def needs_help(waiting: int, threshold: int) -> bool:
    """Do so many wait in a department that others help (P7)?

    Parameters
    ----------
    waiting : requests that wait for somebody there. threshold : fewest for which anybody comes, >= 1.
        Source: assumption.

    >>> needs_help(2, 3), needs_help(3, 3)
    (False, True)
    """
    return waiting >= threshold
