"""What happens to the state at the end of each week, in a fixed order.

New slow mechanisms join the list here. Invariant: runs after the completions of its instant and before any
start.
"""

from sim.review.state import State


def weekly_review(state: State, week: int) -> None:
    """Age the state by a week.

    Parameters
    ----------
    week : number of the week that ends, from 1; addresses the draws of mechanisms that need luck.
    """
    forget(state)


def forget(state: State) -> None:
    """Experience fades (P2): `K <- d K` a week; use renews it through the steps in between. Source: E3."""
    state.by_function[...] *= state.retention
    state.by_product[...] *= state.retention
    state.by_segment[...] *= state.retention
