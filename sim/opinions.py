"""Satisfaction of requests: gathers from the tables what the rules of satisfaction ask for.

The weekly review asks for those that ended in the week, the analysis for all of them at once. Invariant: a
request's score uses only what happened to this customer up to its resolution, so both get the same bits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.meetings import Meetings, meet, no_meetings, with_room
from sim.model.company import Segment
from sim.model.scenario import Scenario
from sim.rules.satisfaction import SCORES
from sim.scoring import (
    DONE,
    LOST,
    Flags,
    Floats,
    Integers,
    expectations,
    norms_after,
    score,
    standards,
    tally,
    unfamiliarities,
)
from sim.seen import Seen
from sim.trajectory import ABANDONED, BALKED
from sim.trajectory import DONE as RESOLVED

SATISFACTION, SATISFACTION_OUTCOME = len(SCORES), len(SCORES) + 1


@dataclass
class Memory:
    """What customers remember of weeks that have been judged.

    Attributes
    ----------
    people : how many there are. will : (customers,) hours each thinks a request will take, NaN before any.
    met : who has met whom, and when first.
    """

    people: int
    will: Floats
    met: Meetings


def no_memory(customers: int, people: int) -> Memory:
    """Nobody has met anybody."""
    return Memory(people, np.full(customers, np.nan), no_meetings())


def request_scores(scenario: Scenario, measured: Seen, memory: Memory | None = None) -> Floats:
    """The five scores (0 to 1), satisfaction and outcome satisfaction (0 to 100); shape (requests, 7).

    Resolved requests are judged by all rules; abandoned and balked ones broke the promise and score 0 on
    responsiveness and reliability; open and cancelled ones are NaN. What happens to them joins the memory.
    """
    requests, record = measured.requests, scenario.coordination.shared_record
    appreciation = scenario.customers.appreciation
    memory = memory or _none_of(measured)
    outcome, response = outcomes(measured), measured.response
    return score(
        outcome,
        expected_hours(scenario, measured, memory),
        response,
        requests.floats("promise"),
        requests.integers("repeats"),
        requests.integers("silent"),
        requests.integers("handoffs"),
        _tallies(scenario, measured, memory),
        score_weights(scenario)[requests.integers("segment")],
        scenario.customers.perceived_wait,
        record.quality if record.enabled else 0.0,
        norms(scenario, measured),
        appreciation.valued if appreciation.enabled else 1.0,
    )


def _none_of(measured: Seen) -> Memory:
    """Nobody of these has met anybody."""
    customers, workers = measured.requests.integers("customer"), measured.visits.integers("worker")
    return no_memory(int(customers.max(initial=-1)) + 1, int(workers.max(initial=-1)) + 1)


def norms(scenario: Scenario, measured: Seen) -> Floats:
    """Assurance and empathy that competitors offered when each request arrived; shape (requests,)."""
    rules = scenario.customers.appreciation
    if not rules.enabled:
        return np.zeros(len(measured.requests))
    return norms_after(rules.norm, rules.rise, measured.requests.floats("arrival") / scenario.week)


def score_weights(scenario: Scenario) -> Floats:
    """How much each score counts for each segment; shape (segments, 5)."""
    return np.array([[getattr(s.weights, name) for name in SCORES] for s in _segments(scenario)])


def outcomes(measured: Seen) -> Integers:
    """How each request ended, as the rules want it: resolved, lost or not judged (0); shape (requests,)."""
    status = measured.requests.integers("status")
    lost = (status == ABANDONED) | (status == BALKED)
    return np.where(status == RESOLVED, DONE, np.where(lost, LOST, 0))


def expected_hours(scenario: Scenario, measured: Seen, memory: Memory | None = None) -> Floats:
    """Response time each request is held against, between what customers expect and the promise.

    What they think will happen is the promise at first, then follows experience; the promise itself stays.
    Only resolved requests teach, in order of resolution; others keep the promise. Shape (requests,).
    """
    requests, policy = measured.requests, scenario.customers
    promise = requests.floats("promise")
    if policy.expectation_adaptation == 0.0 or policy.expectation_weight == 0.0:
        return promise
    resolved = np.flatnonzero(requests.integers("status") == RESOLVED)
    keys = (requests.floats("done"), requests.integers("customer"))
    order = resolved[np.lexsort([key[resolved] for key in keys])]  # of equal ones, the lower number first
    will = promise.copy()
    will[order] = expectations(
        requests.integers("customer")[order],
        promise[order],
        measured.response[order],
        policy.perceived_wait,
        policy.expectation_adaptation,
        (memory or _none_of(measured)).will,
    )
    return standards(will, promise, policy.expectation_weight)


def visit_unfamiliarity(scenario: Scenario, measured: Seen) -> Floats:
    """Mean unfamiliarity of each visit, weighted by what its function needs to know; shape (visits,)."""
    visits = measured.visits
    knowledge = [function.knowledge for function in scenario.company.functions.values()]
    weights = tuple((axis.function, axis.product, axis.segment) for axis in knowledge)
    if weights not in visits.derived:
        visits.derived[weights] = unfamiliarities(
            visits.integers("function"),
            visits.floats("u_function"),
            visits.floats("u_product"),
            visits.floats("u_segment"),
            np.array(weights),
        )
    return visits.derived[weights]


def known_person(measured: Seen, memory: Memory | None = None) -> Flags:
    """Whether the customer had met this worker before, in any earlier visit row by time of start."""
    visits, memory = measured.visits, memory or _none_of(measured)
    met = (visits.integers("worker") >= 0) & np.isfinite(visits.floats("start"))
    start = visits.floats("start")[met]
    pair = visits.integers("customer")[met] * memory.people + visits.integers("worker")[met]
    met_before = np.zeros(len(visits), dtype=np.bool_)
    memory.met = with_room(memory.met, len(pair))
    met_before[met] = meet(*memory.met, pair, start)
    return met_before


def _tallies(scenario: Scenario, measured: Seen, memory: Memory) -> Floats:
    visits, request = measured.visits, measured.request_of_visit
    customisation, variants = (
        np.array([s.customisation for s in _segments(scenario)]),
        scenario.customers.variants,
    )
    if variants.enabled:
        customisation *= 1.0 - variants.degree
    unfamiliar, with_segment = visit_unfamiliarity(scenario, measured), visits.floats("u_segment")
    if not scenario.knowledge_matters:
        unfamiliar = with_segment = np.zeros(len(visits))
    return tally(
        request,
        visits.floats("work"),
        unfamiliar,
        with_segment,
        visits.integers("adapted") == 1,
        known_person(measured, memory),
        customisation[measured.requests.integers("segment")][request],
        measured.steps,
        uninformed_waits(scenario, measured),
        visit_courtesy(scenario, measured),
        visit_misfit(scenario, measured),
        len(measured.requests),
    )


def visit_courtesy(scenario: Scenario, measured: Seen) -> Floats:
    """Factor on empathy of who did each visit, in the week in which it began; shape (visits,)."""
    found, by_week = np.ones(len(measured.visits)), measured.courtesy
    if by_week is not None:
        week = np.floor(measured.visits.floats("start")[measured.steps] / scenario.week).astype(np.int64)
        found[measured.steps] = by_week[week, measured.visits.integers("worker")[measured.steps]]
    return found


def visit_misfit(scenario: Scenario, measured: Seen) -> Floats:
    """Need not met because nobody knew of it, in the week in which each visit began; shape (visits,)."""
    visits, found = measured.visits, np.zeros(len(measured.visits))
    if measured.unmet is not None:
        week = np.floor(visits.floats("start")[measured.steps] / scenario.week).astype(np.int64)
        own = (visits.integers(axis)[measured.steps] for axis in ("product", "segment"))
        found[measured.steps] = measured.unmet[week, *own]
    return found


def uninformed_waits(scenario: Scenario, measured: Seen) -> Integers:
    """Single waits longer than customers put up with unasked, by visit: queue, claim, handoff, decision.

    Who left a queue had waited in it until then; who is told how it goes (K4) waits unasked in between.
    """
    longest, visits = scenario.customers.uninformed_hours, measured.visits
    left = measured.requests.floats("done")[measured.request_of_visit] - visits.floats("queued")
    in_queue = np.where(np.isnan(visits.floats("start")), left, measured.queue)
    telling = scenario.coordination.telling
    if telling.enabled and telling.update_hours > 0.0:
        in_queue = np.minimum(in_queue, telling.update_hours)
    waits = (in_queue, *(visits.floats(kind) for kind in ("claim", "handoff", "decision_wait")))
    too_long: Integers = np.count_nonzero(np.stack(waits) > longest, axis=0)
    return too_long


def _segments(scenario: Scenario) -> list[Segment]:
    return list(scenario.company.segments.values())
