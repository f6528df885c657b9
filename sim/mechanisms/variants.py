"""C10 Serving every wish: variants multiply, and what is learned on one does not help with the next.

Invariant: with degree 0 everybody gets the same product and nothing changes.
"""

from typing import Any

from sim.jit import inlined
from sim.mechanisms.record import Mechanism
from sim.schema.base import Switched, quantity, share


class Variants(Switched):
    """How far each segment gets its own version of a product."""

    degree: float = share("how far; 1: a product of its own for each segment", default=0.5)
    free: float = quantity(
        "versions of a product that cost nothing more", default=3.0, unit="versions", ge=1.0, le=1000.0
    )
    upkeep: float = quantity(
        "cost of each further version, as a share of the wages of the departments that work on the product",
        default=0.02, unit="share", source="E17", ge=0.0, le=1.0, advised=(0, 0.1),
    )  # fmt: skip


def keep(state: Any) -> dict[str, Any]:
    """What the versions cost a year."""
    rules, model, company = state.numbers, state.model, state.organisation
    own, cost = company.assignment.department_of, 0.0
    people = [int((state.department == number).sum()) for number in range(len(company.departments))]
    for product in range(len(model.products)):
        versions = 1.0 + rules.variants_degree * max(0, int((model.mix[:, product] > 0.0).sum()) - 1)
        further = max(0.0, versions - rules.variants_free)
        for department, size in enumerate(people):
            if (own[:, product] == department).any():
                cost += rules.variants_upkeep * further * company.wages[department] * size
    return {"told": {"cost": cost}}


def tell(told: dict[str, Any], weeks: slice) -> list[tuple[str, str, float]]:
    """What keeping the versions up costs."""
    return [("variants_cost", "money/year", told["cost"])]


MECHANISM = Mechanism(
    id="C10",
    claim="serving every wish: variants multiply, economies of scale go",
    source="E17",
    section="2.14",
    shown="`unfamiliarity_mean`, satisfaction (empathy), `variants_cost`; `customers.variants=on`",
    records=(("customers.variants", Variants),),
    default="off",
    switch="variants_enabled",
    keeps=keep,
    tells=tell,
)


@inlined
def in_version(cases: float, segment: float, together: float, degree: float) -> float:
    """Cases of a product that count for a segment's version (C10): `n (w + (1 - v) (1 - w))`.

    Parameters
    ----------
    cases : n, of the product, >= 0. segment, together : cases with the segment, and with all; `w` is its
        share, so that products and segments are taken to be met independently. degree : v, in [0, 1].
        Source: E17 for the form; assumption.

    >>> in_version(80.0, 30.0, 40.0, 0.5), in_version(80.0, 0.0, 0.0, 1.0)
    (70.0, 0.0)
    """
    own = segment / together if together > 0.0 else 0.0
    return cases * (own + (1.0 - degree) * (1.0 - own))
