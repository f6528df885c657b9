"""The weekly review: everything slow, vectorised over people, written once and called by both engines.

Invariant: a review changes the state in place only; engines keep no copies of the state across it.
"""

from sim.review.state import State, starting_state
from sim.review.weekly import weekly_review

__all__ = ["State", "starting_state", "weekly_review"]
