"""What happens to the state at the end of each week: each mechanism's step, in the order of the mechanisms.

Invariant: runs after the completions of its instant and before any start.
"""

from collections.abc import Callable

from sim.mechanisms import MECHANISMS
from sim.review.judging import History, Ids
from sim.review.state import State

STEPS = tuple((one.switch, one.review) for one in MECHANISMS if one.review is not None)


def weekly_review(state: State, week: int, history: Callable[[Ids], History] | None = None) -> None:
    """Age the state by a week, and say what that means for the next one.

    Parameters
    ----------
    week : number of the week that ends, from 1; addresses the draws of mechanisms that need random numbers.
    history : what has become of requests of the world by then; None: nothing is judged.
    """
    if state.opinions is not None and history is not None:
        state.opinions.judge(history, week * state.numbers.week, state.courtesy, state.unmet)
    for switch, step in STEPS:
        if not switch or getattr(state.numbers, switch):
            step(state, week)
    if state.slow:
        state.set_effects(week)
