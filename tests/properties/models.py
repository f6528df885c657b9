"""Generated companies: small, lively, often with ties; every mechanism that the plain comparison runs with.

Plain scenarios, so that a test can change one thing; all of them are valid.
"""

import os
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from tests.scenarios import Plain, shipped

FUNCTIONS, PRODUCTS, SEGMENTS = ("ask", "look", "make"), ("bed", "chair"), ("north", "south")
generated = settings(max_examples=int(os.environ.get("ORGDES_MODELS", "25")), deadline=None, derandomize=True)
"""The same models in every run: a failure is a bug, never bad luck. ORGDES_MODELS=500 asks for more."""

shares = st.sampled_from([0.0, 0.25, 0.5, 1.0])
rare = st.sampled_from([0.0, 0.1, 0.5])
dyadic = st.sampled_from([0.0, 0.125, 0.25, 0.5, 1.0, 1.5])
AXES: list[tuple[str, ...]] = [
    (), ("function",), ("product",), ("segment",), ("product", "segment"), ("function", "segment")
]  # fmt: skip


def on_grid_laws(positive: bool = False) -> st.SearchStrategy[Plain]:
    """Laws whose every value is a small dyadic number, so that things happen at the same instant."""
    hours = st.sampled_from([0.125, 0.25, 0.5, 1.0, 2.0]) if positive else dyadic
    fixed = hours.map(lambda mean: {"law": "deterministic", "mean": mean})
    some = st.lists(hours, min_size=1, max_size=3)
    return fixed | some.map(lambda values: {"law": "empirical", "values": values})


def random_laws() -> st.SearchStrategy[Plain]:
    """Laws with continuous values."""
    means = st.sampled_from([0.25, 0.7, 1.3])
    return st.one_of(
        means.map(lambda mean: {"law": "exponential", "mean": mean}),
        means.map(lambda mean: {"law": "lognormal", "mean": mean, "cv": 0.8}),
        means.map(lambda mean: {"law": "erlang", "mean": mean, "stages": 3}),
        means.map(lambda mean: {"law": "uniform", "low": 0.1, "high": mean}),
        means.map(lambda mean: {"law": "hyperexponential", "mean": mean, "cv": 1.5}),
    )


@st.composite
def companies(draw: st.DrawFn, laws: st.SearchStrategy[Plain], arrivals: st.SearchStrategy[Plain]) -> Plain:
    """Up to three functions (one may be a delay), two products, two segments."""
    weights = st.fixed_dictionaries(
        {axis: st.sampled_from([0.0, 0.4, 1.0]) for axis in ("function", "product", "segment")}
    )
    functions: Plain = {
        name: {"side": draw(st.sampled_from(["front", "back"])), "knowledge": draw(weights)}
        for name in FUNCTIONS
    }
    functions["look"]["kind"] = draw(st.sampled_from(["work", "work", "delay"]))
    products: Plain = {}
    for name in PRODUCTS:
        route = ["ask", *draw(st.lists(st.sampled_from(FUNCTIONS), max_size=3))]
        products[name] = {
            "route": route,
            "work": {function: draw(laws) for function in dict.fromkeys(route)},
            "visit_share": {function: draw(st.sampled_from([0.5, 1.0])) for function in dict.fromkeys(route)},
        }
    segments = {
        name: {
            "customers": draw(st.integers(1, 6)),
            "interarrival": draw(arrivals),
            "mix": {"bed": 0.25, "chair": 0.75},
            "customisation": draw(shares),
            "patience": draw(st.sampled_from([{"law": "none"}, {"law": "exponential", "mean": 6.0}])),
            "priority": draw(st.integers(1, 2)),
            "margin": draw(st.sampled_from([10.0, 90.0])),
        }
        for name in SEGMENTS
    }
    return {
        "name": "made up", "description": "", "source": "",
        "functions": functions, "products": products, "segments": segments,
    }  # fmt: skip


