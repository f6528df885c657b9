"""What mechanisms do together to what the flow reads: a product over those that are on, from neutral.

Invariant: a mechanism at its neutral values contributes exactly 1.
"""

from typing import Any

from sim.mechanisms import MECHANISMS


def pace_in_department(numbers: Any, workers: int) -> float:
    """Time factor that a department of so many people gives each of them; 1 changes nothing.

    Parameters
    ----------
    numbers : `Numbers.record` of the scenario.
    """
    factor = 1.0
    for mechanism in MECHANISMS:
        if mechanism.pace is not None:
            factor *= mechanism.pace(numbers, workers)
    return factor
