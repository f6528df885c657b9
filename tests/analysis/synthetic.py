"""Small hand-made companies and histories: what happened is written down, so every figure is known.

Invariant: a history built here is consistent; each request's visits follow on one another without a gap.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.model.scenario import Scenario
from sim.trajectory import DONE, DUTIES, OUTSIDE, PEOPLE, REQUESTS, VISITS, Trajectory, canonical

NAN = float("nan")
BEFORE = ("claim", "outside", "handoff", "coordination")
EFFORT = ("work", "by_function", "by_product", "by_segment", "pace", "switch", "reread", "triage")
AFTER = ("decision_wait", "decision")


def plain_scenario(**experiment: Any) -> dict[str, Any]:
    """Two functions, two products, two segments; a week has 40 hours."""
    law = {"law": "deterministic", "mean": 1.0}
    segment = {"customers": 2, "requests_per_year": 10.0, "mix": {"loan": 1.0, "card": 0.0}}
    return {
        "company": {
            "name": "small", "description": "for tests", "source": "made up",
            "functions": {
                "intake": {"side": "front", "knowledge": {"function": 0.5, "product": 0.25, "segment": 0.25}},
                "analysis": {"side": "back", "knowledge": {"function": 0.0, "product": 1.0, "segment": 0.0}},
            },
            "products": {
                "loan": {"route": ["intake", "analysis"], "work": {"intake": law, "analysis": law}},
                "card": {"route": ["intake"], "work": {"intake": law}},
            },
            "segments": {
                "private": {**segment, "promise_hours": 10.0},
                "business": {**segment, "promise_hours": 10.0, "customisation": 0.4},
            },
        },
        "structure": {"name": "function", "blocks": [{"functions": "all", "group_by": ["function"]}]},
        "experiment": {"horizon_weeks": 2, "warm_up_weeks": 0, **experiment},
    }  # fmt: skip


def scenario(plain: dict[str, Any] | None = None, **groups: dict[str, Any]) -> Scenario:
    """A scenario of the small company; `groups` change single fields of a group."""
    told = plain or plain_scenario()
    for name, changes in groups.items():
        told[name] = {**told.get(name, {}), **changes}
    return Scenario.model_validate_json(json.dumps(told))


@dataclass
class Request:
    """A request in the making; its visits are appended in order of time."""

    customer: int
    number: int
    arrival: float
    segment: int = 0
    product: int = 0
    promise: float = 10.0
    status: int = DONE
    more: dict[str, Any] = field(default_factory=dict)
    visits: list[dict[str, Any]] = field(default_factory=list)

    def visit(self, worker: int = -1, queue: float = 0.0, **facts: Any) -> Request:
        """Append a visit that begins where the last one ended."""
        row = dict.fromkeys((*BEFORE, *EFFORT, *AFTER), 0.0) | {"worker": worker, "adapted": 1} | facts
        elsewhere = row.get("kind") == OUTSIDE
        row["queued"] = self.now + sum(row[name] for name in BEFORE if not (elsewhere and name == "outside"))
        row["start"] = row["queued"] + queue
        spent = ("outside",) if elsewhere else EFFORT
        row["end"] = row["start"] + sum(row[name] for name in spent)
        self.visits.append(row)
        return self

    @property
    def now(self) -> float:
        """Where the last visit, with its decision, ended."""
        last = self.visits[-1] if self.visits else None
        return last["end"] + last["decision_wait"] + last["decision"] if last else self.arrival


@dataclass(frozen=True)
class Organisation:
    """What metrics are told about the organisation."""

    load: np.ndarray[Any, Any]
    desk_load: np.ndarray[Any, Any]
    cost: float = 175_000.0
    wages: tuple[float, ...] = (50_000.0, 50_000.0)

    def load_with(self, pace: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return self.load

    def capacity_with(self, pace: np.ndarray[Any, Any]) -> float:
        return 1.25


def trajectory(
    requests: Sequence[Request],
    people: Sequence[tuple[int, int]],
    duties: Sequence[tuple[int, int, float, float]] = (),
    horizon: float = 80.0,
    warm_up: float = 0.0,
) -> Trajectory:
    """The tables of a history; people: (role, department); duties: (worker, kind, start, end)."""
    ordered = sorted(requests, key=lambda request: (request.customer, request.number))
    return Trajectory(
        requests=_requests(ordered), visits=_visits(ordered), duties=_duties(duties), people=_people(people),
        names={
            "segment": ["private", "business"], "product": ["loan", "card"],
            "function": ["intake", "analysis"], "department": ["intake", "analysis"],
            "customer": [f"private/{place}" for place in range(1 + max(r.customer for r in ordered))],
        },
        horizon=horizon, warm_up=warm_up, end=horizon,
    )  # fmt: skip


def _requests(ordered: Sequence[Request]) -> np.ndarray[Any, Any]:
    table = np.zeros(len(ordered), REQUESTS)
    for row, request in zip(table, ordered, strict=True):
        started = [visit["start"] for visit in request.visits if visit["worker"] >= 0]
        facts = {
            "first_start": min(started, default=NAN),
            "done": request.now if request.status == DONE else NAN,
            "recognised": request.segment,
        }
        for name in ("customer", "number", "arrival", "segment", "product", "promise", "status"):
            row[name] = getattr(request, name)
        for name, value in (facts | request.more).items():
            row[name] = value
    canonical(table)
    return table


def _visits(ordered: Sequence[Request]) -> np.ndarray[Any, Any]:
    rows = [(request, place, visit) for request in ordered for place, visit in enumerate(request.visits)]
    table = np.zeros(len(rows), VISITS)
    for row, (request, place, visit) in zip(table, rows, strict=True):
        shared = {"customer": request.customer, "number": request.number, "step": place}
        shared |= {"segment": request.segment, "product": request.product}
        for name, value in (shared | visit).items():
            row[name] = value
    canonical(table)
    return table


def _duties(duties: Sequence[tuple[int, int, float, float]]) -> np.ndarray[Any, Any]:
    table = np.zeros(len(duties), DUTIES)
    for row, facts in zip(table, duties, strict=True):
        row["worker"], row["kind"], row["start"], row["end"] = facts
        row["customer"] = row["number"] = -1
    return table


def _people(people: Sequence[tuple[int, int]]) -> np.ndarray[Any, Any]:
    table = np.zeros(len(people), PEOPLE)
    for person, (row, (role, department)) in enumerate(zip(table, people, strict=True)):
        row["person"], row["role"], row["department"] = person, role, department
    return table


def random_history(seed: int, requests: int = 400, slower: float = 1.0) -> Trajectory:
    """Requests with arbitrary parts of every kind, all on the grid of time; `slower` scales their work."""
    random = np.random.default_rng(seed)

    def drawn(mean: float) -> float:
        return float(np.round(random.exponential(mean) * 2.0**36) / 2.0**36)

    made = []
    for place in range(requests):
        customer, number = divmod(place, 4)
        request = Request(customer, number, drawn(300.0), segment=customer % 2)
        for step in range(int(random.integers(1, 5))):
            own = int(random.integers(2))
            parts = {name: drawn(1.0) for name in (*BEFORE, *EFFORT, *AFTER)}
            parts["work"] = float(np.round(parts["work"] * slower * 2.0**36) / 2.0**36)
            passage = int(random.integers(3)) if step else 0
            request.visit(own, queue=drawn(5.0), function=own, department=own, passage=passage, **parts)
        if random.random() < 0.3:
            request.visit(-1, kind=OUTSIDE, department=-1, outside=drawn(10.0))
        made.append(request)
    return trajectory(made, [(0, 0), (0, 1)], horizon=5000.0)
