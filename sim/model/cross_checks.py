"""Mistakes of sense: things that are each well formed and do not fit together.

Invariant: every check works on the groups it is given and returns mistakes; none raises, none stops another.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from math import prod
from typing import Any

from sim.model.company import Company
from sim.model.company_checks import of_company, of_names
from sim.model.levers import Structure
from sim.model.mistake import Mistake, nearest, unknown_name
from sim.model.partition import partition, told
from sim.model.policies import CustomerPolicy
from sim.model.run_checks import of_demand, of_experiment
from sim.model.scenario import Scenario
from sim.model.staffing_checks import of_staffing
from sim.schema.base import Known, Record
from sim.schema.laws import Empirical, Hyperexponential, Lognormal, Uniform
from sim.schema.paths import records

NEUTRAL = (0, 1)
"""Values that switch an effect off, which is no estimate of it."""
HEAVY = 5.0
"""Coefficient of variation above which a usual run knows little about a mean; judgement, D."""
MOST_COMBINATIONS = 100_000
"""Combinations of attribute values that a grouping may have to sort."""


def of_groups(groups: dict[str, Any]) -> list[Mistake]:
    """Cross-checks over those groups that are well formed."""
    company: Company | None = groups.get("company")
    demand, experiment = groups.get("demand"), groups.get("experiment")
    found = [mistake for name, group in groups.items() for mistake in _laws(name, Known(group))]
    if company is None:
        return found
    shape = list(_company(Known(company)))
    if (structure := groups.get("structure")) is not None:
        shape += of_structure(structure, company)
        if (staffing := groups.get("staffing")) is not None:
            found += of_staffing(staffing, structure, company)
    found = shape + found
    if demand is not None:
        found += of_demand(demand, company, experiment)
    if (customers := groups.get("customers")) is not None:
        found += _customers(customers, company)
    if experiment is not None:
        found += of_experiment(experiment, company, demand, groups.get("people"))
    return found


@lru_cache(maxsize=16)
def _company(company: Known) -> tuple[Mistake, ...]:
    return tuple(of_company(company.data))


@lru_cache(maxsize=256)
def _laws(name: str, group: Known) -> tuple[Mistake, ...]:
    """Mistakes in the laws of a group, looked for once in each of the groups that scenarios share."""
    return tuple(_of_laws(name, group.data))


def _of_laws(where: str, group: Record) -> Iterator[Mistake]:
    for place, law in _laws_in(group, where, (Uniform, Empirical)):
        if isinstance(law, Uniform) and law.low > law.high:
            yield Mistake(place, f"low {law.low:g} > high {law.high:g}", "Order is low <= high")
        if not isinstance(law, Empirical) or not law.weights:
            continue
        if len(law.weights) != len(law.values):
            what = f"{len(law.weights)} weights for {len(law.values)} values"
            yield Mistake(place, what, "One weight for each value")
        elif sum(law.weights) <= 0.0:
            yield Mistake(place, "all weights are 0", "At least one above 0")


def _laws_in(node: Any, where: str, kinds: tuple[type[Record], ...]) -> Iterator[tuple[str, Any]]:
    """The laws of these kinds in a record, with their places."""
    if isinstance(node, kinds):
        yield where, node
    elif isinstance(node, Record):
        for name in _fields_with_laws(type(node), kinds):
            yield from _laws_in(getattr(node, name), f"{where}.{name}", kinds)
    elif isinstance(node, dict):
        for name, child in node.items():
            yield from _laws_in(child, f"{where}.{name}", kinds)
    elif isinstance(node, tuple):
        for number, child in enumerate(node):
            yield from _laws_in(child, f"{where}.{number}", kinds)


@cache
def _fields_with_laws(kind: type[Record], kinds: tuple[type[Record], ...]) -> tuple[str, ...]:
    """Fields of a record in which a law can stand, at any depth."""
    below = {name: [one for one, _ in records(about.annotation)] for name, about in kind.model_fields.items()}
    return tuple(
        name
        for name, found in below.items()
        if any(record in kinds or _fields_with_laws(record, kinds) for record in found)
    )


def of_structure(structure: Structure, company: Company) -> Iterator[Mistake]:
    """A structure must do every cell exactly once; every uncovered or doubled cell is listed."""
    if bool(structure.blocks) == bool(structure.departments):
        yield Mistake("structure", "needs either blocks or departments", "One of the two")
        return
    yield from of_names("structure.name", (structure.name,))
    yield from of_names("structure.departments", structure.departments)
    found = partition(structure, company)
    for where, name, known in found.unknown:
        yield _unknown(where, name, known, company)
    needed = "Every cell needs one department"
    for cell in found.uncovered if not found.unknown else ():  # they may be those that the name was to name
        todo = "Give it to a department, or add a block for the rest"
        yield Mistake("structure", f"nobody does {told(cell)}", needed, todo)
    for cell, departments in found.doubled.items():
        what = f"{told(cell)} is done by {' and by '.join(departments)}"
        yield Mistake("structure", what, needed, "Take it from one of them")


def _unknown(where: str, name: str, known: tuple[str, ...], company: Company) -> Mistake:
    """A name that the company does not have, or whose work nobody does."""
    axis = where.rsplit(".", 1)[-1].rstrip("s")
    if axis == "function" and name in company.functions:
        return Mistake(where, f'"{name}" is a delay, which no department does', f"Known: {', '.join(known)}")
    return unknown_name(where, name, known, axis)


def _customers(customers: CustomerPolicy, company: Company) -> Iterator[Mistake]:
    if customers.misgrouped + customers.excluded > 1.0:
        what = f"misgrouped {customers.misgrouped:g} + excluded {customers.excluded:g} > 1"
        yield Mistake("customers", what, "At most 1 together")
    product = customers.innovation.product
    if product is not None and product not in company.products:
        yield unknown_name("customers.innovation.product", product, company.products, "product")
    if customers.marketing.enabled and not customers.loyalty.enabled:
        what, todo = "no customer leaves or joins", "Add customers.loyalty=on"
        yield Mistake("customers.marketing", what, "Needs customers.loyalty", todo)
    if customers.marketing.enabled and customers.marketing.aimed == "best" and not customers.best.enabled:
        what, todo = "nobody is chosen as one of the best", "Add customers.best=on"
        yield Mistake("customers.marketing.aimed", what, "Needs customers.best", todo)
    if customers.grouping is None:
        return
    where, by = "customers.grouping.by", customers.grouping.by
    for name in by:
        for segment, about in company.segments.items():
            if name not in about.attributes:
                what = f'unknown attribute "{name}" of segment "{segment}"'
                allowed = f"Known: {', '.join(about.attributes)}"
                yield Mistake(where, what, allowed, suggestion=nearest(name, about.attributes))
    values = [
        {value for own in company.segments.values() for value in own.attributes.get(name, ())} for name in by
    ]
    if (count := prod(map(len, values))) > MOST_COMBINATIONS:
        yield Mistake(
            where, f"{count:,} combinations of values", f"At most {MOST_COMBINATIONS:,}", "Use fewer"
        )


def notes(found: Scenario) -> list[str]:
    """What a user should know although it is no mistake."""
    said, staffing = [], found.staffing
    if found.experiment.replications < 2:
        said.append("one replication: no interval is possible")
    elif found.experiment.replications < 10:
        said.append(f"{found.experiment.replications} replications: intervals are rough below 10")
    if staffing.workers and (staffing.roster or staffing.allocation != "explicit"):
        used = "the roster" if staffing.roster else f"allocation {staffing.allocation}"
        said.append(f"staffing.workers is not used: {used} says how many people each department has")
    unusual = (note for name in Scenario.model_fields for note in _unusual(getattr(found, name), name))
    return [*said, *_unused(found.company), *_heavy(found), *unusual]


def _unusual(node: Any, where: str) -> Iterator[str]:
    """Values outside the range in which the evidence places them."""
    if isinstance(node, Record):
        for name, about in type(node).model_fields.items():
            value, evidence = getattr(node, name), about.json_schema_extra
            advised: Any = evidence.get("advised") if isinstance(evidence, dict) else None
            odd = isinstance(value, int | float) and value not in NEUTRAL
            if advised and odd and not advised[0] <= value <= advised[1]:
                yield f"{where}.{name} {value:g} is outside the advised {advised[0]:g} to {advised[1]:g}"
            yield from _unusual(value, f"{where}.{name}")
    elif isinstance(node, dict):
        for name, child in node.items():
            yield from _unusual(child, f"{where}.{name}")


def _unused(company: Company) -> Iterator[str]:
    """Functions that no request comes to."""
    reached = {step for product in company.products.values() for step in product.route}
    for name, about in company.functions.items():
        if name not in reached:
            kind = "delay" if about.kind == "delay" else "function"
            yield f'{kind} "{name}" is in no route: no request comes to it'


def _heavy(found: Scenario) -> Iterator[str]:
    """Laws whose mean is made by rare, huge values, of which a run shows too few."""
    for group in ("company", "coordination"):
        for place, law in _laws_in(getattr(found, group), group, (Lognormal, Hyperexponential)):
            if law.cv > HEAVY:
                yield (
                    f"{place} has a heavy tail (cv {law.cv:g}): rare, huge values make its mean, so "
                    "means come out too low, and their intervals too narrow, unless runs are very long"
                )
