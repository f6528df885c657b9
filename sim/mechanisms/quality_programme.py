"""K8 Quality programmes: what inspection looks for, customers' requirements or internal defect counts.

A defect either breaks what the customer requires or only a standard of the company's own, which no customer
feels. Invariant: a programme that looks for nothing changes nothing but which defects are felt.
"""

from typing import Any, Literal

from sim.jit import inlined
from sim.mechanisms.record import Mechanism
from sim.schema.base import Switched, quantity, share

Record = Any
NOTHING, INTERNAL, CUSTOMER, BOTH = range(4)


class QualityProgramme(Switched):
    """Inspection of every step."""

    looks_for: Literal["nothing", "internal", "customer", "both"] = quantity(
        "defects that inspection looks for: against internal standards, against what customers require, both",
        default="customer",
    )
    required: float = share(
        "share of defects that break what the customer requires; the others only break internal standards",
        default=0.5, advised=(0.2, 0.8),
    )  # fmt: skip
    finds: float = share(
        "share of the defects looked for that it finds, of those that would have slipped through",
        default=0.6, advised=(0.2, 0.9),
    )  # fmt: skip
    minutes: float = quantity(
        "minutes that each step takes longer; twice as long where both are looked for", default=3.0,
        unit="min", ge=0.0, le=480.0,
    )  # fmt: skip


MECHANISM = Mechanism(
    id="K8",
    claim="quality programmes: customers' requirements or internal defect counts",
    source="E14",
    section="2.14",
    shown="`first_time_right`, `hidden_work`, satisfaction; `coordination.quality_programme=on`",
    records=(("coordination.quality_programme", QualityProgramme),),
    default="off",
    switch="quality_programme_enabled",
)


@inlined
def caught_with(caught: float, finds: float, looks_for: int, felt: bool) -> float:
    """Chance that a defect is found inside (K8): `c + f (1 - c)` where its kind is looked for, else `c`.

    Parameters
    ----------
    caught : c, without a programme, in [0, 1]. finds : f, in [0, 1]. looks_for : NOTHING ... BOTH.
    felt : does the defect break what the customer requires? Source: E14 for c; f is an assumption.

    >>> round(caught_with(0.5, 0.6, CUSTOMER, True), 12), caught_with(0.5, 0.6, CUSTOMER, False)
    (0.8, 0.5)
    """
    own = CUSTOMER if felt else INTERNAL
    return caught + finds * (1.0 - caught) if looks_for in (own, BOTH) else caught


@inlined
def inspection_hours(minutes: float, looks_for: int) -> float:
    """Hours of inspecting a step (K8): `m / 60`, twice that for both kinds.

    Parameters
    ----------
    minutes : m, of a step and a kind of defects, >= 0. looks_for : NOTHING ... BOTH. Source: assumption.

    >>> inspection_hours(3.0, BOTH), inspection_hours(3.0, NOTHING)
    (0.1, 0.0)
    """
    kinds = 0.0 if looks_for == NOTHING else 2.0 if looks_for == BOTH else 1.0
    return kinds * minutes / 60.0


@inlined
def caught_chance(numbers: Record, felt: bool) -> float:
    """Chance that a defect is found inside (K10, K8); `felt`: does it break what the customer requires?

    Source: model.md, 2.14.
    """
    own = numbers[0]
    if not own.quality_programme_enabled:
        return own.rework_caught  # type: ignore[no-any-return]
    looks_for = own.quality_programme_looks_for
    return caught_with(own.rework_caught, own.quality_programme_finds, looks_for, felt)


@inlined
def again_chance(numbers: Record) -> float:
    """Chance that a defect means another round (K8): caught inside, or felt and complained of.

    Source: model.md, 2.14.
    """
    own, caught = numbers[0], caught_chance(numbers, True)
    felt = own.quality_programme_required * (caught + (1.0 - caught) * own.rework_complaint)
    return felt + (1.0 - own.quality_programme_required) * caught_chance(numbers, False)  # type: ignore[no-any-return]
