"""Random companies and single changes to them, for tests of minimally different worlds."""

import json
from functools import cache

import numpy as np
import pytest

from sim.replication import prepare
from tests.scenarios import Plain, by_axes, changed, checked
from tests.strategies import scenario

SEEDS = range(200, 230)
every_company = pytest.mark.parametrize("seed", SEEDS)
STAFF = {"basis": "workers", "headcount": 30, "managers": True}
"""Enough for every structure."""


@cache
def _company(seed: int) -> str:
    return scenario(seed).model_dump_json(exclude_none=True)


def company(seed: int) -> Plain:
    """A random company with people enough for every structure, as plain data to be changed."""
    plain: Plain = json.loads(_company(seed))
    plain["experiment"] |= {"kind": "terminating", "warm_up_weeks": 0}
    return changed(plain, ("staffing", STAFF), ("structure", by_axes("function", "segment")))


def another_segment(plain: Plain, place: int) -> Plain:
    """One more segment at this place of the list, which asks for what the others ask for."""
    segments = dict(plain["company"]["segments"])
    newcomer = {"newcomers": {**next(iter(segments.values())), "customers": 7}}
    names = list(segments)
    before = {name: segments.pop(name) for name in names[:place]}
    return changed(plain, ("company.segments", {**before, **newcomer, **segments}))


def another_product(plain: Plain, share: float) -> Plain:
    """One more product at the end, which takes a part of the last one's share of the requests."""
    products = plain["company"]["products"]
    last = list(products)[-1]
    further = {
        **products[last],
        "work": {name: {"law": "exponential", "mean": 2.0} for name in products[last]["work"]},
    }
    result = changed(plain, ("company.products.novelty", further))
    for segment in result["company"]["segments"].values():
        whole = segment["mix"][last]
        segment["mix"][last] = whole - whole * share
        segment["mix"]["novelty"] = whole * share
    return result


def another_function(plain: Plain) -> Plain:
    """One more function at the end, which no product needs."""
    return changed(plain, ("company.functions.archive", {"side": "back"}))


def more_in_one_department(plain: Plain) -> Plain:
    """Two more people in the last department, all others as they are."""
    organisation = prepare(checked(plain))[1]
    workers = dict(zip(organisation.departments, np.diff(organisation.first_worker).tolist(), strict=True))
    workers[organisation.departments[-1]] += 2
    return changed(plain, ("staffing.allocation", "explicit"), ("staffing.workers", workers))
