"""Whom the company takes a customer for: the recognised segment, right, wrong or missing.

Invariant: a customer's true segment is never changed here; adding a segment changes a wrong choice only where
the new segment wins it.
"""

import math
from itertools import product as combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.draws import PURPOSE_ATTRIBUTE, PURPOSE_MISGROUPED, PURPOSE_WRONG_SEGMENT, child, text_key, uniform
from sim.jit import compiled
from sim.mechanisms.grouping import Grouping
from sim.model.scenario import Scenario

EXCLUDED = -1
Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Whole = NDArray[np.signedinteger[Any]]


def recognised_segments(scenario: Scenario, segment: Whole, state: Integers, turn: Whole) -> Integers:
    """Segment on record, (n,); EXCLUDED where the company has none.

    Parameters
    ----------
    segment, state : (n,) true segment and address of a customer. turn : (n,) how often the record has been
        drawn anew; a customer may be asked for at several turns.
    """
    grouping = scenario.customers.grouping
    if grouping is not None:
        return _by_attributes(scenario, grouping, segment, state, turn)
    policy, found = scenario.customers, segment.astype(np.int64)
    names = np.array([text_key(name) for name in scenario.company.segments], np.int64)
    draw_by_shares(names, policy.misgrouped, policy.excluded, state, turn, found)
    return found


@compiled
def draw_by_shares(
    names: Integers, misgrouped: float, excluded: float, state: Integers, turn: Whole, found: Integers
) -> None:
    """Replace the true segments in `found` by those on record; `names`: (S,) text keys of the segments."""
    for one in range(len(found)):
        drawn = uniform(state[one], PURPOSE_MISGROUPED, 0, turn[one])
        if drawn < misgrouped:
            found[one] = wrong_segment(names, state[one], turn[one], found[one])
        if drawn > 1.0 - excluded:
            found[one] = EXCLUDED


@compiled
def wrong_segment(names: Integers, state: int, turn: int, segment: int) -> int:
    """The other segment with the largest draw of its own; the true one where there is no other."""
    most, found = -1.0, segment
    for other in range(len(names)):
        if other != segment:
            drawn = uniform(child(state, names[other]), PURPOSE_WRONG_SEGMENT, 0, turn)
            if drawn >= most:
                most, found = drawn, other
    return found


def _by_attributes(
    scenario: Scenario, grouping: Grouping, segment: Whole, state: Integers, turn: Whole
) -> Integers:
    segments = list(scenario.company.segments.values())
    values, combination = attribute_values(scenario, grouping), np.zeros(len(state), np.int64)
    for name, possible in zip(grouping.by, values, strict=True):
        drawn = draw_attribute(state, text_key(name), turn)
        combination *= len(possible)
        for number, about in enumerate(segments):
            own, shares = segment == number, about.attributes[name]
            picked = np.searchsorted(np.cumsum(list(shares.values())), drawn[own], side="right")
            places = np.array([possible.index(value) for value in shares], np.int64)
            combination[own] += places[np.minimum(picked, len(shares) - 1)]
    meaning = attribute_groups(scenario, grouping)
    return np.array([meaning[one] for one in combinations(*values)], np.int64)[combination]


@compiled
def draw_attribute(state: Integers, name: int, turn: Whole) -> Floats:
    """The uniform behind an attribute of each customer, (n,)."""
    drawn = np.empty(len(state))
    for one in range(len(state)):
        drawn[one] = uniform(child(state[one], name), PURPOSE_ATTRIBUTE, 0, turn[one])
    return drawn


def attribute_values(scenario: Scenario, grouping: Grouping) -> list[list[str]]:
    """The values of each attribute that customers are grouped by, in order."""
    segments = scenario.company.segments.values()
    return [
        sorted({value for segment in segments for value in segment.attributes[name]}) for name in grouping.by
    ]


def attribute_groups(scenario: Scenario, grouping: Grouping) -> dict[tuple[str, ...], int]:
    """For each combination of attribute values the segment whose needs the company expects there.

    The commonest combinations make a group each, the rest share the last; a group is taken for the segment
    most of its customers belong to. How often that is wrong emerges from the overlap of the attributes.
    """
    segments = list(scenario.company.segments.values())
    expected = {}
    for combination in combinations(*attribute_values(scenario, grouping)):
        counts = []
        for segment in segments:
            customers = float(segment.customers)
            for name, value in zip(grouping.by, combination, strict=True):
                customers *= segment.attributes[name].get(value, 0.0)
            counts.append(customers)
        expected[combination] = np.array(counts)
    ordered = sorted(expected, key=lambda combination: (-math.fsum(expected[combination]), combination))
    kept, rest = ordered[: grouping.groups - 1], ordered[grouping.groups - 1 :]
    meaning = {combination: int(np.argmax(expected[combination])) for combination in kept}
    if rest:
        together = int(
            np.argmax([math.fsum(own) for own in zip(*(expected[one] for one in rest), strict=True)])
        )
        meaning.update(dict.fromkeys(rest, together))
    return meaning
