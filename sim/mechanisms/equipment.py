"""P8 Equipment fails; a good manager acts before or at once.

The workplace of a worker fails while a step is worked on; a crew that all share repairs one workplace after
the other, and the step goes on where it was. Invariant: a workplace ages by work alone, never by waiting.
"""

from typing import Any, Literal

from sim.draws import PURPOSE_FAILS, PURPOSE_REPAIR, uniform
from sim.jit import compiled, inlined
from sim.mechanisms.absence import seat_addresses
from sim.mechanisms.record import Mechanism
from sim.rules.elementary import logarithm, power
from sim.rules.grid import on_grid
from sim.schema.base import Switched, quantity

AT_ONCE, NEXT_MORNING = range(2)


class Equipment(Switched):
    """Workplaces that fail, and who repairs them."""

    hours_between: float = quantity(
        "mean hours of work between two failures of a workplace without prevention", default=400.0, unit="h",
        gt=0.0, le=1e6, advised=(100, 2000),
    )  # fmt: skip
    repair_hours: float = quantity(
        "mean hours of a repair, exponential", default=4.0, unit="h", ge=0.0, le=10_000.0, advised=(1, 16)
    )
    crew: int = quantity(
        "people who repair, from outside the payroll; each takes one workplace at a time", default=1,
        unit="people", ge=1, le=10_000,
    )  # fmt: skip
    wage: float = quantity(
        "what each of them costs a year", default=50_000.0, unit="money/year", ge=0.0, le=1e9
    )
    preventive_hours: float = quantity(
        "hours a week that each worker gives to looking after the workplace", default=0.0, unit="h/week",
        ge=0.0, le=20.0,
    )  # fmt: skip
    halving_hours: float = quantity(
        "hours of that a week which halve the number of failures", default=1.0, unit="h/week", gt=0.0,
        le=1000.0,
    )  # fmt: skip
    manager_reacts: Literal["at_once", "next_morning"] = quantity(
        "when the crew is called", default="at_once"
    )


def keep(state: Any) -> dict[str, Any]:
    """Addresses of draws, by worker; what the crew costs."""
    cost = state.numbers.equipment_crew * state.numbers.equipment_wage
    return {
        "people": seat_addresses(state),
        "told": {"cost": cost},
    }


def effect(state: Any, effects: Any, week: int) -> None:
    """Prevention takes hours."""
    daily = on_grid(state.numbers.equipment_preventive_hours / state.numbers.days)
    effects.duty_hours[: len(state.department)] += daily


def presence(rules: Any) -> float:
    """Share of a person's hours for which the workplace works, while nobody waits for the crew."""
    between = hours_between(
        rules.equipment_hours_between, rules.equipment_preventive_hours, rules.equipment_halving_hours
    )
    return float(between / (between + rules.equipment_repair_hours))


def tell(told: dict[str, Any], weeks: slice) -> list[tuple[str, str, float]]:
    """What the crew costs."""
    return [("repair_cost", "money/year", told["cost"])]


MECHANISM = Mechanism(
    id="P8",
    claim="equipment fails; a good manager acts before or at once",
    source="assumption",
    section="2.14",
    shown="duty and kind *breakdown*; `down_share`, `repair_cost`; V27; `people.equipment=on`",
    records=(("people.equipment", Equipment),),
    kinds=(("breakdown", "people.equipment.hours_between", "how often workplaces fail"),),
    default="off",
    switch="equipment_enabled",
    keeps=keep,
    effect=effect,
    presence=presence,
    tells=tell,
)


@compiled
def hours_between(mean: float, preventive: float, halving: float) -> float:
    """Mean hours of work between failures with prevention (P8): `m 2^(p / h)`.

    Parameters
    ----------
    mean : m, without, > 0. preventive : p, hours a week, >= 0. halving : h, hours a week, > 0.
        Source: assumption.

    >>> round(hours_between(400.0, 2.0, 2.0), 9), hours_between(400.0, 0.0, 1.0)
    (800.0, 400.0)
    """
    return mean * power(2.0, preventive / halving)


@inlined
def failure(numbers: Any, seat: int, number: int) -> float:
    """Hours of work from the last repair of a workplace to its next failure (P8), exponential.

    Parameters
    ----------
    numbers : record of the scenario's numbers. seat : address of its draws. number : of failures so far.
        Source: assumption.
    """
    own = numbers[0]
    mean = hours_between(
        own.equipment_hours_between, own.equipment_preventive_hours, own.equipment_halving_hours
    )
    return on_grid(-mean * logarithm(uniform(seat, PURPOSE_FAILS, 0, number)))


@inlined
def repair(numbers: Any, seat: int, number: int) -> float:
    """Hours of the repair after so many failures (P8), exponential; arguments as of `failure`.

    Source: assumption.
    """
    return on_grid(-numbers[0].equipment_repair_hours * logarithm(uniform(seat, PURPOSE_REPAIR, 0, number)))
