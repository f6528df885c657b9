"""Can this log carry a what-if, and for which questions? Green, amber or red, with the rule.

Invariant: a light depends on errors that were measured and on what the log names, on no structure.
"""

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from sim.fit.check import Comparison
from sim.fit.estimate import Estimate
from sim.fit.render import change, percent

GREEN, AMBER, RED = "green", "amber", "red"
FLOW = ("resolved_per_week", "visits_per_person_week", "hours_per_person_week")
RULES = {
    "How much is done, how busy are teams?": (FLOW, 0.10, 0.25),
    "How long does a ticket take on average?": (("time_in_system_mean",), 0.15, 0.30),
    "How long do half of the tickets take?": (("time_in_system_median",), 0.15, 0.40),
    "What do borders between departments cost?": (("changes_of_person",), 0.20, 0.50),
    "Does it depend on single people?": (("busiest_person_share",), 0.20, 0.50),
}
"""Measures of a question, and the largest relative errors up to which it is green or amber."""


class Light(NamedTuple):
    """A question, its colour, and why."""

    question: str
    colour: str
    why: str


def lights(found: Estimate, compared: Sequence[Comparison]) -> list[Light]:
    """One light a question: of the periods compared, up to a change of the log, the worst error counts."""
    fair = [one for one in compared if one.name != "kept for the check"] if len(compared) > 2 else compared
    judged = [_judged(question, *rule, fair) for question, rule in RULES.items()]
    return [*judged, *_names(found), _knowledge()]


def _judged(
    question: str, measures: Sequence[str], green: float, amber: float, compared: Sequence[Comparison]
) -> Light:
    errors = [(abs(row.error), row, one.name) for one in compared for row in one.rows if row.name in measures]
    if not errors:
        return Light(question, RED, "no period is long enough to compare")
    worst, row, period = max(errors, key=lambda one: one[0])
    colour = GREEN if worst <= green else AMBER if worst <= amber else RED
    size = change(row.error if isfinite(row.error) else None)
    name = row.name.replace("_", " ")
    figures = f"{name}: {row.simulated:.3g} simulated, {row.real:.3g} real ({size}, {period})"
    return Light(question, colour, f"{figures}; green up to {percent(green)}, amber up to {percent(amber)}")


def _names(found: Estimate) -> list[Light]:
    """What is not named cannot be divided by."""
    answers = []
    for axis, names in (("customer", found.segments.names), ("product", found.products.names)):
        question = f"Departments by {axis}?"
        if len(names) == 1:
            answers.append(
                Light(question, RED, f"the log shows one kind of {axis}: dividing by it changes nothing")
            )
        elif axis == "customer" and not found.names_customers:
            answers.append(Light(question, AMBER, "the log names no customers: their number is assumed"))
        else:
            answers.append(Light(question, GREEN, f"{len(names)} kinds of {axis}"))
    return answers


def _knowledge() -> Light:
    why = "no log shows how people learn, forget and lose context: a verdict has to hold over their ranges"
    return Light("What does knowing the work better bring?", AMBER, why)