@st.composite
def policies(draw: st.DrawFn, laws: st.SearchStrategy[Plain]) -> Plain:
    """People, coordination and customers, with every mechanism sometimes on."""
    people = {
        "learning_rate": draw(st.sampled_from([0.8, 1.0])),
        "beginner_cases": 20.0,
        "related_weight": draw(st.sampled_from([0.0, 0.5])),
        "speed_cv": draw(st.sampled_from([0.0, 0.2])),
        "switch_share": draw(rare),
        "switch_hours": draw(dyadic),
        "ownership": draw(st.sampled_from(["owner", "relay"])),
        "dispatch_request": draw(
            st.sampled_from(["fifo", "request_age", "due_date", "shortest", "value", "segment_priority"])
        ),
    }
    coordination = {
        "handoff": draw(laws), "decision": draw(laws),
        "context_within": draw(st.sampled_from([0.75, 1.0])),
        "context_between": draw(st.sampled_from([0.5, 1.0])),
        "context_coordinated": draw(st.sampled_from([0.875, 1.0])),
        "exception_share": draw(rare), "empowered_share": draw(shares), "share_cross": draw(shares),
        "meetings": draw(st.sampled_from([shipped("coordination", "default")["meetings"], NO_MEETINGS])),
        "defects": {"base": draw(rare), "unfamiliarity": draw(rare), "reference": 0.5, "context": draw(rare)},
        "rework": {
            "caught": draw(shares), "complaint": draw(shares), "share": 0.5,
            "rounds": draw(st.integers(0, 3)), "return_delay": draw(laws), "fresh": draw(st.booleans()),
        },
        "matrix": {"coordination_hours": draw(dyadic), "conflict": draw(rare)},
    }  # fmt: skip
    customers = {
        "misgrouped": draw(rare), "excluded": draw(rare), "triage_share": 0.5, "claim": draw(laws),
        "corrected": draw(shares), "patience": draw(st.booleans()),
        "patience_until": draw(st.sampled_from(["first_touch", "resolution"])),
    }  # fmt: skip
    return {"people": people, "coordination": coordination, "customers": customers}


NO_MEETINGS = {"base_hours": 0.0, "per_colleague_hours": 0.0, "per_partner_hours": 0.0}
NEUTRAL: Plain = {group: shipped(group, "neutral") for group in ("people", "coordination", "customers")}
structures = st.sampled_from(AXES).map(
    lambda axes: {"name": "made up", "blocks": [{"functions": "all", "group_by": list(axes)}]}
)
matrices = st.builds(
    lambda structure, axis: {**structure, "coordinators": {"group_by": [axis]}},
    structures,
    st.sampled_from(["segment", "product"]),
)
staffs = st.builds(
    lambda people, managers: {
        "basis": "workers", "headcount": people, "managers": managers, "share_manager_below": 0,
    },
    st.integers(12, 18),
    st.booleans(),
)  # fmt: skip
PERIOD = {"horizon_weeks": 2, "warm_up_weeks": 0, "drain_weeks": 1, "kind": "terminating", "engine": "simpy"}


@st.composite
def models(draw: st.DrawFn, /, ties: bool | None = None, **fixed: Any) -> Plain:
    """A whole scenario; `ties` wants dyadic times (True) or continuous ones (False)."""
    together = draw(st.booleans()) if ties is None else ties
    laws = on_grid_laws() if together else random_laws()
    calls = on_grid_laws(positive=True) if together else random_laws()
    slow = calls.map(lambda law: stretched(law, 8.0))
    plain: Plain = {
        "company": draw(companies(laws, slow)),
        "structure": draw(structures | matrices),
        "staffing": draw(staffs),
        **draw(policies(laws)),
        "experiment": {**PERIOD, "seed": draw(st.integers(0, 9))},
    }
    return {**plain, **fixed}


def stretched(law: Plain, factor: float) -> Plain:
    """The law with all its values times a factor."""
    longer = dict(law)
    for name in ("mean", "low", "high"):
        if name in law:
            longer[name] = law[name] * factor
    if "values" in law:
        longer["values"] = [value * factor for value in law["values"]]
    return longer
