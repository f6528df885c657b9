"""What happens to the state at the end of each week: each mechanism's step, in the order of the mechanisms.

Invariant: runs after the completions of its instant and before any start.
"""

from sim.mechanisms import MECHANISMS
from sim.review.state import State

STEPS = tuple(mechanism.review for mechanism in MECHANISMS if mechanism.review is not None)


def weekly_review(state: State, week: int) -> None:
    """Age the state by a week.

    Parameters
    ----------
    week : number of the week that ends, from 1; addresses the draws of mechanisms that need random numbers.
    """
    for step in STEPS:
        step(state, week)
