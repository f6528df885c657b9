"""What happens to the state at the end of each week: each mechanism's step, in the order of the mechanisms.

Invariant: runs after the completions of its instant and before any start.
"""

from sim.mechanisms import MECHANISMS
from sim.review.state import State

STEPS = tuple((one.switch, one.review) for one in MECHANISMS if one.review is not None)


def weekly_review(state: State, week: int) -> None:
    """Age the state by a week, and say what that means for the next one.

    Parameters
    ----------
    week : number of the week that ends, from 1; addresses the draws of mechanisms that need random numbers.
    """
    for switch, step in STEPS:
        if not switch or getattr(state.numbers, switch):
            step(state, week)
    if state.slow:
        state.set_effects(week)
