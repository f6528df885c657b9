"""C4 The company finds its best customers, as far as its departments know them, and treats them specially.

A department knows the requests it worked on, and of the others a part. Invariant: nothing but records, their
gaps and an error decides who counts as one of the best; who really is one the drawn requests tell.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.draws import PURPOSE_KNOWN, PURPOSE_MISJUDGED, uniform
from sim.jit import compiled
from sim.mechanisms.absence import owe
from sim.mechanisms.markets import customers_now
from sim.mechanisms.record import Mechanism
from sim.rules.elementary import exponential
from sim.rules.quantiles import normal_quantile
from sim.schema.base import Switched, quantity, share
from sim.sums import mean

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

QUARTER = 13.0
"""Weeks."""


class BestCustomers(Switched):
    """Finding the best customers, and what is done for them."""

    part: float = share("part of the customers who count as the best", default=0.1)
    shared: float = share(
        "share of other departments' requests that a department knows of; a shared record (K2) raises it to "
        "its quality", default=0.2,
    )  # fmt: skip
    error: float = quantity(
        "spread of the error of an estimate, of its logarithm", default=0.3, unit="factor", ge=0.0, le=5.0
    )
    weeks: int = quantity(
        "weeks after which the best are chosen anew", default=13, unit="weeks", ge=1, le=520
    )
    follow_up: float = quantity(
        "hours a quarter that the department which knows one of them best spends on him or her", default=0.5,
        unit="h", ge=0.0, le=100.0, advised=(0, 4),
    )  # fmt: skip


def keep(state: Any) -> dict[str, Any]:
    """known : (D, c) margins of requests a department knows of. chosen, keeper : (c,) the best, and who
    follows them up. worth : (c,) margins of all drawn requests; what is told.
    """
    world, customers = state.world, len(state.world.customer_segment)
    margin = state.model.margin[world.segment]
    return {
        "known": np.zeros((len(state.organisation.departments), customers)),
        "chosen": np.zeros(customers, bool),
        "keeper": np.zeros(customers, np.int64),
        "worth": np.bincount(world.customer, weights=margin, minlength=customers),
        "told": {"found": [math.nan], "satisfaction": [math.nan]},
    }


def review(state: Any, week: int) -> None:
    """Departments note what they worked on; from time to time the best are chosen."""
    kept, opinions, told = state.kept["C4"], state.opinions, state.kept["C4"]["told"]
    satisfaction = opinions.scores[kept["chosen"][state.world.customer[opinions.requests]], 5]
    told["satisfaction"].append(mean(satisfaction.tolist()) if len(satisfaction) else math.nan)
    _note(state, kept)
    if week % state.numbers.best_weeks == 0:
        _choose(state, kept, week)
    told["found"].append(_found(kept))


def _note(state: Any, kept: dict[str, Any]) -> None:
    """Margins of the week's resolved requests, known to those who worked on them, perhaps to others."""
    rules, opinions, world = state.numbers, state.opinions, state.world
    seen, departments = opinions.seen, len(kept["known"])
    worked = np.zeros((len(seen.requests), departments), bool)
    own = seen.visits.integers("department")
    inside = own >= 0
    worked[seen.request_of_visit[inside], own[inside]] = True
    done = opinions.done
    requests, record = opinions.requests[done], rules.shared_record_enabled
    note_margins(
        kept["known"], world.customer[requests].astype(np.int64), state.model.margin[world.segment[requests]],
        worked[opinions.rows[done]], world.state[requests],
        max(rules.best_shared, rules.shared_record_quality if record else 0.0),
    )  # fmt: skip


def _choose(state: Any, kept: dict[str, Any], week: int) -> None:
    """The highest estimates; of equal ones the customer who comes first."""
    rules, now = state.numbers, customers_now(state, week)
    value = estimates(kept["known"], state.world.customer_address, kept["keeper"], rules.best_error, week)
    value[~now] = 0.0
    best = np.argsort(-value, kind="stable")[: math.ceil(rules.best_part * int(now.sum()))]
    kept["chosen"][...] = False
    kept["chosen"][best[value[best] > 0.0]] = True


def _found(kept: dict[str, Any]) -> float:
    """Share of the truly best, as many as were chosen, who are among those chosen; NaN before any are."""
    chosen = int(kept["chosen"].sum())
    if chosen == 0:
        return math.nan
    truly = np.argsort(-kept["worth"], kind="stable")[:chosen]
    return int(kept["chosen"][truly].sum()) / chosen


def effect(state: Any, effects: Any, week: int) -> None:
    """The best come before all others where requests go by value; following them up takes hours."""
    kept, rules = state.kept["C4"], state.numbers
    effects.standing[kept["chosen"]] += 1.0 + float(state.model.margin.max())
    cared = np.bincount(kept["keeper"][kept["chosen"]], minlength=len(kept["known"]))
    owe(state, effects, week, rules.best_follow_up / QUARTER / rules.days * cared)


def tell(told: dict[str, Any], weeks: slice) -> list[tuple[str, str, float]]:
    """Metrics of the company in these weeks, of those in which somebody was chosen."""
    named = ("best_found", "share", "found"), ("satisfaction_best", "0 to 100", "satisfaction")
    found = [[value for value in told[key][weeks] if not math.isnan(value)] for *_, key in named]
    return [
        (name, unit, mean(values) if values else math.nan)
        for (name, unit, _), values in zip(named, found, strict=True)
    ]


MECHANISM = Mechanism(
    id="C4",
    claim="the company finds out who its best customers are and treats them specially",
    source="assumption",
    section="2.14",
    shown="`best_found`, `satisfaction_best`; `customers.best=on people.dispatch_request=value`",
    records=(("customers.best", BestCustomers),),
    default="off",
    switch="best_enabled",
    keeps=keep,
    review=review,
    effect=effect,
    asks=True,
    tells=tell,
)


@compiled
def note_margins(
    known: Floats, customer: Integers, margin: Floats, worked: Flags, address: Integers, shared: float
) -> None:
    """Add each request's margin to what departments know: their own, of others' a share by chance (C4).

    Source: assumption.

    >>> known = np.zeros((2, 1))
    >>> given = np.array([0]), np.array([90.0]), np.array([[True, False]]), np.array([5])
    >>> note_margins(known, *given, 0.0), known.tolist()
    (None, [[90.0], [0.0]])
    """
    for row in range(len(customer)):
        for department in range(len(known)):
            if worked[row, department] or uniform(address[row], PURPOSE_KNOWN, department, 0) < shared:
                known[department, customer[row]] += margin[row]


@compiled
def estimates(known: Floats, address: Integers, keeper: Integers, error: float, week: int) -> Floats:
    """What each customer seems to be worth to the department that knows most, written to `keeper` (C4).

    `max over d of known[d, c] x exp(e z)`, z standard normal, drawn by customer and week.
    Source: assumption.

    >>> keeper = np.zeros(2, np.int64)
    >>> estimates(np.array([[1.0, 4.0], [3.0, 2.0]]), np.arange(2), keeper, 0.0, 1).tolist(), keeper.tolist()
    ([3.0, 4.0], [1, 0])
    """
    value = np.zeros(known.shape[1])
    for customer in range(len(value)):
        for department in range(len(known)):
            if known[department, customer] > value[customer]:
                value[customer], keeper[customer] = known[department, customer], department
        if error > 0.0 and value[customer] > 0.0:
            z = normal_quantile(uniform(address[customer], PURPOSE_MISJUDGED, 0, week))
            value[customer] *= exponential(error * z)
    return value
