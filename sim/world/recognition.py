"""Whom the company takes a customer for: the recognised segment, right, wrong or missing.

Invariant: a customer's true segment is never changed here; adding a segment changes a wrong choice only where
the new segment wins it.
"""

import math
from itertools import product as combinations

import numpy as np
from numpy.typing import NDArray

from sim.draws import (
    PURPOSE_ATTRIBUTE,
    PURPOSE_MISGROUPED,
    PURPOSE_WRONG_SEGMENT,
    child,
    text_key,
    uniform,
    uniforms,
)
from sim.mechanisms.grouping import Grouping
from sim.model.scenario import Scenario

EXCLUDED = -1
Integers = NDArray[np.int64]


def recognised_segments(scenario: Scenario, states: list[Integers], change: int = 0) -> list[Integers]:
    """Recognised segment of every customer, by true segment; EXCLUDED where the company has none.

    Parameters
    ----------
    states : for each true segment the addresses of its customers.
    change : how often they have changed; their records are drawn anew each time.
    """
    grouping = scenario.customers.grouping
    if grouping is not None:
        return _by_attributes(scenario, grouping, states, change)
    return [_by_shares(scenario, segment, own, change) for segment, own in enumerate(states)]


def _by_shares(scenario: Scenario, segment: int, states: Integers, change: int) -> Integers:
    names = list(scenario.company.segments)
    drawn = uniforms(states, PURPOSE_MISGROUPED, 0, change)
    found = np.full(len(states), segment, np.int64)
    others = [(other, text_key(name)) for other, name in enumerate(names) if other != segment]
    if others:
        for customer in np.flatnonzero(drawn < scenario.customers.misgrouped):
            state = states[customer].item()
            found[customer] = max(
                (uniform(child(state, key), PURPOSE_WRONG_SEGMENT, 0, change), other) for other, key in others
            )[1]
    found[drawn > 1.0 - scenario.customers.excluded] = EXCLUDED
    return found


def _by_attributes(
    scenario: Scenario, grouping: Grouping, states: list[Integers], change: int
) -> list[Integers]:
    segments = list(scenario.company.segments.values())
    meaning = attribute_groups(scenario, grouping)
    result = []
    for segment, own in zip(segments, states, strict=True):
        chosen = []
        for attribute in grouping.by:
            values = list(segment.attributes[attribute])
            edges = np.cumsum(list(segment.attributes[attribute].values()))
            drawn = uniforms(
                np.array([child(state, text_key(attribute)) for state in own.tolist()], np.int64),
                PURPOSE_ATTRIBUTE,
                0,
                change,
            )
            picked = np.minimum(np.searchsorted(edges, drawn, side="right"), len(values) - 1)
            chosen.append([values[i] for i in picked])
        result.append(np.array([meaning[combination] for combination in zip(*chosen, strict=True)], np.int64))
    return result


def attribute_groups(scenario: Scenario, grouping: Grouping) -> dict[tuple[str, ...], int]:
    """For each combination of attribute values the segment whose needs the company expects there.

    The commonest combinations make a group each, the rest share the last; a group is taken for the segment
    most of its customers belong to. How often that is wrong emerges from the overlap of the attributes.
    """
    segments = list(scenario.company.segments.values())
    values = [
        sorted({value for segment in segments for value in segment.attributes[name]}) for name in grouping.by
    ]
    expected = {}
    for combination in combinations(*values):
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
